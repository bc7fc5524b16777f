package scene

import (
	"math"
	"testing"
)

// A wrong way that comes to the right answer, or to another's answer, is no mistake to name.
func TestDistinct(t *testing.T) {
	e := Exercise{
		Fields: []Field{{Right: 4, Within: .1}, {Right: 2, Within: .1}},
		Mistakes: []Mistake{
			{Key: "a", Values: []float64{4.05, math.NaN()}},
			{Key: "b", Values: []float64{3, 2}},
			{Key: "c", Values: []float64{3.05, math.NaN()}},
			{Key: "d", Values: []float64{4, 1}},
		},
	}.Distinct()
	if len(e.Mistakes) != 2 || e.Mistakes[0].Key != "b" || e.Mistakes[1].Key != "d" {
		t.Errorf("%+v", e.Mistakes)
	}
}
