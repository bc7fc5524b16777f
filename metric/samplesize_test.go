package metric

import (
	"errors"
	"testing"
)

// The settings of pmsampsize 1.1.3 that give R² itself: three criteria each.
func TestSizeBinary(t *testing.T) {
	for _, c := range []struct {
		r2         float64
		parameters int
		prevalence float64
		want       [4]int
	}{
		{.288, 24, .174, [4]int{623, 662, 221, 662}},
		{.1, 10, .09, [4]int{850, 413, 126, 850}},
	} {
		b, err := SizeBinary(c.r2, c.parameters, c.prevalence)
		if got := [4]int{b.Shrinkage, b.Optimism, b.Overall, b.N}; err != nil || got != c.want {
			t.Error(got, c.want, err)
		}
	}
	for _, r2 := range []float64{0, .9} {
		if _, err := SizeBinary(r2, 10, .1); !errors.Is(err, ErrSize) {
			t.Error(r2, err)
		}
	}
}
