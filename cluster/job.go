// Package cluster lets the processes of a job train one model: each computes the gradient of its part of a batch, and the sum over all is
// exact, so that the weights are the same bytes for any number of processes. What carries the numbers is the institution's own MPI
// (internal/mpi), behind Wire.
package cluster

import (
	"context"
	"sync/atomic"
	"time"

	"gradus/internal/say"
)

// Wire carries numbers between the ranks of a job, which all make the same calls in the same order; a call waits for every rank.
type Wire interface {
	// Place is this rank, from 0, and how many there are.
	Place() (rank, of int)
	// Sum is g := Σ over the ranks, added as whole numbers: fill writes this rank's own, those from from on, and round turns sums into
	// floats. The pieces in which they are called are the wire's choice.
	Sum(g []float32, fill func(v []int64, from int), round func(to []float32, v []int64, from int)) error
	// Most is v[i] := the largest v[i] of any rank; no NaN.
	Most(v []float64) error
	// Spread gives rank 0's b to all; it is as long on each.
	Spread(b []byte) error
}

// Alone is the wire of a job of one rank.
type Alone struct{}

// Place is rank 0 of 1.
func (Alone) Place() (rank, of int) { return 0, 1 }

// alonePiece is so many numbers that they stay in the cache.
const alonePiece = 1 << 13

// Sum rounds what was filled in.
func (Alone) Sum(g []float32, fill func(v []int64, from int), round func(to []float32, v []int64, from int)) error {
	v := make([]int64, min(len(g), alonePiece))
	for from := 0; from < len(g); from += len(v) {
		piece := v[:min(len(v), len(g)-from)]
		fill(piece, from)
		round(g[from:from+len(piece)], piece, from)
	}
	return nil
}

// Most leaves v as it is.
func (Alone) Most([]float64) error { return nil }

// Spread leaves b as it is.
func (Alone) Spread([]byte) error { return nil }

// Job is one rank's part in a job. One goroutine makes its calls.
type Job struct {
	wire     Wire
	deadline atomic.Int64 // a time.Duration
	lost     chan error
	since    atomic.Int64 // when the call that is under way began, 0 between calls
	broken   bool
	most     []float64
}

// Join takes part in the job of w. A call that waits for longer than deadline means that a rank has died or hangs, or the network does:
// then Lost says so once, while the call may never return, and what is left to do is to end the process.
func Join(w Wire, deadline time.Duration) *Job {
	j := &Job{wire: w, lost: make(chan error, 1)}
	j.Limit(deadline)
	if _, of := w.Place(); of > 1 {
		go j.guard()
	}
	return j
}

// Limit is another deadline for the calls to come.
func (j *Job) Limit(deadline time.Duration) { j.deadline.Store(int64(deadline)) }

// Lost tells of a call that has waited beyond the deadline.
func (j *Job) Lost() <-chan error { return j.lost }

// Place is this rank, from 0, and how many there are.
func (j *Job) Place() (rank, of int) { return j.wire.Place() }

// Most is v[i] := the largest v[i] of any rank; no NaN.
func (j *Job) Most(_ context.Context, v []float64) error {
	return j.Call(func() error { return j.wire.Most(v) })
}

// Call makes a call that waits for the other ranks, watched for the deadline.
func (j *Job) Call(f func() error) error {
	j.since.Store(time.Now().UnixNano())
	defer j.since.Store(0)
	err := f()
	j.broken = j.broken || err != nil
	return err
}

// Broken reports whether a call has failed, so that the ranks are no longer at the same place.
func (j *Job) Broken() bool { return j.broken }

// guard looks at the call under way now and then.
func (j *Job) guard() {
	rank, of := j.Place()
	for {
		deadline := time.Duration(j.deadline.Load())
		time.Sleep(min(max(deadline/20, time.Millisecond), time.Second))
		since := j.since.Load()
		if since == 0 || time.Since(time.Unix(0, since)) < deadline {
			continue
		}
		j.lost <- say.Failure("cluster.deadline", "rank", rank, "of", of, "deadline", deadline)
		return
	}
}
