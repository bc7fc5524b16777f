package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// kind is what a bar asks of its rows.
type kind uint8

const (
	atMost      kind = iota // nanoseconds
	times                   // as fast as the best of the bar's peers
	share                   // of the peak
	ulps                    // of error
	allocations             // in a step
	gain                    // of two threads over one
)

// bar is what is to be reached by every one of its works with each of its numbers of threads.
type bar struct {
	works   []string
	threads []int
	kind    kind
	limit   float64
	stretch float64  // 0: none
	peers   []string // to compare with; none: all
}

var (
	one, two, both = []int{1}, []int{2}, []int{1, 2}
	numpyAndTorch  = []string{"NumPy", "PyTorch eager", "PyTorch fused", "PyTorch hand", "PyTorch hand fused", "PyTorch compile"}
	smooth         = []string{"vector-exp", "vector-sigmoid", "vector-tanh"}
)

// bars are those of issue 4; times are for a core of 115 GFLOP/s.
var bars = []bar{
	{works: []string{"S"}, threads: one, kind: atMost, limit: 2900, stretch: 2000},
	{works: []string{"S"}, threads: one, kind: times, limit: 10, peers: []string{"NumPy"}},
	{works: []string{"S"}, threads: one, kind: times, limit: 80, peers: []string{"PyTorch eager"}},
	{works: []string{"S"}, threads: one, kind: times, limit: 40, peers: []string{"PyTorch hand"}},
	{works: []string{"M"}, threads: two, kind: atMost, limit: 167e3, stretch: 137e3},
	{works: []string{"M"}, threads: two, kind: times, limit: 2.3, peers: numpyAndTorch},
	{works: []string{"L"}, threads: two, kind: atMost, limit: 13.9e6, stretch: 12.2e6},
	{works: []string{"L"}, threads: two, kind: times, limit: 1.25},
	{works: []string{"XL"}, threads: two, kind: atMost, limit: 300e6, stretch: 275e6},
	{works: []string{"XL"}, threads: two, kind: times, limit: 1},
	{works: []string{"infer-S"}, threads: one, kind: atMost, limit: 120},
	{works: []string{"infer-M"}, threads: one, kind: atMost, limit: 4000},
	{works: []string{"infer-S"}, threads: one, kind: times, limit: 20, peers: []string{"ONNX Runtime"}},
	{works: []string{"infer-S"}, threads: one, kind: times, limit: 2, peers: []string{"ONNX Runtime C API"}},
	{works: products(2048), threads: one, kind: times, limit: 1, peers: []string{"OpenBLAS", "NumPy"}},
	{works: products(2048), threads: two, kind: times, limit: 1, peers: []string{"OpenBLAS", "NumPy"}},
	{works: products(256), threads: one, kind: times, limit: 1, peers: []string{"oneDNN"}},
	{works: products(1024), threads: two, kind: times, limit: 1, peers: []string{"oneDNN"}},
	{works: products(512), threads: one, kind: share, limit: .92},
	{works: products(512), threads: two, kind: share, limit: .92},
	{works: smooth, threads: one, kind: atMost, limit: .4},
	{works: smooth, threads: one, kind: ulps, limit: 3},
	{works: []string{"many"}, threads: two, kind: gain, limit: 1.9},
	{works: []string{"many"}, threads: both, kind: times, limit: 50, peers: []string{"scikit-learn"}},
	{works: []string{"S", "M", "L", "XL", "infer-S", "infer-M"}, threads: both, kind: allocations},
}

// products are the works of gemm up to a size.
func products(most int) (list []string) {
	for n := 128; n <= most; n *= 2 {
		for _, form := range []string{"NT", "TN", "NN"} {
			list = append(list, fmt.Sprintf("gemm-%s-%d", form, n))
		}
	}
	return list
}

// reached is the worst of a bar's rows: its value, and how many times the bar it is, 1 or more where the bar is met. measured is false
// where a row is missing.
type reached struct {
	row      cell
	value    float64
	part     float64
	measured bool
}

// worst looks for the row that is farthest from the bar.
func (b bar) worst(t *table) reached {
	out := reached{part: math.Inf(1), measured: true}
	for _, work := range b.works {
		for _, n := range b.threads {
			row := cell{work, n, ""}
			value, ok := b.value(t, row)
			if !ok {
				return reached{}
			}
			if p := b.part(value); p < out.part || out.row.work == "" {
				out.row, out.value, out.part = row, value, p
			}
		}
	}
	return out
}

// value is what a row reached.
func (b bar) value(t *table, row cell) (v float64, ok bool) {
	e := t.cells[cell{row.work, row.threads, us}]
	if e == nil {
		return 0, false
	}
	switch b.kind {
	case times:
		name, ns := t.best(row, b.peers)
		return ns / e.min(), name != ""
	case share:
		return e.Share, true
	case ulps:
		return e.Error, e.Error > 0
	case allocations:
		return e.Allocations, true
	case gain:
		alone := t.cells[cell{row.work, 1, us}]
		if alone == nil {
			return 0, false
		}
		return alone.min() / e.min(), true
	}
	return e.min(), true
}

// part is how many times the bar a value is, so that 1 or more is good.
func (b bar) part(value float64) float64 {
	switch b.kind {
	case times, share, gain:
		return value / b.limit
	}
	if value <= b.limit {
		return max(1, b.limit/max(value, math.SmallestNonzeroFloat64))
	}
	return b.limit / value
}

// text is a value in the bar's unit.
func (b bar) text(v float64) string {
	switch b.kind {
	case times, gain:
		return fmt.Sprintf("%.3g×", v)
	case share:
		return fmt.Sprintf("%.1f %%", 100*v)
	case ulps:
		return fmt.Sprintf("%.2f ulp", v)
	case allocations:
		return fmt.Sprintf("%.3g", v)
	}
	return span(v)
}

// says is the bar in words.
func (b bar) says() string {
	more, text := "", b.text(b.limit)
	if b.stretch > 0 {
		more = ", stretch " + b.text(b.stretch)
	}
	switch b.kind {
	case times:
		return "≥ " + text + " " + b.against()
	case share:
		return "≥ " + text + " of the peak"
	case gain:
		return "≥ " + text + " 1 thread"
	case allocations:
		return text + " allocations"
	case ulps:
		return fmt.Sprintf("≤ %.3g ulp", b.limit)
	}
	return "≤ " + text + more
}

// against names the peers of a bar.
func (b bar) against() string {
	switch {
	case len(b.peers) == 0:
		return "the best peer"
	case slices.Equal(b.peers, numpyAndTorch):
		return "the best of NumPy and PyTorch"
	case len(b.peers) == 1:
		return b.peers[0]
	}
	return "the best of " + strings.Join(b.peers, ", ")
}

// name is the works of a bar in short.
func (b bar) name() string {
	if first, of := strings.CutPrefix(b.works[0], "gemm-NT-"); of {
		last := b.works[len(b.works)-1]
		return "gemm, " + first + " … " + last[strings.LastIndex(last, "-")+1:]
	}
	return strings.Join(b.works, ", ")
}

// met says whether a bar is met, and how far it is if not.
func (r reached) met() string {
	switch {
	case !r.measured:
		return "not measured"
	case r.part >= 1:
		return "yes"
	}
	return fmt.Sprintf("no, %.1f %% short", 100*(1-r.part))
}

// bars is the table of all bars.
func (t *table) bars(to *strings.Builder) {
	to.WriteString("## The bars\n\nEach is judged by its worst row. Times are shortest times, and for a core of 115 GFLOP/s; ratios are within this run.\n\n" +
		"| work | threads | bar | reached | best peer there | met |\n|---|---|---|---|---|---|\n")
	for _, b := range bars {
		r := b.worst(t)
		got, peer := "", ""
		if r.measured {
			got = b.text(r.value)
			if len(b.works)*len(b.threads) > 1 && b.kind != allocations {
				got += fmt.Sprintf(" (%s, threads: %d)", r.row.work, r.row.threads)
			}
			peer = t.rival(b, r.row)
		}
		threads := strings.Trim(strings.ReplaceAll(fmt.Sprint(b.threads), " ", ", "), "[]")
		fmt.Fprintf(to, "| %s | %s | %s | %s | %s | %s |\n", b.name(), threads, b.says(), got, peer, r.met())
	}
}

// rival is the best peer at a row, of those of the bar, and how many times our time it took.
func (t *table) rival(b bar, row cell) string {
	name, ns := t.best(row, b.peers)
	if name == "" || b.kind == allocations || b.kind == ulps {
		return ""
	}
	return fmt.Sprintf("%s %s (%.3g×)", name, span(ns), ns/t.cells[cell{row.work, row.threads, us}].min())
}
