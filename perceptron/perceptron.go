// Package perceptron is deck section 4-1: one perceptron with every stage's number, the gates, Rosenblatt's rule, and the proof
// of which truth tables a line can make.
package perceptron

import (
	"math"

	"gradus/activation"
	"gradus/internal/say"
	"gradus/mat"
)

// Perceptron is y = f(Σwᵢxᵢ + b), deck 4-1-5.
type Perceptron struct {
	W          []float64                // (inputs)
	B          float64                  //
	Activation activation.Func[float64] // nil is the step of deck 4-1-6: 1 where Σwᵢxᵢ + b ≥ 0, else 0
}

// Stages are the numbers of one run, in the deck's order.
type Stages struct {
	X        []float64 `json:"x"`        // the inputs, deck 4-1-2
	Products []float64 `json:"products"` // wᵢxᵢ
	Sum      float64   `json:"sum"`      // Σwᵢxᵢ, deck 4-1-3
	O        float64   `json:"o"`        // Σwᵢxᵢ + b, deck 4-1-4
	Y        float64   `json:"y"`        // f(o), deck 4-1-5
}

// Run computes every stage for the inputs x, one for each weight.
func (p Perceptron) Run(x ...float64) (Stages, error) {
	if len(x) != len(p.W) {
		return Stages{}, say.Error("perceptron.inputs", "given", len(x), "weights", len(p.W))
	}
	if err := p.finite(x); err != nil {
		return Stages{}, err
	}
	s := Stages{X: x, Products: make([]float64, len(x))}
	for i, w := range p.W {
		s.Products[i] = float64(w * x[i])
		s.Sum += s.Products[i]
	}
	s.O = s.Sum + p.B
	if !finite(s.O) {
		return Stages{}, say.Error("perceptron.overflow", "value", s.O)
	}
	s.Y = p.fire(s.O)
	return s, nil
}

// fire is y = f(o).
func (p Perceptron) fire(o float64) float64 {
	f := p.Activation
	if f == nil {
		f = activation.Step[float64]{}
	}
	y := mat.From([]float64{o})
	f.Forward(y, y)
	return y.Data[0]
}

// finite refuses a weight, bias or input that is no finite number.
func (p Perceptron) finite(x []float64) error {
	for i, v := range x {
		if !finite(v) {
			return say.Error("perceptron.input", "at", i+1, "value", v)
		}
		if !finite(p.W[i]) {
			return say.Error("perceptron.weight", "at", i+1, "value", p.W[i])
		}
	}
	if !finite(p.B) {
		return say.Error("perceptron.bias", "value", p.B)
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
