package model_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gradus/activation"
	"gradus/model"
)

// reader is docs/model-format.md in code, written from that page alone: it uses nothing of gradus.
type reader struct {
	Target struct {
		Task, Event string
		Levels      []string
	}
	Preparation struct {
		Inputs []struct {
			Name, Kind                  string
			Missing, Other              bool
			Mean, SD, Median, Low, High float64
			Levels                      []string
		}
		Clip float64
	}
	Scale  struct{ Mean, SD float64 }
	Inputs int
	Layers []struct {
		Kind, Activation string
		Units            int
		NoBias           bool `json:"no_bias"`
		Epsilon, Slope   float64
	}
	arrays map[string][]float64
}

func parse(t *testing.T, b []byte) (r reader) {
	t.Helper()
	n := binary.LittleEndian.Uint64(b)
	head := b[8 : 8+n]
	place := regexp.MustCompile(`[{,]"sha256":"([0-9a-f]{64})"`).FindSubmatchIndex(head)
	if n%8 != 0 || place == nil {
		t.Fatal("no header as described")
	}
	sum := string(head[place[2]:place[3]])
	zeroed := bytes.Clone(b)
	copy(zeroed[8+place[2]:], strings.Repeat("0", 64))
	if hash := sha256.Sum256(zeroed); hex.EncodeToString(hash[:]) != sum {
		t.Error("the checksum is not what the page says")
	}
	var members map[string]json.RawMessage
	must(t, json.Unmarshal(head, &members))
	var meta map[string]string
	must(t, json.Unmarshal(members["__metadata__"], &meta))
	if meta["format"] != "gradus-model" || meta["version"] != "1" || len(meta) != 4 {
		t.Errorf("metadata %v", meta)
	}
	must(t, json.Unmarshal([]byte(meta["model"]), &r))
	delete(members, "__metadata__")
	r.arrays = map[string][]float64{}
	for name, raw := range members {
		var a struct {
			DType   string
			Shape   []int
			Offsets [2]int `json:"data_offsets"`
		}
		must(t, json.Unmarshal(raw, &a))
		for at := a.Offsets[0]; at < a.Offsets[1]; at += 4 {
			r.arrays[name] = append(r.arrays[name], float64(math.Float32frombits(binary.LittleEndian.Uint32(b[8+int(n)+at:]))))
		}
	}
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// prepare is step 2 of the page.
func (r *reader) prepare(t *testing.T, row map[string]string) (x []float64) {
	is := map[bool]float64{true: 1}
	for _, in := range r.Preparation.Inputs {
		cell, there := row[in.Name]
		if !there {
			t.Fatalf("no column %s", in.Name)
		}
		missing := slices.Contains([]string{"", "NA", "N/A", "NULL", ".", "-"}, cell)
		if in.Kind == "number" {
			v := in.Median
			if !missing {
				var err error
				v, err = strconv.ParseFloat(cell, 64)
				must(t, err)
			}
			if in.SD > 0 {
				z := (v - in.Mean) / in.SD
				if c := r.Preparation.Clip; c > 0 {
					z = max(-c, min(c, z))
				}
				x = append(x, z)
			}
		} else {
			for _, l := range in.Levels {
				x = append(x, is[!missing && l == cell])
			}
			if in.Other {
				x = append(x, is[!missing && !slices.Contains(in.Levels, cell)])
			}
		}
		if in.Missing {
			x = append(x, is[missing])
		}
	}
	return x
}

// run is step 3 of the page.
func (r *reader) run(x []float64) []float64 {
	buffers := 0
	for i, l := range r.Layers {
		of := func(what string) []float64 { return r.arrays["layers."+strconv.Itoa(i)+"."+what] }
		var o []float64
		switch l.Kind {
		case "dropout":
			continue
		case "dense":
			w, b := of("weights"), of("biases")
			for u := range l.Units {
				sum := 0.
				if !l.NoBias {
					sum = b[u]
				}
				for j, v := range x {
					sum += v * w[u*len(x)+j]
				}
				o = append(o, sum)
			}
		case "batch-norm", "layer-norm":
			mean, variance := make([]float64, len(x)), make([]float64, len(x))
			if l.Kind == "batch-norm" {
				mean = r.arrays["buffers."+strconv.Itoa(buffers)+".running_mean"]
				variance = r.arrays["buffers."+strconv.Itoa(buffers+1)+".running_variance"]
				buffers += 2
			} else {
				m, v := 0., 0.
				for _, xi := range x {
					m += xi / float64(len(x))
				}
				for _, xi := range x {
					v += (xi - m) * (xi - m) / float64(len(x))
				}
				for j := range x {
					mean[j], variance[j] = m, v
				}
			}
			for j, v := range x {
				o = append(o, of("gamma")[j]*(v-mean[j])/math.Sqrt(variance[j]+l.Epsilon)+of("beta")[j])
			}
		}
		x = activate(l.Activation, l.Slope, o)
	}
	return x
}

// activate is the page's table of activations.
func activate(name string, slope float64, o []float64) []float64 {
	sigmoid := func(o float64) float64 { return 1 / (1 + math.Exp(-o)) }
	softplus := func(o float64) float64 { return math.Log(1 + math.Exp(o)) }
	if slope == 0 {
		slope = .01
	}
	formula := map[string]func(float64) float64{
		"": func(o float64) float64 { return o }, "linear": func(o float64) float64 { return o },
		"step":    func(o float64) float64 { return map[bool]float64{true: 1}[o >= 0] },
		"sigmoid": sigmoid, "tanh": math.Tanh, "softplus": softplus,
		"relu":       func(o float64) float64 { return max(0, o) },
		"leaky-relu": func(o float64) float64 { return max(o, 0) + slope*min(o, 0) },
		"elu":        func(o float64) float64 { return max(o, 0) + math.Exp(min(o, 0)) - 1 },
		"gelu":       func(o float64) float64 { return o / 2 * (1 + math.Erf(o/math.Sqrt2)) },
		"gelu-tanh":  func(o float64) float64 { return o / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(o+.044715*o*o*o))) },
		"silu":       func(o float64) float64 { return o * sigmoid(o) },
		"mish":       func(o float64) float64 { return o * math.Tanh(softplus(o)) },
	}[name]
	h, sum := make([]float64, len(o)), 0.
	for i, v := range o {
		if name == "softmax" {
			h[i] = math.Exp(v - slices.Max(o))
			sum += h[i]
			continue
		}
		h[i] = formula(v)
	}
	for i := range h {
		if name == "softmax" {
			h[i] /= sum
		}
	}
	return h
}

// output is step 4 of the page.
func (r *reader) output(o []float64) []float64 {
	switch r.Target.Task {
	case "number":
		return []float64{o[0]*r.Scale.SD + r.Scale.Mean}
	case "binary":
		p := 1 / (1 + math.Exp(-o[0]))
		if r.Target.Levels[0] == r.Target.Event {
			return []float64{p, 1 - p}
		}
		return []float64{1 - p, p}
	}
	return activate("softmax", 0, o)
}

// TestThePageIsEnough: whoever writes a reader from docs/model-format.md gets the predictions of the kept files.
func TestThePageIsEnough(t *testing.T) {
	for _, g := range golden {
		path := filepath.Join(goldens, g.name)
		b, err := os.ReadFile(path + ".gradus")
		must(t, err)
		r := parse(t, b)
		text, err := os.ReadFile(path + ".csv")
		must(t, err)
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		must(t, err)
		var got []float64
		for _, cells := range rows[1:] {
			row := map[string]string{}
			for i, name := range rows[0] {
				row[name] = cells[i]
			}
			x := r.prepare(t, row)
			if len(x) != r.Inputs {
				t.Fatalf("%s: %d features, want %d", g.name, len(x), r.Inputs)
			}
			got = append(got, r.output(r.run(x))...)
		}
		for i, want := range expected(t, path) {
			if math.Abs(got[i]-want) > 2e-6*max(1, math.Abs(want)) { // the reader computes in binary64
				t.Errorf("%s: prediction %d is %v, want %v", g.name, i, got[i], want)
			}
		}
	}
}

// TestThePageNamesEverything: every key that a model has stands on the page, and the page's example is a head.
func TestThePageNamesEverything(t *testing.T) {
	b, err := os.ReadFile("../docs/model-format.md")
	must(t, err)
	page := string(b)
	example := regexp.MustCompile("(?s)```json\n(.*?)```").FindStringSubmatch(page)
	if example == nil {
		t.Fatal("no example")
	}
	shape := struct {
		Target, Preparation, Card any
		Inputs                    int
		Layers                    []any
	}{}
	strict := json.NewDecoder(strings.NewReader(example[1]))
	strict.DisallowUnknownFields()
	must(t, strict.Decode(&shape))
	if len(shape.Layers) != 3 || shape.Inputs != 5 {
		t.Errorf("the example is %+v", shape)
	}
	for _, g := range golden {
		b, err := os.ReadFile(filepath.Join(goldens, g.name+".gradus"))
		must(t, err)
		for _, m := range regexp.MustCompile(`\\?"([a-z_]+)\\?":`).FindAllSubmatch(b, -1) {
			if key := string(m[1]); !strings.Contains(page, key) {
				t.Errorf("the page does not say what %q is", key)
			}
		}
	}
	for _, f := range activation.All[float32]() {
		if !strings.Contains(page, "| `"+f.Name()+"` |") {
			t.Errorf("the page lacks the activation %s", f.Name())
		}
	}
	if !strings.Contains(page, model.Disclaimer) {
		t.Error("the page has another disclaimer")
	}
}

// The page's example, read strictly into the structs of the code, has no key that they lack.
func TestTheExampleIsAModel(t *testing.T) {
	b, err := os.ReadFile("../docs/model-format.md")
	must(t, err)
	head := regexp.MustCompile("(?s)```json\n(.*?)```").FindSubmatch(b)[1]
	var parts map[string]json.RawMessage
	must(t, json.Unmarshal(head, &parts))
	m := model.Model{}
	for key, to := range map[string]any{"target": &m.Target, "preparation": &m.Preparation, "card": &m.Card} {
		d := json.NewDecoder(bytes.NewReader(parts[key]))
		d.DisallowUnknownFields()
		if err := d.Decode(to); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	must(t, m.Target.Valid())
	must(t, m.Preparation.Valid())
	if m.Preparation.Width() != 5 || m.Card.Held != 180 {
		t.Errorf("%+v", m)
	}
}
