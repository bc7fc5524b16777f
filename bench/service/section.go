package main

import (
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
	lines, err := b.latency(works[0])
	if err != nil {
		return err
	}
	text := section(works, lines, missing)
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

// latency is how long single rows take at half the load.
func (b *bench) latency(w *work) (lines []string, err error) {
	half := median(w.cells[0].rates) / 2
	for range b.rounds {
		l := load{w.of[0].address, w.requests, 8, 1}
		list, err := l.latencies(half, b.length)
		if err != nil {
			return nil, err
		}
		lines = append(lines, fmt.Sprintf("| %.0f | %s | %s | %s |", half, span(share(list, .5)), span(share(list, .99)), span(share(list, .999))))
	}
	return lines, nil
}

// section is what RESULTS.md says.
func section(works []*work, latencies []string, missing string) string {
	var t strings.Builder
	fmt.Fprintf(&t, "%s\n\nRun of %s on %d cores, which the services share with the program that asks; what else ran there took its part. `gradus serve` with all its checks, limits, "+
		"metrics and a log line a request; S is 30–16–8–1. Each round asks every service in turn, and ratios are within a round. Processor time is that of the service alone.\n",
		heading, time.Now().UTC().Format("2006-01-02 15:04 UTC"), runtime.NumCPU())
	if missing != "" {
		fmt.Fprintf(&t, "\nONNX Runtime behind FastAPI: not measured, %s.\n", missing)
	}
	t.WriteString("\n| work | service | rows a second, median | best | gradus is times as fast, median | worst round | processor time a request, median |\n|---|---|---|---|---|---|---|\n")
	for _, w := range works {
		for i, s := range w.of {
			c := w.cells[i]
			ratio, worst := "", ""
			if i > 0 {
				r := w.ratios(i)
				ratio, worst = fmt.Sprintf("%.2f×", median(r)), fmt.Sprintf("%.2f×", slices.Min(r))
			}
			fmt.Fprintf(&t, "| %s | %s | %.0f | %.0f | %s | %s | %.1f µs |\n", w.name, s.name, median(c.rates), slices.Max(c.rates), ratio, worst, median(c.cost))
		}
	}
	t.WriteString("\nSingle rows that come at a steady rate, half of the first line's median, from when each was due to the end of its answer, one line a round:\n\n| requests a second | median | 99th percentile | 99.9th |\n|---|---|---|---|\n")
	t.WriteString(strings.Join(latencies, "\n") + "\n")
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
