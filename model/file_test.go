package model_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gradus/internal/safetensors"
	"gradus/internal/say"
	"gradus/model"
	"gradus/network"
	"gradus/table"
)

func read(t testing.TB, csv string) *table.Table {
	t.Helper()
	tbl, err := table.Read(strings.NewReader(csv), "t.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tbl
}

// untrained makes a model with its start weights.
func untrained(t testing.TB, csv, target string, s model.Settings) (*model.Model, *table.Table) {
	t.Helper()
	tbl := read(t, csv)
	goal, y, err := table.NewTarget(tbl, target, table.TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	if s, err = s.Complete(tbl.Rows); err != nil {
		t.Fatal(err)
	}
	m, err := model.New(tbl, nil, goal, y, s)
	if err != nil {
		t.Fatal(err)
	}
	m.Card.Rows = tbl.Rows
	m.Card.Levels = m.Count([]int{0, 1}, y)
	return m, tbl
}

const (
	binaryCSV = "age,sex,died\n50,F,no\n60,M,yes\n,F,no\n70,M,no\n55,F,yes\n65,M,no\n52,F,no\n61,M,yes\n58,F,no\n71,M,no\n"
	classCSV  = "a,kind\n1,x\n2,y\n3,z\n4,x\n5,y\n6,z\n"
	numberCSV = "a,y\n1,1.5\n2,2.5\n3,3\n4,5.25\n"
)

func tiny(t testing.TB) *model.Model {
	m, _ := untrained(t, numberCSV, "y", model.Settings{Hidden: []int{}})
	return m
}

func written(t testing.TB, m *model.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What is read is what was written: the same bytes again, the same predictions.
func TestRoundTrip(t *testing.T) {
	for _, c := range []struct {
		csv, target string
		s           model.Settings
	}{
		{binaryCSV, "died", model.Settings{Hidden: []int{3, 2}}},
		{classCSV, "kind", model.Settings{Hidden: []int{4}, Dropout: .5, Activation: "relu"}},
		{numberCSV, "y", model.Settings{Hidden: []int{}}},
	} {
		m, tbl := untrained(t, c.csv, c.target, c.s)
		b := written(t, m)
		again, err := model.Read(b, "m.gradus")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b, written(t, again)) {
			t.Errorf("%s: other bytes after reading", c.target)
		}
		want, _, err := m.All(tbl)
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := again.All(tbl); err != nil || !slices.Equal(got.Data, want.Data) {
			t.Errorf("%s: %v, want %v (%v)", c.target, got.Data, want.Data, err)
		}
	}
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

// sentence checks that err is a sentence of the catalogue in both languages, and wrong input.
func sentence(t *testing.T, what string, err error, keys ...string) {
	t.Helper()
	e, ok := errors.AsType[*say.Err](err)
	if !ok || e.Fault || len(keys) > 0 && !slices.Contains(keys, e.Key) {
		t.Errorf("%s: %v, want %v", what, err, keys)
		return
	}
	for _, lang := range []say.Lang{say.English, say.Korean} {
		if s := e.In(lang); placeholder.MatchString(s) || strings.Contains(s, "\n") || strings.Contains(s, "%!") || !strings.Contains(s, "m.gradus") {
			t.Errorf("%s: no sentence: %q", what, s)
		}
	}
}

func TestEveryLengthIsRefused(t *testing.T) {
	b := written(t, tiny(t))
	for n := range b {
		if _, err := model.Read(b[:n], "m.gradus"); err == nil {
			t.Fatalf("%d of %d bytes pass", n, len(b))
		} else if n%97 == 0 || n < 20 {
			sentence(t, "cut", err, "model.damaged", "model.not_model")
		}
	}
	_, err := model.Read(append(b[:len(b):len(b)], 0), "m.gradus")
	sentence(t, "a byte more", err, "model.damaged", "model.not_model")
}

func TestEveryBitFlipIsRefused(t *testing.T) {
	b := written(t, tiny(t))
	for i := range b {
		for bit := range 8 {
			b[i] ^= 1 << bit
			if _, err := model.Read(b, "m.gradus"); err == nil {
				t.Errorf("bit %d of byte %d changed and passes", bit, i)
			} else if bit == i%8 && i%50 == 0 {
				sentence(t, "a bit", err, "model.damaged", "model.not_model")
			}
			b[i] ^= 1 << bit
		}
	}
}

func TestOtherFiles(t *testing.T) {
	for what, f := range map[string]*safetensors.File{
		"a checkpoint":        {Metadata: map[string]string{"format": "gradus-checkpoint", "version": "1"}},
		"someone's weights":   {Metadata: map[string]string{"format": "pt"}, Tensors: []safetensors.Tensor{safetensors.Floats("w", []float32{1}, 1)}},
		"no metadata":         {},
		"no version":          {Metadata: map[string]string{"format": "gradus-model"}},
		"version 0":           {Metadata: map[string]string{"format": "gradus-model", "version": "0"}},
		"version of a sign":   {Metadata: map[string]string{"format": "gradus-model", "version": "+1"}},
		"version with a zero": {Metadata: map[string]string{"format": "gradus-model", "version": "01"}},
		"version of words":    {Metadata: map[string]string{"format": "gradus-model", "version": "one"}},
	} {
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			t.Fatal(err)
		}
		_, err := model.Read(b.Bytes(), "m.gradus")
		sentence(t, what, err, "model.not_model")
	}
	for _, text := range []string{"", "a,b\n1,2\n", strings.Repeat("text ", 1000), "\x08\x00\x00\x00\x00\x00\x00\x00{}      ", "PK\x03\x04 a spreadsheet"} {
		_, err := model.Read([]byte(text), "m.gradus")
		sentence(t, text, err, "model.not_model", "model.damaged")
	}
}

// A file of a later format says so, also where its version is beyond every integer.
func TestNewerVersion(t *testing.T) {
	for _, version := range []string{"4", "10", "99999999999999999999999"} {
		b := edited(t, tiny(t), func(f *safetensors.File, _ map[string]any) { f.Metadata["version"] = version })
		_, err := model.Read(b, "m.gradus")
		sentence(t, version, err, "model.newer")
		if !strings.Contains(err.Error(), version) {
			t.Errorf("%v does not name version %s", err, version)
		}
	}
}

// edited is the file of m with its head or arrays changed and sealed again, as someone hostile can do it.
func edited(t testing.TB, m *model.Model, edit func(f *safetensors.File, head map[string]any)) []byte {
	t.Helper()
	f, err := safetensors.Read(written(t, m))
	if err != nil {
		t.Fatal(err)
	}
	head := map[string]any{}
	if err := json.Unmarshal([]byte(f.Metadata["model"]), &head); err != nil {
		t.Fatal(err)
	}
	before := f.Metadata["model"]
	edit(f, head)
	if f.Metadata["model"] == before {
		text, err := json.Marshal(head)
		if err != nil {
			t.Fatal(err)
		}
		f.Metadata["model"] = string(text)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// at walks to a value of the head: a key of an object or a place in a list.
func at(v any, path ...any) map[string]any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			v = v.(map[string]any)[p]
		case int:
			v = v.([]any)[p]
		}
	}
	return v.(map[string]any)
}

// hostile are heads and arrays with a right seal that must not become a model.
var hostile = map[string]func(f *safetensors.File, h map[string]any){
	"2^40 units":             func(_ *safetensors.File, h map[string]any) { at(h, "layers", 0)["units"] = 1 << 40 },
	"2^62 units":             func(_ *safetensors.File, h map[string]any) { at(h, "layers", 0)["units"] = 1 << 62 },
	"units beyond an int":    func(_ *safetensors.File, h map[string]any) { at(h, "layers", 0)["units"] = 1e30 },
	"negative units":         func(_ *safetensors.File, h map[string]any) { at(h, "layers", 0)["units"] = -4 },
	"no units":               func(_ *safetensors.File, h map[string]any) { delete(at(h, "layers", 0), "units") },
	"half a unit":            func(_ *safetensors.File, h map[string]any) { at(h, "layers", 0)["units"] = 1.5 },
	"one unit more":          func(_ *safetensors.File, h map[string]any) { at(h, "layers", 0)["units"] = 4 },
	"no bias":                func(_ *safetensors.File, h map[string]any) { at(h, "layers", 0)["no_bias"] = true },
	"unknown layer":          func(_ *safetensors.File, h map[string]any) { at(h, "layers", 0)["kind"] = "convolution" },
	"unknown activation":     func(_ *safetensors.File, h map[string]any) { at(h, "layers", 0)["activation"] = "rleu" },
	"no layers":              func(_ *safetensors.File, h map[string]any) { h["layers"] = nil },
	"layers of no list":      func(_ *safetensors.File, h map[string]any) { h["layers"] = "many" },
	"ten thousand layers":    func(_ *safetensors.File, h map[string]any) { h["layers"] = repeated("dropout", 10_000) },
	"999 normalisations":     func(_ *safetensors.File, h map[string]any) { h["layers"] = repeated("batch-norm", 999) },
	"rate 1":                 func(_ *safetensors.File, h map[string]any) { at(h, "layers", 1)["rate"] = 1 },
	"inputs 0":               func(_ *safetensors.File, h map[string]any) { h["inputs"] = 0 },
	"inputs 2^40":            func(_ *safetensors.File, h map[string]any) { h["inputs"] = 1 << 40 },
	"other inputs":           func(_ *safetensors.File, h map[string]any) { h["inputs"] = 7 },
	"no preparation":         func(_ *safetensors.File, h map[string]any) { h["preparation"] = nil },
	"no columns":             func(_ *safetensors.File, h map[string]any) { at(h, "preparation")["inputs"] = []any{} },
	"negative sd":            func(_ *safetensors.File, h map[string]any) { at(h, "preparation", "inputs", 0)["sd"] = -1 },
	"unknown kind":           func(_ *safetensors.File, h map[string]any) { at(h, "preparation", "inputs", 0)["kind"] = "image" },
	"range upside down":      func(_ *safetensors.File, h map[string]any) { at(h, "preparation", "inputs", 0)["low"] = 1e9 },
	"preparation of another": func(_ *safetensors.File, h map[string]any) { at(h, "preparation")["target"] = "alive" },
	"the target an input":    func(_ *safetensors.File, h map[string]any) { at(h, "preparation", "inputs", 0)["name"] = "died" },
	"negative clip":          func(_ *safetensors.File, h map[string]any) { at(h, "preparation")["clip"] = -1 },
	"no task":                func(_ *safetensors.File, h map[string]any) { delete(at(h, "target"), "task") },
	"no target":              func(_ *safetensors.File, h map[string]any) { delete(h, "target") },
	"unknown event":          func(_ *safetensors.File, h map[string]any) { at(h, "target")["event"] = "maybe" },
	"a level more":           func(_ *safetensors.File, h map[string]any) { at(h, "target")["levels"] = []string{"a", "no", "yes"} },
	"a task of classes": func(_ *safetensors.File, h map[string]any) {
		t := at(h, "target")
		t["task"] = "classes"
		delete(t, "event")
	},
	"a task of numbers": func(_ *safetensors.File, h map[string]any) {
		h["target"] = map[string]any{"column": "died", "kind": "number", "task": "number"}
	},
	"a scale of classes":     func(_ *safetensors.File, h map[string]any) { h["scale"] = map[string]any{"mean": 0, "sd": 1} },
	"no card":                func(_ *safetensors.File, h map[string]any) { delete(h, "card") },
	"no settings":            func(_ *safetensors.File, h map[string]any) { delete(at(h, "card"), "settings") },
	"no weight decay":        func(_ *safetensors.File, h map[string]any) { at(h, "card", "settings")["weight_decay"] = nil },
	"more held than rows":    func(_ *safetensors.File, h map[string]any) { at(h, "card")["held"] = 1000 },
	"negative rows":          func(_ *safetensors.File, h map[string]any) { at(h, "card")["rows"] = -1 },
	"counts of other levels": func(_ *safetensors.File, h map[string]any) { at(h, "card")["levels"] = map[string]any{"x": 1} },
	"best epoch to come":     func(_ *safetensors.File, h map[string]any) { at(h, "card")["best_epoch"] = 9 },
	"no head":                func(f *safetensors.File, _ map[string]any) { delete(f.Metadata, "model") },
	"a head of text":         func(f *safetensors.File, _ map[string]any) { f.Metadata["model"] = "model" },
	"a head of null":         func(f *safetensors.File, _ map[string]any) { f.Metadata["model"] = "null" },
	"a deep head":            func(f *safetensors.File, _ map[string]any) { f.Metadata["model"] = strings.Repeat("[", 1<<20) },
	"a deep card": func(f *safetensors.File, _ map[string]any) {
		f.Metadata["model"] = `{"card":` + strings.Repeat(`{"a":`, 1<<18)
	},
	"a number beyond float64": func(f *safetensors.File, _ map[string]any) {
		f.Metadata["model"] = strings.Replace(f.Metadata["model"], `"clip":10`, `"clip":1e400`, 1)
	},
	"a head and more": func(f *safetensors.File, _ map[string]any) { f.Metadata["model"] += "{}" },
	"no arrays":       func(f *safetensors.File, _ map[string]any) { f.Tensors = nil },
	"an array less":   func(f *safetensors.File, _ map[string]any) { f.Tensors = f.Tensors[1:] },
	"an array more": func(f *safetensors.File, _ map[string]any) {
		f.Tensors = append(f.Tensors, safetensors.Floats("x", []float32{1}, 1))
	},
	"an empty array more": func(f *safetensors.File, _ map[string]any) {
		f.Tensors = append(f.Tensors, safetensors.Floats("x", []float32{}, 0))
	},
	"an array renamed": func(f *safetensors.File, _ map[string]any) { f.Tensors[0].Name = "layers.0.w" },
	"arrays exchanged": func(f *safetensors.File, _ map[string]any) {
		f.Tensors[0].Name, f.Tensors[1].Name = f.Tensors[1].Name, f.Tensors[0].Name
	},
	"a transposed array": func(f *safetensors.File, _ map[string]any) { slices.Reverse(f.Tensors[0].Shape) },
	"a flat array":       func(f *safetensors.File, _ map[string]any) { f.Tensors[0].Shape = []int{len(f.Tensors[0].Data) / 4} },
	"an array of float64": func(f *safetensors.File, _ map[string]any) {
		f.Tensors[1] = safetensors.Floats(f.Tensors[1].Name, make([]float64, len(f.Tensors[1].Data)/4), f.Tensors[1].Shape...)
	},
	"NaN among the weights": func(f *safetensors.File, _ map[string]any) {
		f.Tensors[0].Data = slices.Repeat([]byte{0xff}, len(f.Tensors[0].Data))
	},
	"+Inf among the weights": func(f *safetensors.File, _ map[string]any) { copy(f.Tensors[1].Data, []byte{0, 0, 0x80, 0x7f}) },
}

func repeated(kind string, n int) []any {
	list := make([]any, n)
	for i := range list {
		list[i] = map[string]any{"kind": kind, "rate": .5}
	}
	return list
}

func TestHostileHeads(t *testing.T) {
	m, _ := untrained(t, binaryCSV, "died", model.Settings{Hidden: []int{3}, Dropout: .5})
	if _, err := model.Read(edited(t, m, func(*safetensors.File, map[string]any) {}), "m.gradus"); err != nil {
		t.Fatal(err) // else every refusal below is of the editing
	}
	var before, after runtime.MemStats
	for what, edit := range hostile {
		b := edited(t, m, edit)
		runtime.ReadMemStats(&before)
		_, err := model.Read(b, "m.gradus")
		runtime.ReadMemStats(&after)
		sentence(t, what, err, "model.damaged")
		if cost := after.TotalAlloc - before.TotalAlloc; cost > 1<<20+30*uint64(len(b)) {
			t.Errorf("%s: %d bytes of memory for a file of %d", what, cost, len(b))
		}
	}
}

// A target's scale must be usable.
func TestHostileScale(t *testing.T) {
	for _, sd := range []any{-1, "1", nil} {
		b := edited(t, tiny(t), func(_ *safetensors.File, h map[string]any) {
			if h["scale"].(map[string]any)["sd"] = sd; sd == nil {
				delete(h, "scale")
			}
		})
		_, err := model.Read(b, "m.gradus")
		sentence(t, "scale", err, "model.damaged")
	}
}

// What a later minor addition may bring, keys that this version does not know, is passed over.
func TestUnknownKeysPass(t *testing.T) {
	b := edited(t, tiny(t), func(f *safetensors.File, h map[string]any) {
		h["later"], at(h, "card")["later"], f.Metadata["later"] = 1, "x", "y"
	})
	if _, err := model.Read(b, "m.gradus"); err != nil {
		t.Error(err)
	}
}

// Every layer of the format survives, its running statistics and its slope too.
func TestEveryLayerKind(t *testing.T) {
	m, tbl := untrained(t, numberCSV, "y", model.Settings{Hidden: []int{}})
	m.Network = everyLayer(t, m.Network.In())
	b := written(t, m)
	again, err := model.Read(b, "m.gradus")
	if err != nil {
		t.Fatal(err)
	}
	want, _, _ := m.All(tbl)
	if got, _, _ := again.All(tbl); !slices.Equal(got.Data, want.Data) || !bytes.Equal(written(t, again), b) {
		t.Errorf("%v, want %v", got.Data, want.Data)
	}
}

// everyLayer is a network with each kind of layer and weights and statistics unlike their start values.
func everyLayer(t testing.TB, in int) *network.Network[float32] {
	t.Helper()
	net, err := network.Build[float32](in, []network.Spec{
		{Kind: "dense", Units: 4, NoBias: true, Activation: "leaky-relu", Slope: .2},
		{Kind: "batch-norm", Activation: "silu", Epsilon: 1e-3, Momentum: .2},
		{Kind: "dropout", Rate: .3},
		{Kind: "dense", Units: 3, Activation: "gelu"},
		{Kind: "layer-norm", Activation: "softplus"},
		{Kind: "dense", Units: 3, Activation: "elu"},
		{Kind: "dense", Units: 3, Activation: "sigmoid"},
		{Kind: "dense", Units: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(3)
	for i := range net.Weights() {
		net.Weights()[i] += float32(math.Sin(float64(i))) / 3
	}
	for i, b := range net.Buffers() {
		for j := range b.Values {
			b.Values[j] = float32(1+i+j) / 5
		}
	}
	return net
}

func FuzzRead(f *testing.F) {
	m, _ := untrained(f, binaryCSV, "died", model.Settings{Hidden: []int{2}})
	whole, _ := safetensors.Read(written(f, m))
	f.Add(whole.Metadata["model"], "1", []byte{0, 0, 0x80, 0x7f})
	f.Add(`{"layers":[{"kind":"dense","units":1099511627776}]}`, "1", []byte{})
	f.Add("{}", "2", []byte{1, 2, 3, 4})
	for _, edit := range hostile {
		if b := edited(f, m, edit); len(b) < 1<<14 {
			h, _ := safetensors.Read(b)
			f.Add(h.Metadata["model"], h.Metadata["version"], []byte{})
		}
	}
	f.Fuzz(func(t *testing.T, head, version string, weights []byte) {
		file := &safetensors.File{Metadata: map[string]string{"format": "gradus-model", "version": version, "model": head}}
		for _, x := range whole.Tensors {
			x.Data = append([]byte{}, x.Data...)
			copy(x.Data, weights)
			file.Tensors = append(file.Tensors, x)
		}
		var b bytes.Buffer
		if err := file.Write(&b); err != nil {
			return // text that is no JSON string
		}
		m, err := model.Read(b.Bytes(), "m.gradus")
		if err != nil {
			sentence(t, "fuzz", err)
			return
		}
		again, err := model.Read(written(t, m), "m.gradus")
		if err != nil || !bytes.Equal(written(t, m), written(t, again)) {
			t.Errorf("what was read is not read again: %v", err)
		}
	})
}
