package regression

import (
	"math"
	"slices"

	"gradus/internal/say"
	"gradus/mat"
)

// Baseline is the cumulated hazard, at each time of an event, of a row whose risk, the logarithm of its hazard, is 0: Σ 1/denominator, each
// time's denominators those of the partial likelihood (Breslow's estimator; with Efron's ties as R's basehaz of such a fit).
func Baseline(risk, time []float64, event []bool, ties Ties) (times, hazard []float64) {
	sum, order := 0., fromLatest(time)
	for from := 0; from < len(order); {
		to, d, top := from, 0, 0.
		for ; to < len(order) && time[order[to]] == time[order[from]]; to++ {
			e := math.Exp(risk[order[to]])
			if sum += e; event[order[to]] {
				d++
				top += e
			}
		}
		if d > 0 {
			times, hazard = append(times, time[order[from]]), append(hazard, rise(d, sum, top, ties))
		}
		from = to
	}
	slices.Reverse(times)
	slices.Reverse(hazard)
	for i := 1; i < len(hazard); i++ {
		hazard[i] += hazard[i-1]
	}
	return times, hazard
}

// rise is how much the cumulated hazard rises at a time of d events.
func rise(d int, sum, top float64, ties Ties) (rise float64) {
	for k := range d {
		if ties == Efron {
			rise += 1 / (sum - float64(k)/float64(d)*top)
		} else {
			rise += 1 / sum
		}
	}
	return rise
}

// Transform says on which scale g of time a hazard ratio that changes is looked for.
type Transform string

// KMTime is 1 − S(t−) of the Kaplan–Meier curve, R's default: early and late events count alike. LogTime is ln t.
const (
	KMTime  Transform = "km"
	LogTime Transform = "log"
)

// Proportionality is the test of Grambsch and Therneau: of each column the score test of a coefficient beside its own that changes
// with g(t), chi-square with one degree of freedom (NaN for a column set aside), and of all columns together with DF.
type Proportionality struct {
	ChiSq  []float64
	Global float64
	DF     int
}

// Proportional tests whether the hazard ratios of f, fitted without a ridge to just these x, times and events, are the same at all times.
func (f *CoxFit) Proportional(x mat.Matrix[float64], time []float64, event []bool, ties Ties, by Transform) (*Proportionality, error) {
	if err := checkCox(x, time, event, ties, 0); err != nil {
		return nil, err
	}
	if len(f.SD) != x.Cols {
		return nil, say.Error("regression.rows", "rows", x.Cols, "targets", len(f.SD))
	}
	z := mat.New[float64](x.Rows, x.Cols)
	for r := range x.Rows {
		f.standard(z.Row(r), x.Row(r))
	}
	c := newCox(z, time, event, ties, 0)
	c.beta = f.StandardCoefficients
	u, cross := c.changes(timeScale(time, event, by))
	p := &Proportionality{ChiSq: make([]float64, x.Cols)}
	for j := range p.ChiSq {
		if p.ChiSq[j] = math.NaN(); !slices.Contains(f.Aside, j) {
			p.ChiSq[j] = u[j] * u[j] / cross.At(j, j)
			p.DF++
		}
	}
	l, _ := factor(cross, 1e-11)
	v := slices.Clone(u)
	solve(l, v)
	p.Global = dot(u, v)
	return p, nil
}

// changes is the score u = Σ g·(Σ z − Σ mean) of the changing coefficients and its variance K − J·I⁻¹·J with I = Σ V, J = Σ g·V and K = Σ g²·V.
func (c *cox) changes(g []float64) (u []float64, k mat.Matrix[float64]) {
	d := c.z.Cols
	u, k = make([]float64, d), mat.New[float64](d, d)
	i, j := mat.New[float64](d, d), mat.New[float64](d, d)
	for from := 0; from < len(c.order); {
		clear(c.g)
		clear(c.h.Data)
		at := g[c.order[from]]
		from, _ = c.moment(c.beta, from)
		for a, v := range c.g {
			u[a] += at * v
		}
		for a, v := range c.h.Data {
			i.Data[a] += v
			j.Data[a] += at * v
			k.Data[a] += at * at * v
		}
	}
	l, _ := factor(i, 1e-11)
	half := make([]float64, d)
	for a := range d {
		for b := range half {
			half[b] = j.At(max(a, b), min(a, b))
		}
		solve(l, half)
		for b := range a + 1 {
			for e, v := range half {
				k.Row(a)[b] -= v * j.At(max(e, b), min(e, b))
			}
		}
	}
	return u, k
}

// timeScale is g of each row's time less its mean over the events.
func timeScale(time []float64, event []bool, by Transform) []float64 {
	g, order, s, mean, events := make([]float64, len(time)), fromLatest(time), 1., 0., 0.
	for to := len(order); to > 0; {
		from, d := to, 0.
		for ; from > 0 && time[order[from-1]] == time[order[to-1]]; from-- {
			i := order[from-1]
			if g[i] = 1 - s; by == LogTime {
				g[i] = math.Log(time[i])
			}
			if event[i] {
				d++
				mean += g[i]
			}
		}
		events += d
		s *= 1 - d/float64(to)
		to = from
	}
	for i := range g {
		g[i] -= mean / events
	}
	return g
}
