package sdk

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// SocketOptions say how a connection behaves. The zero value is a good one.
type SocketOptions struct {
	// Subprotocols are offered to the server, the best one first.
	Subprotocols []string

	// Header is sent with the handshake.
	Header http.Header

	// Timeout is how long opening may take, as ClientOptions.Timeout.
	Timeout time.Duration

	// NoReconnect keeps a lost connection closed. Otherwise Receive opens it again.
	NoReconnect bool

	// MaxReconnects is how often that is tried in a row: 10 times if it is 0, never if it is negative.
	MaxReconnects int

	// OnReconnect is called after each success: the server knows nothing of the connection before.
	OnReconnect func(ctx context.Context)

	// MaxMessageBytes is the size of the longest message: 1,048,576 if it is 0. A longer one closes the connection with 1009.
	MaxMessageBytes int

	// PingInterval is the time without a message after which Receive sends a ping; after as long again the connection
	// counts as lost. Without it there are no pings.
	PingInterval time.Duration
}

// SocketMessage is a message that came.
type SocketMessage[T any] struct {
	// Value is what it says. JSON of no known type, and text that is no JSON, are kept as such.
	Value T

	// Text is the text as it came.
	Text string

	// Data has the bytes of a binary message, which has neither value nor text.
	Data []byte
}

// ConnectionClosedError means that a connection has ended, and is not opened again.
type ConnectionClosedError struct {
	// Code is that of the close frame: 1005 if it had none, 1006 if there was no close frame.
	Code int

	// Reason is that of the close frame.
	Reason string
}

// Error says code and reason.
func (e *ConnectionClosedError) Error() string {
	text := "the connection is closed: " + strconv.Itoa(e.Code)
	if e.Reason != "" {
		text += ", " + e.Reason
	}
	return text
}

// SocketConnection is a connection of a WebSocket API. One goroutine may receive while others send.
type SocketConnection[T any] struct {
	client  *Client
	spec    socketSpec[T]
	make    func() *request
	options SocketOptions

	mutex     sync.Mutex
	link      *socketLink
	ending    error
	isClosing bool
	protocol  string
}

// socketSpec is a kind of connection.
type socketSpec[T any] struct {
	// selection has the names on the way to the member of a message that holds its route's key.
	selection []string

	// unknown makes the value for JSON that is none of the known types.
	unknown func(raw json.RawMessage) T
}

// socketLink is one connection of the network.
type socketLink struct {
	stream   io.ReadWriteCloser
	release  func()
	writing  sync.Mutex
	events   chan socketEvent
	closing  chan struct{}
	finished chan struct{}

	// Why it is over; read after finished.
	code   int
	reason string
}

const (
	socketGUID     = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
	closingTime    = 5 * time.Second
	defaultMessage = 1 << 20
)

func openSocket[T any](
	ctx context.Context, client *Client, spec socketSpec[T], make func() *request, options *SocketOptions,
) (*SocketConnection[T], error) {
	s := &SocketConnection[T]{client: client, spec: spec, make: make}
	if options != nil {
		s.options = *options
	}
	if err := s.open(ctx); err != nil {
		return nil, s.failure(err)
	}
	return s, nil
}

func (s *SocketConnection[T]) failure(err error) error {
	return &OperationError{Operation: s.make().operation, Err: err}
}

// Subprotocol returns what the server selected, if it did.
func (s *SocketConnection[T]) Subprotocol() string { return s.protocol }

// open connects, and starts to read.
func (s *SocketConnection[T]) open(ctx context.Context) error {
	r := s.make()
	var changes []CallOption
	for name := range s.options.Header {
		changes = append(changes, WithHeader(name, s.options.Header.Get(name)))
	}
	if s.options.Timeout != 0 {
		changes = append(changes, WithTimeout(s.options.Timeout))
	}
	call, err := s.client.newCall(r, false, changes)
	if err != nil {
		return err
	}
	limit := newAttemptLimit(context.Background(), call.options.timeout)
	// The caller's context ends opening only; the connection lives on.
	stop := context.AfterFunc(ctx, limit.cancel)
	defer stop()
	link, protocol, err := s.handshake(call, limit)
	if err != nil {
		err = call.cause(ctx, err, limit)
		limit.release()
		return err
	}
	limit.stop()
	link.release = limit.release
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.link, s.protocol = link, protocol
	go link.read(s.maxMessage())
	return nil
}

func (s *SocketConnection[T]) maxMessage() int {
	if s.options.MaxMessageBytes == 0 {
		return defaultMessage
	}
	return s.options.MaxMessageBytes
}

func (s *SocketConnection[T]) handshake(call *call, limit *attemptLimit) (*socketLink, string, error) {
	request, err := call.newRequest(limit.context, 1)
	if err != nil {
		return nil, "", err
	}
	request.Header.Del("Accept")
	request.Header.Del("Amz-Sdk-Request")
	if err := call.prepare(limit.context, &CallAttempt{Operation: call.request.operation, Number: 1, Request: request}); err != nil {
		return nil, "", err
	}
	var nonce [16]byte
	if _, err := rand.Read(nonce[:]); err != nil {
		return nil, "", err
	}
	key := base64.StdEncoding.EncodeToString(nonce[:])
	request.Header.Set("Upgrade", "websocket")
	request.Header.Set("Connection", "Upgrade")
	request.Header.Set("Sec-WebSocket-Version", "13")
	request.Header.Set("Sec-WebSocket-Key", key)
	if len(s.options.Subprotocols) > 0 {
		request.Header.Set("Sec-WebSocket-Protocol", strings.Join(s.options.Subprotocols, ", "))
	}
	response, err := s.client.options.Transport.RoundTrip(request)
	if err != nil {
		return nil, "", err
	}
	stream, ok := response.Body.(io.ReadWriteCloser)
	if response.StatusCode != http.StatusSwitchingProtocols || !ok {
		answer, err := call.read(response, limit)
		if err != nil {
			return nil, "", err
		}
		return nil, "", responseError(&answer.RawResponse, nil)
	}
	protocol := response.Header.Get("Sec-WebSocket-Protocol")
	if err := s.check(response.Header, key, protocol); err != nil {
		stream.Close()
		return nil, "", err
	}
	link := &socketLink{
		stream: stream, events: make(chan socketEvent), closing: make(chan struct{}), finished: make(chan struct{}),
	}
	return link, protocol, nil
}

func (s *SocketConnection[T]) check(header http.Header, key, protocol string) error {
	sum := sha1.Sum([]byte(key + socketGUID))
	isOffered := protocol == ""
	for _, offered := range s.options.Subprotocols {
		isOffered = isOffered || offered == protocol
	}
	switch {
	case !strings.EqualFold(header.Get("Upgrade"), "websocket"):
		return errors.New("the server did not switch to WebSocket")
	case header.Get("Sec-WebSocket-Accept") != base64.StdEncoding.EncodeToString(sum[:]):
		return errors.New("the server's answer is not for this handshake")
	case header.Get("Sec-WebSocket-Extensions") != "":
		return errors.New("the server uses an extension that nobody offered")
	case !isOffered:
		return errors.New("the server selected a subprotocol that nobody offered: " + strconv.Quote(protocol))
	}
	return nil
}

// Receive returns the next message. It returns io.EOF when the client closed the connection, or the server did with 1000;
// otherwise an OperationError with a ConnectionClosedError, or with what kept a lost connection from being opened again.
func (s *SocketConnection[T]) Receive(ctx context.Context) (*SocketMessage[T], error) {
	for {
		link, err := s.current(ctx)
		if err != nil {
			return nil, err
		}
		event, err := s.wait(ctx, link)
		if err != nil {
			return nil, err
		}
		if event != nil {
			return s.message(*event), nil
		}
	}
}

// current returns the connection, opened again if need be.
func (s *SocketConnection[T]) current(ctx context.Context) (*socketLink, error) {
	for {
		s.mutex.Lock()
		link, ending := s.link, s.ending
		s.mutex.Unlock()
		if ending != nil {
			return nil, ending
		}
		if link != nil {
			return link, nil
		}
		if err := s.reopen(ctx); err != nil {
			return nil, err
		}
	}
}

// wait returns what comes next; nothing if the connection is over.
func (s *SocketConnection[T]) wait(ctx context.Context, link *socketLink) (*socketEvent, error) {
	var tick <-chan time.Time
	isPinged := false
	if s.options.PingInterval > 0 {
		ticker := time.NewTicker(s.options.PingInterval)
		defer ticker.Stop()
		tick = ticker.C
	}
	for {
		select {
		case event := <-link.events:
			if event.opcode == opcodePong {
				isPinged = false
				continue
			}
			return &event, nil
		case <-link.finished:
			s.lost(link, link.code, link.reason)
			return nil, nil
		case <-tick:
			if isPinged {
				link.stop()
				s.lost(link, 1006, "")
				return nil, nil
			}
			isPinged = true
			_ = link.write(opcodePing, nil)
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return nil, s.failure(&TimeoutError{})
			}
			return nil, s.failure(ctx.Err())
		}
	}
}

// lost takes note of the end of a connection.
func (s *SocketConnection[T]) lost(link *socketLink, code int, reason string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.link != link {
		return
	}
	s.link = nil
	switch {
	case s.ending != nil:
	case s.isClosing, code == 1000:
		s.ending = io.EOF
	case s.options.NoReconnect || !isPassing(code):
		s.ending = s.failure(&ConnectionClosedError{Code: code, Reason: reason})
	}
}

// isPassing tells whether the next connection may fare better.
func isPassing(code int) bool {
	switch code {
	case 1001, 1005, 1006, 1011, 1012, 1013, 1014:
		return true
	}
	return false
}

// reopen opens a lost connection, or says why not. What the context ends can be tried again.
func (s *SocketConnection[T]) reopen(ctx context.Context) error {
	var last error = &ConnectionClosedError{Code: 1006}
	attempts := s.options.MaxReconnects
	if attempts == 0 {
		attempts = 10
	}
	for attempt := 0; attempt < attempts; attempt++ {
		limit := longestWait
		if attempt < 8 {
			limit = min(limit, firstWait<<attempt)
		}
		wait := time.Duration(s.client.options.Random() * float64(limit))
		if err := s.client.options.Sleep(ctx, wait); err != nil {
			return s.failure(err)
		}
		s.mutex.Lock()
		ending := s.ending
		s.mutex.Unlock()
		if ending != nil {
			return ending
		}
		err := s.open(ctx)
		if err == nil {
			if s.options.OnReconnect != nil {
				s.options.OnReconnect(ctx)
			}
			return nil
		}
		if ctx.Err() != nil {
			return s.failure(err)
		}
		last = err
		var refused *ResponseError
		var missing *MissingOptionError
		var invalid *InvalidArgumentError
		if errors.As(err, &refused) && refused.StatusCode >= 400 && refused.StatusCode < 500 && refused.StatusCode != 429 ||
			errors.As(err, &missing) || errors.As(err, &invalid) {
			break
		}
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.ending = s.failure(last)
	return s.ending
}

func (s *SocketConnection[T]) message(event socketEvent) *SocketMessage[T] {
	if event.opcode == opcodeBinary {
		return &SocketMessage[T]{Data: event.data}
	}
	message := &SocketMessage[T]{Text: string(event.data)}
	if decodeJSON(event.data, &message.Value) == nil {
		return message
	}
	raw := json.RawMessage(event.data)
	if !json.Valid(raw) {
		// Text of Unicode always has JSON.
		raw, _ = encodeJSON(message.Text)
	}
	message.Value = s.spec.unknown(raw)
	return message
}

// SendText sends text as it is.
func (s *SocketConnection[T]) SendText(text string) error { return s.send(opcodeText, []byte(text)) }

// SendBytes sends a binary message, which API Gateway refuses.
func (s *SocketConnection[T]) SendBytes(data []byte) error { return s.send(opcodeBinary, data) }

// Ping sends a ping.
func (s *SocketConnection[T]) Ping() error { return s.send(opcodePing, nil) }

// send sends a message on the connection that there is.
func (s *SocketConnection[T]) send(opcode int, data []byte) error {
	s.mutex.Lock()
	link, isOver := s.link, s.ending != nil || s.isClosing
	s.mutex.Unlock()
	if isOver {
		return s.failure(&TransportError{Err: errors.New("the connection is closed")})
	}
	if link == nil {
		return s.failure(&TransportError{Err: errors.New("the connection is lost; Receive opens it again")})
	}
	if err := link.write(opcode, data); err != nil {
		return s.failure(&TransportError{Err: err})
	}
	return nil
}

// sendMessage sends JSON to a route; without a key it is sent as it is.
func (s *SocketConnection[T]) sendMessage(key string, message any) error {
	var data []byte
	var err error
	if raw, ok := message.(json.RawMessage); ok && raw == nil {
		data = []byte("{}")
	} else if data, err = encodeJSON(message); err != nil {
		return s.failure(&InvalidArgumentError{Name: "message", Reason: err.Error()})
	}
	if key != "" && len(s.spec.selection) > 0 {
		if data, err = withMember(data, s.spec.selection, key); err != nil {
			return s.failure(err)
		}
	}
	return s.send(opcodeText, data)
}

// withMember sets a member of an object, whose name is the last one of a path.
func withMember(data []byte, path []string, value string) ([]byte, error) {
	object := map[string]json.RawMessage{}
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) || json.Unmarshal(data, &object) != nil {
		return nil, &InvalidArgumentError{Name: "message", Reason: "a message to a route is a JSON object"}
	}
	var err error
	if len(path) == 1 {
		object[path[0]], err = encodeJSON(value)
	} else {
		inner := object[path[0]]
		if inner == nil {
			inner = json.RawMessage("{}")
		}
		object[path[0]], err = withMember(inner, path[1:], value)
	}
	if err != nil {
		return nil, err
	}
	return encodeJSON(object)
}

// Close closes the connection with 1000, and waits up to 5 seconds for the server to do the same.
func (s *SocketConnection[T]) Close() error { return s.CloseWith(1000, "") }

// CloseWith does that with another code, from 3000 to 4999 or one that RFC 6455 has for clients, and a reason.
func (s *SocketConnection[T]) CloseWith(code int, reason string) error {
	payload, ok := closePayload(code, reason)
	if !ok {
		return s.failure(&InvalidArgumentError{Name: "code", Reason: "no client may close with this code or reason"})
	}
	s.mutex.Lock()
	link, isOver := s.link, s.ending != nil || s.isClosing
	s.isClosing = true
	if link == nil && !isOver {
		s.ending = io.EOF
	}
	s.mutex.Unlock()
	if link == nil || isOver {
		return nil
	}
	close(link.closing)
	_ = link.write(opcodeClose, payload)
	timer := time.NewTimer(closingTime)
	defer timer.Stop()
	select {
	case <-link.finished:
	case <-timer.C:
	}
	link.stop()
	s.lost(link, code, reason)
	return nil
}

// read takes what comes until the end.
func (l *socketLink) read(limit int) {
	defer close(l.finished)
	defer l.stop()
	frames := frameReader{reader: bufio.NewReader(l.stream), limit: limit}
	for {
		event, err := frames.next()
		if err != nil {
			l.code = 1006
			if code, ok := violation(err); ok {
				l.code = code
				payload, _ := closePayload(code, "")
				_ = l.write(opcodeClose, payload)
			}
			return
		}
		switch event.opcode {
		case opcodePing:
			_ = l.write(opcodePong, event.data)
			continue
		case opcodeClose:
			l.code, l.reason = closeOf(event.data)
			select {
			case <-l.closing:
			default:
				_ = l.write(opcodeClose, event.data[:min(2, len(event.data))])
			}
			return
		}
		select {
		case l.events <- event:
		case <-l.closing:
		}
	}
}

func (l *socketLink) write(opcode int, data []byte) error {
	frames, err := encodeFrames(opcode, data)
	if err != nil {
		return err
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	_, err = l.stream.Write(frames)
	return err
}

// stop ends the connection without a word.
func (l *socketLink) stop() {
	l.stream.Close()
	l.release()
}
