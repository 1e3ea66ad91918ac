package sdk

import (
	"bufio"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"
)

// Opcodes of RFC 6455, section 5.2.
const (
	opcodePart   = 0
	opcodeText   = 1
	opcodeBinary = 2
	opcodeClose  = 8
	opcodePing   = 9
	opcodePong   = 10
)

// frameBytes is the longest frame that API Gateway takes; it takes longer messages.
const frameBytes = 32768

// frameError says what the server did that RFC 6455 forbids, and what the connection is closed with.
type frameError struct {
	code   int
	reason string
}

func (e *frameError) Error() string { return e.reason }

// socketEvent is a whole message or a control frame.
type socketEvent struct {
	opcode int
	data   []byte
}

// encodeFrames writes a message or control frame in as many masked frames as it needs.
func encodeFrames(opcode int, data []byte) ([]byte, error) {
	var out []byte
	for isFirst := true; isFirst || len(data) > 0; isFirst = false {
		piece := data[:min(len(data), frameBytes)]
		data = data[len(piece):]
		first := byte(opcodePart)
		if isFirst {
			first = byte(opcode)
		}
		if len(data) == 0 {
			first |= 0x80
		}
		out = append(out, first)
		if len(piece) < 126 {
			out = append(out, 0x80|byte(len(piece)))
		} else {
			out = append(out, 0x80|126)
			out = binary.BigEndian.AppendUint16(out, uint16(len(piece)))
		}
		var key [4]byte
		if _, err := rand.Read(key[:]); err != nil {
			return nil, err
		}
		out = append(out, key[:]...)
		for i, c := range piece {
			out = append(out, c^key[i&3])
		}
	}
	return out, nil
}

// closePayload is what a close frame carries; nothing for a code that no client may close with.
func closePayload(code int, reason string) ([]byte, bool) {
	isKnown := code >= 1000 && code <= 1011 && code != 1004 && code != 1005 && code != 1006
	if !(isKnown || code >= 3000 && code <= 4999) || len(reason) > 123 || !utf8.ValidString(reason) {
		return nil, false
	}
	return append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...), true
}

// frameReader reads messages and control frames.
type frameReader struct {
	reader *bufio.Reader
	limit  int
	opcode int
	parts  []byte
}

// next returns what comes next. It fails with a frameError, or as the reader does.
func (r *frameReader) next() (socketEvent, error) {
	for {
		isFinal, opcode, data, err := r.frame()
		if err != nil {
			return socketEvent{}, err
		}
		if opcode >= opcodeClose {
			if opcode == opcodeClose {
				err = checkClose(data)
			}
			return socketEvent{opcode: opcode, data: data}, err
		}
		if opcode != opcodePart {
			r.opcode = opcode
		}
		r.parts = append(r.parts, data...)
		if !isFinal {
			continue
		}
		event := socketEvent{opcode: r.opcode, data: r.parts}
		r.opcode, r.parts = 0, nil
		if event.opcode == opcodeText && !utf8.Valid(event.data) {
			return event, &frameError{1007, "a text message is no UTF-8"}
		}
		return event, nil
	}
}

func (r *frameReader) frame() (isFinal bool, opcode int, data []byte, err error) {
	var head [2]byte
	if _, err = io.ReadFull(r.reader, head[:]); err != nil {
		return false, 0, nil, err
	}
	isFinal, opcode = head[0]&0x80 != 0, int(head[0]&0x0f)
	size := uint64(head[1] & 0x7f)
	if err = r.check(head, isFinal, opcode, size); err != nil {
		return false, 0, nil, err
	}
	var long [8]byte
	switch size {
	case 126:
		_, err = io.ReadFull(r.reader, long[6:])
	case 127:
		_, err = io.ReadFull(r.reader, long[:])
	}
	if err != nil {
		return false, 0, nil, err
	}
	if size >= 126 {
		size = binary.BigEndian.Uint64(long[:])
	}
	if opcode < opcodeClose && (size > uint64(r.limit) || uint64(len(r.parts))+size > uint64(r.limit)) {
		return false, 0, nil, &frameError{1009, "a message is too long"}
	}
	data = make([]byte, size)
	_, err = io.ReadFull(r.reader, data)
	return isFinal, opcode, data, err
}

func (r *frameReader) check(head [2]byte, isFinal bool, opcode int, size uint64) error {
	switch {
	case head[0]&0x70 != 0:
		return &frameError{1002, "a frame has a reserved bit"}
	case head[1]&0x80 != 0:
		return &frameError{1002, "a frame of the server is masked"}
	case opcode > opcodeBinary && opcode < opcodeClose, opcode > opcodePong:
		return &frameError{1002, "a frame has an unknown opcode"}
	case opcode >= opcodeClose && (!isFinal || size > 125):
		return &frameError{1002, "a control frame is in parts or too long"}
	case opcode < opcodeClose && (opcode == opcodePart) != (r.opcode != 0):
		return &frameError{1002, "a part of a message is out of place"}
	}
	return nil
}

func checkClose(data []byte) error {
	if len(data) == 0 {
		return nil
	}
	code, reason := closeOf(data)
	if code < 1000 || code > 4999 || code == 1004 || code == 1005 || code == 1006 || code == 1015 {
		return &frameError{1002, "a close frame has no code that it may have"}
	}
	if !utf8.ValidString(reason) {
		return &frameError{1007, "the reason of a close frame is no UTF-8"}
	}
	return nil
}

// closeOf reads a close frame: 1005 stands for none.
func closeOf(data []byte) (code int, reason string) {
	switch len(data) {
	case 0:
		return 1005, ""
	case 1:
		return 0, ""
	}
	return int(binary.BigEndian.Uint16(data)), string(data[2:])
}

// violation is the code that a connection is closed with because of an error; false if the connection itself broke.
func violation(err error) (int, bool) {
	var wrong *frameError
	if errors.As(err, &wrong) {
		return wrong.code, true
	}
	return 0, false
}
