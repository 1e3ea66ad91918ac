package sdk

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
)

// bodySource gives each attempt the body to send.
type bodySource struct {
	bytes   []byte
	stream  io.Reader
	seeker  io.Seeker
	start   int64
	length  int64
	current *attemptBody
}

var errBodyGone = errors.New("the body belongs to an earlier attempt")

func newBodySource(r *request) *bodySource {
	source := &bodySource{bytes: r.body, stream: r.stream, length: -1}
	if seeker, ok := r.stream.(io.Seeker); ok {
		start, err := seeker.Seek(0, io.SeekCurrent)
		if err != nil {
			return source
		}
		end, err := seeker.Seek(0, io.SeekEnd)
		if err != nil {
			return source
		}
		if _, err := seeker.Seek(start, io.SeekStart); err == nil {
			source.seeker, source.start, source.length = seeker, start, end-start
		}
	}
	return source
}

// readAll takes a stream into memory, since a signature is over the whole body.
func (s *bodySource) readAll() error {
	if s.stream == nil {
		return nil
	}
	all, err := io.ReadAll(s.stream)
	if err != nil {
		return err
	}
	s.bytes, s.stream, s.seeker = all, nil, nil
	return nil
}

// attach gives a request the body.
func (s *bodySource) attach(request *http.Request) error {
	if s.stream == nil {
		if len(s.bytes) == 0 {
			request.Body, request.ContentLength = http.NoBody, 0
			return nil
		}
		request.Body = io.NopCloser(bytes.NewReader(s.bytes))
		request.ContentLength = int64(len(s.bytes))
		request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(s.bytes)), nil }
		return nil
	}
	if s.current != nil {
		s.current.detach()
		if s.seeker != nil {
			if _, err := s.seeker.Seek(s.start, io.SeekStart); err != nil {
				return err
			}
		}
	}
	s.current = &attemptBody{reader: s.stream}
	request.Body, request.ContentLength = s.current, s.length
	if s.length == 0 {
		request.Body = http.NoBody
	}
	return nil
}

// canRepeat tells whether another attempt can send the same.
func (s *bodySource) canRepeat() bool {
	return s.stream == nil || s.seeker != nil || s.current == nil || !s.current.hasStarted.Load()
}

// attemptBody is a stream while one attempt sends it: the transport may go on reading after it has given up.
type attemptBody struct {
	hasStarted atomic.Bool
	mutex      sync.Mutex
	reader     io.Reader
	isGone     bool
}

func (b *attemptBody) Read(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.isGone {
		return 0, errBodyGone
	}
	b.hasStarted.Store(true)
	return b.reader.Read(p)
}

// Close leaves the stream open: it is the caller's.
func (b *attemptBody) Close() error { return nil }

// detach makes sure that the attempt does not touch the stream any more. A read that is under way is waited for, so it
// is only called if none is or if it cannot take long.
func (b *attemptBody) detach() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.isGone = true
}
