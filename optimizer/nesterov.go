package optimizer

import (
	"gradus/internal/kernel"
	"gradus/mat"
)

// Nesterov is v := γv + g, w := w − α·(g + γv), PyTorch's form of Nesterov's momentum, which needs the gradient at w only.
type Nesterov[T mat.Float] struct {
	gamma T
	v     []T
}

// NesterovAhead is v := γv + α·g(w − γv), w := w − v, the deck's momentum (4-4-8) with its gradient taken one throw ahead.
//
// It is a LookAhead: Ahead moves w to w − γv, the gradient is taken there, and Step starts from where w was, exactly. A Step
// without Ahead takes the gradient as if it came from w itself and is then the deck's momentum.
type NesterovAhead[T mat.Float] struct {
	gamma    T
	v, saved []T
	ahead    bool
}

// NesterovConfig are Nesterov's values; a zero means the default (an exact 0 is given through New).
type NesterovConfig struct {
	Gamma float64 // γ in [0, 1), .9
}

// NewNesterov makes Nesterov's momentum for n weights: a NesterovAhead in the deck's form.
func NewNesterov[T mat.Float](n int, form Form, c NesterovConfig) (Rule[T], error) {
	return New[T]("nesterov", n, form, given(map[string]float64{"gamma": c.Gamma}))
}

func buildNesterov[T mat.Float](n int, form Form, v map[string]float64) Rule[T] {
	if form == Deck {
		return &NesterovAhead[T]{gamma: T(v["gamma"]), v: make([]T, n), saved: make([]T, n)}
	}
	return &Nesterov[T]{T(v["gamma"]), make([]T, n)}
}

// Name is "nesterov".
func (*Nesterov[T]) Name() string { return "nesterov" }

// Name is "nesterov".
func (*NesterovAhead[T]) Name() string { return "nesterov" }

// Step is one iteration.
func (r *Nesterov[T]) Step(alpha T, w, g []T) {
	w, v := w[:len(g)], r.v[:len(g)]
	if kernel.Nesterov(nil, w, g, v, r.gamma, alpha) {
		return
	}
	for i, gi := range g {
		v[i] = T(r.gamma*v[i]) + gi
		w[i] -= T(alpha * (gi + T(r.gamma*v[i])))
	}
}

// Ahead saves w and moves it to w − γv; a second call before Step changes nothing.
func (r *NesterovAhead[T]) Ahead(w []T) {
	if r.ahead {
		return
	}
	r.ahead = true
	v, saved := r.v[:len(w)], r.saved[:len(w)]
	if kernel.Ahead(w, saved, v, r.gamma) {
		return
	}
	for i, wi := range w {
		saved[i] = wi
		w[i] = wi - T(r.gamma*v[i])
	}
}

// Step is one iteration from the w that Ahead saved.
func (r *NesterovAhead[T]) Step(alpha T, w, g []T) {
	from := w
	if r.ahead {
		from = r.saved
	}
	r.ahead = false
	w, v, from := w[:len(g)], r.v[:len(g)], from[:len(g)]
	if kernel.Throw(nil, w, g, v, from, r.gamma, alpha) {
		return
	}
	for i, gi := range g {
		v[i] = T(r.gamma*v[i]) + T(alpha*gi)
		w[i] = from[i] - v[i]
	}
}

// State is v.
func (r *Nesterov[T]) State() State[T] { return State[T]{nil, []Moment[T]{{"v", r.v}}} }

// State is v: between Step and Ahead, where a checkpoint is taken, nothing is saved.
func (r *NesterovAhead[T]) State() State[T] { return State[T]{nil, []Moment[T]{{"v", r.v}}} }
