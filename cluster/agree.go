package cluster

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io"
	"math"
	"time"

	"gradus/internal/say"
)

// Elsewhere is what the other ranks get for an error of rank 0, which tells it.
type Elsewhere struct {
	Wrong bool // the input is at fault, not the run
}

// Error says whose the error is.
func (Elsewhere) Error() string { return "rank 0 has failed" }

// The states of rank 0 in First and Read.
const (
	going byte = iota
	over
	failed
	wrong
)

func stateOf(err error) byte {
	e, ok := errors.AsType[*say.Err](err)
	switch {
	case err == nil:
		return over
	case ok && !e.Fault:
		return wrong
	}
	return failed
}

func elsewhere(state byte) error {
	if state == failed || state == wrong {
		return Elsewhere{Wrong: state == wrong}
	}
	return nil
}

// First has rank 0 alone do f, and gives its outcome to all: to the others, Elsewhere.
func (j *Job) First(f func() error) error {
	state := []byte{over}
	rank, _ := j.Place()
	var err error
	if rank == 0 {
		err = f()
		state[0] = stateOf(err)
	}
	if bad := j.Call(func() error { return j.wire.Spread(state) }); bad != nil {
		return bad
	}
	if rank == 0 {
		return err
	}
	return elsewhere(state[0])
}

// piece is how much of a file is handed on at once, breath how long the others wait for it before they hear that rank 0 is alive.
const (
	portion = 1 << 22
	breath  = time.Second
)

// Read has rank 0 alone open and read a file, and gives what it holds to all.
func (j *Job) Read(open func() (io.ReadCloser, error)) (all []byte, err error) {
	rank, of := j.Place()
	parts := make(chan part, 1)
	if rank == 0 {
		go deliver(open, parts)
	}
	for {
		p := part{}
		if rank == 0 {
			p = next(parts, of > 1)
		}
		head := binary.LittleEndian.AppendUint32([]byte{p.state}, uint32(len(p.b)))
		if err := j.Call(func() error { return j.wire.Spread(head) }); err != nil {
			return nil, err
		}
		if rank > 0 {
			p = part{state: head[0], b: make([]byte, binary.LittleEndian.Uint32(head[1:]))}
			p.err = elsewhere(p.state)
		}
		if err := j.Call(func() error { return j.wire.Spread(p.b) }); err != nil {
			return nil, err
		}
		if all = append(all, p.b...); p.state != going {
			return all, p.err
		}
	}
}

// part is a portion of a file.
type part struct {
	state byte
	b     []byte
	err   error
}

// next is the next portion; an empty one where it takes long and others wait.
func next(parts <-chan part, others bool) part {
	if !others {
		return <-parts
	}
	select {
	case p := <-parts:
		return p
	case <-time.After(breath):
		return part{}
	}
}

// deliver reads a file to its end.
func deliver(open func() (io.ReadCloser, error), to chan<- part) {
	in, err := open()
	if err != nil {
		to <- part{state: stateOf(err), err: err}
		return
	}
	defer in.Close()
	for {
		b := make([]byte, portion)
		n, err := io.ReadFull(in, b)
		switch {
		case err == nil:
			to <- part{b: b[:n]}
			continue
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			to <- part{state: over, b: b[:n]}
		default:
			to <- part{state: stateOf(err), err: err}
		}
		return
	}
}

// Same says no on every rank unless all of them hand in the same text, such as what their run is.
func (j *Job) Same(ctx context.Context, text string) error {
	h := fnv.New64a()
	_, _ = io.WriteString(h, text)
	sum := h.Sum64()
	v := []float64{float64(sum >> 32), float64(sum & math.MaxUint32), -float64(sum >> 32), -float64(sum & math.MaxUint32)}
	if err := j.Most(ctx, v); err != nil {
		return err
	}
	if v[0] != -v[2] || v[1] != -v[3] {
		return say.Error("cluster.differ")
	}
	return nil
}
