package bench

import (
	"runtime"
	"sync"
	"time"

	"gradus/internal/kernel"
)

// Peak is the rate of multiply-adds of n threads at once in GFLOP/s, the best of the short looks that fit into a spell.
func Peak(n int, spell time.Duration) (best float64) {
	const rounds = 10_000
	together(n, func() {
		kernel.MultiplyAdds(rounds) // the clock rises with the load
	})
	for began := time.Now(); time.Since(began) < spell || best == 0; {
		var lock sync.Mutex
		sum := 0.
		together(n, func() {
			start, operations := time.Now(), 0
			for range 10 {
				operations += kernel.MultiplyAdds(rounds)
			}
			rate := float64(operations) / float64(time.Since(start))
			lock.Lock()
			defer lock.Unlock()
			sum += rate
		})
		best = max(best, sum)
	}
	return best
}

// copyRate is how many bytes n threads read and write a second when they copy more than any cache holds, in GB/s.
func copyRate(n int, spell time.Duration) (best float64) {
	const each = 64 << 20
	from, to := make([][]byte, n), make([][]byte, n)
	for i := range n {
		from[i], to[i] = make([]byte, each/n), make([]byte, each/n)
		for k := 0; k < len(from[i]); k += 1 << 10 {
			from[i][k], to[i][k] = 1, 2 // memory that was never written may be one page of zeros
		}
	}
	for began := time.Now(); time.Since(began) < spell || best == 0; {
		next := make(chan int, n)
		for i := range n {
			next <- i
		}
		start := time.Now()
		together(n, func() {
			i := <-next
			copy(to[i], from[i])
		})
		best = max(best, float64(2*(each/n)*n)/float64(time.Since(start)))
	}
	return best
}

// together runs f n times at once, each on a thread of its own.
func together(n int, f func()) {
	var group, gate sync.WaitGroup
	gate.Add(n)
	for range n {
		group.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			gate.Done()
			gate.Wait()
			f()
		})
	}
	group.Wait()
}
