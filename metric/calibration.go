package metric

import "math"

// Calibration is how far predicted risks agree with what happened.
//
// InTheLarge is the intercept a of logit P(y) = a + logit p (slope fixed at 1), Slope the b of logit P(y) = a + b·logit p,
// OE observed over expected events. ICI, E50, E90 and Emax are the mean, median, 90th percentile and largest |loess(p) − p|
// over the rows (Austin and Steyerberg 2019), the loess curve not clipped; ECI is 100 times the mean of its square. Predictions of exactly 0 and 1 are moved inwards by 1e-8.
// What the data do not determine (one class, one single predicted value, classes that p separates) is undefined.
type Calibration struct {
	InTheLarge   Number `json:"in_the_large"`
	Slope        Number `json:"slope"`
	InTheLargeSE Number `json:"in_the_large_se"`
	SlopeSE      Number `json:"slope_se"`
	OE           Number `json:"oe"`
	ICI          Number `json:"ici"`
	E50          Number `json:"e50"`
	E90          Number `json:"e90"`
	Emax         Number `json:"emax"`
	ECI          Number `json:"eci"`
	Reliability
}

const calibrationMargin = 1e-8

// Calibrate measures the calibration of p.
func Calibrate(y []bool, p []float64) (Calibration, error) {
	c, safe, err := calibrate(y, p)
	if err == nil {
		c.ICI, c.E50, c.E90, c.Emax, c.ECI = distances(y, safe)
		c.Reliability, err = Reliable(y, p)
	}
	return c, err
}

// CalibrateLine is Calibrate without the loess curve, which takes long for many rows, and without groups: what rests on either stays undefined.
func CalibrateLine(y []bool, p []float64) (Calibration, error) {
	c, _, err := calibrate(y, p)
	return c, err
}

// calibrate fits the lines; safe is p moved inwards.
func calibrate(y []bool, p []float64) (c Calibration, safe []float64, err error) {
	if err := checkProbabilities(y, p); err != nil {
		return Calibration{}, nil, err
	}
	logits, expected := make([]float64, len(p)), 0.
	safe = make([]float64, len(p))
	for i, v := range p {
		safe[i] = inside(v, calibrationMargin)
		logits[i] = logit(safe[i])
		expected += safe[i]
	}
	u := undefined
	c = Calibration{ICI: u, E50: u, E90: u, Emax: u, ECI: u, Reliability: Reliability{u, u, u, u, u, u, HosmerLemeshow{u, u, u}}}
	c.InTheLarge, c.InTheLargeSE = inTheLarge(y, logits)
	c.Slope, c.SlopeSE = slope(y, logits)
	c.OE = ratio(float64(count(y)), expected)
	return c, safe, nil
}

func logit(p float64) float64 { return math.Log(p) - math.Log1p(-p) }

// chance is 1/(1+e⁻ᵒ) and its complement, each exact in its tail.
func chance(o float64) (p, q float64) {
	e := math.Exp(-math.Abs(o))
	p, q = 1/(1+e), e/(1+e)
	if o < 0 {
		p, q = q, p
	}
	return p, q
}

// line is the state of one Newton step on logit P(y) = intercept + slope·x.
type line struct {
	intercept, slope         float64
	weight, centre, spreadX  float64 // Σ p(1−p); the mean of x under it; Σ p(1−p)(x−centre)²
	residual, residualX, fit float64 // Σ (y−p); Σ (y−p)(x−centre); Σ log loss
}

func lineAt(y []bool, x []float64, intercept, slope float64) (l line) {
	l.intercept, l.slope = intercept, slope
	for i, v := range x {
		o := intercept + slope*v
		p, q := chance(o)
		l.weight += p * q
		l.centre += p * q * v
		if y[i] {
			o = -o
		}
		l.fit += math.Max(0, o) + math.Log1p(math.Exp(-math.Abs(o))) // ln(1+eᵒ), at any o
	}
	l.centre /= l.weight
	for i, v := range x {
		p, q := chance(intercept + slope*v)
		r := q // y − p, without cancellation
		if !y[i] {
			r = -p
		}
		l.spreadX += p * q * (v - l.centre) * (v - l.centre)
		l.residual += r
		l.residualX += r * (v - l.centre)
	}
	return l
}

const (
	newtonSteps = 400
	settled     = 1e-10 // the last step in standard errors; Newton squares what is left
)

// inTheLarge is the maximum likelihood intercept beside the offset x, and its standard error.
func inTheLarge(y []bool, x []float64) (a, se Number) {
	if events := count(y); events == 0 || events == len(y) {
		return undefined, undefined
	}
	l, ok := newton(y, x, 0, 1, func(l line) (up, turn float64) {
		return math.Max(-4, math.Min(4, l.residual/l.weight)), 0 // far from the top the weights vanish
	})
	if !ok {
		return undefined, undefined
	}
	return Number(l.intercept), Number(1 / math.Sqrt(l.weight))
}

// slope is the maximum likelihood slope on x beside a free intercept, and its standard error.
func slope(y []bool, x []float64) (b, se Number) {
	if !overlap(y, x) {
		return undefined, undefined
	}
	prevalence := float64(count(y)) / float64(len(y))
	// at slope 0 the first step is safe, however wild x is
	l, ok := newton(y, x, logit(prevalence), 0, func(l line) (up, turn float64) {
		turn = l.residualX / l.spreadX
		return l.residual/l.weight - turn*l.centre, turn
	})
	if !ok {
		return undefined, undefined
	}
	return Number(l.slope), Number(1 / math.Sqrt(l.spreadX))
}

// newton repeats step, halved where the fit would get worse, until one is nothing beside the standard errors.
func newton(y []bool, x []float64, intercept, slope float64, step func(line) (up, turn float64)) (line, bool) {
	here := lineAt(y, x, intercept, slope)
	for range newtonSteps {
		up, turn := step(here)
		next := lineAt(y, x, here.intercept+up, here.slope+turn)
		for next.fit > here.fit*(1+1e-13) && !here.still(up, turn) {
			up, turn = up/2, turn/2
			next = lineAt(y, x, here.intercept+up, here.slope+turn)
		}
		if math.IsNaN(next.fit) || math.IsNaN(next.spreadX) {
			return here, false
		}
		done := here.still(up, turn)
		if here = next; done {
			return here, true
		}
	}
	return here, false
}

// still reports whether a step is nothing beside the standard errors.
func (l line) still(up, turn float64) bool {
	return math.Abs(turn)*math.Sqrt(l.spreadX) <= settled &&
		math.Abs(up+turn*l.centre)*math.Sqrt(l.weight) <= settled && math.Abs(up+turn*l.centre) < 1
}

// overlap reports whether no threshold on x parts the classes, so that a finite slope is the most likely one.
func overlap(y []bool, x []float64) bool {
	low := [2]float64{math.Inf(1), math.Inf(1)}
	high := [2]float64{math.Inf(-1), math.Inf(-1)}
	for i, v := range x {
		c := side(y[i])
		low[c], high[c] = math.Min(low[c], v), math.Max(high[c], v)
	}
	return high[0] > low[1] && high[1] > low[0]
}
