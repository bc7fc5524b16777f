package network

import (
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
func (l *LayerNorm[T]) NewStage(rows int, g []T, _ *Chance) Stage[T] {
	return &layerNormStage[T]{newNormStage(&l.norm, orLinear(l.Activation), rows, rows, g)}
}

type layerNormStage[T mat.Float] struct{ normStage[T] }

// Forward normalises each row by its own mean and variance.
func (s *layerNormStage[T]) Forward(x mat.Matrix[T]) mat.Matrix[T] {
	s.work.ByRow(s.act.room(x.Rows).Data, x.Data)
	return s.act.forward()
}

// Backward is dx = (γdo − mean(γdo) − x̂·mean(γdo·x̂))/√(σ²+ε), means over the row.
func (s *layerNormStage[T]) Backward(dh mat.Matrix[T], first bool) mat.Matrix[T] {
	s.act.backward(dh)
	return s.BackwardLinear(first)
}

// BackwardLinear is Backward from do on.
func (s *layerNormStage[T]) BackwardLinear(first bool) mat.Matrix[T] {
	do, dx := s.gradients(first)
	s.work.BackByRow(dx.Data, do.Data)
	return dx
}
