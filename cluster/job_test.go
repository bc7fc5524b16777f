package cluster

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"gradus/internal/say"
)

// A rank whose others do not come says so when the deadline is over.
func TestDeadline(t *testing.T) {
	ranks := newRoom(2)
	ranks[0].silent = true
	j := Join(ranks[0], time.Hour)
	j.Limit(time.Millisecond)
	go func() { _ = j.Most(t.Context(), []float64{1}) }()
	err := <-j.Lost()
	if e, ok := errors.AsType[*say.Err](err); !ok || e.Key != "cluster.deadline" || !e.Fault {
		t.Errorf("%v", err)
	}
}

// What a call fails with is kept: the ranks are no longer at one place.
func TestBroken(t *testing.T) {
	j := Join(Alone{}, time.Minute)
	if err := j.Call(func() error { return io.ErrClosedPipe }); err == nil || !j.Broken() {
		t.Errorf("%v, broken %v", err, j.Broken())
	}
}

// drip is a file that ends or fails after its text.
type drip struct {
	io.Reader
	end    error
	closed bool
}

func (d *drip) Read(b []byte) (int, error) {
	n, err := d.Reader.Read(b)
	if err == io.EOF && d.end != nil {
		err = d.end
	}
	return n, err
}

func (d *drip) Close() error { d.closed = true; return nil }

// A file is read by rank 0 and known to all, however long; where it cannot be read, rank 0 has the error and the others know whose it is.
func TestRead(t *testing.T) {
	long := strings.Repeat("0123456789", portion/4)
	wrong := say.Error("disk.missing", "path", "x")
	for name, c := range map[string]struct {
		text string
		open error
		end  error
	}{
		"empty": {}, "short": {text: "a,b\n1,2\n"}, "long": {text: long}, "just a portion": {text: long[:portion]},
		"missing": {open: wrong}, "broken": {text: "a", end: io.ErrClosedPipe},
	} {
		everywhere(t, 3, func(j *Job) {
			rank, _ := j.Place()
			b, err := j.Read(func() (io.ReadCloser, error) {
				if rank > 0 {
					t.Error("opened by another rank")
				}
				return &drip{Reader: strings.NewReader(c.text), end: c.end}, c.open
			})
			bad := errors.Join(c.open, c.end)
			switch other, ok := errors.AsType[Elsewhere](err); {
			case bad == nil && (err != nil || !bytes.Equal(b, []byte(c.text))):
				t.Errorf("%s, rank %d: %d bytes, %v", name, rank, len(b), err)
			case bad != nil && rank == 0 && !errors.Is(bad, err):
				t.Errorf("%s: %v", name, err)
			case bad != nil && rank > 0 && (!ok || other.Wrong != (c.open != nil)):
				t.Errorf("%s, rank %d: %v", name, rank, err)
			}
		})
	}
}

// First is done once.
func TestFirst(t *testing.T) {
	for _, want := range []error{nil, say.Error("disk.missing", "path", "x"), say.Failure("disk.full", "path", "x")} {
		done := make(chan int, 9)
		everywhere(t, 3, func(j *Job) {
			rank, _ := j.Place()
			err := j.First(func() error { done <- rank; return want })
			if (err == nil) != (want == nil) || rank == 0 && err != want {
				t.Errorf("rank %d: %v, not %v", rank, err, want)
			}
		})
		if len(done) != 1 || <-done != 0 {
			t.Errorf("not done by rank 0 alone")
		}
	}
}

// Ranks that are about other things are refused, all of them.
func TestSame(t *testing.T) {
	for _, odd := range []int{-1, 0, 2} {
		everywhere(t, 3, func(j *Job) {
			rank, _ := j.Place()
			text := "run"
			if rank == odd {
				text = "another run"
			}
			if err := j.Same(t.Context(), text); (err == nil) != (odd < 0) {
				t.Errorf("odd %d, rank %d: %v", odd, rank, err)
			}
		})
	}
}
