package metric

import "math"

// Validation says what is expected of a model on other rows, and how wide the 95 % intervals may be.
type Validation struct {
	Prevalence float64
	CStatistic float64
	// Mean and SD of a linear predictor that is normal; SD 0: events and others are each normal, apart as CStatistic says.
	Mean, SD  float64
	Threshold float64 // of net benefit, 0 for none

	WidthOE, WidthSlope, WidthC, WidthNB float64 // default .2 .2 .1 .2
}

// ValidationSize is the least number of rows to judge a model of an event on other rows (Riley and others 2021).
type ValidationSize struct {
	OE          int     `json:"oe"`
	Slope       int     `json:"slope"`
	CStatistic  int     `json:"c_statistic"`
	NetBenefit  int     `json:"net_benefit,omitempty"`
	N           int     `json:"n"`
	Rules       string  `json:"rules"`
	Events      float64 `json:"events"`
	Sensitivity Number  `json:"sensitivity"` // at the threshold, of the expected predictor
	Specificity Number  `json:"specificity"`
	Benefit     Number  `json:"standardised_net_benefit"`
}

// SizeValidation is the least n by which the intervals are as narrow as asked: of O/E, 2·sinh(z·√((1−φ)/(nφ))); of the calibration slope,
// 2z·√(I₀₀/(n·(I₀₀I₁₁−I₀₁²))) with I the information of the expected predictor; of the C-statistic, Newcombe's; of net benefit, below.
func SizeValidation(v Validation) (ValidationSize, error) {
	for _, w := range []struct {
		of *float64
		by float64
	}{{&v.WidthOE, .2}, {&v.WidthSlope, .2}, {&v.WidthC, .1}, {&v.WidthNB, .2}} {
		if *w.of == 0 {
			*w.of = w.by
		}
		if !(*w.of > 0 && *w.of < math.Inf(1)) {
			return ValidationSize{}, ErrSize
		}
	}
	share := func(x float64) bool { return x > 0 && x < 1 }
	if !share(v.Prevalence) || !(v.CStatistic > .5 && v.CStatistic < 1) || !(v.SD >= 0 && v.SD < 100) || v.Mean-v.Mean != 0 || v.Threshold != 0 && !share(v.Threshold) {
		return ValidationSize{}, ErrSize
	}
	odds, se := (1-v.Prevalence)/v.Prevalence, math.Asinh(v.WidthOE/2)/z95
	s := ValidationSize{OE: whole(odds / (se * se)), Sensitivity: undefined, Specificity: undefined, Benefit: undefined}
	l := v.predictor()
	i00, i01, i11 := l.information()
	se = v.WidthSlope / (2 * z95)
	s.Slope = whole(i00 / (se * se * (i00*i11 - i01*i01)))
	s.CStatistic = least(2, func(n float64) bool { return 2*z95*newcombe(v.CStatistic, v.Prevalence, n) <= v.WidthC })
	list := []named{{"oe", s.OE}, {"slope", s.Slope}, {"c_statistic", s.CStatistic}}
	if v.Threshold > 0 {
		s.NetBenefit = s.benefit(v, l)
		list = append(list, named{"net_benefit", s.NetBenefit})
	}
	s.N, s.Rules = most(list...)
	s.Events = float64(s.N) * v.Prevalence
	return s, nil
}

// newcombe is the standard error of a C-statistic of n rows.
func newcombe(c, prevalence, n float64) float64 {
	h := n/2 - 1
	return math.Sqrt(c * (1 - c) * (1 + h*(1-c)/(2-c) + h*c/(1+c)) / (n * n * prevalence * (1 - prevalence)))
}

// benefit is the rows for a standardised net benefit of sens − w·(1−spec), w = (1−φ)/φ·t/(1−t), whose variance over one row is
// sens(1−sens)/φ + w²spec(1−spec)/(1−φ) + w²(1−spec)²/(φ(1−φ)).
func (s *ValidationSize) benefit(v Validation, l linear) int {
	f := v.Prevalence
	sens, spec := l.at(math.Log(v.Threshold / (1 - v.Threshold)))
	w := (1 - f) / f * v.Threshold / (1 - v.Threshold)
	s.Sensitivity, s.Specificity, s.Benefit = Number(sens), Number(spec), Number(sens-w*(1-spec))
	se := v.WidthNB / (2 * z95)
	return max(1, whole((sens*(1-sens)/f+w*w*spec*(1-spec)/(1-f)+w*w*(1-spec)*(1-spec)/(f*(1-f)))/(se*se)))
}

// linear is the distribution of a calibrated linear predictor: a density and where it is not nothing.
type linear struct {
	density   func(x float64) float64
	low, high float64
}

// tails is how many standard deviations from its middle a normal density counts; nodes how many places it is looked at.
const (
	tails = 10
	nodes = 20000
)

func normalDensity(x, mean, sd float64) float64 {
	z := (x - mean) / sd
	return math.Exp(-z*z/2) / (sd * math.Sqrt(2*math.Pi))
}

// predictor is the linear predictor that v expects.
func (v Validation) predictor() linear {
	if v.SD > 0 {
		return linear{func(x float64) float64 { return normalDensity(x, v.Mean, v.SD) }, v.Mean - tails*v.SD, v.Mean + tails*v.SD}
	}
	return binormal(v.CStatistic, v.Prevalence)
}

// binormal is the predictor whose events are N(m+s², s²) and whose others are N(m, s²), s = √2·Φ⁻¹(C) and m = logit φ − s²/2, by
// which the predictor is the very logit of the event: it is calibrated, and has that C.
func binormal(c, prevalence float64) linear {
	s := 2 * math.Erfinv(2*c-1)
	m := math.Log(prevalence/(1-prevalence)) - s*s/2
	return linear{func(x float64) float64 {
		return prevalence*normalDensity(x, m+s*s, s) + (1-prevalence)*normalDensity(x, m, s)
	}, m - tails*s, m + s*s + tails*s}
}

// integral is ∫ f(x)·density(x) dx from low to high by the midpoint rule.
func (l linear) integral(low, high float64, f func(x float64) float64) float64 {
	step, sum := (high-low)/nodes, 0.
	for i := range nodes {
		x := low + (float64(i)+.5)*step
		sum += f(x) * l.density(x)
	}
	return sum * step
}

// information is the mean of p(1−p)·(1, x, x²), the information of a logistic regression on the predictor.
func (l linear) information() (i00, i01, i11 float64) {
	moment := func(power float64) float64 {
		return l.integral(l.low, l.high, func(x float64) float64 {
			p := logistic(x)
			return p * (1 - p) * math.Pow(x, power)
		})
	}
	return moment(0), moment(1), moment(2)
}

// at is the sensitivity and the specificity of a call from t on.
func (l linear) at(t float64) (sensitivity, specificity float64) {
	t = max(l.low, min(l.high, t))
	event, other := logistic, func(x float64) float64 { return logistic(-x) }
	above, below := l.integral(t, l.high, event), l.integral(l.low, t, event)
	right, wrong := l.integral(l.low, t, other), l.integral(t, l.high, other)
	return above / (above + below), right / (right + wrong)
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// R2OfC is the R² of Cox and Snell, 1 − e^(2·(l₀−l₁)), of a calibrated predictor with that C-statistic whose events and others are normal
// with one variance (Riley and others 2021): l₁ is the mean log likelihood of a row, by integration where pmsampsize simulates.
func R2OfC(c, prevalence float64) (float64, error) {
	if !(c > .5 && c < 1 && prevalence > 0 && prevalence < 1) {
		return 0, ErrSize
	}
	l := binormal(c, prevalence)
	fitted := l.integral(l.low, l.high, func(x float64) float64 {
		p := logistic(x)
		return p*-math.Log1p(math.Exp(-x)) + (1-p)*-(x+math.Log1p(math.Exp(-x)))
	})
	return -math.Expm1(2 * (nullLikelihood(prevalence) - fitted)), nil
}
