package train

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"gradus/internal/say"
)

// Many runs fit for 0 … n−1, workers at a time, one core each; as many as Go uses processors where workers is below 1. Folds, seeds
// and bootstrap replicates are such fits. What fit i learns goes to a place of its own, the slot i of a slice, and its chance comes
// from i: then nothing depends on which worker ran it, when or beside which others.
//
// The error is that of the lowest i that failed, the same in every run: the fits after it are stopped by their context or never begin,
// those before it go on to their end. Where ctx ends the work, it is ctx's cause. A panic becomes an error.
func Many(ctx context.Context, n, workers int, fit func(ctx context.Context, i int) error) error {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	m := &many{n: n, fit: fit, failed: n, running: map[int]context.CancelFunc{}}
	var group sync.WaitGroup
	for range min(workers, n) {
		group.Go(func() { m.work(ctx) })
	}
	group.Wait()
	if m.err != nil {
		return m.err
	}
	return context.Cause(ctx)
}

// many is what the workers share.
type many struct {
	n       int
	fit     func(ctx context.Context, i int) error
	lock    sync.Mutex
	next    int
	running map[int]context.CancelFunc
	failed  int // the lowest fit that failed, n while none has
	err     error
}

// work is a worker's life.
func (m *many) work(ctx context.Context) {
	for {
		own, i := m.take(ctx)
		if own == nil {
			return
		}
		m.end(ctx, i, m.guarded(own, i))
	}
}

// take begins the next fit; no context where there is none to begin. The fits begin in ascending order, so that the lowest one that
// will fail has begun before any other's failure can keep it from it.
func (m *many) take(ctx context.Context) (own context.Context, i int) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if ctx.Err() != nil || m.next >= m.failed {
		return nil, 0
	}
	i = m.next
	m.next++
	own, m.running[i] = context.WithCancel(ctx)
	return own, i
}

// end notes how fit i went and stops those after one that failed.
func (m *many) end(ctx context.Context, i int, err error) {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.running[i]()
	delete(m.running, i)
	stopped := ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, context.Cause(ctx)))
	if err == nil || i > m.failed || stopped {
		return
	}
	m.failed, m.err = i, err
	for j, stop := range m.running {
		if j > i {
			stop()
		}
	}
}

// guarded is fit with a panic turned into an error: a goroutine of its own has nobody else to catch it.
func (m *many) guarded(ctx context.Context, i int) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = say.Failure("train.failed", "fit", i+1, "fits", m.n, "cause", say.Shown(p))
		}
	}()
	return m.fit(ctx, i)
}
