package main

import (
	"math"
	"os"
	"path/filepath"
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
		{"gemm-NT-128", []float64{8, -4, 1}, []float64{8, -4, 1.0001}, false},
		{"gemm-NT-128", []float64{8, -4, 1}, []float64{8, 1, -4}, true}, // the other factor transposed
		{"vector-exp", []float64{7}, nil, true},
		{"many", []float64{.05}, []float64{.045}, false},
		{"many", []float64{.05}, []float64{.3}, true},
	} {
		if got := differ(c.work, c.ours, c.theirs); (got != "") != c.found {
			t.Errorf("%s %v %v: %q", c.work, c.ours, c.theirs, got)
		}
	}
}

// small is a table of two works, one peer that is measured and one that is not.
func small() *table {
	x := newTable()
	x.on(map[string]any{"cpu": "A", "threads": []any{1., 2.}, "peak_gflops": []any{100.04, 200.}, "copy_gbps": 20.})
	x.meet(&peer{name: "Slow", version: "1.2"})
	x.meet(&peer{name: "Absent", skip: "it is not here"})
	x.add(cell{"S", 1, us}, figure{Min: 2200, Median: 2500, Losses: []float64{.9, .7}})
	x.add(cell{"S", 1, us}, figure{Min: 2000, Median: 2400, Losses: []float64{.9, .7}})
	x.judge(cell{"S", 1, us}, judgement{Rate: 40, Share: .4, Verdict: "compute"})
	x.judge(cell{"S", 1, us}, judgement{Rate: 30, Share: .3, Verdict: "overhead"}) // a slower round
	x.add(cell{"S", 1, "Slow"}, figure{Min: 40_000, Median: 50_000, Losses: []float64{.9, .7}})
	x.add(cell{"infer-S", 2, us}, figure{Min: 120, Median: 120, Losses: []float64{.5}})
	x.judge(cell{"infer-S", 2, us}, judgement{Rate: 1, Rows: 8e6})
	x.trouble(&peer{name: "Slow", trouble: "it ended or hung"}, "infer-S", 2)
	x.note(time.Unix(0, 0), "S", 1)
	return x
}

func TestTable(t *testing.T) {
	x := small()
	text := x.markdown()
	for _, want := range []string{
		"run of 1970-01-01 00:00 UTC, works by threads and the peak beside them: S by 1 (100.0 GFLOP/s)", "100.0, 200.0 GFLOP/s", "- Slow 1.2",
		"not measured: Absent, it is not here", "not measured: Slow at infer-S, threads: 2: it ended or hung",
		"| S | 1 | 2 | 2 µs | 2.5 µs | 40 | 40.0 % | compute |", "| S | 1 | 2 µs | 40 µs (20×) | 20× |", "| 8 million rows |",
		"| S | 1 | ≤ 2.9 µs, stretch 2 µs | 2 µs | Slow 40 µs (20×) | yes |", "| S | 1 | ≥ 10× NumPy |  |  | not measured |",
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
	if name, _ := x.best(cell{"S", 1, ""}, nil); name != "" {
		t.Errorf("%s is the best, whose costs are wrong", name)
	}
	if text := x.markdown(); !strings.Contains(text, "not counted: S, threads: 1: Slow") {
		t.Errorf("what does not count is not named in\n%s", text)
	}
}

// A table that was saved and loaded is the same table; a part measured again takes the place of what was.
func TestMerge(t *testing.T) {
	name := filepath.Join(t.TempDir(), "raw.json")
	x, y := small(), newTable()
	if err := x.save(name); err != nil {
		t.Fatal(err)
	}
	if err := y.load(name); err != nil {
		t.Fatal(err)
	}
	if y.markdown() != x.markdown() {
		t.Errorf("saved:\n%s\nloaded:\n%s", x.markdown(), y.markdown())
	}
	y.on(map[string]any{"threads": []any{1.}, "cpu": "B"})
	if y.machine["cpu"] != "A" {
		t.Error("a run with fewer threads says what the machine is")
	}
	y.forget("S", 2)
	y.forget("inference", 1)
	if len(y.rows) != 2 || len(y.troubles) != 1 || len(y.parts) != 1 {
		t.Errorf("other threads: %v are left, %q, %v", y.rows, y.troubles, y.parts)
	}
	y.forget("inference", 2)
	y.forget("S", 1)
	if len(y.rows) != 0 || len(y.cells) != 0 || len(y.troubles) != 0 || len(y.parts) != 0 {
		t.Errorf("%v are left, %v, %q, %v", y.rows, y.cells, y.troubles, y.parts)
	}
	y.add(cell{"S", 1, us}, figure{Min: 5, Median: 5})
	if got := y.cells[cell{"S", 1, us}].min(); len(y.rows) != 1 || got != 5 {
		t.Errorf("%v, %v ns", y.rows, got)
	}
	if err := newTable().load(filepath.Join(t.TempDir(), "none.json")); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(name, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := y.load(name); err == nil || !strings.Contains(err.Error(), "delete it") {
		t.Error(err)
	}
}

func TestFamilies(t *testing.T) {
	for work, want := range map[string]string{"XL": "XL", "infer-S-256": "inference", "gemm-NT-128": "gemm", "csv-read": "csv", "many": "many"} {
		if got := familyOf(work); got != want {
			t.Errorf("%s is of %s, want %s", work, got, want)
		}
	}
	for _, f := range families {
		if e := efforts[f]; e.rounds < 2 {
			t.Errorf("%s has %d rounds: no A B A B", f, e.rounds)
		}
	}
}

// The section that bench/page.mjs has written stays when the table is written again.
func TestPageSection(t *testing.T) {
	name := filepath.Join(t.TempDir(), "RESULTS.md")
	if got := pageSection(name); got != "" {
		t.Errorf("no file has %q", got)
	}
	if err := os.WriteFile(name, []byte("# Speed\n\n"+pageHeading+"\n\n| 2-4-2-1 |\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := pageSection(name); got != "\n"+pageHeading+"\n\n| 2-4-2-1 |\n" {
		t.Errorf("%q", got)
	}
}
