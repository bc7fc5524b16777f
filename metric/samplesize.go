package metric

import (
	"errors"
	"math"
)

// ErrSize is an argument of a sample size that is out of range.
var ErrSize = errors.New("metric: a sample size needs shares within (0, 1), at least one parameter and an R² within (0, its largest)")

// What a sample size to develop a model must keep to: a shrinkage of at least .9, at most .05 between apparent and adjusted R², overall
// figures to within a twentieth (a risk) or a tenth (a mean, a residual SD).
const (
	leastShrinkage = .9
	mostOptimism   = .05
	riskMargin     = .05
	meanMargin     = 1.1
)

// BinarySize is the least number of rows to develop a model of an event by the three criteria of Riley and others (2019, 2020).
type BinarySize struct {
	Shrinkage int     `json:"shrinkage"` // criterion 1: expected shrinkage of at least .9
	Optimism  int     `json:"optimism"`  // criterion 2: at most .05 between apparent and adjusted R² of Nagelkerke
	Overall   int     `json:"overall"`   // criterion 3: overall risk to ± .05
	N         int     `json:"n"`
	Rules     string  `json:"rules"` // the criterion that asks for most
	Events    float64 `json:"events"`
	PerTerm   float64 `json:"events_per_parameter"`
	Expected  float64 `json:"expected_shrinkage"` // of N rows
	CoxSnell  float64 `json:"r2_cox_snell"`
	Largest   float64 `json:"largest_r2"` // of Cox and Snell, that this share allows
	Nagel     float64 `json:"r2_nagelkerke"`
}

// SizeBinary is for an expected R² of Cox and Snell, the number of candidate parameters and the share of events.
func SizeBinary(r2 float64, parameters int, prevalence float64) (BinarySize, error) {
	if !(prevalence > 0 && prevalence < 1) || parameters < 1 {
		return BinarySize{}, ErrSize
	}
	b := BinarySize{CoxSnell: r2, Largest: LargestR2(prevalence)}
	if !(r2 > 0 && r2 < min(b.Largest, leastShrinkage)) {
		return BinarySize{}, ErrSize
	}
	b.Nagel = r2 / b.Largest
	b.Shrinkage, b.Optimism = forShrinkage(r2, parameters), forOptimism(r2, b.Largest, parameters)
	b.Overall = whole(z95 * z95 / (riskMargin * riskMargin) * prevalence * (1 - prevalence))
	b.N, b.Rules = most(named{"shrinkage", b.Shrinkage}, named{"optimism", b.Optimism}, named{"overall", b.Overall})
	b.Events = float64(b.N) * prevalence
	b.PerTerm = b.Events / float64(parameters)
	b.Expected = shrinkageOf(r2, parameters, b.N)
	return b, nil
}

// LargestR2 is 1 − (φ^φ·(1−φ)^(1−φ))², the largest R² of Cox and Snell where a share φ of the rows has the event.
func LargestR2(prevalence float64) float64 {
	return -math.Expm1(2 * nullLikelihood(prevalence))
}

// nullLikelihood is φ·ln φ + (1−φ)·ln(1−φ): the log likelihood of a row where only the share is known.
func nullLikelihood(prevalence float64) float64 {
	return prevalence*math.Log(prevalence) + (1-prevalence)*math.Log1p(-prevalence)
}

// R2OfNagelkerke is r·largest, the R² of Cox and Snell of one of Nagelkerke, to three decimals as pmsampsize 1.1.3 has it (unless that is
// nothing).
func R2OfNagelkerke(r2, prevalence float64) float64 { return thousandth(r2 * LargestR2(prevalence)) }

func thousandth(v float64) float64 {
	if r := math.RoundToEven(v*1000) / 1000; r > 0 {
		return r
	}
	return v
}

// SurvivalSize is the least number of rows to develop a model of a time to an event (Riley and others 2019, part II).
type SurvivalSize struct {
	Shrinkage int     `json:"shrinkage"`
	Optimism  int     `json:"optimism"`
	Overall   int     `json:"overall"` // criterion 3: the risk at the time point to + .05
	N         int     `json:"n"`
	Rules     string  `json:"rules"`
	Events    float64 `json:"events"`
	PerTerm   float64 `json:"events_per_parameter"`
	Years     float64 `json:"follow_up"` // of all rows together
	Risk      Risk    `json:"risk"`
	CoxSnell  float64 `json:"r2_cox_snell"`
	Largest   float64 `json:"largest_r2"`
	Nagel     float64 `json:"r2_nagelkerke"`
}

// Risk is 1 − e^(−rate·time) at the time point, with the interval that N rows give.
type Risk struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// SizeSurvival is for an expected R² of Cox and Snell (of Nagelkerke where nagelkerke is true), the number of candidate parameters, the
// rate of events and the mean follow-up, in one unit of time, and the time point that is predicted.
func SizeSurvival(r2 float64, nagelkerke bool, parameters int, rate, time, followUp float64) (SurvivalSize, error) {
	finite := func(v float64) bool { return v > 0 && v < math.Inf(1) }
	if !finite(rate) || !finite(time) || !finite(followUp) || parameters < 1 {
		return SurvivalSize{}, ErrSize
	}
	e := math.Ceil(rate*followUp*1e4-1e-9) / 1e4 // events a row, of ten thousand rows as pmsampsize counts them
	s := SurvivalSize{CoxSnell: r2, Largest: -math.Expm1(2 * (e*math.Log(e) - e))}
	if nagelkerke {
		s.CoxSnell = thousandth(r2 * s.Largest)
	}
	if !(s.CoxSnell > 0 && s.CoxSnell < min(s.Largest, leastShrinkage)) {
		return SurvivalSize{}, ErrSize
	}
	s.Nagel = s.CoxSnell / s.Largest
	s.Shrinkage, s.Optimism = forShrinkage(s.CoxSnell, parameters), forOptimism(s.CoxSnell, s.Largest, parameters)
	s.Overall = 1
	if stay := math.Exp(-rate * time); stay > riskMargin {
		slack := -math.Log1p(-riskMargin/stay) / (z95 * time) // the largest standard error of the rate
		s.Overall = whole(rate / (slack * slack) / followUp)
	}
	s.N, s.Rules = most(named{"shrinkage", s.Shrinkage}, named{"optimism", s.Optimism}, named{"overall", s.Overall})
	s.Years = float64(s.N) * followUp
	s.Events = rate * s.Years
	s.PerTerm = s.Events / float64(parameters)
	half := z95 * math.Sqrt(rate/s.Years)
	at := func(rate float64) float64 { return -math.Expm1(-rate * time) }
	s.Risk = Risk{at(rate), at(max(0, rate-half)), at(rate + half)}
	return s, nil
}

// forShrinkage is P/((S−1)·ln(1−R²/S)) with S = .9.
func forShrinkage(r2 float64, parameters int) int { return forS(leastShrinkage, r2, parameters) }

// forOptimism is the same with the S that keeps R² of Nagelkerke within .05: R²/(R² + .05·largest).
func forOptimism(r2, largest float64, parameters int) int {
	return forS(r2/(r2+mostOptimism*largest), r2, parameters)
}

func forS(s, r2 float64, parameters int) int {
	return whole(float64(parameters) / ((s - 1) * math.Log1p(-r2/s)))
}

// shrinkageOf is the S of n rows, by bisection: rows fall as S does.
func shrinkageOf(r2 float64, parameters, n int) float64 {
	low, high := r2, 1.
	for range 60 {
		s := (low + high) / 2
		if float64(parameters)/((s-1)*math.Log1p(-r2/s)) < float64(n) {
			low = s
		} else {
			high = s
		}
	}
	return low
}

// whole is the rows that v asks for; a rounding of the last bits is no row more.
func whole(v float64) int { return int(math.Ceil(v * (1 - 1e-13))) }

type named struct {
	name string
	n    int
}

// most is the largest of the criteria and its name, the first of equal ones.
func most(list ...named) (int, string) {
	best := list[0]
	for _, c := range list[1:] {
		if c.n > best.n {
			best = c
		}
	}
	return best.n, best.name
}

// least is the smallest n from low on that is enough, where more is enough too; 0 where a billion is not.
func least(low int, enough func(n float64) bool) int {
	high := low
	for !enough(float64(high)) {
		if high > 1_000_000_000 {
			return 0
		}
		low, high = high+1, 2*high+1
	}
	for low < high {
		if mid := (low + high) / 2; enough(float64(mid)) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}
