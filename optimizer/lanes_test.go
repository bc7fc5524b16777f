package optimizer

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Rules of float64 have the same bits in lanes as on the plain source, after every iteration.
func TestLanes(t *testing.T) {
	for _, row := range All[float64]() {
		for _, form := range row.Forms {
			r := rand.New(rand.NewPCG(1, 2))
			plain, err := New[float64](row.Name, 45, form, nil)
			if err != nil {
				t.Fatal(err)
			}
			quick, _ := New[float64](row.Name, 45, form, nil)
			Lanes(quick)
			a, g := make([]float64, 45), make([]float64, 45)
			for i := range a {
				a[i] = r.NormFloat64()
			}
			b := slices.Clone(a)
			for range 20 {
				for i := range g {
					g[i] = r.NormFloat64()
				}
				plain.Step(.01, a, g)
				quick.Step(.01, b, g)
				if !slices.Equal(a, b) {
					t.Fatalf("%s %s: other bits", row.Name, form)
				}
			}
			for i, m := range plain.State().Moments {
				if !slices.Equal(m.Values, quick.State().Moments[i].Values) {
					t.Errorf("%s %s: %s differs", row.Name, form, m.Name)
				}
			}
		}
	}
}
