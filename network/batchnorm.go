package network

import (
	"math/rand/v2"

	"gradus/activation"
	"gradus/internal/say"
	"gradus/mat"
)

// BatchNorm is o = γ·(x−μ)/√(σ²+ε) + β, h = f(o), with μ and σ² (÷n) of each column over the batch (Ioffe and Szegedy 2015).
// Prediction uses running averages of μ and of the unbiased σ² (÷(n−1)), to which each batch adds the share Momentum.
// A batch of one row has no variance: the caller must not pass one.
type BatchNorm[T mat.Float] struct {
	Activation activation.Func[T] // nil: linear
	Epsilon    float64            // 0: 1e-5
	Momentum   float64            // share of the new batch; 0: .1

	norm[T]
	mean, variance []T // running
}

// Spec describes the layer.
func (b *BatchNorm[T]) Spec() Spec {
	return Spec{Kind: "batch-norm", Epsilon: orElse(b.Epsilon, 1e-5), Momentum: orElse(b.Momentum, .1)}.with(described(b.Activation))
}

// Out keeps the width and asks for γ and β.
func (b *BatchNorm[T]) Out(in int) (int, []Part, error) {
	if !(b.Momentum >= 0 && b.Momentum <= 1) {
		return 0, nil, say.Error("network.momentum", "value", b.Momentum)
	}
	return b.out(in, b.Epsilon)
}

// Bind keeps the live γ and β and makes room for the running statistics.
func (b *BatchNorm[T]) Bind(in int, w []T) {
	b.bind(in, w, orElse(b.Epsilon, 1e-5))
	b.mean, b.variance = make([]T, in), make([]T, in)
	for i := range b.variance {
		b.variance[i] = 1
	}
}

// Init sets γ = 1, β = 0, running mean 0 and variance 1.
func (b *BatchNorm[T]) Init(*rand.Rand) {
	b.init()
	clear(b.mean)
	for i := range b.variance {
		b.variance[i] = 1
	}
}

// Buffers are the running mean and variance.
func (b *BatchNorm[T]) Buffers() []Buffer[T] {
	return []Buffer[T]{{"running_mean", b.mean}, {"running_variance", b.variance}}
}

// NewStage makes the cells of one pass.
func (b *BatchNorm[T]) NewStage(rows int, g []T, _ *Chance) Stage[T] {
	s := &batchNormStage[T]{normStage: newNormStage(&b.norm, orLinear(b.Activation), rows, b.in, g), layer: b}
	s.work.Mean, s.work.Variance = make([]T, b.in), make([]T, b.in)
	return s
}

type batchNormStage[T mat.Float] struct {
	normStage[T]
	layer *BatchNorm[T]
}

// Forward normalises by the batch, or by the running statistics when there is no gradient to come.
func (s *batchNormStage[T]) Forward(x mat.Matrix[T]) mat.Matrix[T] {
	switch {
	case !s.training():
		copy(s.work.Mean, s.layer.mean)
		copy(s.work.Variance, s.layer.variance)
	case x.Rows < 2:
		panic("network: batch normalisation of one row has no variance")
	}
	s.work.ByColumn(s.act.room(x.Rows).Data, x.Data, s.training())
	return s.act.forward()
}

// Backward is dx = γ/√(σ²+ε) · (do − mean(do) − x̂·mean(do·x̂)), means over the batch.
func (s *batchNormStage[T]) Backward(dh mat.Matrix[T], first bool) mat.Matrix[T] {
	s.act.backward(dh)
	return s.BackwardLinear(first)
}

// BackwardLinear is Backward from do on.
func (s *batchNormStage[T]) BackwardLinear(first bool) mat.Matrix[T] {
	do, dx := s.gradients(first)
	s.work.BackByColumn(dx.Data, do.Data)
	return dx
}

// settle moves the running statistics by the share Momentum of this batch.
func (s *batchNormStage[T]) settle() {
	s.work.Settle(s.layer.mean, s.layer.variance, T(orElse(s.layer.Momentum, .1)), s.act.n)
}
