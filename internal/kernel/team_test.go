package kernel

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func doubled(t *task) {
	t.run = func(t *task, i int) {
		for k := i * t.p[0]; k < (i+1)*t.p[0]; k++ {
			t.all[0][k] = 2 * t.all[1][k]
		}
	}
}

// Every chunk is done exactly once, whoever has the helpers, also by 200 callers at once.
func TestShareDoesEveryChunkOnce(t *testing.T) {
	defer Threads(Threads(4))
	var shared atomic.Int32
	var group sync.WaitGroup
	for caller := range 200 {
		group.Go(func() {
			const width = 50
			chunks := 2 + caller%40
			a, c := make([]float32, chunks*width), make([]float32, chunks*width)
			for i := range a {
				a[i] = float32(i + caller)
			}
			for range 50 {
				clear(c)
				work := task{all: [5][]float32{c, a}, p: [4]int{width}}
				doubled(&work)
				if share(chunks, func(t *task) { *t = work }) {
					shared.Add(1)
				} else {
					for i := range chunks {
						work.run(&work, i)
					}
				}
				for i := range a {
					if c[i] != 2*a[i] {
						t.Errorf("caller %d: element %d is %v", caller, i, c[i])
						return
					}
				}
			}
		})
	}
	group.Wait()
	if shared.Load() == 0 {
		t.Error("the helpers were never used")
	}
}

// A chunk that panics reaches the caller, and the helpers go on working afterwards.
func TestShareSurvivesAPanic(t *testing.T) {
	defer Threads(Threads(3))
	for range 20 {
		func() {
			defer func() {
				if v := recover(); v != "chunk 3" {
					t.Errorf("recovered %v", v)
				}
			}()
			share(8, func(t *task) {
				t.run = func(_ *task, i int) {
					if i == 3 {
						panic("chunk 3")
					}
				}
			})
		}()
		var n atomic.Int32
		if share(8, func(t *task) { t.run = func(*task, int) { n.Add(1) } }) && n.Load() != 8 {
			t.Errorf("%d chunks after a panic", n.Load())
		}
	}
}

// Helpers that went to sleep wake for the next task, and a caller alone is not stopped by their sleep.
func TestShareAfterSleep(t *testing.T) {
	defer Threads(Threads(2))
	for range 5 {
		time.Sleep(3 * time.Millisecond)
		var n atomic.Int32
		if !share(64, func(t *task) { t.run = func(*task, int) { n.Add(1) } }) || n.Load() != 64 {
			t.Errorf("%d chunks", n.Load())
		}
	}
}

func TestShareAllocatesNothing(t *testing.T) {
	defer Threads(Threads(2))
	a, c := make([]float32, 100), make([]float32, 100)
	work := task{all: [5][]float32{c, a}, p: [4]int{50}}
	doubled(&work)
	if n := testing.AllocsPerRun(100, func() { share(2, func(t *task) { *t = work }) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestThreadsTellsTheNumberBefore(t *testing.T) {
	before := Threads(5)
	if got := Threads(before); got != 5 {
		t.Errorf("%d, want 5", got)
	}
	if share(1, nil) || share(ticketMask+1, nil) {
		t.Error("one chunk, or too many, are not for sharing")
	}
}

func BenchmarkShare(b *testing.B) {
	defer Threads(Threads(2))
	work := task{run: func(*task, int) {}}
	for b.Loop() {
		share(2, func(t *task) { *t = work })
	}
}
