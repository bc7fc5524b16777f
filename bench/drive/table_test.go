package main

import (
	"math"
	"strings"
	"testing"
	"time"
)

// A program that does less shows other costs, and is found.
func TestDiffer(t *testing.T) {
	for _, c := range []struct {
		work         string
		ours, theirs []float64
		found        bool
	}{
		{"S", []float64{.9, .7}, []float64{.9, .7}, false},
		{"S", []float64{.9, .7}, []float64{.9, .7009}, false},
		{"S", []float64{.9, .7}, []float64{.9, .702}, true},
		{"S", []float64{.9, .7}, []float64{.902, .7}, true},
		{"S", []float64{.9, .7}, []float64{.9}, true},
		{"S", []float64{.9, .7}, []float64{.9, math.NaN()}, true},
		{"L", []float64{3, 3}, []float64{3, 3.002}, false}, // of a larger cost, relative
		{"gemm-NT-128", nil, nil, false},
		{"many", []float64{.05}, []float64{.045}, false},
		{"many", []float64{.05}, []float64{.3}, true},
	} {
		if got := differ(c.work, c.ours, c.theirs); (got != "") != c.found {
			t.Errorf("%s %v %v: %q", c.work, c.ours, c.theirs, got)
		}
	}
}

func TestTable(t *testing.T) {
	x := newTable()
	x.machine = map[string]any{"cpu": "A", "peak_gflops": []any{100.04, 200.0}, "copy_gbps": 20.}
	x.meet(&peer{name: "Slow", version: "1.2"})
	x.meet(&peer{name: "Absent", skip: "it is not here"})
	x.add(cell{"S", 1, us}, figure{Min: 2200, Median: 2500, Losses: []float64{.9, .7}})
	x.add(cell{"S", 1, us}, figure{Min: 2000, Median: 2400, Losses: []float64{.9, .7}})
	x.judge(cell{"S", 1, us}, 40, .4, "compute")
	x.judge(cell{"S", 1, us}, 30, .3, "overhead") // a slower round
	x.add(cell{"S", 1, "Slow"}, figure{Min: 40_000, Median: 50_000, Losses: []float64{.9, .7}})
	text := x.markdown(time.Unix(0, 0), options{rounds: 2})
	for _, want := range []string{
		"1970-01-01", "100.0, 200.0 GFLOP/s", "- Slow 1.2", "not measured: Absent, it is not here",
		"| S | 1 | 2 µs | 2.5 µs | 40 | 40.0 % | compute |", "| S | 1 | 2 µs | 40 µs (20×) | 20× |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if len(x.disagreements()) != 0 {
		t.Error(x.disagreements())
	}
	x.add(cell{"S", 1, "Slow"}, figure{Min: 1, Median: 1, Losses: []float64{.9, .9}})
	if got := x.disagreements(); len(got) != 1 || !strings.Contains(got[0], "Slow has cost 2 at 0.9") {
		t.Error(got)
	}
}
