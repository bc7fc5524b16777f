package metric

import (
	"math"
	"runtime"
	"slices"
	"sort"
	"sync"
)

const (
	loessSpan  = .75
	loessPlain = 256 // up to so many distinct predictions each is summed by itself, above in blocks
)

// Loess is the local quadratic curve of y over p: span .75, tricube weights, evaluated directly at each point of at
// (R's surface = "direct", not its default that interpolates on a coarse tree), for as many rows as there are. It may leave [0, 1].
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
	levels          [][]block // of many predictions
	near0, near1    cloud     // scratch: the rows and the events in the window
}

func newLoess(y []bool, p []float64) *loess {
	s := ranked(p)
	l := &loess{sorted: make([]float64, len(s)), near: max(1, int(loessSpan*float64(len(s))+1e-5))}
	for i, row := range s {
		l.sorted[i] = row.p
	}
	runs(y, s, func(from, to, events int) {
		l.x = append(l.x, s[from].p)
		l.rows = append(l.rows, float64(to-from))
		l.events = append(l.events, float64(events))
	})
	if len(l.x) > loessPlain {
		l.levels = blocks(l.x, l.rows, l.events)
	}
	return l
}

// reach is the distance from z to its near-th nearest row.
func (l *loess) reach(z float64) float64 {
	from := sort.Search(len(l.sorted)-l.near, func(i int) bool { return z-l.sorted[i] <= l.sorted[i+l.near]-z })
	return math.Max(z-l.sorted[from], l.sorted[from+l.near-1]-z)
}

// at is the value at z of the weighted parabola around it, in u = (x−z)/reach.
func (l *loess) at(z float64) float64 {
	p := l.around(z)
	return p.here()
}

func (l *loess) around(z float64) parabola {
	reach := l.reach(z)
	from := sort.SearchFloat64s(l.x, z-reach)
	if reach == 0 {
		return parabola{s0: l.rows[from], y0: l.events[from] / l.rows[from]}
	}
	here := from + sort.SearchFloat64s(l.x[from:], z)
	to := here + sort.Search(len(l.x)-here, func(i int) bool { return l.x[here+i] > z+reach })
	l.near0, l.near1 = cloud{l.near0.u[:0], l.near0.w[:0]}, cloud{l.near1.u[:0], l.near1.w[:0]}
	l.gather(from, here, z, reach)
	l.gather(here, to, z, reach)
	return fit(&l.near0, &l.near1)
}

// distances is the mean, median, 90th percentile and largest |loess(p) − p| over the rows, and 100 times the mean of its square.
func distances(y []bool, p []float64) (mean, median, ninety, most, square Number) {
	l := newLoess(y, p)
	curve := l.everywhere()
	d := make([]float64, 0, len(p))
	sum, squares := 0., 0.
	for i, v := range l.x {
		gap := math.Abs(curve[i] - v)
		sum += gap * l.rows[i]
		squares += gap * gap * l.rows[i]
		for range int(l.rows[i]) {
			d = append(d, gap)
		}
	}
	slices.Sort(d)
	n := float64(len(p))
	return Number(sum / n), Number(quantile(d, .5)), Number(quantile(d, .9)), Number(d[len(d)-1]), Number(100 * squares / n)
}

// everywhere is the curve at each distinct prediction; each core has a stretch of them, and each value is the same on any number of cores.
func (l *loess) everywhere() []float64 {
	curve := make([]float64, len(l.x))
	stretch := max(loessPlain, (len(l.x)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	var team sync.WaitGroup
	for from := 0; from < len(l.x); from += stretch {
		team.Go(func() {
			own := *l
			own.near0, own.near1 = cloud{}, cloud{}
			for i := from; i < min(from+stretch, len(l.x)); i++ {
				curve[i] = own.at(l.x[i])
			}
		})
	}
	team.Wait()
	return curve
}

// quantile is the q-quantile of sorted values, linear between order statistics (R's type 7).
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
