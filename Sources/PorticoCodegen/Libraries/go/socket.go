package sdk

import (
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
