package network

import (
	"gradus/activation"
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
	norm          *norm[T]
	act           activated[T]
	xhat, dx      mat.Matrix[T] // (rows,in)
	ggamma, gbeta []T           // (in) each
}

func newNormStage[T mat.Float](n *norm[T], f activation.Func[T], rows int, g []T) normStage[T] {
	s := normStage[T]{norm: n, act: newActivated(f, rows, n.in, g != nil), xhat: mat.New[T](rows, n.in)}
	if g != nil {
		s.dx, s.ggamma, s.gbeta = mat.New[T](rows, n.in), g[:n.in], g[n.in:]
	}
	return s
}

func (s *normStage[T]) training() bool { return s.ggamma != nil }

// affine is o = γ·x̂ + β, h = f(o).
func (s *normStage[T]) affine(n int) mat.Matrix[T] {
	o := s.act.room(n)
	for r := range n {
		xh, to := s.xhat.Row(r), o.Row(r)
		for c, v := range xh {
			to[c] = T(s.norm.gamma[c]*v) + s.norm.beta[c]
		}
	}
	return s.act.forward()
}

// gradients writes dγ = Σ do·x̂ and dβ = Σ do, and returns do and x̂ of the last pass.
func (s *normStage[T]) gradients() (do, xhat mat.Matrix[T]) {
	do, xhat = s.act.do.Top(s.act.n), s.xhat.Top(s.act.n)
	clear(s.ggamma)
	clear(s.gbeta)
	for r := range do.Rows {
		xh := xhat.Row(r)
		for c, d := range do.Row(r) {
			s.gbeta[c] += d
			s.ggamma[c] += T(d * xh[c])
		}
	}
	return do, xhat
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
