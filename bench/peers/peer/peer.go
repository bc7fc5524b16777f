// Package peer is what every Go peer shares: the pieces of work that gradus exported, the clock, and the conversation with
// bench/drive; peer.py is the same for Python.
package peer

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Work is one workload: weights layer after layer, w (out,in) then b (out); batches x (batch,in), y (batch).
type Work struct {
	Name                  string
	Sizes                 []int
	Batch, Batches, Steps int
	Alpha                 float64
	Weights               []float32
	X, Y, Rows            [][]float32
}

// Binary tells a network of one probability from one of classes.
func (w *Work) Binary() bool { return w.Sizes[len(w.Sizes)-1] == 1 }

// Load reads a workload from an export.
func Load(folder, name string) (*Work, error) {
	text, err := os.ReadFile(filepath.Join(folder, "bench.json"))
	if err != nil {
		return nil, err
	}
	var list struct{ Train []json.RawMessage }
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, err
	}
	for _, raw := range list.Train {
		var files struct{ Weights, X, Y, Rows string }
		var head struct {
			Name                  string
			Sizes                 []int
			Batch, Batches, Steps int
			Alpha                 float64
		}
		if err := json.Unmarshal(raw, &head); err != nil {
			return nil, err
		}
		if head.Name != name {
			continue
		}
		if err := json.Unmarshal(raw, &files); err != nil {
			return nil, err
		}
		w := &Work{Name: name, Sizes: head.Sizes, Batch: head.Batch, Batches: head.Batches, Steps: head.Steps, Alpha: head.Alpha}
		w.Weights = floats(folder, files.Weights)
		w.X = split(floats(folder, files.X), w.Batch*w.Sizes[0])
		w.Y = split(floats(folder, files.Y), w.Batch)
		w.Rows = split(floats(folder, files.Rows), w.Sizes[0])
		return w, nil
	}
	return nil, fmt.Errorf("no workload %s", name)
}

func floats(folder, name string) []float32 {
	b, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		panic(err)
	}
	v := make([]float32, len(b)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return v
}

func split(v []float32, n int) (parts [][]float32) {
	for at := 0; at < len(v); at += n {
		parts = append(parts, v[at:at+n:at+n])
	}
	return parts
}

// Predictions takes infer-S, or infer-S-256, apart: the workload, and how many rows are predicted at a time.
func Predictions(work string) (name string, at int, ok bool) {
	parts := strings.Split(work, "-")
	if parts[0] != "infer" || len(parts) < 2 {
		return "", 0, false
	}
	if at = 1; len(parts) > 2 {
		at, _ = strconv.Atoi(parts[2])
	}
	return parts[1], at, at > 0
}

// Factors are a and b of a product of n×n matrices, those of gradus: ((step·i mod period) − ⌊period/2⌋) / 256, exactly.
func Factors(n int) (a, b []float32) {
	pattern := func(step, period int) []float32 {
		v := make([]float32, n*n)
		for i := range v {
			v[i] = float32(i*step%period-period/2) / 256
		}
		return v
	}
	return pattern(37, 1021), pattern(53, 1013)
}

// Skip says why this peer does nothing.
func Skip(why string) { say(map[string]any{"skip": why}) }

// Job is something to time: Steps of one repetition, Ready (not timed), Run, Losses (of the last repetition); Once where a repetition
// takes seconds.
type Job struct {
	Steps  int
	Once   bool
	Ready  func()
	Run    func()
	Losses func() []float64
}

// Serve answers the works asked for; build returns nil where the peer does not do that work.
func Serve(name, version string, build func(folder, work string) (*Job, error)) {
	say(map[string]any{"peer": name, "version": version})
	jobs, in := map[string]*Job{}, bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var work string
		var seconds float64
		fmt.Sscan(in.Text(), &work, &seconds)
		j, known := jobs[work]
		if !known {
			clear(jobs)
			var err error
			if j, err = build(os.Args[1], work); err != nil {
				say(map[string]any{"work": work, "skip": err.Error()})
				continue
			}
			jobs[work] = j
		}
		if j == nil {
			say(map[string]any{"work": work, "skip": "not done by this peer"})
			continue
		}
		say(j.measure(seconds))
	}
}

func say(v map[string]any) {
	b, _ := json.Marshal(v)
	fmt.Println(string(b))
}

const long = 4 // seconds after which one repetition is enough

func (j *Job) measure(seconds float64) map[string]any {
	var times, losses []float64
	began := time.Now()
	for i := 0; ; i++ {
		if j.Ready != nil {
			j.Ready()
		}
		start := time.Now()
		j.Run()
		spent := float64(time.Since(start)) / float64(j.Steps)
		if i == 0 {
			losses = j.Losses()
		}
		if i > 0 || j.Once {
			times = append(times, spent)
		}
		gone := time.Since(began).Seconds()
		if j.Once || len(times) >= 3 && gone > seconds || len(times) > 0 && gone > long {
			break
		}
	}
	slices.Sort(times)
	return map[string]any{"min": times[0], "median": times[len(times)/2], "losses": losses}
}
