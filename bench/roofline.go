package bench

// Verdict says what holds a figure back.
type Verdict string

const (
	// Compute is near the rate at which this machine can calculate.
	Compute Verdict = "compute"
	// Memory is near the rate at which it can move bytes.
	Memory Verdict = "memory"
	// Overhead is neither: time goes to something else than the work itself.
	Overhead Verdict = "overhead"
)

// price is what one step cannot do without.
type price struct {
	flops float64 // a multiply-add is two
	bytes float64 // between memory and caches, if the step's numbers do not fit into the caches
	holds float64 // bytes that the step works on
}

const (
	cached = 4 << 20 // bytes that a core's share of the caches holds: up to here nothing is fetched from memory
	near   = 2.5     // times the bound that still counts as held back by it
)

// verdict judges a step of ns nanoseconds by the roofline (Williams, Waterman, Patterson 2009): no step is faster than its operations
// at the machine's peak, nor than its bytes at the machine's rate of copying.
func (p price) verdict(ns, gflops, gbps float64) Verdict {
	compute, memory := p.flops/gflops, 0.
	if p.holds > cached {
		memory = p.bytes / gbps
	}
	switch {
	case !(ns <= near*max(compute, memory)):
		return Overhead
	case memory > compute:
		return Memory
	}
	return Compute
}
