package network

import (
	"gradus/activation"
	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/mat"
)

// norm is what both normalisations share: the trained scale γ and shift β of each column.
type norm[T mat.Float] struct {
	in          int
	epsilon     T
	gamma, beta []T // (in) each, live
}

func (n *norm[T]) out(in int, epsilon float64) (int, []Part, error) {
	if !(epsilon >= 0 && epsilon <= 1) {
		return 0, nil, say.Error("network.epsilon", "value", epsilon)
	}
	return in, []Part{{"gamma", 1, in, false}, {"beta", 1, in, false}}, nil
}

func (n *norm[T]) bind(in int, w []T, epsilon float64) {
	n.in, n.gamma, n.beta, n.epsilon = in, w[:in], w[in:], T(epsilon)
}

func (n *norm[T]) bound() bool { return n.gamma != nil }

func (n *norm[T]) init() {
	for i := range n.gamma {
		n.gamma[i], n.beta[i] = 1, 0
	}
}

// normStage holds x̂ and the cells behind it.
type normStage[T mat.Float] struct {
	act  activated[T]
	work kernel.Norm[T]
	dx   mat.Matrix[T] // (rows,in)
}

// newNormStage makes room for so many scales 1/√(σ²+ε).
func newNormStage[T mat.Float](n *norm[T], f activation.Func[T], rows, scales int, g []T) normStage[T] {
	s := normStage[T]{act: newActivated(f, rows, n.in, g != nil)}
	s.work = kernel.Norm[T]{
		Width: n.in, Epsilon: n.epsilon, Gamma: n.gamma, Beta: n.beta, Scale: make([]T, scales), Xhat: make([]T, rows*n.in),
	}
	if g != nil {
		s.dx, s.work.DGamma, s.work.DBeta = mat.New[T](rows, n.in), g[:n.in], g[n.in:]
	}
	return s
}

func (s *normStage[T]) training() bool { return s.work.DGamma != nil }

// gradients are do of the last pass and room for dx, none for the first layer.
func (s *normStage[T]) gradients(first bool) (do, dx mat.Matrix[T]) {
	if !first {
		dx = s.dx.Top(s.act.n)
	}
	return s.act.do.Top(s.act.n), dx
}

// Linear names the activation, shows o and lends do.
func (s *normStage[T]) Linear(n int) (name string, o, do mat.Matrix[T]) { return s.act.linear(n) }

// Cells shows o, h, do, dh.
func (s *normStage[T]) Cells() Cells[T] { return s.act.cells() }

func orElse(v, other float64) float64 {
	if v == 0 {
		return other
	}
	return v
}

func orLinear[T mat.Float](f activation.Func[T]) activation.Func[T] {
	if f == nil {
		return activation.Linear[T]{}
	}
	return f
}
