package main

import (
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// rows are the table that is asked about: names of the columns and their values.
type rows struct {
	names  []string
	values [][]float64
}

// table writes the table of the benchmark and trains S, 30–16–8–1, on it.
func (b *bench) table() (r rows, err error) {
	at := func(name string) string { return filepath.Join(b.folder, name) }
	text, err := exec.Command(b.gradus, "data", "breast_cancer", "--csv").Output()
	if err != nil {
		return r, err
	}
	if err := os.WriteFile(at("table.csv"), text, 0o644); err != nil {
		return r, err
	}
	for _, args := range [][]string{
		{"train", at("table.csv"), "--target", "diagnosis", "--hidden", "16,8", "--epochs", "20", "--quiet", "--out", at("S.gradus")},
		{"train", at("table.csv"), "--target", "diagnosis", "--epochs", "5", "--quiet", "--out", at("default.gradus")},
		{"export", at("S.gradus"), "--to", "onnx", "--out", at("S.onnx")},
	} {
		if out, err := exec.Command(b.gradus, args...).CombinedOutput(); err != nil {
			return r, fmt.Errorf("%w: %s", err, out)
		}
	}
	records, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		return r, err
	}
	last := len(records[0]) - 1
	r.names = records[0][:last]
	for _, record := range records[1:] {
		var values []float64
		for _, cell := range record[:last] {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				return r, err
			}
			values = append(values, v)
		}
		r.values = append(r.values, values)
	}
	return r, nil
}

// question is rows from i on as JSON with named fields.
func (r rows) question(i, n int) []byte {
	b := []byte(`{"rows":[`)
	for k := range n {
		if k > 0 {
			b = append(b, ',')
		}
		for c, name := range r.names {
			b = append(b, "{,"[min(c, 1)])
			b = strconv.AppendQuote(b, name)
			b = strconv.AppendFloat(append(b, ':'), r.values[(i+k)%len(r.values)][c], 'g', -1, 64)
		}
		b = append(b, '}')
	}
	return append(b, "]}"...)
}

// tensor is n rows as one FP32 tensor in binary, asking for the probabilities in binary: the body, and the length of its head.
func (r rows) tensor(n int) (body []byte, head string) {
	text := fmt.Sprintf(`{"inputs":[{"name":"input","shape":[%d,%d],"datatype":"FP32","parameters":{"binary_data_size":%d}}],"outputs":[{"name":"probability","parameters":{"binary_data":true}}]}`,
		n, len(r.names), 4*n*len(r.names))
	body = []byte(text)
	for i := range n {
		for _, v := range r.values[i%len(r.values)] {
			body = binary.LittleEndian.AppendUint32(body, math.Float32bits(float32(v)))
		}
	}
	return body, strconv.Itoa(len(text))
}

// work is what is asked, of whom, and how many rows a request has.
type work struct {
	name        string
	rows        int
	requests    [][]byte
	connections int
	pipelined   int
	of          []service
	cells       []cell
}

// cell is what a service reached in a work.
type cell struct {
	rates []float64 // rows a second, by round
	cost  []float64 // microseconds of its processor time a request, by round
}

// measure runs the work on every service in turn, round after round.
func (b *bench) measure(w *work) error {
	w.cells = make([]cell, len(w.of))
	for range b.rounds {
		for i, s := range w.of {
			l := load{s.address, w.requests, w.connections, w.pipelined}
			before := processor(s.pid)
			rate, err := l.rate(b.length)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", w.name, s.name, err)
			}
			used := processor(s.pid) - before
			c := &w.cells[i]
			c.rates = append(c.rates, rate*float64(w.rows))
			c.cost = append(c.cost, float64(used.Microseconds())/(rate*b.length.Seconds()*1.2)) // a fifth more: the warming
		}
	}
	return nil
}

// ratios are how many times the rate of the service j that of the first is, round by round.
func (w *work) ratios(j int) []float64 {
	var list []float64
	for i, r := range w.cells[0].rates {
		list = append(list, r/w.cells[j].rates[i])
	}
	return list
}

// agree checks that two services say the same of the first row.
func agree(a, b []byte) error {
	var x, y struct {
		Predictions []struct{ P map[string]float64 }
	}
	if err := json.Unmarshal(a, &x); err != nil {
		return err
	}
	if err := json.Unmarshal(b, &y); err != nil {
		return err
	}
	for level, p := range x.Predictions[0].P {
		if math.Abs(p-y.Predictions[0].P[level]) > 1e-5 {
			return fmt.Errorf("%s is %g and %g", level, p, y.Predictions[0].P[level])
		}
	}
	return nil
}

func median(list []float64) float64 {
	s := slices.Sorted(slices.Values(list))
	return s[len(s)/2]
}

// span is a time as it is read.
func span(d time.Duration) string {
	if d < time.Millisecond {
		return fmt.Sprintf("%.0f µs", float64(d)/float64(time.Microsecond))
	}
	return fmt.Sprintf("%.2f ms", float64(d)/float64(time.Millisecond))
}
