package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

const us = "gradus"

// cell is one program at one work.
type cell struct {
	work    string
	threads int
	program string
}

// entry is all that was measured for a cell: a minimum and a median a round.
type entry struct {
	mins, medians []float64
	losses        []float64
	rate, share   float64
	verdict       string
}

func (e *entry) min() float64    { return slices.Min(e.mins) }
func (e *entry) median() float64 { m := slices.Sorted(slices.Values(e.medians)); return m[len(m)/2] }

// table is everything measured.
type table struct {
	machine  map[string]any
	cells    map[cell]*entry
	rows     []cell   // work and threads, in the order measured
	programs []string // in the order met
	versions map[string]string
	skipped  map[string]string
	wrong    []string
}

func newTable() *table {
	return &table{cells: map[cell]*entry{}, versions: map[string]string{}, skipped: map[string]string{}}
}

// meet notes a peer, or why it is not there.
func (t *table) meet(p *peer) {
	if p.skip != "" {
		t.skipped[p.name] = p.skip
		return
	}
	if !slices.Contains(t.programs, p.name) {
		t.programs = append(t.programs, p.name)
	}
	t.versions[p.name] = p.version
}

func (t *table) add(c cell, f figure) {
	e := t.cells[c]
	if e == nil {
		e = &entry{losses: f.Losses}
		t.cells[c] = e
		if row := (cell{c.work, c.threads, ""}); c.program == us {
			t.rows = append(t.rows, row)
		}
	}
	e.mins, e.medians = append(e.mins, f.Min), append(e.medians, f.Median)
	if own := t.cells[cell{c.work, c.threads, us}]; own != nil {
		if why := differ(c.work, own.losses, f.Losses); why != "" {
			t.wrong = append(t.wrong, fmt.Sprintf("%s, threads: %d: %s %s", c.work, c.threads, c.program, why))
		}
	}
}

func (t *table) judge(c cell, rate, share float64, verdict string) {
	if e := t.cells[c]; rate >= e.rate {
		e.rate, e.share, e.verdict = rate, share, verdict
	}
}

// agreement is how far the costs of two programs may lie apart, of a cost of 1. Refits draw their own chance: only their mean is
// alike.
func agreement(work string) float64 {
	if work == "many" {
		return .25
	}
	return 1e-3
}

// differ says how the losses of a peer depart from ours; products have none.
func differ(work string, ours, theirs []float64) string {
	if len(ours) == 0 {
		return ""
	}
	if len(theirs) != len(ours) {
		return fmt.Sprintf("shows %d costs, gradus %d", len(theirs), len(ours))
	}
	limit := agreement(work)
	for i, v := range ours {
		if near := limit * max(1, math.Abs(v)); work == "many" {
			if !(math.Abs(theirs[i]-v) <= limit*v) {
				return fmt.Sprintf("has a mean cost of %.4g, gradus of %.4g", theirs[i], v)
			}
		} else if !(math.Abs(theirs[i]-v) <= near) {
			return fmt.Sprintf("has cost %d at %.6g, gradus at %.6g", i+1, theirs[i], v)
		}
	}
	return ""
}

func (t *table) disagreements() []string {
	return slices.Compact(slices.Sorted(slices.Values(t.wrong)))
}

// markdown is the file RESULTS.md.
func (t *table) markdown(now time.Time, opt options) string {
	var b strings.Builder
	b.WriteString("# Speed beside other programs\n\n")
	b.WriteString("Written by `make bench`; how to read it: docs/performance.md. Every program did the same steps from the same start weights over the same " +
		"batches, in turn; the costs of the first and the last step agree within 1e-3 (of many refits, whose chance is each program's own, the mean within a quarter).\n\n")
	fmt.Fprintf(&b, "- date: %s, rounds: %d\n", now.UTC().Format("2006-01-02"), opt.rounds)
	fmt.Fprintf(&b, "- machine: %v, %v, cores: %v, instructions: %v; multiply-adds by threads %v: %v GFLOP/s; copies %.1f GB/s\n", t.machine["cpu"],
		t.machine["system"], t.machine["cores"], t.machine["isa"], t.machine["threads"], round(t.machine["peak_gflops"]), t.machine["copy_gbps"])
	fmt.Fprintf(&b, "- gradus %v, %v\n", t.machine["gradus"], t.machine["go"])
	for _, p := range t.programs {
		fmt.Fprintf(&b, "- %s %s\n", p, t.versions[p])
	}
	for _, p := range slices.Sorted(slices.Values(keys(t.skipped))) {
		fmt.Fprintf(&b, "- not measured: %s, %s\n", p, t.skipped[p])
	}
	b.WriteString("\n## gradus and the machine\n\n| work | threads | min | median | GFLOP/s | of the peak | held back by |\n|---|---|---|---|---|---|---|\n")
	for _, r := range t.rows {
		e := t.cells[cell{r.work, r.threads, us}]
		fmt.Fprintf(&b, "| %s | %d | %s | %s | %.3g | %.1f %% | %s |\n", r.work, r.threads, span(e.min()), span(e.median()), e.rate, 100*e.share, e.verdict)
	}
	t.ratios(&b)
	return b.String()
}

// ratios is the table of the peers: their time and how many times ours it is, minima over minima.
func (t *table) ratios(b *strings.Builder) {
	if len(t.programs) == 0 {
		return
	}
	b.WriteString("\n## Peers: shortest time of a step, and how many times that of gradus\n\n| work | threads | gradus |")
	for _, p := range t.programs {
		b.WriteString(" " + p + " |")
	}
	b.WriteString(" best peer |\n|---|---|---|" + strings.Repeat("---|", len(t.programs)+1) + "\n")
	for _, r := range t.rows {
		ours, best := t.cells[cell{r.work, r.threads, us}].min(), math.Inf(1)
		line := fmt.Sprintf("| %s | %d | %s |", r.work, r.threads, span(ours))
		for _, p := range t.programs {
			e := t.cells[cell{r.work, r.threads, p}]
			if e == nil {
				line += " |"
				continue
			}
			best = min(best, e.min())
			line += fmt.Sprintf(" %s (%.3g×) |", span(e.min()), e.min()/ours)
		}
		if !math.IsInf(best, 1) {
			fmt.Fprintf(b, "%s %.3g× |\n", line, best/ours)
		}
	}
}

func keys(m map[string]string) (list []string) {
	for k := range m {
		list = append(list, k)
	}
	return list
}

// round shows the numbers of a JSON list with one decimal.
func round(v any) string {
	list, _ := v.([]any)
	parts := make([]string, len(list))
	for i, x := range list {
		parts[i] = fmt.Sprintf("%.1f", x)
	}
	return strings.Join(parts, ", ")
}

// span is a time of ns nanoseconds in the unit that suits it.
func span(ns float64) string {
	for _, unit := range []struct {
		name string
		ns   float64
	}{{"s", 1e9}, {"ms", 1e6}, {"µs", 1e3}} {
		if ns >= unit.ns {
			return fmt.Sprintf("%.3g %s", ns/unit.ns, unit.name)
		}
	}
	return fmt.Sprintf("%.3g ns", ns)
}
