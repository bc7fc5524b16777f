package onnx

import (
	"strconv"

	"gradus/activation"
	"gradus/mat"
	"gradus/network"
)

// arrays are the weights of a network by name and its buffers in their order.
type arrays struct {
	named   map[string]mat.Matrix[float32]
	buffers []network.Buffer[float32]
}

// buffer takes the next buffer.
func (a *arrays) buffer() []float32 {
	b := a.buffers[0].Values
	a.buffers = a.buffers[1:]
	return b
}

// layers is the output of specs for x (N,width); prefix stands before the names of their arrays.
func (g *graph) layers(x string, specs []network.Spec, a *arrays, prefix string) string {
	for i, s := range specs {
		x = g.layer(x, s, a, prefix+strconv.Itoa(i)+".")
	}
	return x
}

func (g *graph) layer(x string, s network.Spec, a *arrays, prefix string) string {
	switch s.Kind {
	case "dense":
		x = g.dense(x, a.named[prefix+"weights"], a.named[prefix+"biases"])
	case "batch-norm":
		gamma, beta := a.named[prefix+"gamma"], a.named[prefix+"beta"]
		mean, variance := a.buffer(), a.buffer()
		in := []string{x, g.vector(gamma.Data), g.vector(beta.Data), g.vector(mean), g.vector(variance)}
		x = g.node("BatchNormalization", in, real32("epsilon", s.Epsilon))
	case "layer-norm":
		gamma, beta := a.named[prefix+"gamma"], a.named[prefix+"beta"]
		x = g.node("LayerNormalization", []string{x, g.vector(gamma.Data), g.vector(beta.Data)}, real32("epsilon", s.Epsilon), whole("axis", -1))
	case "ramps":
		x = g.ramps(x, s.Ramps)
	case "first":
		x = g.node("Slice", []string{x, g.integers(0), g.integers(int64(s.Units)), g.integers(1)})
	case "sum":
		var parts []string
		for c, chain := range s.Chains {
			parts = append(parts, g.layers(x, chain, a, prefix+strconv.Itoa(c)+"."))
		}
		x = g.node("Sum", parts)
	}
	return g.activation(x, s)
}

func (g *graph) vector(v []float32) string { return g.floats(v, len(v)) }

// dense is x·wᵀ + b.
func (g *graph) dense(x string, w, b mat.Matrix[float32]) string {
	in := []string{x, g.floats(w.Data, w.Rows, w.Cols)}
	if len(b.Data) > 0 {
		in = append(in, g.vector(b.Data))
	}
	return g.node("Gemm", in, whole("transB", 1))
}

// ramps is x and, beside it, min(max((x_of − from)·steep, 0), 1) − ½ of each.
func (g *graph) ramps(x string, list []network.Ramp) string {
	if len(list) == 0 {
		return x
	}
	of := make([]int64, len(list))
	from, steep := make([]float32, len(list)), make([]float32, len(list))
	for i, r := range list {
		of[i], from[i], steep[i] = int64(r.Of), float32(r.From), float32(1/(r.To-r.From))
	}
	at := g.node("Gather", []string{x, g.integers(of...)}, whole("axis", 1))
	at = g.node("Mul", []string{g.node("Sub", []string{at, g.floats(from, 1, len(from))}), g.floats(steep, 1, len(steep))})
	at = g.node("Clip", []string{at, g.floats([]float32{0}), g.floats([]float32{1})})
	return g.beside([]string{x, g.node("Sub", []string{at, g.floats([]float32{.5})})})
}

// activations are those that one operator computes.
var activations = map[string]string{
	"sigmoid": "Sigmoid", "tanh": "Tanh", "relu": "Relu", "elu": "Elu", "softplus": "Softplus", "mish": "Mish",
}

// activation is f(x) of the layer's activation f.
func (g *graph) activation(x string, s network.Spec) string {
	in := []string{x}
	if kind := activations[s.Activation]; kind != "" {
		return g.node(kind, in)
	}
	switch s.Activation {
	case "leaky-relu":
		slope := s.Slope
		if slope == 0 {
			slope = activation.DefaultSlope
		}
		return g.node("LeakyRelu", in, real32("alpha", slope))
	case "softmax":
		return g.node("Softmax", in, whole("axis", -1))
	case "gelu":
		return g.node("Gelu", in)
	case "gelu-tanh":
		return g.node("Gelu", in, word("approximate", "tanh"))
	case "silu":
		return g.node("Mul", []string{x, g.node("Sigmoid", in)})
	case "step":
		return g.cast(g.node("GreaterOrEqual", []string{x, g.floats([]float32{0})}), float32s)
	}
	return x
}
