package main

import (
	"strings"
	"testing"
)

// filled is a table with one row of gradus and one of a peer for each.
func filled(rows map[cell][2]float64, j judgement) *table {
	t := newTable()
	t.enlist("NumPy", "")
	t.enlist("oneDNN", "")
	for c, ns := range rows {
		t.add(cell{c.work, c.threads, us}, figure{Min: ns[0], Median: ns[0]})
		t.judge(cell{c.work, c.threads, us}, j)
		if ns[1] > 0 {
			t.add(cell{c.work, c.threads, "NumPy"}, figure{Min: ns[1], Median: ns[1]})
		}
	}
	return t
}

// Each kind of bar, met and missed, by hand.
func TestBars(t *testing.T) {
	x := filled(map[cell][2]float64{
		{"A", 1, ""}: {100, 150}, {"A", 2, ""}: {60, 150}, {"B", 1, ""}: {200, 220}, {"C", 1, ""}: {10, 0},
	}, judgement{Share: .9, Error: 2.5, Allocations: 0})
	ab := []string{"A", "B"}
	for _, c := range []struct {
		bar       bar
		got, met  string
		row       string
		threadsOf int
	}{
		{bar{works: ab, threads: one, kind: atMost, limit: 200}, "200 ns", "yes", "B", 1},
		{bar{works: ab, threads: one, kind: atMost, limit: 100}, "200 ns", "no, 50.0 % short", "B", 1},
		{bar{works: ab, threads: one, kind: times, limit: 1.1}, "1.1×", "yes", "B", 1},
		{bar{works: ab, threads: one, kind: times, limit: 2, peers: []string{"NumPy"}}, "1.1×", "no, 45.0 % short", "B", 1},
		{bar{works: ab, threads: one, kind: times, limit: 1, peers: []string{"oneDNN"}}, "", "not measured", "", 0},
		{bar{works: []string{"C"}, threads: one, kind: times, limit: 1}, "", "not measured", "", 0},
		{bar{works: ab, threads: both, kind: atMost, limit: 1}, "", "not measured", "", 0}, // B by two threads is missing
		{bar{works: []string{"A"}, threads: both, kind: times, limit: 1}, "1.5×", "yes", "A", 1},
		{bar{works: []string{"A"}, threads: two, kind: gain, limit: 1.9}, "1.67×", "no, 12.3 % short", "A", 2},
		{bar{works: []string{"A"}, threads: one, kind: share, limit: .92}, "90.0 %", "no, 2.2 % short", "A", 1},
		{bar{works: []string{"A"}, threads: one, kind: ulps, limit: 3}, "2.50 ulp", "yes", "A", 1},
		{bar{works: []string{"A"}, threads: both, kind: allocations}, "0", "yes", "A", 1},
	} {
		r := c.bar.worst(x)
		got := ""
		if r.measured {
			got = c.bar.text(r.value)
		}
		if got != c.got || r.met() != c.met || r.row.work != c.row || r.row.threads != c.threadsOf {
			t.Errorf("%s of %s: %s at %v, %s", c.bar.says(), c.bar.name(), got, r.row, r.met())
		}
	}
	one := filled(map[cell][2]float64{{"A", 1, ""}: {1, 0}}, judgement{Allocations: 2})
	if r := (bar{works: []string{"A"}, threads: []int{1}, kind: allocations}).worst(one); r.met() == "yes" {
		t.Errorf("two allocations: %s", r.met())
	}
}

// The list asks for what drive measures, of peers that there are.
func TestBarsAreOfWhatIsMeasured(t *testing.T) {
	known := map[string]bool{}
	for _, c := range candidates {
		known[c.name] = true
	}
	for _, b := range bars {
		if len(b.works) == 0 || len(b.threads) == 0 || b.kind != allocations && !(b.limit > 0) {
			t.Errorf("%+v", b)
		}
		for _, p := range b.peers {
			if !known[p] {
				t.Errorf("%s: no peer is called %s", b.name(), p)
			}
		}
		for _, w := range b.works {
			if !strings.Contains(" "+strings.Join(families, " ")+" ", " "+familyOf(w)+" ") {
				t.Errorf("%s is of no family", w)
			}
		}
	}
}
