package weights

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gradus/activation"
	"gradus/internal/safetensors"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
)

// every is a network with every layer there is.
func every[T mat.Float](t testing.TB) *network.Network[T] {
	t.Helper()
	net, err := network.Build[T](3, []network.Spec{
		{Kind: "ramps", Ramps: []network.Ramp{{Of: 0, From: -1, To: 2}}},
		{Kind: "dense", Units: 4, Activation: "leaky-relu", Slope: .2},
		{Kind: "batch-norm", Activation: "tanh", Momentum: .3},
		{Kind: "dropout", Rate: .1},
		{Kind: "layer-norm"},
		{Kind: "sum", Chains: [][]network.Spec{
			{{Kind: "first", Units: 2}, {Kind: "dense", Units: 2, NoBias: true}},
			{{Kind: "dense", Units: 3}, {Kind: "batch-norm"}, {Kind: "dense", Units: 2}},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range net.Weights() {
		net.Weights()[i] = T(r.NormFloat64())
	}
	for _, b := range net.Buffers() {
		for i := range b.Values {
			b.Values[i] = T(r.Float64())
		}
	}
	net.Weights()[0] = T(math.Copysign(0, -1))
	net.Weights()[1] = T(math.SmallestNonzeroFloat32)
	return net
}

func saved[T mat.Float](t testing.TB, net *network.Network[T]) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Save(&b, net); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bits are all numbers of a network, to be compared to the last bit.
func bits[T mat.Float](net *network.Network[T]) (list []uint64) {
	for _, a := range arrays(net) {
		for _, v := range a.values {
			list = append(list, math.Float64bits(float64(v)))
		}
	}
	return list
}

func roundTrip[T mat.Float](t *testing.T) {
	net := every[T](t)
	file := saved(t, net)
	if again := saved(t, net); !bytes.Equal(file, again) {
		t.Error("the same network gives other bytes")
	}
	got, err := Load[T](bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(bits(got), bits(net)) {
		t.Error("the bits changed")
	}
	if want, _ := json.Marshal(net.Specs()); true {
		if have, _ := json.Marshal(got.Specs()); !bytes.Equal(have, want) || got.In() != net.In() {
			t.Errorf("layers %s, want %s", have, want)
		}
	}
	x := mat.From([]T{1, 2, 3}, []T{-1, .5, 0})
	if a, b := net.NewPrediction(2).Forward(x), got.NewPrediction(2).Forward(x); !slices.Equal(a.Data, b.Data) {
		t.Errorf("%v predicts %v", b.Data, a.Data)
	}
	other := every[T](t)
	other.Init(9)
	if err := LoadInto(bytes.NewReader(file), other); err != nil || !slices.Equal(bits(other), bits(net)) {
		t.Errorf("LoadInto: %v", err)
	}
}

func TestRoundTrip(t *testing.T) {
	t.Run("float32", roundTrip[float32])
	t.Run("float64", roundTrip[float64])
}

// What float32 holds float64 holds too; the other way is refused, never rounded in silence.
func TestPrecision(t *testing.T) {
	narrow := every[float32](t)
	wide, err := Load[float64](bytes.NewReader(saved(t, narrow)))
	if err != nil || !slices.Equal(bits(wide), bits(narrow)) {
		t.Errorf("float32 into float64: %v", err)
	}
	_, err = Load[float32](bytes.NewReader(saved(t, wide)))
	refused(t, "precision", err, "weights.precision")
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func refused(t *testing.T, what string, err error, key string) {
	t.Helper()
	var e *say.Err
	if !errors.As(err, &e) || e.Key != key {
		t.Errorf("%s: %v, want %s", what, err, key)
	} else if e.Fault || placeholder.MatchString(e.Error()) || e.In(say.Korean) == e.Error() {
		t.Errorf("%s: %s / %s", what, e.Error(), e.In(say.Korean))
	}
}

func dense[T mat.Float](t testing.TB, in int, units ...int) *network.Network[T] {
	t.Helper()
	var layers []network.Layer[T]
	for _, n := range units {
		layers = append(layers, &network.Dense[T]{Units: n, Activation: activation.ReLU[T]{}})
	}
	net, err := network.New(in, layers...)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	return net
}

func TestNotFinite(t *testing.T) {
	for _, v := range []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))} {
		net := dense[float32](t, 2, 3)
		net.Weights()[4] = v
		refused(t, "Save", Save(new(bytes.Buffer), net), "weights.finite")
		f := &safetensors.File{Tensors: []safetensors.Tensor{
			safetensors.Floats("0.weight", net.Weights()[:6], 3, 2), safetensors.Floats("0.bias", net.Weights()[6:], 3),
		}}
		to := dense[float32](t, 2, 3)
		before := bits(to)
		refused(t, "LoadInto", LoadInto(written(t, f), to), "weights.finite")
		if !slices.Equal(bits(to), before) {
			t.Error("a file that was refused changed the network")
		}
	}
}

func written(t testing.TB, f *safetensors.File) *bytes.Buffer {
	t.Helper()
	b := new(bytes.Buffer)
	if err := f.Write(b); err != nil {
		t.Fatal(err)
	}
	return b
}

// A file of another program: a PyTorch Sequential counts its activations, a module of one's own has names of its own.
func TestOthers(t *testing.T) {
	from := dense[float32](t, 2, 3, 11, 1)
	for _, names := range [][3]string{{"0", "2", "4"}, {"layers.0", "layers.1", "layers.2"}, {"net.fc2", "net.fc10", "out"}} {
		f := &safetensors.File{}
		for i := 2; i >= 0; i-- { // the order of the file says nothing
			d := from.Layers()[i].(*network.Dense[float32])
			f.Tensors = append(f.Tensors, safetensors.Floats(names[i]+".bias", d.Biases(), d.Units),
				safetensors.Floats(names[i]+".weight", d.Weights().Data, d.Units, d.Weights().Cols))
		}
		to := dense[float32](t, 2, 3, 11, 1)
		to.Init(5)
		if err := LoadInto(written(t, f), to); err != nil || !slices.Equal(bits(to), bits(from)) {
			t.Errorf("%v: %v", names, err)
		}
		_, err := Load[float32](written(t, f))
		refused(t, "Load", err, "weights.layers")
	}
}

func TestRefuses(t *testing.T) {
	net := dense[float32](t, 2, 3, 1)
	file := saved(t, net)
	change := func(old, fresh string) *bytes.Buffer {
		f, err := safetensors.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		f.Metadata[networkKey] = strings.Replace(f.Metadata[networkKey], old, fresh, 1)
		for i := range f.Tensors {
			f.Tensors[i].Name = strings.Replace(f.Tensors[i].Name, old, fresh, 1)
		}
		return written(t, f)
	}
	for _, c := range []struct{ old, fresh, key string }{
		{`"units":3`, `"units":268435455`, "network.head_size"},
		{`"units":3`, `"units":-3`, "network.head_size"},
		{`"units":3`, `"units":2`, "weights.shape"},
		{`"inputs":2`, `"inputs":0`, "network.head_size"},
		{`"kind":"dense"`, `"kind":"twist"`, "weights.build"},
		{`"activation":"relu"`, `"activation":"rely"`, "weights.build"},
		{`"version":1`, `"version":2`, "weights.version"},
		{`{"version"`, `["version"`, "weights.description"},
		{"layers.1.bias", "layers.1.bees", "weights.missing"},
		{`,{"kind":"dense","units":1,"activation":"relu"}`, ``, "weights.extra"},
	} {
		_, err := Load[float32](change(c.old, c.fresh))
		refused(t, c.fresh, err, c.key)
	}
	refused(t, "other widths", LoadInto(bytes.NewReader(file), dense[float32](t, 2, 4, 1)), "weights.layer")
	refused(t, "more layers", LoadInto(bytes.NewReader(file), dense[float32](t, 2, 3, 1, 1)), "weights.network")
	refused(t, "more modules", LoadInto(written(t, &safetensors.File{}), net), "weights.modules")
	refused(t, "taken key", SaveWith(new(bytes.Buffer), net, map[string]string{"format": "x"}), "weights.key")
	seal := bytes.Index(file, []byte(safetensors.SealKey)) // without its name a file is not sealed, as those of other programs are not
	for i := range file {
		if i >= seal && i < seal+len(safetensors.SealKey) {
			continue
		}
		changed := slices.Clone(file)
		changed[i] ^= 4
		if _, err := Load[float32](bytes.NewReader(changed)); err == nil {
			t.Fatalf("byte %d may be changed", i)
		}
		if _, err := Load[float32](bytes.NewReader(file[:i])); err == nil {
			t.Fatalf("the file may end at byte %d", i)
		}
	}
}

func TestMetadata(t *testing.T) {
	var b bytes.Buffer
	if err := SaveWith(&b, dense[float32](t, 1, 1), map[string]string{"columns": "age"}); err != nil {
		t.Fatal(err)
	}
	got, err := Metadata(&b)
	if err != nil || len(got) != 1 || got["columns"] != "age" {
		t.Errorf("%v %v", got, err)
	}
}

// What is read is a network that says the same again, or an error, at a cost that the file's own size bounds.
func FuzzLoad(f *testing.F) {
	f.Add(saved(f, every[float32](f)))
	f.Add(saved(f, every[float64](f)))
	f.Add(saved(f, dense[float32](f, 2, 3, 1)))
	f.Fuzz(func(t *testing.T, b []byte) {
		net, err := Load[float64](bytes.NewReader(b))
		if err == nil {
			if again, err := Load[float64](bytes.NewReader(saved(t, net))); err != nil || !slices.Equal(bits(again), bits(net)) {
				t.Errorf("%v", err)
			}
		}
		_ = LoadInto(bytes.NewReader(b), dense[float32](t, 2, 3, 1))
	})
}

// Whatever a sealed file says of its layers is refused, or is a network of just the arrays it holds.
func FuzzDescription(f *testing.F) {
	whole, err := safetensors.Read(saved(f, every[float32](f)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Metadata[networkKey])
	f.Add(`{"version":1,"inputs":3,"layers":[{"kind":"dense","units":4},{"kind":"sum","chains":[[{"kind":"sum"}],[]]}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		file := safetensors.File{Metadata: map[string]string{networkKey: text}, Tensors: whole.Tensors}
		net, err := Load[float32](written(t, &file))
		if err == nil && len(arrays(net)) != len(whole.Tensors) {
			t.Errorf("%d arrays of %d", len(arrays(net)), len(whole.Tensors))
		}
	})
}
