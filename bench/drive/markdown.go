package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// markdown is the file RESULTS.md.
func (t *table) markdown() string {
	slices.SortStableFunc(t.rows, func(a, b cell) int { // parts may have been measured in any order
		place := func(c cell) int { return slices.Index(families, familyOf(c.work)) }
		return cmp.Or(place(a)-place(b), a.threads-b.threads)
	})
	var b strings.Builder
	b.WriteString("# Speed beside other programs\n\n")
	b.WriteString("Written by `make bench`; how to read it: docs/performance.md. Every program did the same steps from the same start weights over the same " +
		"batches, the same products, functions and tables, in turn; what each shows of its results (the costs of the first and the last step, sums of the " +
		"others) agrees within 1e-3 (of many refits, whose chance is each program's own, the mean within a quarter).\n\n")
	t.bars(&b)
	t.where(&b)
	t.own(&b)
	b.WriteString("\n## Peers: shortest time of a step, and how many times that of gradus\n")
	for _, group := range [][]string{{"S", "M", "L", "XL"}, {"inference"}, {"gemm"}, {"vector"}, {"many"}, {"csv"}} {
		t.ratios(&b, group)
	}
	return b.String()
}

// where says on what and with what it was measured, and what was not.
func (t *table) where(b *strings.Builder) {
	b.WriteString("\n## Machine and programs\n\n")
	fmt.Fprintf(b, "- machine: %v, %v, cores: %v, instructions: %v; multiply-adds by threads %v: %v GFLOP/s; copies %.1f GB/s\n", t.machine["cpu"],
		t.machine["system"], t.machine["cores"], t.machine["isa"], t.machine["threads"], round(t.machine["peak_gflops"]), t.machine["copy_gbps"])
	for _, line := range t.when() {
		fmt.Fprintf(b, "- %s\n", line)
	}
	fmt.Fprintf(b, "- gradus %v, %v\n", t.machine["gradus"], t.machine["go"])
	for _, p := range t.programs {
		fmt.Fprintf(b, "- %s %s\n", p, t.versions[p])
	}
	for _, p := range slices.Sorted(maps.Keys(t.skipped)) {
		fmt.Fprintf(b, "- not measured: %s, %s\n", p, t.skipped[p])
	}
	for _, line := range t.troubles {
		fmt.Fprintf(b, "- not measured: %s\n", line)
	}
	for _, line := range t.disagreements() {
		fmt.Fprintf(b, "- not counted: %s\n", line)
	}
}

// when lists the runs that the table is made of, with the peak that each part saw.
func (t *table) when() (lines []string) {
	for i := 0; i < len(t.parts); {
		date, parts := t.parts[i].Date, []string{}
		for ; i < len(t.parts) && t.parts[i].Date.Equal(date); i++ {
			p := t.parts[i]
			parts = append(parts, fmt.Sprintf("%s by %d (%.1f GFLOP/s)", p.Family, p.Threads, p.Peak))
		}
		lines = append(lines, "run of "+date.Format("2006-01-02 15:04")+" UTC, works by threads and the peak beside them: "+strings.Join(parts, ", "))
	}
	return lines
}

// own is the table of gradus and the machine.
func (t *table) own(b *strings.Builder) {
	b.WriteString("\n## gradus and the machine\n\n| work | threads | rounds | min | median | GFLOP/s | of the peak | held back by | a second | allocations |\n" +
		"|---|---|---|---|---|---|---|---|---|---|\n")
	for _, r := range t.rows {
		e, second := t.cells[cell{r.work, r.threads, us}], ""
		switch {
		case e.Rows > 0:
			second = fmt.Sprintf("%.3g million rows", e.Rows/1e6)
		case e.Fits > 0:
			second = fmt.Sprintf("%.0f fits", e.Fits)
		}
		fmt.Fprintf(b, "| %s | %d | %d | %s | %s | %.3g | %.1f %% | %s | %s | %.3g |\n", r.work, r.threads, len(e.Mins), span(e.min()), span(e.median()),
			e.Rate, 100*e.Share, e.Verdict, second, e.Allocations)
	}
}

// ratios is the table of the peers at some families: their time and how many times ours it is, minima over minima.
func (t *table) ratios(b *strings.Builder, group []string) {
	var rows []cell
	for _, r := range t.rows {
		if name, _ := t.best(r, nil); name != "" && slices.Contains(group, familyOf(r.work)) {
			rows = append(rows, r)
		}
	}
	names := slices.DeleteFunc(slices.Clone(t.programs), func(p string) bool {
		return !slices.ContainsFunc(rows, func(r cell) bool { return t.cells[cell{r.work, r.threads, p}] != nil })
	})
	if len(rows) == 0 {
		return
	}
	b.WriteString("\n| work | threads | gradus | " + strings.Join(names, " | ") + " | best peer |\n|---|---|---|" + strings.Repeat("---|", len(names)+1) + "\n")
	for _, r := range rows {
		ours := t.cells[cell{r.work, r.threads, us}].min()
		line := fmt.Sprintf("| %s | %d | %s |", r.work, r.threads, span(ours))
		for _, p := range names {
			switch e := t.cells[cell{r.work, r.threads, p}]; {
			case e == nil:
				line += " |"
			case e.Wrong != "":
				line += " not counted |"
			default:
				line += fmt.Sprintf(" %s (%.3g×) |", span(e.min()), e.min()/ours)
			}
		}
		_, best := t.best(r, nil)
		fmt.Fprintf(b, "%s %.3g× |\n", line, best/ours)
	}
}

// numbers is a list of JSON as numbers.
func numbers(v any) (list []float64) {
	all, _ := v.([]any)
	for _, x := range all {
		n, _ := x.(float64)
		list = append(list, n)
	}
	return list
}

// round shows the numbers of a JSON list with one decimal.
func round(v any) string {
	var parts []string
	for _, x := range numbers(v) {
		parts = append(parts, fmt.Sprintf("%.1f", x))
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
