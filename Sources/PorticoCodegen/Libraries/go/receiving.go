package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"time"
)

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
