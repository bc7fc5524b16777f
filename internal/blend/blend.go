// Package blend sets a regression beside the networks of an ensemble: it fits the regression on the features that they see, and
// weighs both by the cost on rows that neither was trained on.
package blend

import (
	"math"

	"gradus/mat"
	"gradus/regression"
)

// Ridge is λ of the regression, on z-scores; scikit-learn's C = 1.
const Ridge = 1

// Line is a linear function of the features, (outputs, features) and (outputs); no regression where the work would be more than a
// network's, or the fit has no answer: zeros.
type Line struct{ Weights, Biases []float64 }

// most bounds rows × features² of a fit by Newton's steps, mostClasses rows × features × classes of one by gradients.
const (
	most        = 4e9
	mostClasses = 3e5
)

// Fit fits the regression to x (n,d) and y: the logit of 0 or 1 where outputs is 1 and binary, of classes 0 … outputs−1, or a number.
func Fit[T mat.Float](x mat.Matrix[T], y []T, outputs int, binary bool) (l Line) {
	l = Line{make([]float64, outputs*x.Cols), make([]float64, outputs)}
	cells := float64(x.Rows) * float64(x.Cols)
	if outputs > 1 && cells*float64(outputs) > mostClasses || outputs == 1 && cells*float64(x.Cols) > most {
		return l
	}
	wide := mat.Matrix[float64]{Rows: x.Rows, Cols: x.Cols, Data: widened(x.Data)}
	switch {
	case outputs > 1:
		if f, err := regression.Softmax(wide, classes(y), outputs, Ridge); err == nil {
			copy(l.Biases, f.Intercept)
			for k, w := range f.Coefficients {
				copy(l.Weights[k*x.Cols:], w)
			}
		}
	case binary:
		if f, err := regression.Logistic(wide, events(y), Ridge); err == nil {
			l = Line{f.Coefficients, []float64{f.Intercept}}
		}
	default:
		if f, err := regression.Linear(wide, widened(y), Ridge); err == nil {
			l = Line{f.Coefficients, []float64{f.Intercept}}
		}
	}
	return l
}

func widened[T mat.Float](x []T) []float64 {
	list := make([]float64, len(x))
	for i, v := range x {
		list[i] = float64(v)
	}
	return list
}

// Of writes o = x·wᵀ + b of the rows of x to o (n,outputs).
func Of[T mat.Float](l Line, o mat.Matrix[float64], x mat.Matrix[T]) {
	for r := range x.Rows {
		for k := range o.Cols {
			sum := l.Biases[k]
			for j, v := range x.Row(r) {
				sum += float64(l.Weights[k*x.Cols+j] * float64(v))
			}
			o.Row(r)[k] = sum
		}
	}
}

// Weigh returns a_i ≥ 0 that make o = Σ a_i·says_i (n,outputs) cost least against y: cross-entropy of logits, or half the squared error
// of a number. Slight priors draw Σ a_i to 1, and the shares of all but the last, the regression, to one another. Without rows these
// have equal shares.
func Weigh(says []mat.Matrix[float64], y []float64, outputs int, binary bool) []float64 {
	w := newWeighing(len(says), outputs)
	if len(y) == 0 {
		return w.a
	}
	return w.settle(func() {
		square := 0.
		for r, v := range y {
			w.row(says, r, v, outputs, binary)
			square += (w.p[0] - v) * (w.p[0] - v)
		}
		if outputs == 1 && !binary {
			w.noise = square / float64(len(y))
		}
	})
}

// newWeighing is one of k shares, equal but for the last, which is 0.
func newWeighing(k, outputs int) *weighing {
	w := &weighing{noise: 1, a: make([]float64, k), g: make([]float64, k), h: mat.New[float64](k, k), z: make([]float64, k), mean: make([]float64, k), p: make([]float64, outputs)}
	for i := range k - 1 {
		w.a[i] = 1 / float64(k-1)
	}
	return w
}

// settle steps until the shares rest; look takes what is known into gradient and Hessian.
func (w *weighing) settle(look func()) []float64 {
	for range 100 {
		clear(w.g)
		clear(w.h.Data)
		look()
		w.draw()
		if moved := w.step(); moved < 1e-9 || moved-moved != 0 {
			break
		}
	}
	return w.a
}

// pull is the strength of the prior on Σ a, even that of the one on what is between the forms, doubt that of the one on the networks' whole
// share: where few rows say how much the networks know beyond the regression, they count less.
const (
	pull  = 1
	even  = 5
	doubt = 15
)

// weighing is one Newton step of Weigh: gradient g and Hessian h in a; z, mean and p are scratch. noise is the variance of a number about
// what is said of it, 1 of levels: ½ squared error ÷ noise is its likelihood.
type weighing struct {
	noise            float64
	a, g, z, mean, p []float64
	h                mat.Matrix[float64]
}

// row takes in row r, whose target is y.
func (w *weighing) row(says []mat.Matrix[float64], r int, y float64, outputs int, binary bool) {
	top, sum := math.Inf(-1), 0.
	for c := range outputs {
		o := 0.
		for i, s := range says {
			o += w.a[i] * s.Row(r)[c]
		}
		w.p[c] = o
		top = max(top, o)
	}
	switch {
	case outputs == 1 && binary:
		p := 1 / (1 + math.Exp(-w.p[0]))
		w.add(says, r, 0, p-y, p*(1-p))
		return
	case outputs == 1:
		w.add(says, r, 0, w.p[0]-y, 1)
		return
	}
	for c, o := range w.p {
		w.p[c] = math.Exp(o - top)
		sum += w.p[c]
	}
	clear(w.mean)
	for c := range w.p {
		p := w.p[c] / sum
		w.add(says, r, c, p-is(c == int(y)), p)
		for i, s := range says {
			w.mean[i] += p * s.Row(r)[c]
		}
	}
	for i, m := range w.mean {
		for j, n := range w.mean {
			w.h.Row(i)[j] -= m * n
		}
	}
}

func is(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// add takes in output c of row r, its error and the curvature of the cost there.
func (w *weighing) add(says []mat.Matrix[float64], r, c int, e, curve float64) {
	for i, s := range says {
		w.z[i] = s.Row(r)[c]
	}
	for i, v := range w.z {
		w.g[i] += v * e
		for j, u := range w.z {
			w.h.Row(i)[j] += v * u * curve
		}
	}
}

// draw adds the priors noise·½(pull·(Σa − 1)² + doubt·(Σ_f a_f)² + even·Σ_f (a_f − mean)²), where f is any but the last.
func (w *weighing) draw() {
	k := len(w.a)
	forms := 0.
	for _, v := range w.a[:k-1] {
		forms += v
	}
	const ridge = 1e-6
	for i := range w.a {
		w.g[i] += w.noise * pull * (forms + w.a[k-1] - 1)
		if i < k-1 {
			w.g[i] += w.noise * (doubt*forms + even*(w.a[i]-forms/float64(k-1)))
			w.h.Row(i)[i] += w.noise * even
		}
		for j := range w.a {
			w.h.Row(i)[j] += w.noise * pull
			if i < k-1 && j < k-1 {
				w.h.Row(i)[j] += w.noise * (doubt - even/float64(k-1))
			}
		}
		w.h.Row(i)[i] += ridge
	}
}

// step moves a to the least of the quadratic that g and h are of, none below 0, by descent along one share after the other, and returns
// how far.
func (w *weighing) step() (moved float64) {
	d := w.z
	clear(d)
	for range 1000 {
		far := 0.
		for i := range d {
			slope := w.g[i]
			for j, v := range d {
				slope += w.h.Row(i)[j] * v
			}
			next := max(d[i]-slope/w.h.Row(i)[i], -w.a[i])
			far = max(far, math.Abs(next-d[i]))
			d[i] = next
		}
		if far < 1e-12 {
			break
		}
	}
	for _, v := range d {
		moved = max(moved, math.Abs(v))
	}
	// a long step, where probabilities are near 0 and 1, would overshoot
	size := min(1, 1/moved)
	for i, v := range d {
		w.a[i] += size * v
	}
	return moved
}
