package metric

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// sized is one setting of pmsampsize 1.1.3 and what it answered.
type sized struct {
	Args struct {
		Type                                          string
		CSRSquared, NagRSquared, CStatistic, RSquared float64
		Parameters                                    int
		Prevalence, Intercept, SD                     float64
	}
	Sample int     `json:"sample_size"`
	Events float64 `json:"events"`
	Table  []struct {
		Size int `json:"Samp_size"`
	}
}

// Every criterion of the six settings; those of a C-statistic hang on R's random numbers: 3 %.
func TestSizeFixture(t *testing.T) {
	for _, c := range decode[[]sized](t, "expected_pmsampsize_R.json") {
		a, slack := c.Args, 0.
		var got []int
		switch {
		case a.Type == "c":
			s, err := SizeNumber(a.RSquared, a.Parameters, a.Intercept, a.SD)
			got = []int{s.Shrinkage, s.Optimism, s.Residual}
			if err != nil || s.N != c.Sample || s.Rules != "residual_sd" || math.Abs(s.Expected-.955) > 5e-4 || s.Mean > s.N {
				t.Error(s, err)
			}
		default:
			r2 := a.CSRSquared
			if a.NagRSquared > 0 {
				r2 = R2OfNagelkerke(a.NagRSquared, a.Prevalence)
			}
			if a.CStatistic > 0 {
				var err error
				if r2, err = R2OfC(a.CStatistic, a.Prevalence); err != nil {
					t.Fatal(err)
				}
				slack = .03
			}
			s, err := SizeBinary(r2, a.Parameters, a.Prevalence)
			got = []int{s.Shrinkage, s.Optimism, s.Overall, s.N}
			if err != nil || math.Abs(s.Events-c.Events) > slack*c.Events+1e-9 {
				t.Error(s, err)
			}
		}
		for i, n := range got {
			if want := c.Table[i].Size; math.Abs(float64(n-want)) > slack*float64(want) {
				t.Errorf("%+v: criterion %d asks for %d rows, not %d", a, i+1, want, n)
			}
		}
	}
}

// The settings of the tests of pmsampsize: shrinkage, optimism, final.
func TestSizeSurvival(t *testing.T) {
	for _, c := range []struct {
		r2              float64
		parameters      int
		rate, at, years float64
		want            [3]int
		per             float64
	}{
		{.051, 25, .065, 2, 2.07, [3]int{4286, 866, 4286}, 23.07},
		{.065, 25, .065, 2, 2.07, [3]int{3335, 859, 3335}, 17.95},
		{.051, 50, .065, 2, 2.07, [3]int{8572, 1731, 8572}, 23.07},
		{.051, 25, .1, 2, 2.07, [3]int{4286, 731, 4286}, 35.49},
		{.051, 25, .065, 2, 4, [3]int{4286, 679, 4286}, 44.57},
		{.06, 40, .08, 3, 5, [3]int{5798, 969, 5798}, 57.98},
		{.03, 10, .09, 3, 3, [3]int{2950, 272, 2950}, 79.65},
		{.3, 80, .03, 1, 5, [3]int{1974, 2272, 2272}, 4.26},
	} {
		s, err := SizeSurvival(c.r2, false, c.parameters, c.rate, c.at, c.years)
		if got := [3]int{s.Shrinkage, s.Optimism, s.N}; err != nil || got != c.want || math.Abs(s.PerTerm-c.per) > .00501 {
			t.Error(c, s, err)
		}
		if wide := s.Risk.High - s.Risk.Value; wide > .05 || s.Overall < 2 {
			t.Error("the risk is precise", s)
		}
		again, err := SizeSurvival(s.Nagel, true, c.parameters, c.rate, c.at, c.years)
		if err != nil || again.N != s.N {
			t.Error("by Nagelkerke's", again, err)
		}
	}
	// where few rows are enough but for the risk, its own criterion rules, and just
	s, _ := SizeSurvival(.5, false, 1, .3, 2, 1)
	half := func(n int) float64 {
		u := -math.Expm1(-2 * (.3 + z95*math.Sqrt(.3/float64(n))))
		return u - s.Risk.Value
	}
	if s.Rules != "overall" || half(s.Overall) > .05 || half(s.Overall-1) <= .05 {
		t.Error(s, half(s.Overall), half(s.Overall-1))
	}
}

// The settings of the tests of pmsampsize: its criteria but the fourth, whose variance lacks a square.
func TestSizeNumber(t *testing.T) {
	for _, c := range []struct {
		r2         float64
		parameters int
		mean, sd   float64
		want       [3]int
	}{
		{.2, 25, 1.9, .6, [3]int{918, 401, 259}},
		{.3, 25, 1.9, .6, [3]int{574, 351, 259}},
		{.2, 50, 1.9, .6, [3]int{1924, 801, 284}},
		{.5, 100, 1.9, 2, [3]int{1264, 1001, 334}},
	} {
		s, err := SizeNumber(c.r2, c.parameters, c.mean, c.sd)
		if got := [3]int{s.Shrinkage, s.Optimism, s.Residual}; err != nil || got != c.want {
			t.Error(c, s, err)
		}
	}
	s, err := SizeNumber(.2, 3, .05, 2) // R: qt(.975, n-4)*2*sqrt(.8/n) <= .005 first at n = 491,7xx
	wide := func(n int) float64 { return z95 * 2 * math.Sqrt(.8/float64(n)) }
	if err != nil || s.Rules != "mean" || wide(s.N) > .005 || wide(s.N-5) < .005 {
		t.Error(s, err, wide(s.N))
	}
}

// The settings of the tests of pmvalsampsize, whose standard error of O/E goes in steps of 1e-4; and the information against a draw of
// a million predictors.
func TestSizeValidation(t *testing.T) {
	v := Validation{Prevalence: .018, CStatistic: .8, WidthOE: 1, Threshold: .05}
	s, err := SizeValidation(v)
	if err != nil || math.Abs(float64(s.OE-905)) > 1 || s.CStatistic != 4252 {
		t.Error(s, err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	variance := 2 * math.Pow(math.Sqrt2*math.Erfinv(2*.8-1), 2)
	i, calls, events, rejected := [3]float64{}, 0., 0., 0.
	const draws = 2_000_000
	for range draws {
		x := math.Log(.018/.982) - variance/2 + rng.NormFloat64()*math.Sqrt(variance)
		event := rng.Float64() < .018
		if event {
			x += variance
			events++
		}
		p := logistic(x)
		for k := range i {
			i[k] += p * (1 - p) * math.Pow(x, float64(k)) / draws
		}
		if event && p >= .05 {
			calls++
		}
		if !event && p < .05 {
			rejected++
		}
	}
	se := .2 / (2 * z95)
	if want := i[0] / (se * se * (i[0]*i[2] - i[1]*i[1])); math.Abs(float64(s.Slope)/want-1) > .02 {
		t.Error("slope", s.Slope, want)
	}
	if math.Abs(float64(s.Sensitivity)-calls/events) > .01 || math.Abs(float64(s.Specificity)-rejected/(draws-events)) > .002 {
		t.Error("the calls", s.Sensitivity, calls/events, s.Specificity, rejected/(draws-events))
	}
	w := .982 / .018 * .05 / .95
	if want := float64(s.Sensitivity) - w*(1-float64(s.Specificity)); math.Abs(float64(s.Benefit)-want) > 1e-12 || s.NetBenefit < 2 {
		t.Error("net benefit", s.Benefit, want)
	}
	v.Mean, v.SD = -5, 2.5
	if s, err = SizeValidation(v); err != nil || math.Abs(float64(s.Slope)/4501-1) > .1 { // pmvalsampsize drew 1,000 predictors
		t.Error(s, err)
	}
}

func TestSizeRefuses(t *testing.T) {
	for _, r2 := range []float64{0, .9, math.NaN()} {
		if _, err := SizeBinary(r2, 10, .1); !errors.Is(err, ErrSize) {
			t.Error(r2, err)
		}
		if _, err := SizeSurvival(r2, false, 10, .1, 1, 1); !errors.Is(err, ErrSize) {
			t.Error(r2, err)
		}
	}
	for _, mean := range []float64{0, math.Inf(1)} {
		if _, err := SizeNumber(.5, 10, mean, 1); !errors.Is(err, ErrSize) {
			t.Error(mean, err)
		}
	}
	for _, c := range []float64{.5, 1, .2} {
		if _, err := R2OfC(c, .1); !errors.Is(err, ErrSize) {
			t.Error(c, err)
		}
		if _, err := SizeValidation(Validation{Prevalence: .1, CStatistic: c}); !errors.Is(err, ErrSize) {
			t.Error(c, err)
		}
	}
}
