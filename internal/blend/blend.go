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

// Weigh returns a, b ≥ 0 that make o = a·net + b·line (n,outputs) cost least against y: cross-entropy of logits, or the squared error
// of a number. A slight prior draws a + b to 1.
func Weigh(net, line mat.Matrix[float64], y []float64, outputs int, binary bool) (a, b float64) {
	a, b = 1, 0
	for range 50 {
		w := weighing{a: a, b: b}
		for i, v := range y {
			switch {
			case outputs > 1:
				w.classes(net.Row(i), line.Row(i), int(v))
			case binary:
				w.event(net.Data[i], line.Data[i], v)
			default:
				w.add(net.Data[i], line.Data[i], a*net.Data[i]+b*line.Data[i]-v, 1)
			}
		}
		next, nextB := w.step()
		if moved := math.Abs(next-a) + math.Abs(nextB-b); moved < 1e-9 || moved-moved != 0 {
			break
		}
		a, b = next, nextB
	}
	return a, b
}

// pull is the strength of the prior on a and b.
const pull = 1

// weighing is one Newton step of Weigh: gradient and Hessian in (a, b).
type weighing struct{ a, b, ga, gb, aa, ab, bb float64 }

// add takes in an output: its parts n of the networks and l of the line, its error and the curvature of the cost there.
func (w *weighing) add(n, l, e, curve float64) {
	w.ga += n * e
	w.gb += l * e
	w.aa += n * n * curve
	w.ab += n * l * curve
	w.bb += l * l * curve
}

func (w *weighing) event(n, l, y float64) {
	p := 1 / (1 + math.Exp(-(w.a*n + w.b*l)))
	w.add(n, l, p-y, p*(1-p))
}

func (w *weighing) classes(n, l []float64, y int) {
	p, top, sum := make([]float64, len(n)), math.Inf(-1), 0.
	for k := range p {
		p[k] = w.a*n[k] + w.b*l[k]
		top = max(top, p[k])
	}
	for k := range p {
		p[k] = math.Exp(p[k] - top)
		sum += p[k]
	}
	meanN, meanL := 0., 0.
	for k := range p {
		p[k] /= sum
		e := p[k]
		if k == y {
			e--
		}
		w.add(n[k], l[k], e, p[k])
		meanN += p[k] * n[k]
		meanL += p[k] * l[k]
	}
	w.aa -= meanN * meanN
	w.ab -= meanN * meanL
	w.bb -= meanL * meanL
}

// step is the next a and b; one that would fall below 0 is held there.
func (w *weighing) step() (a, b float64) {
	w.ga += pull * (w.a + w.b - 1)
	w.gb += pull * (w.a + w.b - 1)
	w.aa, w.ab, w.bb = w.aa+pull, w.ab+pull, w.bb+pull
	const ridge = 1e-6
	w.aa += ridge
	w.bb += ridge
	det := w.aa*w.bb - w.ab*w.ab
	da, db := (w.bb*w.ga-w.ab*w.gb)/det, (w.aa*w.gb-w.ab*w.ga)/det
	switch {
	case w.a-da < 0:
		return 0, max(w.b-(w.gb-w.ab*w.a)/w.bb, 0)
	case w.b-db < 0:
		return max(w.a-(w.ga-w.ab*w.b)/w.aa, 0), 0
	}
	// a long step, where probabilities are near 0 and 1, would overshoot
	size := min(1, 1/math.Max(math.Abs(da), math.Abs(db)))
	return w.a - size*da, w.b - size*db
}
