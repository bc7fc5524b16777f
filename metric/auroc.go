package metric

import (
	"math"
	"slices"
)

// Area is an AUROC with its 95 % interval and DeLong's variance.
//
// LogitLow and LogitHigh are the interval of ln(A/(1−A)), whose standard error is √variance/(A(1−A)), turned back: it never leaves (0, 1). At 1
// and 0, where that has no value, they are those of the interval.
type Area struct {
	Estimate
	Variance  Number `json:"variance"`
	LogitLow  Number `json:"logit_low"`
	LogitHigh Number `json:"logit_high"`
}

// AUROC is the share of (event, non-event) pairs that p ranks rightly, ties counted half, with DeLong's variance
// (DeLong, DeLong and Clarke-Pearson 1988) in O(n log n). The pairs are counted in 64-bit integers.
//
// The interval is value ± 1.96·√variance clipped to [0, 1]. At a value of exactly 1 or 0 DeLong's variance is 0 and says
// nothing, so the interval reaches to .05^(1/m) from the other side, m the size of the smaller class: m disjoint
// (event, non-event) pairs were all ranked alike, and one share of .05^(1/m) would do that with 5 % chance (near 1 − 3/m,
// the rule of three). With one row in a class the variance is undefined.
func AUROC(y []bool, p []float64) (Area, error) {
	if err := checkScores(y, p); err != nil {
		return Area{}, err
	}
	v, area := placements(y, p)
	events := count(y)
	a := Area{Estimate{area, undefined, undefined}, spread(y, v), undefined, undefined}
	if events == 0 || events == len(y) {
		return a, ErrOneClass
	}
	a.interval(min(events, len(y)-events))
	return a, nil
}

func (a *Area) interval(smaller int) {
	least := Number(math.Pow(.05, 1/float64(smaller)))
	half := Number(z95 * math.Sqrt(float64(a.Variance)))
	switch {
	case a.Value == 1:
		a.Low, a.High = least, 1
	case a.Value == 0:
		a.Low, a.High = 0, 1-least
	case a.Variance.Defined():
		a.Low, a.High = max(0, a.Value-half), min(1, a.Value+half)
		at, wide := logit(float64(a.Value)), float64(half/(a.Value*(1-a.Value)))
		low, _ := chance(at - wide)
		high, _ := chance(at + wide)
		a.LogitLow, a.LogitHigh = Number(low), Number(high)
		return
	}
	a.LogitLow, a.LogitHigh = a.Low, a.High
}

type scored struct {
	p   float64
	row int
}

// ranked is the rows from the lowest to the highest score.
func ranked(p []float64) []scored {
	s := make([]scored, len(p))
	for i, v := range p {
		s[i] = scored{v, i}
	}
	slices.SortFunc(s, func(a, b scored) int {
		switch {
		case a.p < b.p:
			return -1
		case a.p > b.p:
			return 1
		}
		return a.row - b.row
	})
	return s
}

// runs calls each with the start and end of every run of equal scores, lowest first, and the events in it.
func runs(y []bool, s []scored, each func(from, to, events int)) {
	for from := 0; from < len(s); {
		to, events := from, 0
		for ; to < len(s) && s[to].p == s[from].p; to++ {
			if y[s[to].row] {
				events++
			}
		}
		each(from, to, events)
		from = to
	}
}

// placements is, for each row, the share of the other class it is ranked rightly against (ties half), and their mean, the AUROC.
func placements(y []bool, p []float64) ([]float64, Number) {
	events := count(y)
	others := len(y) - events
	s, v := ranked(p), make([]float64, len(y))
	var below, belowEvents, twice int64 // twice: 2 for a pair ranked rightly, 1 for a tie
	runs(y, s, func(from, to, here int) {
		tied := int64(to - from - here)
		twice += int64(here) * (2*below + tied)
		for _, row := range s[from:to] {
			if y[row.row] {
				v[row.row] = float64(2*below+tied) / float64(2*others)
			} else {
				v[row.row] = float64(2*(int64(events)-belowEvents)-int64(here)) / float64(2*events)
			}
		}
		below += tied
		belowEvents += int64(here)
	})
	return v, ratio(float64(twice), 2*float64(events)*float64(others))
}

// spread is DeLong's variance of the mean of placements v: each class's sample variance over its size, added.
func spread(y []bool, v []float64) Number {
	var n [2]int
	var mean, square [2]float64
	for i, event := range y {
		n[side(event)]++
		mean[side(event)] += v[i]
	}
	if n[0] < 2 || n[1] < 2 {
		return undefined
	}
	for c := range mean {
		mean[c] /= float64(n[c])
	}
	for i, event := range y {
		d := v[i] - mean[side(event)]
		square[side(event)] += d * d
	}
	total := 0.
	for c, m := range n {
		total += square[c] / float64(m-1) / float64(m)
	}
	return Number(total)
}

func side(event bool) int {
	if event {
		return 1
	}
	return 0
}

// Test is a comparison of two AUROCs: first − second, its standard score and the two-sided p value.
type Test struct {
	Difference Number `json:"difference"`
	Z          Number `json:"z"`
	P          Number `json:"p"`
}

// DeLong compares two predictions of the same rows (DeLong's paired test). Predictions that rank alike give z = 0 and p = 1;
// a difference without any variance leaves both undefined.
func DeLong(y []bool, first, second []float64) (Test, error) {
	for _, p := range [][]float64{first, second} {
		if err := checkScores(y, p); err != nil {
			return Test{}, err
		}
	}
	v, a := placements(y, first)
	w, b := placements(y, second)
	for i := range v {
		v[i] -= w[i]
	}
	t := Test{a - b, undefined, undefined}
	if !t.Difference.Defined() {
		return t, ErrOneClass
	}
	t.judge(spread(y, v))
	return t, nil
}

func (t *Test) judge(variance Number) {
	switch {
	case variance > 0:
		t.Z = t.Difference / Number(math.Sqrt(float64(variance)))
		t.P = Number(math.Erfc(math.Abs(float64(t.Z)) / math.Sqrt2))
	case variance == 0 && t.Difference == 0:
		t.Z, t.P = 0, 1
	}
}

// Unpaired is a comparison of the AUROCs of two separate groups of rows: Student's t with Welch's degrees of freedom.
type Unpaired struct {
	Difference Number `json:"difference"`
	T          Number `json:"t"`
	DF         Number `json:"df"`
	P          Number `json:"p"`
}

// DeLongUnpaired compares the AUROC of (y, p) with that of (y2, p2), rows of other patients.
func DeLongUnpaired(y []bool, p []float64, y2 []bool, p2 []float64) (Unpaired, error) {
	a, err := AUROC(y, p)
	if err != nil {
		return Unpaired{}, err
	}
	b, err := AUROC(y2, p2)
	if err != nil {
		return Unpaired{}, err
	}
	u := Unpaired{a.Value - b.Value, undefined, undefined, undefined}
	s, r := a.Variance, b.Variance
	if s+r > 0 {
		u.T = u.Difference / Number(math.Sqrt(float64(s+r)))
		u.DF = (s + r) * (s + r) / (s*s/Number(len(y)-1) + r*r/Number(len(y2)-1))
		u.P = Number(studentTails(float64(u.T), float64(u.DF)))
	}
	return u, nil
}
