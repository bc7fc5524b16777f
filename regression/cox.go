package regression

import (
	"cmp"
	"math"
	"slices"

	"gradus/internal/say"
	"gradus/mat"
	"gradus/metric"
)

// Ties says how events of one time are counted.
type Ties string

// Efron's is R's default and nearer to the exact likelihood; Breslow's lets every event of a time face all who were at risk.
const (
	Efron   Ties = "efron"
	Breslow Ties = "breslow"
)

// CoxFit is the hazard h(t)·exp(Σ coefficient·x).
type CoxFit struct {
	Scale
	Coefficients         []float64 // in the units of the table
	SE                   []float64 // of them, from the inverse of the information (and ridge)
	StandardCoefficients []float64 // on z-scores
	LogLikelihood        float64   // partial
	Null                 float64   // with all coefficients 0
	Iterations           int
	times, hazard        []float64 // the cumulated baseline hazard, of a row at the means
}

// Risk is Σ coefficient·(x − mean), the linear predictor.
func (f *CoxFit) Risk(row []float64) float64 { return f.along(0, f.StandardCoefficients, row) }

// Survival is exp(−H₀(t)·exp(Risk)): the chance of no event up to t.
func (f *CoxFit) Survival(row []float64, t float64) float64 {
	return math.Exp(-f.Hazard(t) * math.Exp(f.Risk(row)))
}

// Hazard is H₀(t), the cumulated hazard up to t of a row at the means.
func (f *CoxFit) Hazard(t float64) float64 { return metric.HazardAt(f.times, f.hazard, t) }

// Cox maximises the partial likelihood less ridge/2·‖w‖² over x (n,d) by Newton's steps. Without a ridge, data whose likelihood rises
// for ever (a column that orders the events perfectly) have no likeliest coefficients and are refused.
func Cox(x mat.Matrix[float64], time []float64, event []bool, ties Ties, ridge float64) (*CoxFit, error) {
	if err := checkCox(x, time, event, ties, ridge); err != nil {
		return nil, err
	}
	scale, z := standardise(x)
	if ridge == 0 {
		_, scale.Aside = factor(gram(z, nil), 1e-11)
	}
	c := newCox(z, time, event, ties, ridge)
	f := &CoxFit{Scale: scale, Null: c.at(c.beta)}
	var err error
	var h mat.Matrix[float64]
	if h, f.Iterations, err = c.maximise(len(scale.Aside)); err != nil {
		return nil, err
	}
	f.StandardCoefficients = c.beta
	f.LogLikelihood = c.at(c.beta) + ridge/2*dot(c.beta, c.beta)
	_, f.Coefficients = f.raw(0, c.beta)
	f.SE = make([]float64, len(c.beta))
	for j := range f.SE {
		unit := make([]float64, len(c.beta))
		unit[j] = 1
		if solve(h, unit); f.SD[j] > 0 {
			f.SE[j] = math.Sqrt(unit[j]) / f.SD[j]
		}
	}
	risk := make([]float64, x.Rows)
	for i := range risk {
		risk[i] = dot(c.beta, z.Row(i))
	}
	f.times, f.hazard = Baseline(risk, time, event, ties)
	return f, nil
}

func checkCox(x mat.Matrix[float64], time []float64, event []bool, ties Ties, ridge float64) error {
	if err := check(x, len(time), ridge); err != nil {
		return err
	}
	if len(event) != len(time) || ties != Efron && ties != Breslow {
		return say.Error("stats.cox_arguments", "times", len(time), "events", len(event), "ties", string(ties))
	}
	for i, t := range time {
		if !(t >= 0 && t < largest) {
			return say.Error("stats.cox_time", "row", i+1, "value", t)
		}
	}
	if !slices.Contains(event, true) {
		return say.Error("stats.cox_no_event", "rows", len(time))
	}
	return nil
}

// cox is the state of the maximisation; rows are kept from the latest time to the first, so that those at risk only grow.
type cox struct {
	z        mat.Matrix[float64]
	time     []float64
	event    []bool
	order    []int
	ties     Ties
	ridge    float64
	beta     []float64
	g        []float64           // filled by at: the gradient of the value
	h        mat.Matrix[float64] // and the negative Hessian
	sum, top coxSums             // over all at risk; over the events of this time
}

// coxSums are Σe, Σe·z and Σe·zzᵀ, e = exp(β·z).
type coxSums struct {
	e float64
	z []float64
	q mat.Matrix[float64]
}

func (s *coxSums) add(e float64, z []float64) {
	s.e += e
	for j, v := range z {
		s.z[j] += e * v
		q := s.q.Row(j)
		for k := range j + 1 {
			q[k] += e * v * z[k]
		}
	}
}

func (s *coxSums) clear() {
	s.e = 0
	clear(s.z)
	clear(s.q.Data)
}

func newCox(z mat.Matrix[float64], time []float64, event []bool, ties Ties, ridge float64) *cox {
	d := z.Cols
	sums := func() coxSums { return coxSums{z: make([]float64, d), q: mat.New[float64](d, d)} }
	c := &cox{
		z: z, time: time, event: event, ties: ties, ridge: ridge, order: fromLatest(time),
		beta: make([]float64, d), g: make([]float64, d), h: mat.New[float64](d, d), sum: sums(), top: sums(),
	}
	return c
}

// fromLatest is the order of the rows from the latest time to the first, equal times by their place.
func fromLatest(time []float64) []int {
	order := make([]int, len(time))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(time[b], time[a]), a-b) })
	return order
}

// at is the penalised log partial likelihood at beta; it leaves gradient and negative Hessian behind.
func (c *cox) at(beta []float64) float64 {
	clear(c.g)
	clear(c.h.Data)
	c.sum.clear()
	value := -c.ridge / 2 * dot(beta, beta)
	for j, b := range beta {
		c.g[j] = -c.ridge * b
		c.h.Row(j)[j] = c.ridge
	}
	for from := 0; from < len(c.order); {
		to, part := c.moment(beta, from)
		value += part
		from = to
	}
	return value
}

// moment takes in the rows of the time that begins at place from, and returns where the next begins and the likelihood's part.
func (c *cox) moment(beta []float64, from int) (to int, value float64) {
	c.top.clear()
	d := 0
	for to = from; to < len(c.order) && c.time[c.order[to]] == c.time[c.order[from]]; to++ {
		row := c.z.Row(c.order[to])
		o := dot(beta, row)
		c.sum.add(math.Exp(o), row)
		if c.event[c.order[to]] {
			d++
			value += o
			c.top.add(math.Exp(o), row)
			for j, v := range row {
				c.g[j] += v
			}
		}
	}
	return to, value - c.denominators(d)
}

// denominators is Σ ln of the d denominators of one time, whose share of gradient and Hessian it takes off.
func (c *cox) denominators(d int) (sum float64) {
	mean := make([]float64, len(c.beta))
	for k := range d {
		part := 0.
		if c.ties == Efron {
			part = float64(k) / float64(d)
		}
		e := c.sum.e - part*c.top.e
		sum += math.Log(e)
		for j := range mean {
			mean[j] = (c.sum.z[j] - part*c.top.z[j]) / e
			c.g[j] -= mean[j]
			for i := range j + 1 {
				c.h.Row(j)[i] += (c.sum.q.At(j, i)-part*c.top.q.At(j, i))/e - mean[j]*mean[i]
			}
		}
	}
	return sum
}

// maximise climbs until a step is nothing; it returns the factor of the negative Hessian there.
func (c *cox) maximise(aside int) (l mat.Matrix[float64], steps int, err error) {
	const most, still, steepest = 100, 1e-10, 30
	value := c.at(c.beta)
	for steps = 1; steps <= most; steps++ {
		l, dependent := factor(c.h, 1e-13)
		step := slices.Clone(c.g)
		if solve(l, step); c.ridge == 0 && len(dependent) > aside {
			break
		}
		trial, next, size := make([]float64, len(step)), 0., 1.
		for ; size > 1e-10; size /= 2 {
			for j, v := range step {
				trial[j] = c.beta[j] + size*v
			}
			if next = c.at(trial); next >= value-1e-13*math.Abs(value) {
				break
			}
		}
		copy(c.beta, trial)
		value = next
		if size == 1 && math.Sqrt(dot(step, step)) <= still {
			l, _ = factor(c.h, 1e-13)
			return l, steps, nil
		}
		if c.ridge == 0 && slices.ContainsFunc(c.beta, func(b float64) bool { return math.Abs(b) > steepest }) {
			break // a hazard e³⁰ times as high for one standard deviation: there is no top
		}
	}
	if c.ridge == 0 {
		return l, 0, say.Error("stats.cox_separated")
	}
	return l, 0, say.Failure("regression.unsettled", "steps", most)
}
