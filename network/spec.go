package network

import (
	"gradus/activation"
	"gradus/internal/say"
	"gradus/mat"
)

// Spec describes a layer as data: what a model file keeps and a command line says.
type Spec struct {
	Kind       string  `json:"kind"`                 // dense, dropout, batch-norm, layer-norm, ramps, first, sum
	Units      int     `json:"units,omitempty"`      // dense, first
	NoBias     bool    `json:"no_bias,omitempty"`    // dense
	Activation string  `json:"activation,omitempty"` // empty: linear
	Slope      float64 `json:"slope,omitempty"`      // leaky-relu; 0: .01
	Rate       float64 `json:"rate,omitempty"`       // dropout
	Epsilon    float64 `json:"epsilon,omitempty"`    // normalisations; 0: 1e-5
	Momentum   float64 `json:"momentum,omitempty"`   // batch-norm; 0: .1

	Ramps  []Ramp   `json:"ramps,omitempty"`  // ramps
	Chains [][]Spec `json:"chains,omitempty"` // sum
}

// kinds lists every layer by the word of its Spec. To add a layer: its file and a row here.
func kinds[T mat.Float]() []struct {
	name string
	make func(Spec, activation.Func[T]) Layer[T]
} {
	return []struct {
		name string
		make func(Spec, activation.Func[T]) Layer[T]
	}{
		{"dense", func(s Spec, f activation.Func[T]) Layer[T] {
			return &Dense[T]{Units: s.Units, Activation: f, NoBias: s.NoBias}
		}},
		{"dropout", func(s Spec, _ activation.Func[T]) Layer[T] { return &Dropout[T]{Rate: s.Rate} }},
		{"batch-norm", func(s Spec, f activation.Func[T]) Layer[T] {
			return &BatchNorm[T]{Activation: f, Epsilon: s.Epsilon, Momentum: s.Momentum}
		}},
		{"layer-norm", func(s Spec, f activation.Func[T]) Layer[T] {
			return &LayerNorm[T]{Activation: f, Epsilon: s.Epsilon}
		}},
		{"ramps", func(s Spec, _ activation.Func[T]) Layer[T] { return &Ramps[T]{Ramps: s.Ramps} }},
		{"first", func(s Spec, _ activation.Func[T]) Layer[T] { return &First[T]{Columns: s.Units} }},
	}
}

// Build makes the network that specs describe behind in inputs.
func Build[T mat.Float](in int, specs []Spec) (*Network[T], error) {
	layers := make([]Layer[T], len(specs))
	for i, s := range specs {
		l, err := FromSpec[T](s)
		if err != nil {
			return nil, say.Error("network.layer", "layer", i+1, "cause", err)
		}
		layers[i] = l
	}
	return New(in, layers...)
}

// FromSpec makes one layer.
func FromSpec[T mat.Float](s Spec) (Layer[T], error) {
	if s.Kind == "sum" {
		return sumOf[T](s)
	}
	name := s.Activation
	if name == "" {
		name = "linear"
	}
	f, err := activation.New[T](name, s.Slope)
	if err != nil {
		return nil, err
	}
	var known []string
	for _, k := range kinds[T]() {
		if k.name == s.Kind {
			return k.make(s, f), nil
		}
		known = append(known, k.name)
	}
	known = append(known, "sum")
	return nil, say.Error("network.kind", "name", s.Kind, "nearest", say.Nearest(s.Kind, known), "known", known)
}

// sumOf makes a layer of chains. A sum within a sum is refused: nothing needs it, and a hostile file could nest without end.
func sumOf[T mat.Float](s Spec) (Layer[T], error) {
	sum := &Sum[T]{Chains: make([][]Layer[T], len(s.Chains))}
	for i, chain := range s.Chains {
		for _, inner := range chain {
			if inner.Kind == "sum" {
				return nil, say.Error("network.nested", "chain", i+1)
			}
			l, err := FromSpec[T](inner)
			if err != nil {
				return nil, err
			}
			sum.Chains[i] = append(sum.Chains[i], l)
		}
	}
	return sum, nil
}

// with adds the activation to a spec.
func (s Spec) with(name string, slope float64) Spec {
	if name != "linear" {
		s.Activation, s.Slope = name, slope
	}
	return s
}

// described are the words of an activation; nil is linear.
func described[T mat.Float](f activation.Func[T]) (name string, slope float64) {
	switch f := f.(type) {
	case nil:
		return "linear", 0
	case activation.LeakyReLU[T]:
		return f.Name(), f.Slope
	default:
		return f.Name(), 0
	}
}

// maxLayers keeps a hostile list of layers from costing more than its own size.
const maxLayers = 1000

// Within says whether the network that specs describe behind in inputs takes at most have numbers, running statistics included. It
// allocates nothing: ask it before Build where the specs come from a file, whose sizes may be anything.
func Within(in int, specs []Spec, have int) error {
	if n := count(specs); n > maxLayers {
		return say.Error("network.head_layers", "found", n, "most", maxLayers)
	}
	_, _, err := within(specs, in, have, have)
	return err
}

// count is how many layers there are, those of chains included.
func count(specs []Spec) int {
	n := len(specs)
	for _, s := range specs {
		for _, chain := range s.Chains {
			n += count(chain)
		}
	}
	return n
}

// within walks specs behind width numbers and returns how many of left numbers remain, and the width at the end.
func within(specs []Spec, width, left, have int) (int, int, error) {
	for i, s := range specs {
		each := 0 // numbers for each of its inputs
		switch s.Kind {
		case "dense":
			each = s.Units
		case "batch-norm":
			each = 4 // gamma, beta, running mean and variance
		case "layer-norm":
			each = 2
		}
		if each < 0 || width < 1 || each > left/width {
			return 0, 0, say.Error("network.head_size", "layer", i+1, "units", each, "inputs", width, "have", have)
		}
		left -= each * width
		if s.Kind == "dense" || s.Kind == "first" {
			width = s.Units
		}
		width += len(s.Ramps)
		end := width
		for _, chain := range s.Chains {
			var err error
			if left, end, err = within(chain, width, left, have); err != nil {
				return 0, 0, err
			}
		}
		width = end
	}
	return left, width, nil
}
