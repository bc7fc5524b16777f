package serve

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	"gradus/internal/say"
)

// gate lets in as many requests as can be worked off: the others are told to come again before they cost anything.
type gate struct {
	most     int64
	requests atomic.Int64
	memory   int64
	taken    atomic.Int64 // bytes
	workers  chan int     // those that are free
	wait     time.Duration
}

func newGate(l Limits) *gate {
	g := &gate{most: int64(l.Requests), memory: l.Memory, workers: make(chan int, l.Workers), wait: l.Wait}
	for worker := range l.Workers {
		g.workers <- worker
	}
	return g
}

// arrive counts a request in.
func (g *gate) arrive() error {
	if g.requests.Add(1) > g.most {
		g.requests.Add(-1)
		return refuse(http.StatusTooManyRequests, say.Error("serve.busy")).shut()
	}
	return nil
}

// leave counts it out.
func (g *gate) leave() { g.requests.Add(-1) }

// take accounts for bytes, false where they are not to be had.
func (g *gate) take(bytes int64) bool {
	if g.taken.Add(bytes) > g.memory {
		g.taken.Add(-bytes)
		return false
	}
	return true
}

// free gives bytes back.
func (g *gate) free(bytes int64) {
	if bytes != 0 {
		g.taken.Add(-bytes)
	}
}

// work waits for a worker and says which it is.
func (g *gate) work(ctx context.Context) (worker int, err error) {
	select {
	case worker = <-g.workers:
		return worker, nil
	default:
	}
	t := time.NewTimer(g.wait)
	defer t.Stop()
	select {
	case worker = <-g.workers:
		return worker, nil
	case <-ctx.Done():
		return 0, refuse(499, say.Error("serve.gone"))
	case <-t.C:
		return 0, refuse(http.StatusTooManyRequests, say.Error("serve.waited"))
	}
}

// worked gives the worker back.
func (g *gate) worked(worker int) { g.workers <- worker }
