package kernel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A large routine shares its work with helpers, one goroutine for every further core. It cuts the work into chunks whose
// results do not depend on who computes them; caller and helpers take chunks from one atomic ticket, so the caller never waits
// for a helper to wake: with none awake it does every chunk itself.
//
// A helper that runs out of chunks spins for a while, because the next routine of a training step follows within microseconds,
// and then sleeps. One caller has the helpers at a time; a second one finds them taken and works alone, which is right when every
// core already has a network of its own to train.

// task is one routine's arguments; run computes chunk i. Plain fields and no closure, so that nothing is allocated.
type task struct {
	run     func(t *task, i int)
	all     [5][]float32
	p       [4]int
	product Gemm[float32]
	double  Gemm[float64]
	adam    adamTask
	rule    rule
	update  updatePass
	formula Formula
	slope   bool

	norm      *normLanes
	normRange normRange
	drop      dropPass
}

// team is the helpers and the task at hand.
type team struct {
	owner   sync.Mutex
	size    atomic.Int32 // helpers plus the caller; 0 until it is decided
	started int32        // helpers running, guarded by owner
	task    task         // the owner's, frozen while its ticket is open
	ticket  atomic.Uint64
	done    atomic.Int32 // finished chunks of the task
	asleep  atomic.Int32
	wake    chan struct{}
	failure atomic.Pointer[failure]
}

// failure is what a chunk panicked with.
type failure struct{ value any }

var crew = team{wake: make(chan struct{}, 1<<10)}

// A ticket is generation, number of chunks and next chunk in one word, so that no helper can take a chunk of one task with the
// arguments of another.
const (
	ticketBits = 20
	ticketMask = 1<<ticketBits - 1
)

// spins is how often a helper looks for a new ticket before it sleeps; with the pause between two looks some 30 µs.
const spins = 500

// Threads sets how many cores large routines use, and returns how many they used before; 0 asks for as many as Go uses. It is for
// the start of a program and for tests: the results are the same bits with any number.
func Threads(n int) (before int) {
	crew.owner.Lock()
	defer crew.owner.Unlock()
	if n < 1 {
		n = runtime.GOMAXPROCS(0)
	}
	for crew.started < int32(n)-1 {
		crew.started++
		go crew.help()
	}
	return int(crew.size.Swap(int32(n)))
}

// Cores is how many cores large routines use: as many as Go uses, which heeds the processors that this process may run on, the limits
// of its control group and GOMAXPROCS, unless Threads chose.
func Cores() int {
	if n := crew.size.Load(); n > 0 {
		return int(n)
	}
	return runtime.GOMAXPROCS(0)
}

// share runs t's chunks 0 … chunks−1 with the helpers that are free. It reports false, having done nothing, when the helpers have
// another task or there are none: the caller then does it alone.
func share(chunks int, fill func(t *task)) bool { return crew.share(chunks, fill) }

func (c *team) share(chunks int, fill func(t *task)) bool {
	if chunks < 2 || chunks > ticketMask || c.cores() < 2 || !c.owner.TryLock() {
		return false
	}
	defer c.owner.Unlock()
	fill(&c.task)
	c.done.Store(0)
	c.failure.Store(nil)
	generation := c.ticket.Load()>>(2*ticketBits) + 1
	c.ticket.Store(generation<<(2*ticketBits) | uint64(chunks)<<ticketBits)
	for range min(int(c.asleep.Load()), chunks-1) {
		select {
		case c.wake <- struct{}{}:
		default:
		}
	}
	for c.work() {
	}
	for look := 0; int(c.done.Load()) < chunks; look++ {
		if pause(10); look > spins {
			runtime.Gosched() // a helper lost its core in the middle of a chunk
		}
	}
	if f := c.failure.Load(); f != nil {
		panic(f.value)
	}
	return true
}

// cores is how many work on a large routine; the first one of the program decides it, unless Threads did.
func (c *team) cores() int {
	if c.size.Load() == 0 {
		Threads(0)
	}
	return int(c.size.Load())
}

// work takes and runs one chunk of the open ticket; false when none is left.
func (c *team) work() bool {
	now := c.ticket.Load()
	if now&ticketMask >= now>>ticketBits&ticketMask {
		return false
	}
	now = c.ticket.Add(1) - 1
	i := now & ticketMask
	if i >= now>>ticketBits&ticketMask {
		return false
	}
	defer func() {
		if v := recover(); v != nil {
			c.failure.Store(&failure{v})
		}
		c.done.Add(1)
	}()
	c.task.run(&c.task, int(i))
	return true
}

// help is a helper's life.
func (c *team) help() {
	for {
		for look := 0; look < spins; look++ {
			if c.work() {
				look = 0
			}
			pause(20)
		}
		c.asleep.Add(1)
		if t := c.ticket.Load(); t&ticketMask >= t>>ticketBits&ticketMask {
			<-c.wake
		}
		c.asleep.Add(-1)
	}
}
