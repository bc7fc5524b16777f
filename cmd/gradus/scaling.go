//go:build mpi && linux

package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"gradus/bench"
	"gradus/internal/disk"
	"gradus/internal/kernel"
	"gradus/internal/say"
)

// newScaling is gradus-mpi scaling [--rounds N] [--write FILE].
func newScaling(a *app) *cobra.Command {
	var rounds int
	var write string
	c := a.command("scaling", 0, 0, func([]string) error {
		if rounds < 2 || rounds > 1000 {
			return say.Error("cluster.scaling_rounds_value", "value", rounds)
		}
		s, err := bench.Scale(a.ctx, a.job.Job, rounds, a.seed)
		if err != nil {
			return err
		}
		if a.leads() {
			err = a.showScaling(s, rounds, write)
		}
		return a.first(func() error { return err })
	})
	c.Flags().IntVar(&rounds, "rounds", 12, a.text("cluster.scaling_rounds"))
	c.Flags().StringVar(&write, "write", "", a.text("cluster.scaling_write"))
	c.Example = "mpirun -n 2 gradus-mpi scaling\nmpirun -n 2 gradus-mpi scaling --json"
	return c
}

// showScaling prints s, and puts it into the file write where there is one.
func (a *app) showScaling(s *bench.Scaling, rounds int, write string) error {
	if a.json {
		return a.writeJSON(s)
	}
	c := s.Costs
	parts := []string{
		a.text("cluster.scaling_measured", "library", a.job.library, "ranks", s.Ranks, "threads", s.Threads, "isa", kernel.ISA(), "weights", s.Weights,
			"batch", s.Batch, "blocks", s.Blocks, "rounds", rounds-1),
		a.scalingTimes(s),
		a.text("cluster.scaling_model", "update", fixed(c.Update/1e6, 2), "row", fixed(c.Row/1e3, 1), "block", fixed(c.Block/1e6, 2),
			"sum", fixed(c.Sum/1e6, 1), "latency", fixed(c.Latency/1e3, 2), "bandwidth", fixed(c.Bandwidth, 1)),
	}
	if s.Ranks > 1 {
		parts = append(parts, a.text("cluster.scaling_forecast", "rows", strongRows, "blocks", strongBlocks, "batch", s.Batch, "few", s.Blocks), a.scalingForecast(s))
	}
	text := strings.Join(parts, "\n\n")
	a.print(text)
	if write == "" {
		return nil
	}
	return insert(write, text)
}

// markdown is a table of Markdown.
func markdown(header []string, rows [][]string) string {
	var b strings.Builder
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	line(header)
	b.WriteString("|---|" + strings.Repeat("---:|", len(header)-1) + "\n")
	for _, r := range rows {
		line(r)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (a *app) scalingTimes(s *bench.Scaling) string {
	row := func(name string, t bench.Timing, more float64) []string {
		return []string{name, fixed(t.Min/1e6, 2), fixed(t.Median/1e6, 2), fixed(more*s.One.Min/t.Min, 2) + "×", fixed(more*s.One.Median/t.Median, 2) + "×"}
	}
	rows := [][]string{row(a.text("cluster.scaling_plain"), s.Plain, 1), row(a.text("cluster.scaling_one"), s.One, 1)}
	if s.Ranks > 1 {
		rows = append(rows, row(a.text("cluster.scaling_strong", "ranks", s.Ranks), s.Strong, 1), row(a.text("cluster.scaling_weak", "ranks", s.Ranks), s.Weak, float64(s.Ranks)))
	}
	ratio := a.text("cluster.scaling_ratio")
	shortest, median := a.text("cluster.scaling_shortest"), a.text("cluster.scaling_median")
	return markdown([]string{a.text("cluster.scaling_what"), shortest, median, ratio + ", " + shortest, ratio + ", " + median}, rows)
}

// What is forecast.
const strongRows, strongBlocks = 32000, 1000

var forecastRanks = []int{2, 8, 64, 256, 1000}

// scalingForecast is a row for each number of ranks, two columns for each fabric: latency in ns, bandwidth in bytes a ns.
func (a *app) scalingForecast(s *bench.Scaling) string {
	fabrics := []struct {
		name               string
		latency, bandwidth float64
	}{
		{a.text("cluster.scaling_here"), s.Costs.Latency, s.Costs.Bandwidth},
		{"10 GbE, TCP: 25 µs, 1.1 GB/s", 25e3, 1.1},
		{"100 GbE, RoCE: 3 µs, 11 GB/s", 3e3, 11},
		{"InfiniBand HDR: 1.5 µs, 23 GB/s", 1.5e3, 23},
	}
	header := []string{a.text("cluster.scaling_fabric")}
	for _, p := range forecastRanks {
		header = append(header, fmt.Sprintf("%s, %d", a.text("cluster.scaling_strong_short"), p), fmt.Sprintf("%s, %d", a.text("cluster.scaling_weak_short"), p))
	}
	var rows [][]string
	for _, f := range fabrics {
		row := []string{f.name}
		for _, p := range forecastRanks {
			step := func(p, rows, blocks int) float64 {
				return s.Costs.Step(p, rows, blocks, s.Weights, f.latency, f.bandwidth)
			}
			strong := step(1, strongRows, strongBlocks) / step(p, strongRows, strongBlocks)
			weak := step(1, s.Batch, s.Blocks) / step(p, s.Batch*p, s.Blocks*p)
			row = append(row, fixed(strong, 1)+"×", fixed(100*weak, 0)+" %")
		}
		rows = append(rows, row)
	}
	return markdown(header, rows)
}

// insert puts text between the marks of the file at path.
func insert(path, text string) error {
	const begin, end = "<!-- scaling: begin -->", "<!-- scaling: end -->"
	b, err := os.ReadFile(path)
	if err != nil {
		return say.Error("disk.missing", "path", path)
	}
	before, rest, ok := strings.Cut(string(b), begin+"\n")
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return say.Error("cluster.scaling_marks", "path", path, "begin", begin, "end", end)
	}
	return disk.WriteFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, before+begin+"\n"+text+"\n"+end+after)
		return err
	})
}
