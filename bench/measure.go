package bench

import (
	"math"
	"runtime"
	"slices"
	"time"
)

// mostRepetitions bounds what a figure keeps; the least are repeated however long they take, unless one is enough.
const (
	mostRepetitions    = 20_000
	leastRepetitions   = 3
	countedRepetitions = 8 // in which allocations are counted
)

// measure repeats j for a while. The first repetition warms the caches and shows the losses; it does not count.
func (r *run) measure(j *job) (Result, error) {
	j.result.Threads = r.threads
	times := make([]float64, 0, mostRepetitions)
	began, enough := time.Now(), 2*r.moment()
	least := uint64(math.MaxUint64) // pieces of memory in a repetition; what else this process does can only add to them
	for i := 0; len(times) < mostRepetitions; i++ {
		if err := r.ctx.Err(); err != nil {
			return j.result, err
		}
		spent, pieces, err := j.time(i <= countedRepetitions)
		if err != nil {
			return j.result, err
		}
		least = min(least, pieces)
		if i == 0 && j.losses != nil {
			j.result.Losses = j.losses()
		}
		if i > 0 || j.once {
			times = append(times, spent)
		}
		if j.once || len(times) >= leastRepetitions && time.Since(began) > enough {
			break
		}
	}
	j.result.Allocs = float64(least) / float64(j.steps)
	r.conclude(j, times)
	return j.result, nil
}

// time does one repetition: nanoseconds a step, and the pieces of memory it asked for, where they are counted.
func (j *job) time(count bool) (spent float64, pieces uint64, err error) {
	if j.ready != nil {
		j.ready()
	}
	before := uint64(0)
	if pieces = math.MaxUint64; count {
		before = allocations()
	}
	start := time.Now()
	err = j.repeat()
	spent = float64(time.Since(start)) / float64(j.steps)
	if count {
		pieces = allocations() - before
	}
	return spent, pieces, err
}

// allocations is how many pieces of memory this process has asked for.
func allocations() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}

// conclude turns the times of a step in nanoseconds into the figure.
func (r *run) conclude(j *job, times []float64) {
	slices.Sort(times)
	out := &j.result
	out.Min, out.Median = times[0], times[len(times)/2]
	top := r.machine.Peak[slices.Index(r.machine.Threads, r.threads)]
	out.Rate = j.cost.flops / out.Min
	out.Share = out.Rate / top
	if r.family == "csv" {
		out.Rows = 1e9 / out.Min
	}
	if r.family == "many" {
		out.Fits = 1e9 / out.Min
	}
	out.Verdict = j.cost.verdict(out.Min, top, r.machine.Copy)
}
