package metric

import (
	"math"
	"slices"
	"sort"
)

const (
	loessSpan  = .75
	loessExact = 10000 // up to so many distinct predictions the curve is evaluated at each; above, at loessKnots and between them by straight lines
	loessKnots = 1000
	loessMost  = 50000 // above so many distinct predictions, neighbours are first merged to their mean
)

// Loess is the local quadratic curve of y over p: span .75, tricube weights, evaluated directly at each point of at
// (R's surface = "direct", not its default that interpolates on a coarse tree). It may leave [0, 1].
//
// Where fewer than three distinct predictions carry weight the polynomial is of a lower degree; where more than 75 % of the
// rows share one prediction the value there is their mean.
func Loess(y []bool, p, at []float64) ([]float64, error) {
	if err := checkScores(y, p); err != nil {
		return nil, err
	}
	l := newLoess(y, p)
	curve := make([]float64, len(at))
	for i, z := range at {
		curve[i] = l.at(z)
	}
	return curve, nil
}

// loess holds the distinct predictions in order, with their rows and events, and all of them for the nearest-rows search.
type loess struct {
	sorted          []float64
	x, rows, events []float64
	near            int
	weight          []float64 // scratch: the weight of each x in the window
}

func newLoess(y []bool, p []float64) *loess {
	s := ranked(p)
	l := &loess{sorted: make([]float64, len(s)), near: max(1, int(float64(loessSpan*float64(len(s)))+1e-5))}
	for i, row := range s {
		l.sorted[i] = row.p
	}
	runs(y, s, func(from, to, events int) {
		l.x = append(l.x, s[from].p)
		l.rows = append(l.rows, float64(to-from))
		l.events = append(l.events, float64(events))
	})
	l.weight = make([]float64, len(l.x))
	return l
}

// reach is the distance from z to its near-th nearest row.
func (l *loess) reach(z float64) float64 {
	from := sort.Search(len(l.sorted)-l.near, func(i int) bool { return z-l.sorted[i] <= l.sorted[i+l.near]-z })
	return math.Max(z-l.sorted[from], l.sorted[from+l.near-1]-z)
}

// at fits the weighted quadratic around z in orthogonal polynomials of u = (x−z)/reach, which keeps its digits where the
// normal equations lose them, and returns its value at z.
func (l *loess) at(z float64) float64 {
	reach := l.reach(z)
	from := sort.SearchFloat64s(l.x, z-reach)
	to := from + sort.Search(len(l.x)-from, func(i int) bool { return l.x[from+i] > z+reach })
	x, w := l.x[from:to], l.weight[from:to]
	if reach == 0 {
		return l.events[from] / l.rows[from]
	}
	return quadratic(x, l.rows[from:to], l.events[from:to], w, z, reach)
}

// tricube is (1 − |u|³)³ within |u| < 1.
func tricube(u float64) float64 {
	r := math.Abs(u)
	t := max(0, 1-float64(r*r*r))
	return t * t * t
}

// quadratic is Σ cₖ·pₖ(0) for the orthogonal polynomials p₀ = 1, p₁ = u − a, p₂ = (u−b)·p₁ − c.
func quadratic(x, rows, events, w []float64, z, reach float64) float64 {
	const rank = 1e-26 // a polynomial whose square is this small against the weights is rounding, not data
	var total, sumU, sumY float64
	for i, v := range x {
		u := (v - z) / reach
		t := tricube(u)
		w[i] = t
		total += float64(t * rows[i])
		sumU += float64(t * rows[i] * u)
		sumY += float64(t * events[i])
	}
	mean, a := sumY/total, sumU/total
	var s1, y1, b float64
	for i, v := range x {
		u := (v - z) / reach
		p1 := u - a
		s1 += float64(w[i] * rows[i] * p1 * p1)
		b += float64(w[i] * rows[i] * p1 * p1 * u)
		y1 += float64(w[i] * p1 * (events[i] - float64(rows[i]*mean)))
	}
	if s1 <= rank*total {
		return mean
	}
	b, y1 = b/s1, y1/s1
	c := s1 / total
	var s2, y2 float64
	for i, v := range x {
		u := (v - z) / reach
		p1 := u - a
		p2 := float64((u-b)*p1) - c
		s2 += float64(w[i] * rows[i] * p2 * p2)
		y2 += float64(w[i] * p2 * (events[i] - float64(rows[i]*(mean+float64(y1*p1)))))
	}
	value := mean - float64(y1*a)
	if s2 > rank*total {
		value += float64(y2 / s2 * (float64(a*b) - c))
	}
	return value
}

// distances is the mean, median, 90th percentile and largest |loess(p) − p| over the rows.
func distances(y []bool, p []float64) (mean, median, ninety, most Number) {
	l := newLoess(y, p)
	l.merge()
	curve := l.everywhere()
	d := make([]float64, 0, len(p))
	sum := 0.
	for i, v := range l.x {
		gap := math.Abs(curve[i] - v)
		sum += gap * l.rows[i]
		for range int(l.rows[i]) {
			d = append(d, gap)
		}
	}
	slices.Sort(d)
	return Number(sum / float64(len(p))), Number(quantile(d, .5)), Number(quantile(d, .9)), Number(d[len(d)-1])
}

// merge joins neighbouring predictions to their mean until at most loessMost are left.
func (l *loess) merge() {
	share := (len(l.x) + loessMost - 1) / loessMost
	if share < 2 {
		return
	}
	kept := 0
	for from := 0; from < len(l.x); from += share {
		var sum, rows, events float64
		for i := from; i < min(from+share, len(l.x)); i++ {
			sum += l.x[i] * l.rows[i]
			rows += l.rows[i]
			events += l.events[i]
		}
		l.x[kept], l.rows[kept], l.events[kept] = sum/rows, rows, events
		kept++
	}
	l.x, l.rows, l.events = l.x[:kept], l.rows[:kept], l.events[:kept]
}

// everywhere is the curve at each distinct prediction.
func (l *loess) everywhere() []float64 {
	curve := make([]float64, len(l.x))
	if len(l.x) <= loessExact {
		for i, z := range l.x {
			curve[i] = l.at(z)
		}
		return curve
	}
	last := 0
	curve[0] = l.at(l.x[0])
	for k := 1; k < loessKnots; k++ {
		next := k * (len(l.x) - 1) / (loessKnots - 1)
		curve[next] = l.at(l.x[next])
		rise := (curve[next] - curve[last]) / (l.x[next] - l.x[last])
		for i := last + 1; i < next; i++ {
			curve[i] = curve[last] + rise*(l.x[i]-l.x[last])
		}
		last = next
	}
	return curve
}

// quantile is the q-quantile of sorted values, linear between order statistics (R's type 7).
func quantile(sorted []float64, q float64) float64 {
	at := float64(q * float64(len(sorted)-1))
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + float64((at-float64(i))*(sorted[i+1]-sorted[i]))
}
