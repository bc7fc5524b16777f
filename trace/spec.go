// Package trace runs the iterations of any network a person writes down and keeps every number: deck 4-5 for every network.
package trace

// Spec is a network, its cost, its optimizer and the batches to run, one iteration each.
type Spec struct {
	Precision string    `json:"precision,omitempty"` // float64 (default) or float32
	Layers    []Layer   `json:"layers"`
	Cost      Cost      `json:"cost"`
	Optimizer Optimizer `json:"optimizer"`
	Batches   []Batch   `json:"batches"`
}

// Layer is a dense layer (weights, biases) or a normalisation (gamma, beta, epsilon, momentum).
type Layer struct {
	Kind       string     `json:"kind,omitempty"` // dense (default), batch-norm, layer-norm
	Activation Activation `json:"activation,omitzero"`
	Weights    [][]Number `json:"weights,omitempty"` // (out,in)
	Biases     []Number   `json:"biases"`            // (out); null: no bias
	Gamma      []Number   `json:"gamma,omitempty"`   // nil: 1
	Beta       []Number   `json:"beta,omitempty"`    // nil: 0
	Epsilon    *Number    `json:"epsilon,omitempty"`
	Momentum   *Number    `json:"momentum,omitempty"`
}

// Activation is a name, or {"name", "slope"} for leaky-relu.
type Activation struct {
	Name  string  `json:"name"`
	Slope *Number `json:"slope,omitempty"`
}

// Cost is a cost function with its parameters beside the name.
type Cost struct {
	Name           string   `json:"name"`
	On             string   `json:"on,omitempty"`
	Delta          *Number  `json:"delta,omitempty"`
	PositiveWeight *Number  `json:"positive_weight,omitempty"`
	ClassWeights   []Number `json:"class_weights,omitempty"`
	LabelSmoothing *Number  `json:"label_smoothing,omitempty"`
}

// Optimizer is a rule, its form, its α and the values its rule has, weight_decay among them.
type Optimizer struct {
	Name   string
	Form   string
	Alpha  *Number
	Values map[string]float64
}

// Batch is one iteration's rows: x (n,in) and y (n,out).
type Batch struct {
	X [][]Number `json:"x"`
	Y [][]Number `json:"y"`
}

// Number is a finite float64; null, NaN, infinities and 1e400 are refused when read.
type Number float64

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
