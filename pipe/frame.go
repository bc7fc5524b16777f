// Package pipe lets another program use gradus as a process beside it: requests on its standard input, answers on its standard output, arrays
// of numbers as they lie in memory. docs/pipe.md describes the protocol.
package pipe

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"

	"gradus/internal/say"
)

// Every frame begins with the mark, the length of its head (JSON) in 4 bytes and that of its body in 8, little endian.
const (
	mark        = "grd1"
	prefix      = 4 + 4 + 8
	largestHead = 1 << 28 // the levels of text columns stand there
	largestBody = 1 << 36
	firstPiece  = 1 << 20 // what a claimed length may cost before its bytes are there
)

// frame is one message.
type frame struct {
	head, body []byte
}

// readFrame reads the next frame; io.EOF where none begins. No length is trusted: memory grows with the bytes that come.
func readFrame(r io.Reader) (f frame, err error) {
	var start [prefix]byte
	if _, err := io.ReadFull(r, start[:]); err != nil {
		if errors.Is(err, io.EOF) {
			return f, err
		}
		return f, say.Error("pipe.short")
	}
	head, body := uint64(binary.LittleEndian.Uint32(start[4:])), binary.LittleEndian.Uint64(start[8:])
	switch {
	case string(start[:4]) != mark:
		return f, say.Error("pipe.mark")
	case head < 2 || head > largestHead:
		return f, say.Error("pipe.size", "part", "head", "found", head, "most", largestHead)
	case body > largestBody:
		return f, say.Error("pipe.size", "part", "body", "found", body, "most", largestBody)
	}
	if f.head, err = read(r, int(head)); err == nil {
		f.body, err = read(r, int(body))
	}
	return f, err
}

// read reads n bytes.
func read(r io.Reader, n int) ([]byte, error) {
	b := make([]byte, min(n, firstPiece))
	for done := 0; ; {
		if _, err := io.ReadFull(r, b[done:]); err != nil {
			return nil, say.Error("pipe.short")
		}
		if done = len(b); done == n {
			return b, nil
		}
		grown := make([]byte, min(n, 2*done))
		copy(grown, b)
		b = grown
	}
}

// writeFrame writes head as JSON and the body behind it.
func writeFrame(w io.Writer, head any, body ...[]byte) error {
	b, err := json.Marshal(head)
	if err != nil {
		return err
	}
	size := 0
	for _, part := range body {
		size += len(part)
	}
	start := make([]byte, 0, prefix+len(b))
	start = binary.LittleEndian.AppendUint32(append(start, mark...), uint32(len(b)))
	start = append(binary.LittleEndian.AppendUint64(start, uint64(size)), b...)
	for _, part := range append([][]byte{start}, body...) {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}
