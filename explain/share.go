package explain

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Progress is told how many of the parts of a long work are done; it may be nil.
type Progress func(done, total int)

// share does work for 0 … n−1 on every core, each goroutine with a clone of f. What work writes by its number is the same on any
// number of cores. It ends early when ctx does.
func share(ctx context.Context, f *Function, n int, progress Progress, work func(f *Function, i int)) error {
	var next, done atomic.Int64
	var wait sync.WaitGroup
	var say sync.Mutex
	for range min(runtime.GOMAXPROCS(0), n) {
		own := f.Clone()
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				work(own, i)
				if progress != nil {
					say.Lock()
					progress(int(done.Add(1)), n)
					say.Unlock()
				}
			}
		})
	}
	wait.Wait()
	return ctx.Err()
}
