package network

import (
	"math"
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
func (b *BatchNorm[T]) NewStage(rows int, g []T, _ *rand.Rand) Stage[T] {
	s := &batchNormStage[T]{normStage: newNormStage(&b.norm, orLinear(b.Activation), rows, g), layer: b}
	s.mean, s.variance, s.scale = make([]T, b.in), make([]T, b.in), make([]T, b.in)
	return s
}

type batchNormStage[T mat.Float] struct {
	normStage[T]
	layer                 *BatchNorm[T]
	mean, variance, scale []T // of the batch, by column; scale = 1/√(σ²+ε)
}

// Forward normalises by the batch, or by the running statistics when there is no gradient to come.
func (s *batchNormStage[T]) Forward(x mat.Matrix[T]) mat.Matrix[T] {
	if s.training() {
		s.statistics(x)
	} else {
		copy(s.mean, s.layer.mean)
		copy(s.variance, s.layer.variance)
	}
	for c, v := range s.variance {
		s.scale[c] = 1 / T(math.Sqrt(float64(v+s.layer.epsilon)))
	}
	xhat := s.xhat.Top(x.Rows)
	for r := range x.Rows {
		row, to := x.Row(r), xhat.Row(r)
		for c, v := range row {
			to[c] = (v - s.mean[c]) * s.scale[c]
		}
	}
	return s.affine(x.Rows)
}

// statistics writes the mean and the variance (÷n) of each column.
func (s *batchNormStage[T]) statistics(x mat.Matrix[T]) {
	if x.Rows < 2 {
		panic("network: batch normalisation of one row has no variance")
	}
	n := T(x.Rows)
	clear(s.mean)
	clear(s.variance)
	for r := range x.Rows {
		for c, v := range x.Row(r) {
			s.mean[c] += v
		}
	}
	for c := range s.mean {
		s.mean[c] /= n
	}
	for r := range x.Rows {
		for c, v := range x.Row(r) {
			d := v - s.mean[c]
			s.variance[c] += T(d * d)
		}
	}
	for c := range s.variance {
		s.variance[c] /= n
	}
}

// Backward is dx = γ/√(σ²+ε) · (do − mean(do) − x̂·mean(do·x̂)), means over the batch.
func (s *batchNormStage[T]) Backward(dh mat.Matrix[T], first bool) mat.Matrix[T] {
	s.act.backward(dh)
	return s.BackwardLinear(first)
}

// BackwardLinear is Backward from do on.
func (s *batchNormStage[T]) BackwardLinear(first bool) mat.Matrix[T] {
	do, xhat := s.gradients()
	if first {
		return mat.Matrix[T]{}
	}
	dx, n := s.dx.Top(do.Rows), T(do.Rows)
	for r := range do.Rows {
		from, xh, to := do.Row(r), xhat.Row(r), dx.Row(r)
		for c, d := range from {
			d -= s.gbeta[c] / n
			d -= T(xh[c] * (s.ggamma[c] / n))
			to[c] = s.layer.gamma[c] * s.scale[c] * d
		}
	}
	return dx
}

// settle moves the running statistics by the share Momentum of this batch.
func (s *batchNormStage[T]) settle() {
	b, n := s.layer, T(s.act.n)
	m := T(orElse(b.Momentum, .1))
	for c := range b.mean {
		b.mean[c] = T((1-m)*b.mean[c]) + T(m*s.mean[c])
		b.variance[c] = T((1-m)*b.variance[c]) + T(m*(s.variance[c]*n/(n-1)))
	}
}
