package bench

import (
	"math"
	"runtime"
	"slices"
	"time"
)

// mostRepetitions bounds what a figure keeps; the least are repeated however long they take, unless one is enough.
const (
	mostRepetitions  = 20_000
	leastRepetitions = 3
)

// measure repeats j for a while. The first repetition warms the caches and shows the losses; it does not count.
func (r *run) measure(j *job) (Result, error) {
	j.result.Threads = r.threads
	times := make([]float64, 0, mostRepetitions)
	began, enough, before := time.Now(), 2*r.moment(), uint64(0)
	for i := 0; len(times) < mostRepetitions; i++ {
		if err := r.ctx.Err(); err != nil {
			return j.result, err
		}
		if j.ready != nil {
			j.ready()
		}
		start := time.Now()
		if err := j.repeat(); err != nil {
			return j.result, err
		}
		spent := float64(time.Since(start)) / float64(j.steps)
		if i == 0 && j.losses != nil {
			j.result.Losses = j.losses()
		}
		if i == 0 {
			before = allocations()
		}
		if i > 0 || j.once {
			times = append(times, spent)
		}
		if j.once || len(times) >= leastRepetitions && time.Since(began) > enough {
			break
		}
	}
	if !j.once { // what it allocates to begin with would count as its steps'
		j.result.Allocs = math.Floor(float64(allocations()-before) / float64(len(times)) / float64(j.steps))
	}
	r.conclude(j, times)
	return j.result, nil
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
