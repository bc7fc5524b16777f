package metric

import (
	"math"
	"sort"
)

// BandPoint is a point of the flexible calibration curve: at the prediction X the loess share of events Y, its standard error, and Y ± 1.96
// standard errors, pointwise. Y, Low and High are clipped to [0, 1].
type BandPoint struct {
	X    float64 `json:"x"`
	Y    float64 `json:"y"`
	SE   Number  `json:"se"`
	Low  Number  `json:"low"`
	High Number  `json:"high"`
}

// everyNorm is up to how many distinct predictions each adds its own ‖lᵢ‖² to δ₁; of more, someNorms spread evenly stand for all.
const (
	everyNorm = 5000
	someNorms = 200
)

// CalibrationBand is CalibrationCurve with a pointwise confidence band, as val.prob.ci.2 of CalibrationCurves draws it.
//
// The curve is Ly for rows lᵢ of weights, its standard error s·‖l(x)‖ with s² = Σ residual²/δ₁, δ₁ = tr (I−L)(I−L)ᵀ = n − 2·tr L + Σ‖lᵢ‖² (Cleveland
// and Devlin 1988). R takes δ₁ from an interpolation formula unless it is told statistics = "exact"; the difference is in the fifth digit.
// Of more than 5,000 distinct predictions Σ‖lᵢ‖², a number near 6 beside n, is taken from 200 of them.
func CalibrationBand(y []bool, p []float64, points int) ([]BandPoint, error) {
	curve, err := CalibrationCurve(y, p, points)
	if err != nil {
		return nil, err
	}
	l := newLoess(y, p)
	s := l.scale()
	band := make([]BandPoint, len(curve))
	for i, c := range curve {
		value, se := l.at(c.X), s*Number(math.Sqrt(l.norm(c.X)))
		band[i] = BandPoint{c.X, c.Y, se, clip(Number(value) - z95*se), clip(Number(value) + z95*se)}
	}
	return band, nil
}

func clip(v Number) Number { return max(0, min(1, v)) }

// scale is the standard deviation of a row around the curve, undefined where the curve has as many degrees of freedom as there are rows.
func (l *loess) scale() Number {
	rest, norms, counted := float64(len(l.sorted)), 0., 0.
	squares := 0.
	stride := 1
	if len(l.x) > everyNorm {
		stride = len(l.x) / someNorms
	}
	for i, z := range l.x {
		p := l.around(z)
		f := p.here()
		squares += l.events[i]*(1-f)*(1-f) + (l.rows[i]-l.events[i])*f*f
		rest -= 2 * l.rows[i] * p.pull(0)
		if i%stride == 0 {
			norms += l.rows[i] * l.norm(z)
			counted += l.rows[i]
		}
	}
	if rest += norms / counted * float64(len(l.sorted)); !(rest > 1e-9) {
		return undefined
	}
	return Number(math.Sqrt(squares / rest))
}

// norm is ‖l(z)‖², the sum over the rows of the squares of their weights in the value at z.
func (l *loess) norm(z float64) (sum float64) {
	p, reach := l.around(z), l.reach(z)
	if reach == 0 {
		return 1 / p.s0
	}
	for i := sort.SearchFloat64s(l.x, z-reach); i < len(l.x) && l.x[i] <= z+reach; i++ {
		u := (l.x[i] - z) / reach
		pull := tricube(u) * p.pull(u)
		sum += l.rows[i] * pull * pull
	}
	return sum
}
