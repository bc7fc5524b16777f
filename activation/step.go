package activation

import "gradus/mat"

// Step is f(o) = 1 for o ≥ 0, else 0; f′(o) = 0, deck 4-2-2: nothing flows back, which is why no gradient can train it.
type Step[T mat.Float] struct{}

// Name is "step".
func (Step[T]) Name() string { return "step" }

// Forward writes h = 1 where o ≥ 0 (±0 included), else 0.
func (Step[T]) Forward(h, o mat.Matrix[T]) { each(h.Data, o.Data, step) }

func step(o float64) float64 {
	switch {
	case o >= 0:
		return 1
	case o < 0:
		return 0
	}
	return o
}

// Backward writes do = 0, also where o is NaN and at the jump itself.
func (Step[T]) Backward(do, _, _, _ mat.Matrix[T]) { clear(do.Data) }
