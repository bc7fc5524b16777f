// Package recalibrate corrects predicted probabilities by few numbers learnt on other rows: the intercept, the line on the logit (Platt), the
// temperature, or the monotone steps of isotonic regression.
package recalibrate

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"sort"

	"gradus/internal/kernel"
	"gradus/metric"
)

// Method is a way of recalibrating.
type Method string

// The methods, by the numbers they learn: one, two, one, many.
const (
	Intercept   Method = "intercept"   // logit p' = a + logit p
	Logistic    Method = "logistic"    // logit p' = a + b·logit p
	Temperature Method = "temperature" // logit p' = logit p / T
	Isotonic    Method = "isotonic"    // the monotone p' of the least squares (pool adjacent violators)
)

// What keeps a recalibration from being fitted.
var (
	ErrMethod    = errors.New("recalibrate: the method is none of intercept, logistic, temperature, isotonic")
	ErrUnsettled = errors.New("recalibrate: one class only, or classes that p parts: there is no likeliest correction")
)

// Map is a fitted correction.
type Map struct {
	Method Method    `json:"method"`
	A      float64   `json:"a,omitempty"`
	B      float64   `json:"b,omitempty"` // of logistic; of temperature 1/T
	X      []float64 `json:"x,omitempty"` // of isotonic: corners, linear between them, flat outside
	Y      []float64 `json:"y,omitempty"`
}

// margin is how far exactly 0 and 1 are moved inwards before their logit is taken, as in the calibration figures.
const margin = 1e-8

// Fit learns the correction of p from what happened.
func Fit(method Method, y []bool, p []float64) (Map, error) {
	if _, err := metric.Brier(y, p); err != nil {
		return Map{}, err // lengths and values
	}
	m := Map{Method: method, B: 1}
	switch method {
	case Intercept:
		return m, m.climb(y, p, true, false)
	case Logistic:
		return m, m.climb(y, p, true, true)
	case Temperature:
		return m, m.climb(y, p, false, true)
	case Isotonic:
		m.B = 0
		m.X, m.Y = pool(y, p)
		return m, nil
	}
	return Map{}, ErrMethod
}

// Apply is the corrected p.
func (m Map) Apply(p float64) float64 {
	if m.Method == Isotonic {
		return between(m.X, m.Y, p)
	}
	return 1 / (1 + kernel.Exp(-m.A-float64(m.B*logit(p))))
}

func logit(p float64) float64 {
	p = math.Min(math.Max(p, 0), 1)
	switch p {
	case 0:
		p = margin
	case 1:
		p = 1 - margin
	}
	return kernel.Log(p) - kernel.Log1p(-p)
}

// climb finds the likeliest A and B among those that are free, by Newton's steps halved until the likelihood rises.
func (m *Map) climb(y []bool, p []float64, freeA, freeB bool) error {
	x := make([]float64, len(p))
	for i, v := range p {
		x[i] = logit(v)
	}
	if freeB {
		m.B = 0 // there the first step is safe, however wild x is
	}
	here := at(y, x, m.A, m.B)
	for range 200 {
		da, db := here.step(freeA, freeB)
		next := at(y, x, m.A+da, m.B+db)
		for size := 0; next.loss > here.loss*(1+1e-13) && size < 60; size++ {
			da, db = float64(da/2), float64(db/2)
			next = at(y, x, m.A+da, m.B+db)
		}
		m.A, m.B, here = m.A+da, m.B+db, next
		if math.IsNaN(m.A) || math.IsNaN(m.B) || math.Abs(m.A) > 1e6 || math.Abs(m.B) > 1e6 {
			return ErrUnsettled
		}
		if math.Abs(da) <= 1e-11*(1+math.Abs(m.A)) && math.Abs(db) <= 1e-11*(1+math.Abs(m.B)) {
			if here.loss < 1e-6*float64(len(y)) {
				return ErrUnsettled // classes parted: the loss can fall for ever
			}
			return nil
		}
	}
	return ErrUnsettled
}

// state is the log loss at (a, b), its gradient and its second derivatives.
type state struct{ loss, ga, gb, aa, ab, bb float64 }

func at(y []bool, x []float64, a, b float64) (s state) {
	for i, v := range x {
		o := a + float64(b*v)
		e := kernel.Exp(-math.Abs(o))
		p, q := 1/(1+e), e/(1+e)
		if o < 0 {
			p, q = q, p
		}
		r := p
		if y[i] {
			r, o = -q, -o
		}
		s.loss += math.Max(0, o) + kernel.Log1p(e)
		s.ga += r
		s.gb += float64(r * v)
		s.aa += float64(p * q)
		s.ab += float64(p * q * v)
		s.bb += float64(p * q * v * v)
	}
	return s
}

func (s state) step(freeA, freeB bool) (da, db float64) {
	switch {
	case !freeB:
		return math.Max(-4, math.Min(4, -s.ga/s.aa)), 0
	case !freeA:
		return 0, -s.gb / s.bb
	}
	det := float64(s.aa*s.bb) - float64(s.ab*s.ab)
	return (float64(s.ab*s.gb) - float64(s.bb*s.ga)) / det, (float64(s.ab*s.ga) - float64(s.aa*s.gb)) / det
}

// block is rows pooled: from the lowest p to the highest, the events among n rows.
type block struct{ from, to, sum, n float64 }

// points are the rows in ascending p, equal ones in one block.
func points(y []bool, p []float64) (list []block) {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(p[a], p[b]), a-b) })
	for _, i := range order {
		event := 0.
		if y[i] {
			event = 1
		}
		if k := len(list) - 1; k >= 0 && list[k].from == p[i] {
			list[k].sum, list[k].n = list[k].sum+event, list[k].n+1
			continue
		}
		list = append(list, block{p[i], p[i], event, 1})
	}
	return list
}

// pool is isotonic regression: neighbours whose share of events falls are pooled; the corners of its steps.
func pool(y []bool, p []float64) (xs, ys []float64) {
	var stack []block
	for _, b := range points(y, p) {
		for k := len(stack) - 1; k >= 0 && stack[k].sum*b.n >= b.sum*stack[k].n; k-- {
			b = block{stack[k].from, b.to, stack[k].sum + b.sum, stack[k].n + b.n}
			stack = stack[:k]
		}
		stack = append(stack, b)
	}
	for _, b := range stack {
		xs, ys = append(xs, b.from), append(ys, b.sum/b.n)
		if b.to > b.from {
			xs, ys = append(xs, b.to), append(ys, b.sum/b.n)
		}
	}
	return xs, ys
}

// between is the polygon through (x, y) at v, flat outside.
func between(x, y []float64, v float64) float64 {
	i := sort.SearchFloat64s(x, v)
	switch {
	case i == len(x):
		return y[len(y)-1]
	case i == 0 || x[i] == v:
		return y[i]
	}
	return y[i-1] + (y[i]-y[i-1])*(v-x[i-1])/(x[i]-x[i-1])
}
