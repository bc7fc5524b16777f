package metric

import (
	"errors"
	"math"
)

// ErrSize is an argument of a sample size that is out of range.
var ErrSize = errors.New("metric: a sample size needs a prevalence within (0, 1), at least one parameter and an R² within (0, its largest)")

// BinarySize is the least number of rows to develop a model of an event by the three criteria of Riley and others (2019, 2020).
type BinarySize struct {
	Shrinkage int     `json:"shrinkage"` // criterion 1: expected shrinkage of at least .9
	Optimism  int     `json:"optimism"`  // criterion 2: at most .05 between apparent and adjusted R² of Nagelkerke
	Overall   int     `json:"overall"`   // criterion 3: overall risk to ± .05
	N         int     `json:"n"`
	Events    float64 `json:"events"`
	PerTerm   float64 `json:"events_per_parameter"`
	Largest   float64 `json:"largest_r2"`
}

// SizeBinary is for an expected R² of Cox and Snell, the number of candidate parameters and the share of events.
func SizeBinary(r2 float64, parameters int, prevalence float64) (BinarySize, error) {
	if !(prevalence > 0 && prevalence < 1) || parameters < 1 {
		return BinarySize{}, ErrSize
	}
	null := prevalence*math.Log(prevalence) + (1-prevalence)*math.Log1p(-prevalence)
	b := BinarySize{Largest: -math.Expm1(2 * null)}
	if !(r2 > 0 && r2 < b.Largest) {
		return BinarySize{}, ErrSize
	}
	rows := func(s float64) int { return int(math.Ceil(float64(parameters) / ((s - 1) * math.Log1p(-r2/s)))) }
	b.Shrinkage = rows(.9)
	b.Optimism = rows(r2 / (r2 + .05*b.Largest))
	b.Overall = int(math.Ceil(z95 * z95 / (.05 * .05) * prevalence * (1 - prevalence)))
	b.N = max(b.Shrinkage, b.Optimism, b.Overall)
	b.Events = float64(b.N) * prevalence
	b.PerTerm = b.Events / float64(parameters)
	return b, nil
}
