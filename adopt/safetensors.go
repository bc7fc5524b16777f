// Package adopt makes models of networks that others trained: bare weights become a network, a network and the names of its columns become a
// model. Networks of ONNX files are read by package onnx.
package adopt

import (
	"slices"
	"strconv"
	"strings"

	"gradus/internal/safetensors"
	"gradus/internal/say"
	"gradus/network"
)

// Options say what bare weights do not.
type Options struct {
	Activation []string // of the hidden layers in order; one stands for all
	Order      []string // names of the layers from the input on; nil: by name, numbers as numbers
	Epsilon    float64  // of the normalisations; 0: what PyTorch or Keras has, by the arrays' names
	BeforeNorm bool     // an activation stands before the normalisation of its layer, not behind
}

// Part is one layer of a network that was read, as people know it.
type Part struct {
	Name string
	network.Spec
	In, Out int
}

// Net is a network of bare weights and what its layers were called.
type Net struct {
	Network *network.Network[float32]
	Parts   []Part
}

// Safetensors reads the weights of a multilayer perceptron: Linear (weight (out,in), bias), BatchNorm1d and LayerNorm by PyTorch's names,
// Dense (kernel (in,out), bias), BatchNormalization and LayerNormalization by Keras'.
func Safetensors(b []byte, name string, opt Options) (*Net, error) {
	f, err := safetensors.ReadForeign(b)
	if err != nil {
		return nil, say.Error("adopt.format", "name", name, "cause", err)
	}
	list, err := layersOf(f, name, opt)
	if err != nil {
		return nil, err
	}
	if err := chain(list, name); err != nil {
		return nil, err
	}
	if err := activate(list, name, opt); err != nil {
		return nil, err
	}
	return build(list, name)
}

// layer is the arrays of one prefix.
type layer struct {
	Part
	arrays map[string]safetensors.Tensor // by their last name
	parts  [][]float64                   // in the order of the network's arrays, then of its buffers
}

// layersOf groups the arrays by the layer they belong to, in the order in which rows go through the layers.
func layersOf(f *safetensors.File, name string, opt Options) ([]*layer, error) {
	by := map[string]*layer{}
	var list []*layer
	for _, t := range f.Tensors {
		whole := strings.TrimSuffix(t.Name, ":0")
		at := strings.LastIndexAny(whole, "./")
		prefix, part := whole[:max(at, 0)], whole[at+1:]
		if part == "num_batches_tracked" {
			continue
		}
		l := by[prefix]
		if l == nil {
			l = &layer{Part: Part{Name: prefix}, arrays: map[string]safetensors.Tensor{}}
			by[prefix], list = l, append(list, l)
		}
		if _, twice := l.arrays[part]; twice {
			return nil, say.Error("adopt.twice", "name", name, "array", whole)
		}
		l.arrays[part] = t
	}
	if len(list) == 0 {
		return nil, say.Error("adopt.empty", "name", name)
	}
	slices.SortFunc(list, func(a, b *layer) int { return natural(a.Name, b.Name) })
	list, err := ordered(list, by, name, opt.Order)
	if err != nil {
		return nil, err
	}
	for _, l := range list {
		if err := l.read(name, opt.Epsilon); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// ordered puts the layers into the order that was asked for: it names each of them once.
func ordered(list []*layer, by map[string]*layer, name string, order []string) ([]*layer, error) {
	if order == nil {
		return list, nil
	}
	known := namesOf(list)
	var out []*layer
	for _, n := range order {
		l := by[n]
		if l == nil || slices.Contains(out, l) {
			return nil, say.Error("adopt.order", "name", name, "layer", shown(n), "nearest", say.Nearest(n, known), "known", brief(known))
		}
		out = append(out, l)
	}
	for _, l := range list {
		if !slices.Contains(out, l) {
			return nil, say.Error("adopt.order_lacks", "name", name, "layer", shown(l.Name), "known", brief(known))
		}
	}
	return out, nil
}

// form is a kind of layer, known by its arrays: those of the network in their order, and whether a product is turned round.
type form struct {
	spec   network.Spec
	arrays []string
	spare  []string // those that may be missing
	turned bool     // (in,out)
	rank   int      // of the first array
}

// forms are the kinds of layers of PyTorch and Keras. The first one whose arrays are those of a layer is it.
var forms = []form{
	{network.Spec{Kind: "dense"}, []string{"weight", "bias"}, []string{"bias"}, false, 2},
	{network.Spec{Kind: "dense"}, []string{"kernel", "bias"}, []string{"bias"}, true, 2},
	{network.Spec{Kind: "batch-norm", Epsilon: 1e-5}, []string{"weight", "bias", "running_mean", "running_var"}, []string{"weight", "bias"}, false, 1},
	{network.Spec{Kind: "batch-norm", Epsilon: 1e-3}, []string{"gamma", "beta", "moving_mean", "moving_variance"}, []string{"gamma", "beta"}, false, 1},
	{network.Spec{Kind: "layer-norm", Epsilon: 1e-5}, []string{"weight", "bias"}, []string{"bias"}, false, 1},
	{network.Spec{Kind: "layer-norm", Epsilon: 1e-3}, []string{"gamma", "beta"}, []string{"gamma", "beta"}, false, 1},
}

// fits tells whether the arrays of l are those of a form.
func (f *form) fits(l *layer) bool {
	seen, rank := 0, 0
	for _, a := range f.arrays {
		t, ok := l.arrays[a]
		if !ok && !slices.Contains(f.spare, a) {
			return false
		}
		if ok {
			seen, rank = seen+1, max(rank, len(t.Shape))
		}
	}
	return seen == len(l.arrays) && rank == f.rank
}

// read finds the kind of l and takes its numbers.
func (l *layer) read(name string, epsilon float64) error {
	at := slices.IndexFunc(forms, func(f form) bool { return f.fits(l) })
	if at < 0 {
		return say.Error("adopt.layer", "name", name, "layer", shown(l.Name), "arrays", l.list())
	}
	f := forms[at]
	l.Spec = f.spec
	if epsilon > 0 && l.Epsilon > 0 {
		l.Epsilon = epsilon
	}
	if first := l.width(f); l.In < 1 || l.Out < 1 {
		return say.Error("adopt.shape", "name", name, "array", shown(first.Name), "found", dims(first.Shape), "want", "≥ 1")
	}
	for i, a := range f.arrays {
		t, ok := l.arrays[a]
		if !ok {
			l.missing(i)
			continue
		}
		v, known := t.Values()
		switch {
		case !known:
			return say.Error("adopt.dtype", "name", name, "array", shown(t.Name), "dtype", t.DType)
		case (f.rank == 1 || i > 0) && (len(t.Shape) != 1 || t.Shape[0] != l.Out):
			return say.Error("adopt.shape", "name", name, "array", shown(t.Name), "found", dims(t.Shape), "want", strconv.Itoa(l.Out))
		case f.turned && i == 0:
			v = transposed(v, l.In, l.Out)
		}
		l.parts = append(l.parts, v)
	}
	return l.finite(name)
}

// width takes the numbers in and out from the first array that is there.
func (l *layer) width(f form) safetensors.Tensor {
	at := slices.IndexFunc(f.arrays, func(a string) bool { _, ok := l.arrays[a]; return ok })
	first := l.arrays[f.arrays[at]]
	if l.In, l.Out = first.Shape[0], first.Shape[0]; f.rank == 1 {
		return first
	}
	l.In = first.Shape[1]
	if f.turned {
		l.In, l.Out = l.Out, l.In
	}
	l.Units = l.Out
	return first
}

// missing stands for array i that is not there: no bias, γ of 1, β of 0.
func (l *layer) missing(i int) {
	if l.Kind == "dense" {
		l.NoBias = true
		return
	}
	part := make([]float64, l.Out)
	for k := range part {
		part[k] = float64(1 - i%2)
	}
	l.parts = append(l.parts, part)
}

// finite refuses NaN, ±Inf and what no float32 holds.
func (l *layer) finite(name string) error {
	for _, part := range l.parts {
		for _, v := range part {
			if r := float32(v); r-r != 0 {
				return say.Error("adopt.finite", "name", name, "layer", shown(l.Name), "value", v)
			}
		}
	}
	return nil
}

func transposed(v []float64, rows, cols int) []float64 {
	out := make([]float64, len(v))
	for r := range rows {
		for c := range cols {
			out[c*rows+r] = v[r*cols+c]
		}
	}
	return out
}

// chain checks that each layer takes what the one before gives.
func chain(list []*layer, name string) error {
	for i, l := range list {
		if i > 0 && l.In != list[i-1].Out {
			return say.Error("adopt.chain", "name", name, "before", shown(list[i-1].Name), "gives", list[i-1].Out, "layer", shown(l.Name), "takes", l.In, "order", brief(namesOf(list)))
		}
	}
	return nil
}

// build makes the network.
func build(list []*layer, name string) (*Net, error) {
	n := &Net{}
	var specs []network.Spec
	for _, l := range list {
		specs, n.Parts = append(specs, l.Spec), append(n.Parts, l.Part)
	}
	net, err := network.Build[float32](list[0].In, specs)
	if err != nil {
		return nil, say.Error("adopt.format", "name", name, "cause", err)
	}
	spans, buffers := net.Spans(), net.Buffers()
	for i, l := range list {
		for _, part := range l.parts {
			var place []float32
			if len(spans) > 0 && spans[0].Layer == i {
				place, spans = net.Weights()[spans[0].Start:spans[0].End], spans[1:]
			} else {
				place, buffers = buffers[0].Values, buffers[1:]
			}
			for k, v := range part {
				place[k] = float32(v)
			}
		}
	}
	for _, b := range net.Buffers() {
		if b.Name == "running_variance" && slices.ContainsFunc(b.Values, func(v float32) bool { return v < 0 }) {
			return nil, say.Error("adopt.variance", "name", name)
		}
	}
	n.Network = net
	return n, nil
}
