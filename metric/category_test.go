package metric

import (
	"math"
	"testing"
)

// The standardised difference of categories: by hand of two levels, of three by the inverse of the 2×2 matrix; a level that nobody has
// changes nothing, and what does not vary has none.
func TestCategoryDifference(t *testing.T) {
	p, q := .3, .6
	if got, want := CategoryDifference([]int{30, 70}, []int{120, 80}), math.Abs(q-p)/math.Sqrt((p*(1-p)+q*(1-q))/2); math.Abs(float64(got)-want) > 1e-14 {
		t.Errorf("%v, want %v", got, want)
	}
	a, b := []int{20, 30, 50}, []int{10, 60, 30}
	s11, s22, s12 := (.2*.8+.1*.9)/2, (.3*.7+.6*.4)/2, -(.2*.3+.1*.6)/2
	d1, d2 := -.1, .3
	want := math.Sqrt((s22*d1*d1 - 2*s12*d1*d2 + s11*d2*d2) / (s11*s22 - s12*s12))
	for _, got := range []Number{CategoryDifference(a, b), CategoryDifference(b, a), CategoryDifference([]int{20, 0, 30, 50}, []int{10, 0, 60, 30})} {
		if math.Abs(float64(got)-want) > 1e-14 {
			t.Errorf("%v, want %v", got, want)
		}
	}
	for _, none := range [][2][]int{{{0, 0}, {1, 2}}, {{3, 0}, {5, 0}}, {nil, nil}, {{4, 0}, {0, 5}}} {
		if got := CategoryDifference(none[0], none[1]); got.Defined() {
			t.Errorf("%v of %v", got, none)
		}
	}
}

// The lines alone are those of the whole figure; what rests on loess or groups is undefined.
func TestCalibrateLine(t *testing.T) {
	y, p := []bool{true, false, true, false, false, true}, []float64{.9, .2, .6, .7, .1, .3}
	whole, err := Calibrate(y, p)
	if err != nil {
		t.Fatal(err)
	}
	c, err := CalibrateLine(y, p)
	if err != nil || c.Slope != whole.Slope || c.InTheLarge != whole.InTheLarge || c.OE != whole.OE || c.SlopeSE != whole.SlopeSE || c.ICI.Defined() || c.ECE.Defined() {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := CalibrateLine(y, p[:3]); err == nil {
		t.Error("fewer risks than rows are taken")
	}
}
