package bench

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/internal/kernel"
	"gradus/internal/say"
)

func quickly(t *testing.T, opt Options) (Machine, []Result) {
	t.Helper()
	opt.Quick, opt.Seed = true, 1
	machine, results, err := Start(t.Context(), opt)
	if err != nil {
		t.Fatal(err)
	}
	var list []Result
	for r, err := range results {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	return machine, list
}

// Every figure is there, finite and consistent with itself.
func TestFigures(t *testing.T) {
	if testing.Short() {
		t.Skip("measures for some seconds")
	}
	before := kernel.Threads(1)
	defer kernel.Threads(before)
	machine, list := quickly(t, Options{Work: []string{"csv", "S", "inference", "vector"}, Threads: []int{1}})
	if !slices.Equal(machine.Threads, []int{1}) || len(machine.Peak) != 1 || !(machine.Peak[0] > .1) || !(machine.Copy > .01) {
		t.Errorf("machine %+v", machine)
	}
	var names []string
	for _, r := range list {
		names = append(names, r.Work)
		if !(r.Min > 0 && r.Median >= r.Min) || r.Threads != 1 || math.IsInf(r.Min, 0) {
			t.Errorf("%+v", r)
		}
		if steady := r.Work == "S" || strings.HasPrefix(r.Work, "infer") || strings.HasPrefix(r.Work, "vector"); steady && r.Allocs != 0 {
			t.Errorf("%s: %v allocations", r.Work, r.Allocs)
		}
		if len(r.Losses) == 0 {
			t.Errorf("%s shows nothing that others could be checked by", r.Work)
		}
		if want := r.Rate / machine.Peak[0]; r.Share != want || r.Verdict == "" {
			t.Errorf("%s: share %v, want %v, verdict %q", r.Work, r.Share, want, r.Verdict)
		}
		if csv := strings.HasPrefix(r.Work, "csv"); csv != (r.Rows > 0) || csv && math.Abs(r.Rows*r.Min-1e9) > 1 {
			t.Errorf("%s: %v rows per second at %v ns", r.Work, r.Rows, r.Min)
		}
	}
	want := "S infer-S infer-M infer-S-256 infer-M-256 vector-exp vector-log vector-sigmoid vector-tanh vector-relu vector-softmax vector-gelu vector-silu vector-adam csv-read csv-predict"
	slices.Sort(names)
	if got := strings.Fields(want); !slices.Equal(names, slices.Sorted(slices.Values(got))) {
		t.Errorf("measured %v", names)
	}
	if now := kernel.Threads(1); now != 1 {
		t.Errorf("%d threads are left in use, 1 were before", now)
	}
}

func TestWrongOptions(t *testing.T) {
	for _, c := range []struct {
		opt  Options
		says string
	}{
		{Options{Work: []string{"S", "GEM"}}, `did you mean "gemm"`},
		{Options{Work: []string{""}}, "no workload"},
		{Options{Threads: []int{0}}, "0 threads"},
		{Options{Threads: []int{1, 100_000}}, "100000 threads"},
	} {
		_, _, err := Start(t.Context(), c.opt)
		if err == nil || !strings.Contains(say.In(say.English, err), c.says) {
			t.Errorf("%+v: %v", c.opt, err)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	_, results, err := Start(ctx, Options{Work: []string{"S"}, Threads: []int{1}, Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	stop()
	n := 0
	for _, err := range results {
		if n++; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
	if n != 1 {
		t.Errorf("%d results after the end", n)
	}
	if _, _, err := Start(ctx, Options{Quick: true}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// Roofline: what the operations, or the bytes that leave the caches, would take at the machine's best.
func TestVerdict(t *testing.T) {
	const big = 1 << 30
	for _, c := range []struct {
		p    price
		ns   float64
		want Verdict
	}{
		{price{flops: 1000}, 10, Compute},                // 100 GFLOP/s: at the bound
		{price{flops: 1000}, 25, Compute},                // 2.5 times it
		{price{flops: 1000}, 26, Overhead},               //
		{price{bytes: 400, holds: big}, 20, Memory},      // 20 GB/s: 20 ns
		{price{bytes: 400, holds: cached}, 20, Overhead}, // stays in the caches
		{price{flops: 1000, bytes: 400, holds: big}, 40, Memory},
		{price{flops: 3000, bytes: 400, holds: big}, 40, Compute},
		{price{}, 5, Overhead},
		{price{flops: 1000}, math.NaN(), Overhead},
	} {
		if got := c.p.verdict(c.ns, 100, 20); got != c.want {
			t.Errorf("%+v in %v ns: %s, want %s", c.p, c.ns, got, c.want)
		}
	}
}

// The allocations of a step are counted, whatever else the process does now and then.
func TestAllocationsAreCounted(t *testing.T) {
	var kept [][]byte
	r := &run{ctx: t.Context(), threads: 1, machine: Machine{Threads: []int{1}, Peak: []float64{1}}}
	for _, want := range []float64{0, 3} {
		got, err := r.measure(&job{steps: 2, repeat: func() error {
			kept = kept[:0]
			for range int(2 * want) {
				kept = append(kept[:0], make([]byte, 64))
			}
			return nil
		}})
		if err != nil || got.Allocs != want {
			t.Errorf("%v allocations a step, want %v (%v)", got.Allocs, want, err)
		}
	}
}
