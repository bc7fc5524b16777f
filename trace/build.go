package trace

import (
	"slices"

	"gradus/activation"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
)

var kinds = []string{"dense", "batch-norm", "layer-norm"}

// build makes the network that the spec writes down, its weights set.
func build[T mat.Float](s Spec) (*network.Network[T], error) {
	if len(s.Layers) == 0 {
		return nil, say.Error("trace.no_layers")
	}
	width := s.inputs()
	layers := make([]network.Layer[T], len(s.Layers))
	in := 0
	for i, l := range s.Layers {
		takes, gives, err := l.check(i+1, width)
		switch {
		case err != nil:
			return nil, err
		case i == 0:
			in = takes
		case takes != width:
			return nil, say.Error("trace.chain", "layer", i+1, "takes", takes, "before", i, "gives", width)
		}
		if layers[i], err = network.FromSpec[T](l.spec(gives)); err != nil {
			return nil, say.Error("network.layer", "layer", i+1, "cause", err)
		}
		fromH(layers[i])
		width = gives
	}
	net, err := network.New(in, layers...)
	if err != nil {
		return nil, err
	}
	net.Init(0) // γ = 1, running statistics; every other weight is given
	for i, l := range s.Layers {
		give(net, i, l)
	}
	return net, nil
}

// inputs is the width that a normalisation standing first takes.
func (s Spec) inputs() int {
	if len(s.Batches) > 0 && len(s.Batches[0].X) > 0 {
		return len(s.Batches[0].X[0])
	}
	return 0
}

// check looks at one layer behind width inputs and returns how many it takes and gives.
func (l Layer) check(n, width int) (takes, gives int, err error) {
	if err := l.checkRanges(n); err != nil {
		return 0, 0, err
	}
	if err := l.Activation.check(); err != nil {
		return 0, 0, say.Error("network.layer", "layer", n, "cause", err)
	}
	switch l.Kind {
	case "", "dense":
		return l.checkDense(n)
	case "batch-norm", "layer-norm":
		return l.checkNorm(n, width)
	}
	return 0, 0, say.Error("trace.kind", "layer", n, "name", clip(l.Kind), "nearest", say.Nearest(l.Kind, kinds), "known", kinds)
}

func (a Activation) check() error {
	if a.Name == "" && a.Slope == nil {
		return nil
	}
	if _, err := activation.ByName[float64](a.Name); err != nil {
		return err
	}
	if a.Slope != nil && a.Name != "leaky-relu" {
		return say.Error("activation.no_slope", "name", a.Name, "slope", float64(*a.Slope))
	}
	return nil
}

func (l Layer) checkRanges(n int) error {
	for _, v := range []struct {
		name  string
		value *Number
	}{{"epsilon", l.Epsilon}, {"momentum", l.Momentum}} {
		if v.value != nil && !(*v.value > 0 && *v.value <= 1) {
			return say.Error("network.layer", "layer", n, "cause",
				say.Error("trace.range", "where", v.name, "value", float64(*v.value), "allowed", "(0, 1]"))
		}
	}
	return nil
}

func (l Layer) checkDense(n int) (takes, gives int, err error) {
	if l.Gamma != nil || l.Beta != nil || l.Epsilon != nil || l.Momentum != nil {
		return 0, 0, say.Error("trace.misplaced", "layer", n, "kind", "dense", "key", "gamma, beta, epsilon, momentum")
	}
	if len(l.Weights) == 0 || len(l.Weights[0]) == 0 {
		return 0, 0, say.Error("trace.weights", "layer", n)
	}
	takes, gives = len(l.Weights[0]), len(l.Weights)
	if err := rectangular(l.Weights); err != nil {
		return 0, 0, say.Error("network.layer", "layer", n, "cause", err)
	}
	if l.Biases != nil && len(l.Biases) != gives {
		return 0, 0, say.Error("trace.biases", "layer", n, "what", "biases", "found", len(l.Biases), "want", gives)
	}
	return takes, gives, nil
}

func (l Layer) checkNorm(n, width int) (takes, gives int, err error) {
	if l.Weights != nil || l.Biases != nil {
		return 0, 0, say.Error("trace.misplaced", "layer", n, "kind", l.Kind, "key", "weights, biases")
	}
	if l.Kind == "layer-norm" && l.Momentum != nil {
		return 0, 0, say.Error("trace.misplaced", "layer", n, "kind", l.Kind, "key", "momentum")
	}
	if l.Gamma != nil && len(l.Gamma) != width {
		return 0, 0, say.Error("trace.biases", "layer", n, "what", "gamma", "found", len(l.Gamma), "want", width)
	}
	if l.Beta != nil && len(l.Beta) != width {
		return 0, 0, say.Error("trace.biases", "layer", n, "what", "beta", "found", len(l.Beta), "want", width)
	}
	return width, width, nil
}

// rectangular tells the first row that has another length than the first one.
func rectangular(rows [][]Number) error {
	for r, row := range rows {
		if len(row) != len(rows[0]) {
			return say.Error("trace.ragged", "where", "weights", "row", r+1, "found", len(row), "want", len(rows[0]))
		}
	}
	return nil
}

func (l Layer) spec(units int) network.Spec {
	s := network.Spec{Kind: l.Kind, Activation: l.Activation.Name, Slope: or(l.Activation.Slope, 0)}
	if l.Activation.Slope != nil && s.Slope == 0 {
		s.Activation = "relu" // a Spec's zero is the default slope, and leaky-relu with slope 0 is relu
	}
	if l.Kind == "" || l.Kind == "dense" {
		s.Kind, s.Units, s.NoBias = "dense", units, l.Biases == nil
	}
	s.Epsilon, s.Momentum = or(l.Epsilon, 0), or(l.Momentum, 0)
	return s
}

// give writes the layer's values over the named arrays of layer i.
func give[T mat.Float](net *network.Network[T], i int, l Layer) {
	for name, values := range map[string][]Number{
		"weights": slices.Concat(l.Weights...), "biases": l.Biases, "gamma": l.Gamma, "beta": l.Beta,
	} {
		for k, v := range values {
			named(net, net.Weights(), i, name)[k] = T(v)
		}
	}
}

// named is the live array of layer i called name in a vector laid out as the network's weights; nil where there is none.
func named[T mat.Float](net *network.Network[T], v []T, i int, name string) []T {
	for _, s := range net.Spans() {
		if s.Layer == i && s.Name == name {
			return v[s.Start:s.End]
		}
	}
	return nil
}

func or(n *Number, other float64) float64 {
	if n == nil {
		return other
	}
	return float64(*n)
}

// matrix copies rows into a matrix.
func matrix[T mat.Float](rows [][]Number) mat.Matrix[T] {
	m := mat.New[T](len(rows), len(rows[0]))
	for r, row := range rows {
		for c, v := range row {
			m.Row(r)[c] = T(v)
		}
	}
	return m
}
