// Package bench measures how fast gradus is on this machine, beside what the machine can do at all: the rate of multiply-adds from
// registers and of copying memory, measured in the same run.
//
// Every training workload is a fixed piece of work: from given start weights, a given number of steps over given batches. What is
// timed is what is checked: the costs of the first and the last step are reported, and whoever claims to do the same work faster
// must show the same costs. Export gives the piece of work to other programs.
package bench

import (
	"context"
	"iter"
	"runtime"
	"slices"
	"strings"
	"time"

	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/model"
)

// Options says what to measure; a zero field stands for its default.
type Options struct {
	Work    []string // families or single names, see Families: all
	Threads []int    // 1 and as many as Go uses processors
	Seed    uint64   // of the data and the start weights
	Quick   bool     // less of everything, for a look
}

// Machine is where a run was measured and what it can do at most.
type Machine struct {
	CPU     string    `json:"cpu,omitempty"`
	System  string    `json:"system"`
	Cores   int       `json:"cores"` // that Go uses
	ISA     string    `json:"isa"`   // of gradus' routines
	Go      string    `json:"go"`
	Gradus  string    `json:"gradus"`
	Threads []int     `json:"threads"`
	Peak    []float64 `json:"peak_gflops"` // by Threads: float32 multiply-adds from registers, two operations each
	Copy    float64   `json:"copy_gbps"`   // bytes read and bytes written, with the most of Threads
}

// Result is one figure.
type Result struct {
	Work      string    `json:"work"`
	Optimizer string    `json:"optimizer,omitempty"`
	Threads   int       `json:"threads"`
	Min       float64   `json:"ns_per_step_min"` // of a step, a row, a product, a fit
	Median    float64   `json:"ns_per_step_median"`
	Rate      float64   `json:"gflops"`        // at the minimum
	Share     float64   `json:"share_of_peak"` // of that many threads
	Verdict   Verdict   `json:"verdict"`
	Rows      float64   `json:"rows_per_second,omitempty"`
	Fits      float64   `json:"fits_per_second,omitempty"`
	Allocs    float64   `json:"allocations"` // pieces of memory in a step
	Error     float64   `json:"largest_error_ulp,omitempty"`
	Losses    []float64 `json:"losses,omitempty"` // what others must show too: cost of the first and of the last step; sums of results
}

// family is workloads that are asked for by one word.
type family struct {
	name string
	jobs func(r *run, add func(*job))
}

var families = []family{
	{"S", trainingJobs},
	{"M", trainingJobs},
	{"L", trainingJobs},
	{"XL", trainingJobs},
	{"gemm", productJobs},
	{"inference", inferenceJobs},
	{"vector", vectorJobs},
	{"many", manyJobs},
	{"csv", csvJobs},
}

// Families lists the words for Options.Work.
func Families() []string {
	names := make([]string, len(families))
	for i, f := range families {
		names[i] = f.name
	}
	return names
}

// job is one figure to be measured.
type job struct {
	result Result
	cost   price
	steps  int          // of one repetition
	ready  func()       // before each repetition, not timed; nil: nothing
	repeat func() error // one repetition
	losses func() []float64
	once   bool // a repetition takes seconds: one is enough
}

// run is a measurement at work.
type run struct {
	Options
	ctx     context.Context
	machine Machine
	family  string // asked for now
	threads int    // in use now
}

// Start checks what is asked and measures the machine.
func Start(ctx context.Context, opt Options) (Machine, iter.Seq2[Result, error], error) {
	if err := opt.complete(); err != nil {
		return Machine{}, nil, err
	}
	r := &run{Options: opt, ctx: ctx}
	r.machine = Machine{
		System: runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.GOMAXPROCS(0), ISA: kernel.ISA(), Go: runtime.Version(),
		Gradus: model.Version, Threads: slices.Compact(slices.Sorted(slices.Values(append([]int{1}, opt.Threads...)))),
	}
	for _, n := range r.machine.Threads {
		r.machine.Peak = append(r.machine.Peak, Peak(n, r.moment()))
	}
	r.machine.Copy = copyRate(slices.Max(r.machine.Threads), r.moment())
	return r.machine, r.results, ctx.Err()
}

// complete fills in the defaults and refuses what cannot be measured.
func (o *Options) complete() error {
	if o.Work == nil {
		o.Work = Families()
	}
	for _, w := range o.Work {
		if !slices.Contains(Families(), w) {
			return say.Error("bench.work", "name", w, "nearest", say.Nearest(w, Families()), "names", strings.Join(Families(), ", "))
		}
	}
	if o.Threads == nil {
		o.Threads = slices.Compact([]int{1, runtime.GOMAXPROCS(0)})
	}
	for _, n := range o.Threads {
		if n < 1 || n > runtime.GOMAXPROCS(0) {
			return say.Error("bench.threads", "threads", n, "most", runtime.GOMAXPROCS(0))
		}
	}
	return nil
}

// moment is how long one figure of the machine may take.
func (r *run) moment() time.Duration {
	if r.Quick {
		return 30 * time.Millisecond
	}
	return 300 * time.Millisecond
}

// results measures one figure after the other.
func (r *run) results(yield func(Result, error) bool) {
	defer kernel.Threads(kernel.Threads(1))
	for _, f := range families {
		if !slices.Contains(r.Work, f.name) {
			continue
		}
		for _, n := range r.Threads {
			kernel.Threads(n)
			r.family, r.threads = f.name, n
			var jobs []*job
			f.jobs(r, func(j *job) { jobs = append(jobs, j) })
			for _, j := range jobs {
				result, err := r.measure(j)
				if !yield(result, err) || err != nil {
					return
				}
			}
		}
	}
}
