package adopt

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"os"
	"strings"
	"testing"

	"gradus/internal/safetensors"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/model"
	"gradus/network"
	"gradus/table"
)

// array is a tensor as another program writes it.
type array struct {
	name, dtype string
	shape       []int
	values      []float64
}

// file lays arrays out in their order, without a seal.
func file(t testing.TB, list ...array) []byte {
	t.Helper()
	head, data := map[string]any{"__metadata__": map[string]string{"format": "pt"}}, []byte(nil)
	for _, a := range list {
		start := len(data)
		for _, v := range a.values {
			switch a.dtype {
			case "F64":
				data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
			case "F32":
				data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(v)))
			case "BF16":
				data = binary.LittleEndian.AppendUint16(data, uint16(math.Float32bits(float32(v))>>16))
			case "F16", "I16":
				data = binary.LittleEndian.AppendUint16(data, uint16(v)) // the bits themselves
			}
		}
		head[a.name] = map[string]any{"dtype": a.dtype, "shape": a.shape, "data_offsets": []int{start, len(data)}}
	}
	b, err := json.Marshal(head)
	if err != nil {
		t.Fatal(err)
	}
	return append(append(binary.LittleEndian.AppendUint64(nil, uint64(len(b))), b...), data...)
}

func f32(name string, values []float64, shape ...int) array { return array{name, "F32", shape, values} }

// keras is Dense(3, relu), BatchNormalization, Dense(2), as Keras names them.
var keras = []array{
	f32("dense_1/bias:0", []float64{.5, -1}, 2), f32("dense_1/kernel:0", []float64{1, 2, 3, 4, 5, 6}, 3, 2),
	f32("dense/kernel:0", []float64{1, -1, .5, 2, 0, -3}, 2, 3), f32("dense/bias:0", []float64{0, .25, 1}, 3),
	f32("norm/gamma:0", []float64{1, 2, .5}, 3), f32("norm/beta:0", []float64{0, 1, -1}, 3),
	f32("norm/moving_mean:0", []float64{.1, .2, .3}, 3), f32("norm/moving_variance:0", []float64{1, 4, .25}, 3),
}

func forward(n *network.Network[float32], x ...float32) []float32 {
	return n.NewPrediction(1).Forward(mat.View(1, len(x), x)).Data
}

func TestKeras(t *testing.T) {
	order := []string{"dense", "norm", "dense_1"}
	n, err := Safetensors(file(t, keras...), "k", Options{Activation: []string{"relu"}, Order: order, BeforeNorm: true})
	if err != nil {
		t.Fatal(err)
	}
	x := []float64{.7, -.4}
	var h, o [3]float64
	for j := range 3 {
		h[j] = max(0, x[0]*keras[2].values[j]+x[1]*keras[2].values[3+j]+keras[3].values[j])
		h[j] = (h[j]-keras[6].values[j])/math.Sqrt(keras[7].values[j]+1e-3)*keras[4].values[j] + keras[5].values[j]
	}
	got := forward(n.Network, .7, -.4)
	for k := range 2 {
		o[k] = keras[0].values[k]
		for j := range 3 {
			o[k] += h[j] * keras[1].values[2*j+k]
		}
		if math.Abs(float64(got[k])-o[k]) > 1e-5 {
			t.Errorf("output %d is %g, not %g", k, got[k], o[k])
		}
	}
	if n.Parts[0].Activation != "relu" || n.Parts[1].Activation != "" || n.Parts[0].In != 2 || n.Parts[2].Out != 2 {
		t.Errorf("%+v", n.Parts)
	}
	if n, err = Safetensors(file(t, keras...), "k", Options{Activation: []string{"relu"}, Order: order}); err != nil || n.Parts[1].Activation != "relu" {
		t.Errorf("%v %v", n, err)
	}
}

// Every type is read to the last bit, float64 rounded once.
func TestTypes(t *testing.T) {
	third := 1. / 3
	for dtype, v := range map[string][2]float64{
		"F64": {third, float64(float32(third))}, "F32": {third, float64(float32(third))}, "BF16": {-1.5, -1.5},
		"F16": {0x3555, 0.333251953125}, "F16 subnormal": {0x8001, -5.9604644775390625e-8}, "F16 largest": {0x7bff, 65504},
	} {
		dtype, _, _ = strings.Cut(dtype, " ")
		n, err := Safetensors(file(t, array{"0.weight", dtype, []int{1, 1}, v[:1]}), "x", Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := n.Network.Weights()[0]; float64(got) != v[1] {
			t.Errorf("%s: %g, not %g", dtype, got, v[1])
		}
	}
}

func TestRefused(t *testing.T) {
	w, b := f32("0.weight", []float64{1, 2}, 1, 2), f32("0.bias", []float64{1}, 1)
	huge := file(t, w, b)
	binary.LittleEndian.PutUint64(huge, math.MaxUint64)
	for name, c := range map[string]struct {
		b   []byte
		opt Options
		key string
	}{
		"nothing":            {file(t), Options{}, "adopt.empty"},
		"a claimed header":   {huge, Options{}, "adopt.format"},
		"no such type":       {file(t, array{"0.weight", "F4", []int{0}, nil}), Options{}, "adopt.format"},
		"a type of integers": {file(t, array{"0.weight", "I16", []int{1, 1}, []float64{1}}), Options{}, "adopt.dtype"},
		"overlapping":        {bytes.Replace(file(t, w, b), []byte("[0,8]"), []byte("[4,8]"), 1), Options{}, "adopt.format"},
		"cut short":          {file(t, w, b)[:len(file(t, w, b))-1], Options{}, "adopt.format"},
		"no weight":          {file(t, b), Options{}, "adopt.layer"},
		"another array":      {file(t, w, b, f32("0.scale", []float64{1}, 1)), Options{}, "adopt.layer"},
		"no running_var":     {file(t, w, f32("1.weight", []float64{1}, 1), f32("1.bias", []float64{1}, 1), f32("1.running_mean", []float64{1}, 1)), Options{}, "adopt.layer"},
		"a convolution":      {file(t, f32("0.weight", []float64{1}, 1, 1, 1)), Options{}, "adopt.layer"},
		"a long bias":        {file(t, w, f32("0.bias", []float64{1, 2}, 2)), Options{}, "adopt.shape"},
		"a width of 0":       {file(t, f32("0.weight", nil, 0, 2)), Options{}, "adopt.shape"},
		"no chain":           {file(t, w, f32("1.weight", []float64{1, 2}, 1, 2)), Options{Activation: []string{"relu"}}, "adopt.chain"},
		"not finite":         {file(t, f32("0.weight", []float64{math.NaN()}, 1, 1)), Options{}, "adopt.finite"},
		"beyond float32":     {file(t, array{"0.weight", "F64", []int{1, 1}, []float64{1e300}}), Options{}, "adopt.finite"},
		"a variance below 0": {file(t, f32("n.running_mean", []float64{1}, 1), f32("n.running_var", []float64{-1}, 1)), Options{}, "adopt.variance"},
		"no activation":      {file(t, w, f32("1.weight", []float64{1}, 1, 1)), Options{}, "adopt.activations"},
		"an unknown order":   {file(t, w), Options{Order: []string{"1"}}, "adopt.order"},
		"a twofold order":    {file(t, w), Options{Order: []string{"0", "0"}}, "adopt.order"},
		"a short order":      {file(t, w, f32("1.weight", []float64{1}, 1, 1)), Options{Order: []string{"0"}}, "adopt.order_lacks"},
		"twice":              {file(t, w, f32("0.weight:0", []float64{1}, 1)), Options{}, "adopt.twice"},
	} {
		_, err := Safetensors(c.b, "x", c.opt)
		if e, ok := errors.AsType[*say.Err](err); !ok || e.Key != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
		if err != nil && strings.Contains(say.In(say.Korean, err), "{") {
			t.Errorf("%s: %s", name, say.In(say.Korean, err))
		}
	}
	if _, err := Safetensors(file(t, w, f32("1.weight", []float64{1}, 1, 1)), "x", Options{Activation: []string{"rleu"}}); err == nil {
		t.Error("an unknown activation was taken")
	}
}

// A missing number in the names of an nn.Sequential is where an activation stands.
func TestPlaces(t *testing.T) {
	square := func(name string) array { return f32(name+".weight", []float64{1, 0, 0, 1}, 2, 2) }
	norm := func(name string) []array {
		return []array{f32(name+".running_mean", []float64{0, 0}, 2), f32(name+".running_var", []float64{1, 1}, 2)}
	}
	for want, list := range map[string][]array{
		"tanh,,":       {square("0"), square("2"), square("3")},
		"tanh,tanh,":   {square("layers.0"), square("layers.1"), square("layers.2")},
		",tanh,":       append(norm("1"), square("0"), square("3")),
		"tanh,,tanh, ": append(norm("2"), square("0"), square("4"), square("7")),
		"tanh,tanh,  ": {square("fc1"), square("fc2"), square("fc10")},
	} {
		n, err := Safetensors(file(t, list...), "x", Options{Activation: []string{"tanh"}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range n.Parts {
			got = append(got, p.Activation)
		}
		if strings.Join(got, ",") != strings.TrimSpace(want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func net(t *testing.T, out int, activation string) *network.Network[float32] {
	t.Helper()
	n, err := network.Build[float32](2, []network.Spec{{Kind: "dense", Units: 3, Activation: "tanh"}, {Kind: "dense", Units: out, Activation: activation}})
	if err != nil {
		t.Fatal(err)
	}
	n.Init(5)
	return n
}

// A model answers what the network's own last function gives, whatever the order of its levels, also once written and read.
func TestModelAnswers(t *testing.T) {
	tbl, err := table.Read(strings.NewReader("a,b\n1,2\n-3,.5\n0,0\n"), "x.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		out                int
		activation, output string
		levels             []string
	}{
		{3, "softmax", "", []string{"zebra", "ant", "moth"}},
		{12, "", "softmax", nil},
		{2, "softmax", "", []string{"yes", "no"}},
		{1, "sigmoid", "", []string{"well", "ill"}},
		{1, "", "sigmoid", nil},
		{1, "", "", nil},
		{1, "relu", "linear", nil},
	} {
		n := net(t, c.out, c.activation)
		m, err := Model(n, Meaning{Columns: []string{"a", "b"}, Target: "y", Levels: c.levels, Output: c.output, Rows: tbl, Origin: "onnx"})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := m.Write(&b); err != nil {
			t.Fatal(err)
		}
		if m, err = model.Read(b.Bytes(), "m"); err != nil {
			t.Fatal(err)
		}
		got, _, err := m.All(tbl)
		if err != nil {
			t.Fatal(err)
		}
		for r := range tbl.Rows {
			want := answers(forward(n, float32(tbl.Columns[0].Number(r)), float32(tbl.Columns[1].Number(r))), c.activation, c.output)
			for k, p := range want {
				at := k
				for i, l := range m.Target.Levels {
					if c.levels != nil && l == c.levels[k] {
						at = i
					}
				}
				if math.Abs(got.At(r, at)-p) > 1e-6 {
					t.Errorf("%+v, row %d: %v, want %v", c, r, got.Row(r), want)
					break
				}
			}
		}
	}
}

// answers are what the outputs of a network stand for.
func answers(h []float32, activation, output string) (p []float64) {
	sum := 0.
	for _, v := range h {
		p = append(p, float64(v))
		sum += math.Exp(float64(v))
	}
	switch {
	case activation == "sigmoid":
		return []float64{1 - p[0], p[0]}
	case output == "sigmoid":
		s := 1 / (1 + math.Exp(-p[0]))
		return []float64{1 - s, s}
	case output == "softmax":
		for i := range p {
			p[i] = math.Exp(p[i]) / sum
		}
	}
	return p
}

func TestModelRefused(t *testing.T) {
	two := []string{"a", "b"}
	for key, c := range map[string]struct {
		n *network.Network[float32]
		w Meaning
	}{
		"adopt.columns":       {net(t, 1, ""), Meaning{Columns: []string{"a"}}},
		"adopt.output":        {net(t, 1, ""), Meaning{Columns: two, Output: "sigmiod"}},
		"adopt.output_other":  {net(t, 2, "softmax"), Meaning{Columns: two, Output: "sigmoid"}},
		"adopt.outputs":       {net(t, 3, ""), Meaning{Columns: two}},
		"adopt.levels":        {net(t, 3, "softmax"), Meaning{Columns: two, Levels: []string{"x", "y"}}},
		"adopt.levels_names":  {net(t, 2, "softmax"), Meaning{Columns: two, Levels: []string{"x", "x"}}},
		"adopt.levels_number": {net(t, 1, ""), Meaning{Columns: two, Levels: []string{"x", "y"}}},
		"adopt.names":         {net(t, 1, ""), Meaning{Columns: []string{"a", "a"}}},
	} {
		c.w.Target = "y"
		if _, err := Model(c.n, c.w); err == nil || !errors.As(err, new(*say.Err)) || err.(*say.Err).Key != key {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func FuzzSafetensors(f *testing.F) {
	f.Add(file(f, keras...))
	f.Add(file(f, f32("0.weight", []float64{1, 2}, 1, 2), f32("2.weight", []float64{1}, 1, 1)))
	if b, err := os.ReadFile("../model/testdata/v1/layers.gradus"); err == nil {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		n, err := Safetensors(b, "x", Options{Activation: []string{"relu"}})
		if err != nil {
			if _, ok := errors.AsType[*say.Err](err); !ok {
				t.Fatalf("an error of no sentence: %v", err)
			}
			return
		}
		if read, err := safetensors.ReadForeign(b); err != nil || len(read.Tensors) == 0 {
			t.Fatalf("a network of no arrays: %v", err)
		}
		forward(n.Network, make([]float32, n.Network.In())...)
	})
}
