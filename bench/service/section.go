package main

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

const heading = "## The service"

// run measures everything and writes the section.
func run(b bench, out string) (err error) {
	if b.folder, err = os.MkdirTemp("", "gradus-service-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.folder)
	defer b.stop()
	works, missing, err := b.works()
	if err != nil {
		return err
	}
	for _, w := range works {
		if err := b.measure(w); err != nil {
			return err
		}
	}
	waits, err := b.latency(works[0])
	if err != nil {
		return err
	}
	text := section(works, waits, missing)
	fmt.Print(text)
	return keep(out, text)
}

// works starts the services and lists what they are asked.
func (b *bench) works() (list []*work, missing string, err error) {
	r, err := b.table()
	if err != nil {
		return nil, "", err
	}
	us, err := b.start("gradus", gradusServe(b))
	if err != nil {
		return nil, "", err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, "", err
	}
	reader, err := b.start("handler", command(self, "-handler"))
	if err != nil {
		return nil, "", err
	}
	us.name, reader.name = "gradus serve", "net/http that only reads the body"
	of := []service{us, reader}
	var ones [][]byte
	for i := range 16 {
		ones = append(ones, request("/predict", "application/json", r.question(i, 1)))
	}
	if peer, err := b.peer(); err != nil {
		missing = err.Error()
	} else {
		of = append(of, peer)
		here, err := load{address: us.address, requests: ones}.once()
		if err != nil {
			return nil, "", err
		}
		there, err := load{address: peer.address, requests: ones}.once()
		if err != nil {
			return nil, "", err
		}
		if err := agree(here, there); err != nil {
			return nil, "", fmt.Errorf("the answers differ: %w", err)
		}
	}
	body, head := r.tensor(1000)
	batch := [][]byte{request("/predict", "application/json", r.question(0, 500))}
	tensors := [][]byte{request("/v2/models/S/infer", "application/octet-stream", body, "Inference-Header-Content-Length", head)}
	ensemble := [][]byte{request("/models/default/predict", "application/json", r.question(0, 1))}
	return []*work{
		{name: "one row of 30 named JSON fields, pipelined", rows: 1, requests: ones, connections: 2, pipelined: 16, of: of},
		{name: "one row of 30 named JSON fields, one at a time on each connection", rows: 1, requests: ones, connections: 8, pipelined: 1, of: of},
		{name: "the same, asked of the default ensemble of 89,001 weights", rows: 1, requests: ensemble, connections: 2, pipelined: 16, of: of[:1]},
		{name: "batches of 500 rows in JSON", rows: 500, requests: batch, connections: 2, pipelined: 1, of: of},
		{name: "1,000 rows as an FP32 tensor of the inference protocol", rows: 1000, requests: tensors, connections: 2, pipelined: 1, of: of[:2]},
	}, missing, nil
}

// latency is how long single rows take at half the load, in each round the median, the 99th percentile and the 99.9th.
func (b *bench) latency(w *work) (rounds [][3]time.Duration, err error) {
	half := median(w.cells[0].rates) / 2
	for range b.rounds {
		list, err := load{w.of[0].address, w.requests, 8, 1}.latencies(half, b.length)
		if err != nil {
			return nil, err
		}
		rounds = append(rounds, [3]time.Duration{share(list, .5), share(list, .99), share(list, .999)})
	}
	slices.SortFunc(rounds, func(a, b [3]time.Duration) int { return cmp.Compare(a[1], b[1]) })
	return rounds, nil
}

// section is what RESULTS.md says.
func section(works []*work, waits [][3]time.Duration, missing string) string {
	var t strings.Builder
	var lines []string
	fmt.Fprintf(&t, "%s\n\nRun of %s on %d cores, which the services share with the program that asks; what else runs there (load %s) takes its part, more of a median than of a best. `gradus serve` with all its checks, limits, "+
		"metrics and a log line a request; S is 30–16–8–1. Each round asks every service in turn, and ratios are within a round. Processor time is that of the service alone.\n",
		heading, time.Now().UTC().Format("2006-01-02 15:04 UTC"), runtime.NumCPU(), busy())
	if missing != "" {
		fmt.Fprintf(&t, "\nONNX Runtime behind FastAPI: not measured, %s.\n", missing)
	}
	t.WriteString("\n| work | service | rows a second, median | best round | gradus is times as fast, median of rounds | best rounds | processor time a request, median |\n|---|---|---|---|---|---|---|\n")
	for _, w := range works {
		for i, s := range w.of {
			c := w.cells[i]
			ratio, bests := "", ""
			if i > 0 {
				ratio = fmt.Sprintf("%.2f×", median(w.ratios(i)))
				bests = fmt.Sprintf("%.2f×", slices.Max(w.cells[0].rates)/slices.Max(c.rates))
			}
			fmt.Fprintf(&t, "| %s | %s | %.0f | %.0f | %s | %s | %.1f µs |\n", w.name, s.name, median(c.rates), slices.Max(c.rates), ratio, bests, median(c.cost))
		}
	}
	fmt.Fprintf(&t, "\nSingle rows that come at a steady rate, %.0f a second, half of the first line's median, on 8 connections, from when each was due to the end of its answer:\n\n"+
		"| round | median | 99th percentile | 99.9th |\n|---|---|---|---|\n", median(works[0].cells[0].rates)/2)
	for name, w := range map[string][3]time.Duration{"best": waits[0], "median": waits[len(waits)/2]} {
		lines = append(lines, fmt.Sprintf("| %s | %s | %s | %s |\n", name, span(w[0]), span(w[1]), span(w[2])))
	}
	slices.Sort(lines)
	t.WriteString(strings.Join(lines, ""))
	return t.String()
}

// keep puts the section into the file, in the place of an older one, and leaves the others.
func keep(name, text string) error {
	old, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	return os.WriteFile(name, []byte(replaced(string(old), text)), 0o644)
}

// replaced is old with text in the place of its section.
func replaced(old, text string) string {
	before, section, found := strings.Cut(old, heading+"\n")
	if !found {
		return strings.TrimRight(old, "\n") + "\n\n" + text
	}
	if _, after, more := strings.Cut(section, "\n## "); more {
		return before + text + "\n## " + after
	}
	return before + text
}
