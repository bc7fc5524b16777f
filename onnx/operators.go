package onnx

import (
	"maps"
	"math"
	"slices"
	"strings"

	"gradus/activation"
	pb "gradus/internal/onnxpb"
	"gradus/network"
)

// operators are those of the chain: each takes node n, whose input is the present value, into the layers.
var operators map[string]func(r *reader, n *pb.NodeProto, value string) error

func init() {
	operators = map[string]func(r *reader, n *pb.NodeProto, value string) error{
		"Cast": pass, "Identity": pass, "Dropout": pass, "Flatten": pass, "Reshape": pass,
		"Gemm": gemm, "MatMul": matMul, "Add": shift, "Sub": shift, "Mul": stretch, "Div": stretch, "Scaler": scaler,
		"BatchNormalization": batchNorm, "LayerNormalization": layerNorm,
		"LeakyRelu": leaky, "Elu": elu, "Gelu": gelu, "Softmax": softmax,
	}
	for ours, theirs := range activations {
		if operators[theirs] == nil {
			operators[theirs] = func(r *reader, n *pb.NodeProto, _ string) error { return r.activate(n, ours, 0) }
		}
	}
}

// known names the operators for a sentence.
func known() string {
	return strings.Join(slices.Sorted(maps.Keys(operators)), ", ")
}

func (r *reader) node(n *pb.NodeProto, value string) error {
	do := operators[n.GetOpType()]
	if do == nil {
		return r.fault("onnx.operator", n, "known", known())
	}
	if len(n.Output) == 0 {
		return r.fault("onnx.shape", n)
	}
	return do(r, n, value)
}

func pass(*reader, *pb.NodeProto, string) error { return nil }

// last is the layer that an activation or a bias can still join, nil where there is none.
func (r *reader) last() *layer {
	if len(r.layers) == 0 || r.layers[len(r.layers)-1].Activation != "" {
		return nil
	}
	return &r.layers[len(r.layers)-1]
}

// dense appends o = x·w, w (in,out), or (out,in) where it is transposed already.
func (r *reader) dense(n *pb.NodeProto, w tensor, transposed bool) error {
	if len(w.dims) != 2 {
		return r.fault("onnx.shape", n)
	}
	rows, cols := w.dims[0], w.dims[1]
	m := matrix(w.values, rows, cols, !transposed)
	if r.width != 0 && r.width != m.Cols {
		return r.fault("onnx.width", n, "found", m.Cols, "want", r.width)
	}
	if r.in == 0 {
		r.in = m.Cols
	}
	r.width = m.Rows
	r.layers = append(r.layers, layer{network.Spec{Kind: "dense", Units: m.Rows, NoBias: true}, [][]float32{m.Data}})
	return nil
}

func gemm(r *reader, n *pb.NodeProto, value string) error {
	if len(n.Input) < 2 || n.Input[0] != value || wholeOf(n, "transA", 0) != 0 {
		return r.fault("onnx.shape", n)
	}
	w, err := r.constant(n, 1)
	if err != nil {
		return err
	}
	scaled(w.values, realOf(n, "alpha", 1))
	if err := r.dense(n, w, wholeOf(n, "transB", 0) != 0); err != nil || len(n.Input) < 3 || n.Input[2] == "" {
		return err
	}
	b, err := r.row(n, 2)
	if err != nil {
		return err
	}
	scaled(b, realOf(n, "beta", 1))
	return r.bias(b)
}

func matMul(r *reader, n *pb.NodeProto, value string) error {
	if len(n.Input) != 2 || n.Input[0] != value {
		return r.fault("onnx.shape", n)
	}
	w, err := r.constant(n, 1)
	if err != nil {
		return err
	}
	return r.dense(n, w, false)
}

// bias adds b to the last dense layer.
func (r *reader) bias(b []float32) error {
	l := r.last()
	l.NoBias, l.parts = false, append(l.parts, b)
	return nil
}

// shift is x + c, c + x or x − c; behind a product without a bias it is the bias.
func shift(r *reader, n *pb.NodeProto, value string) error {
	c, err := r.operand(n, value, n.GetOpType() == "Add")
	if err != nil {
		return err
	}
	if n.GetOpType() == "Sub" {
		scaled(c, -1)
	}
	if l := r.last(); l != nil && l.Kind == "dense" && l.NoBias {
		return r.bias(c)
	}
	r.affine(filled(len(c), 1), c, make([]float32, len(c)))
	return nil
}

// stretch is x·c, c·x or x/c.
func stretch(r *reader, n *pb.NodeProto, value string) error {
	c, err := r.operand(n, value, n.GetOpType() == "Mul")
	if err != nil {
		return err
	}
	if n.GetOpType() == "Div" {
		for i, v := range c {
			c[i] = 1 / v
		}
	}
	r.affine(c, make([]float32, len(c)), make([]float32, len(c)))
	return nil
}

func scaler(r *reader, n *pb.NodeProto, _ string) error {
	offset, scale := attribute(n, "offset").GetFloats(), attribute(n, "scale").GetFloats()
	width := max(len(offset), len(scale), r.width)
	offset, ok1 := wide(offset, width)
	scale, ok2 := wide(scale, width)
	if !ok1 || !ok2 || width == 0 || r.width != 0 && r.width != width {
		return r.fault("onnx.shape", n)
	}
	r.affine(scale, make([]float32, width), offset)
	return nil
}

// affine appends γ·(x − mean) + β, as a normalisation whose variance is 1.
func (r *reader) affine(gamma, beta, mean []float32) {
	if r.width = len(gamma); r.in == 0 {
		r.in = r.width
	}
	var e float32 = 1e-5
	r.layers = append(r.layers, layer{network.Spec{Kind: "batch-norm", Epsilon: 1e-5}, [][]float32{gamma, beta, mean, filled(len(gamma), 1-e)}})
}

func batchNorm(r *reader, n *pb.NodeProto, value string) error {
	if len(n.Input) != 5 || n.Input[0] != value {
		return r.fault("onnx.shape", n)
	}
	return r.normal(n, network.Spec{Kind: "batch-norm", Epsilon: realOf(n, "epsilon", 1e-5)}, 4)
}

func layerNorm(r *reader, n *pb.NodeProto, value string) error {
	if len(n.Input) < 2 || n.Input[0] != value || !lastAxis(wholeOf(n, "axis", -1)) {
		return r.fault("onnx.shape", n)
	}
	spec := network.Spec{Kind: "layer-norm", Epsilon: realOf(n, "epsilon", 1e-5)}
	if len(n.Input) > 2 && n.Input[2] != "" {
		return r.normal(n, spec, 2)
	}
	if err := r.normal(n, spec, 1); err != nil {
		return err
	}
	l := r.last()
	l.parts = append(l.parts, make([]float32, len(l.parts[0])))
	return nil
}

// normal appends a normalisation with the constants 1 … count of n.
func (r *reader) normal(n *pb.NodeProto, s network.Spec, count int) error {
	l := layer{Spec: s}
	for i := range count {
		v, err := r.row(n, i+1)
		if err != nil {
			return err
		}
		l.parts = append(l.parts, v)
	}
	r.layers = append(r.layers, l)
	return nil
}

// activate gives the last layer an activation; behind one that has it already stands a layer that changes nothing.
func (r *reader) activate(n *pb.NodeProto, name string, slope float64) error {
	if r.last() == nil {
		if r.width == 0 {
			return r.fault("onnx.shape", n)
		}
		r.affine(filled(r.width, 1), make([]float32, r.width), make([]float32, r.width))
	}
	l := r.last()
	l.Activation, l.Slope = name, slope
	return nil
}

func leaky(r *reader, n *pb.NodeProto, _ string) error {
	slope := realOf(n, "alpha", activation.DefaultSlope)
	if slope == 0 {
		return r.activate(n, "relu", 0)
	}
	return r.activate(n, "leaky-relu", slope)
}

func elu(r *reader, n *pb.NodeProto, _ string) error {
	if realOf(n, "alpha", 1) != 1 {
		return r.fault("onnx.shape", n)
	}
	return r.activate(n, "elu", 0)
}

func gelu(r *reader, n *pb.NodeProto, _ string) error {
	if string(attribute(n, "approximate").GetS()) == "tanh" {
		return r.activate(n, "gelu-tanh", 0)
	}
	return r.activate(n, "gelu", 0)
}

func softmax(r *reader, n *pb.NodeProto, _ string) error {
	if !lastAxis(wholeOf(n, "axis", -1)) {
		return r.fault("onnx.shape", n)
	}
	return r.activate(n, "softmax", 0)
}

func lastAxis(axis int64) bool { return axis == -1 || axis == 1 }

// pattern knows activations that are written as several nodes: x·sigmoid(x), x·tanh(softplus(x)), ½·x·(1 + erf(x/√2)). It returns the name of
// their end.
func (r *reader) pattern(value string, users []*pb.NodeProto) string {
	for _, p := range []struct {
		name  string
		chain []string
	}{{"silu", []string{"Sigmoid"}}, {"mish", []string{"Softplus", "Tanh"}}, {"gelu", []string{"Div", "Erf", "Add"}}, {"gelu", []string{"Mul", "Erf", "Add"}}} {
		end := r.chain(value, users, p.chain)
		if end == "" {
			continue
		}
		if p.name == "gelu" {
			if end = r.halved(end); end == "" {
				continue
			}
		}
		if r.activate(users[0], p.name, 0) != nil {
			return ""
		}
		return end
	}
	return ""
}

// chain follows kinds from value on, each the only user of the one before, to the product with value itself, and returns its name.
func (r *reader) chain(value string, users []*pb.NodeProto, kinds []string) string {
	at := slices.IndexFunc(users, func(n *pb.NodeProto) bool {
		return n.GetOpType() == kinds[0] && len(n.Output) == 1 && !slices.Contains(n.Input[1:], value)
	})
	if len(users) != 2 || at < 0 {
		return ""
	}
	n := users[at]
	for _, kind := range kinds[1:] {
		next := r.users[n.Output[0]]
		if len(next) != 1 || next[0].GetOpType() != kind || len(next[0].Output) != 1 {
			return ""
		}
		n = next[0]
	}
	product := users[1-at]
	if product.GetOpType() != "Mul" || !slices.Contains(product.Input, value) || !slices.Contains(product.Input, n.Output[0]) || len(product.Output) != 1 {
		return ""
	}
	return product.Output[0]
}

// halved is the name of value·½.
func (r *reader) halved(value string) string {
	users := r.users[value]
	if len(users) != 1 || users[0].GetOpType() != "Mul" || len(users[0].Output) != 1 {
		return ""
	}
	c, err := r.operand(users[0], value, true)
	if err != nil || slices.ContainsFunc(c, func(v float32) bool { return math.Abs(float64(v)-.5) > 1e-6 }) {
		return ""
	}
	return users[0].Output[0]
}
