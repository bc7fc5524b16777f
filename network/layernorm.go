package network

import (
	"math"
	"math/rand/v2"

	"gradus/activation"
	"gradus/mat"
)

// LayerNorm is o = γ·(x−μ)/√(σ²+ε) + β, h = f(o), with μ and σ² (÷width) of each row (Ba, Kiros and Hinton 2016); the same in
// training and prediction.
type LayerNorm[T mat.Float] struct {
	Activation activation.Func[T] // nil: linear
	Epsilon    float64            // 0: 1e-5

	norm[T]
}

// Spec describes the layer.
func (l *LayerNorm[T]) Spec() Spec {
	return Spec{Kind: "layer-norm", Epsilon: orElse(l.Epsilon, 1e-5)}.with(described(l.Activation))
}

// Out keeps the width and asks for γ and β.
func (l *LayerNorm[T]) Out(in int) (int, []Part, error) { return l.out(in, l.Epsilon) }

// Bind keeps the live γ and β.
func (l *LayerNorm[T]) Bind(in int, w []T) { l.bind(in, w, orElse(l.Epsilon, 1e-5)) }

// Init sets γ = 1 and β = 0.
func (l *LayerNorm[T]) Init(*rand.Rand) { l.init() }

// NewStage makes the cells of one pass.
func (l *LayerNorm[T]) NewStage(rows int, g []T, _ *rand.Rand) Stage[T] {
	return &layerNormStage[T]{newNormStage(&l.norm, orLinear(l.Activation), rows, g), make([]T, rows)}
}

type layerNormStage[T mat.Float] struct {
	normStage[T]
	scale []T // 1/√(σ²+ε) of each row
}

// Forward normalises each row by its own mean and variance.
func (s *layerNormStage[T]) Forward(x mat.Matrix[T]) mat.Matrix[T] {
	width := T(x.Cols)
	for r := range x.Rows {
		row, to := x.Row(r), s.xhat.Row(r)
		var mean, variance T
		for _, v := range row {
			mean += v
		}
		mean /= width
		for _, v := range row {
			d := v - mean
			variance += T(d * d)
		}
		s.scale[r] = 1 / T(math.Sqrt(float64(variance/width+s.norm.epsilon)))
		for c, v := range row {
			to[c] = (v - mean) * s.scale[r]
		}
	}
	return s.affine(x.Rows)
}

// Backward is dx = (γdo − mean(γdo) − x̂·mean(γdo·x̂))/√(σ²+ε), means over the row.
func (s *layerNormStage[T]) Backward(dh mat.Matrix[T], first bool) mat.Matrix[T] {
	s.act.backward(dh)
	return s.BackwardLinear(first)
}

// BackwardLinear is Backward from do on.
func (s *layerNormStage[T]) BackwardLinear(first bool) mat.Matrix[T] {
	do, xhat := s.gradients()
	if first {
		return mat.Matrix[T]{}
	}
	dx, width := s.dx.Top(do.Rows), T(do.Cols)
	for r := range do.Rows {
		from, xh, to := do.Row(r), xhat.Row(r), dx.Row(r)
		var sum, along T
		for c, d := range from {
			to[c] = d * s.norm.gamma[c]
			sum += to[c]
			along += T(to[c] * xh[c])
		}
		for c := range to {
			to[c] = (to[c] - sum/width - T(xh[c]*(along/width))) * s.scale[r]
		}
	}
	return dx
}
