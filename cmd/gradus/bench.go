package main

import (
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gradus/bench"
	"gradus/internal/disk"
	"gradus/internal/say"
)

// newBench is gradus bench [--work LIST] [--threads LIST] [--quick] [--export FOLDER].
func newBench(a *app) *cobra.Command {
	var work, threads, export string
	var quick bool
	c := a.command("bench", 0, 0, func([]string) error {
		opt := bench.Options{Seed: a.seed, Quick: quick}
		if work != "" {
			for _, w := range strings.Split(work, ",") {
				opt.Work = append(opt.Work, strings.TrimSpace(w))
			}
		}
		var err error
		if opt.Threads, err = threadCounts(threads); err != nil {
			return err
		}
		if export != "" {
			return a.exportBench(opt, export)
		}
		return a.bench(opt)
	})
	c.Flags().StringVar(&work, "work", "", a.text("cmd.bench_work", "names", strings.Join(bench.Families(), ",")))
	c.Flags().StringVar(&threads, "threads", "", a.text("cmd.bench_threads"))
	c.Flags().BoolVar(&quick, "quick", false, a.text("cmd.bench_quick"))
	c.Flags().StringVar(&export, "export", "", a.text("cmd.bench_export"))
	c.Example = "gradus bench --quick\ngradus bench --work S,M,inference --threads 1 --json\ngradus bench --export work"
	return c
}

// threadCounts reads --threads: "1,2".
func threadCounts(list string) (counts []int, err error) {
	if list == "" {
		return nil, nil
	}
	for _, part := range strings.Split(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil {
			return nil, say.Error("cmd.bench_threads_value", "value", part, "most", runtime.GOMAXPROCS(0))
		}
		counts = append(counts, n)
	}
	return counts, nil
}

func (a *app) bench(opt bench.Options) error {
	machine, results, err := bench.Start(a.ctx, opt)
	if err != nil {
		return err
	}
	machine.CPU = processor()
	if !a.json {
		a.print(a.machine(machine))
		a.print("")
	}
	list := []bench.Result{}
	var rows [][]string
	for r, err := range results {
		if err != nil {
			return err
		}
		if a.errTTY {
			a.note(a.text("cmd.bench_done", "work", r.Work, "threads", r.Threads))
		}
		list, rows = append(list, r), append(rows, a.figure(r))
	}
	if a.json {
		return a.writeJSON(object{{"machine", machine}, {"results", list}})
	}
	var header []string
	for _, h := range []string{"work", "threads", "min", "median", "rate", "share", "bound"} {
		header = append(header, a.text("cmd.bench_column_"+h))
	}
	a.table(header, rows)
	a.note(a.text("cmd.bench_bounds"))
	return nil
}

// machine is the line about the machine.
func (a *app) machine(m bench.Machine) string {
	peaks := make([]string, len(m.Peak))
	for i, p := range m.Peak {
		peaks[i] = strconv.Itoa(m.Threads[i]) + ": " + strconv.FormatFloat(p, 'f', 1, 64)
	}
	name := m.CPU
	if name == "" {
		name = m.System
	}
	return a.text("cmd.bench_machine", "cpu", name, "cores", m.Cores, "isa", m.ISA, "peaks", strings.Join(peaks, ", "),
		"copy", strconv.FormatFloat(m.Copy, 'f', 1, 64))
}

// figure is one row of the table.
func (a *app) figure(r bench.Result) []string {
	rate := threeDigits(r.Rate) + " GFLOP/s"
	switch {
	case r.Rows > 0:
		rate = a.text("cmd.bench_rows", "n", threeDigits(r.Rows/1e6))
	case r.Fits > 0:
		rate = a.text("cmd.bench_fits", "n", threeDigits(r.Fits))
	}
	return []string{
		r.Work, strconv.Itoa(r.Threads), span(r.Min), span(r.Median), rate,
		strconv.FormatFloat(100*r.Share, 'f', 1, 64) + " %", a.text("cmd.bench_" + string(r.Verdict)),
	}
}

// threeDigits is three significant digits, without an exponent up to a million.
func threeDigits(v float64) string {
	if v >= 1000 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}

// span is a time of ns nanoseconds in the unit that suits it.
func span(ns float64) string {
	for _, unit := range []struct {
		name string
		ns   float64
	}{{"s", 1e9}, {"ms", 1e6}, {"µs", 1e3}} {
		if ns >= unit.ns {
			return threeDigits(ns/unit.ns) + " " + unit.name
		}
	}
	return threeDigits(ns) + " ns"
}

// processor is the processor's name where the system tells it.
func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// exportBench writes the pieces of work into a folder, for other programs to do.
func (a *app) exportBench(opt bench.Options, folder string) error {
	undo, err := disk.Folder(folder)
	if err != nil {
		return err
	}
	defer undo()
	return bench.Export(opt, func(name string, write func(io.Writer) error) error {
		return disk.WriteFile(filepath.Join(folder, name), write)
	})
}
