package metric

import "math"

// ConcordanceTest compares the C of two risks of the same rows: A, B and A − B, with 95 % intervals of their standard errors.
type ConcordanceTest struct {
	A          Estimate `json:"a"`
	B          Estimate `json:"b"`
	Difference Estimate `json:"difference"`
	SE         Number   `json:"se"` // of the difference
	P          Number   `json:"p"`
}

// HarrellPair compares Harrell's C of the risks a and b, UnoPair Uno's. The standard errors are infinitesimal jackknives over the
// groups, the patient of each row where group is not nil (R's concordance of two fits, with cluster).
func HarrellPair(time []float64, event []bool, a, b []float64, group []int) (ConcordanceTest, error) {
	return pair(time, event, a, b, group, math.Inf(1), harrell)
}

// UnoPair is HarrellPair with Uno's weights, events after the time until left out.
func UnoPair(time []float64, event []bool, a, b []float64, group []int, until float64) (ConcordanceTest, error) {
	return pair(time, event, a, b, group, until, uno)
}

func pair(time []float64, event []bool, a, b []float64, group []int, until float64, weigh func(float64) float64) (t ConcordanceTest, err error) {
	ca, da, err := concordance(time, event, a, until, weigh)
	if err != nil {
		return t, err
	}
	cb, db, err := concordance(time, event, b, until, weigh)
	if err != nil {
		return t, err
	}
	if group != nil && len(group) != len(time) {
		return t, ErrLength
	}
	t = ConcordanceTest{A: clipped(ca, jackknife(da, group)), B: clipped(cb, jackknife(db, group)), P: undefined}
	for i := range da {
		da[i] -= db[i]
	}
	d := ca - cb
	t.SE = jackknife(da, group)
	t.Difference = Estimate{d, d - z95*t.SE, d + z95*t.SE}
	if t.SE > 0 {
		t.P = Number(math.Erfc(math.Abs(float64(d/t.SE)) / math.Sqrt2))
	}
	return t, nil
}

// clipped is the normal interval of a share, held within 0 and 1.
func clipped(v, se Number) Estimate { return Estimate{v, max(0, v-z95*se), min(1, v+z95*se)} }
