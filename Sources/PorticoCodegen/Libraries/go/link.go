package sdk

import (
	"bufio"
	"io"
	"sync"
)

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
