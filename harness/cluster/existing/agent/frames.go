package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"sync"
)

type kind byte

const (
	command  kind = iota // the words of the command, as a JSON array
	input                // bytes for its standard input
	inputEnd             // there is no more input
	signal               // one byte: the number of a signal for it
	output               // bytes of its standard output
	errors               // bytes of its standard error
	ended                // one byte: its exit code
)

const largestFrame = 1 << 20

// frames writes whole frames, whoever writes at the same time.
type frames struct {
	mutex  sync.Mutex
	writer io.Writer
}

func (f *frames) write(what kind, payload []byte) error {
	frame := make([]byte, 5, 5+len(payload))
	frame[0] = byte(what)
	binary.BigEndian.PutUint32(frame[1:], uint32(len(payload)))
	f.mutex.Lock()
	defer f.mutex.Unlock()
	_, err := f.writer.Write(append(frame, payload...))
	return err
}

// of is a writer whose bytes become frames of one kind.
func (f *frames) of(what kind) io.Writer { return stream{f, what} }

type stream struct {
	frames *frames
	kind   kind
}

func (s stream) Write(bytes []byte) (int, error) {
	written := 0
	for written < len(bytes) {
		part := bytes[written:min(written+largestFrame, len(bytes))]
		if err := s.frames.write(s.kind, part); err != nil {
			return written, err
		}
		written += len(part)
	}
	return written, nil
}

func readFrame(reader io.Reader) (kind, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(reader, head[:]); err != nil {
		return 0, nil, err
	}
	size := binary.BigEndian.Uint32(head[1:])
	if size > largestFrame {
		return 0, nil, fmt.Errorf("a frame of %d bytes, where at most %d may be", size, largestFrame)
	}
	payload := make([]byte, size)
	_, err := io.ReadFull(reader, payload)
	return kind(head[0]), payload, err
}
