package trial

import (
	"math"
	"testing"

	"gradus/activation"
)

// A picture is the network's own answer at every point, for each function, small weights and large ones, and NaN is NaN.
func TestScenery(t *testing.T) {
	var x, y [][]float64
	for i := range 700 {
		x, y = append(x, []float64{float64(i%29)/4.7 - 3, float64(i/29)/4.1 - 3}), append(y, []float64{float64(i % 2)})
	}
	set := Rows(x, y)
	for _, f := range activation.All[float64]() {
		if f.Name() == "softmax" { // of a row, and no hidden layer's
			continue
		}
		n := Net{In: 2, Hidden: []int{5, 3}, Out: 1, Activation: f.Name(), Last: "sigmoid", Seed: 4}
		w, err := Training{Net: n, Cost: "mse", Alpha: .1, Epochs: 2, Batch: 100, Seed: 1}.Walk(set, Set{}, []int{0, 7})
		if err != nil {
			t.Fatal(err)
		}
		stops, _ := w.To(1)
		v := w.Scenery(set.X, 300)
		for _, scale := range []float64{1, 30} {
			s := Stop{Weights: append([]float64(nil), stops[1].Weights...)}
			for i := range s.Weights {
				s.Weights[i] *= scale
			}
			v.Look(s)
			far := furthest(v, w, s, set)
			if far > 1e-4 {
				t.Errorf("%s, weights times %g: %g apart", f.Name(), scale, far)
			}
		}
		v.Look(Stop{Weights: append([]float64{math.NaN()}, stops[1].Weights[1:]...)})
		if !math.IsNaN(v.Near[0][0][0]) && f.Name() != "step" {
			t.Errorf("%s of NaN is %g", f.Name(), v.Near[0][0][0])
		}
	}
}

// furthest is the largest difference between a scenery and the network, as a share of what is shown.
func furthest(v *Scenery, w *Walk, s Stop, set Set) (far float64) {
	cells := w.See(s, set)
	first := set.Len() - len(v.Near[0][0])
	for l, c := range cells {
		most := 1.
		for _, h := range c.H.Data {
			most = max(most, math.Abs(h))
		}
		for r := range set.Len() {
			for n := range c.H.Cols {
				if r >= first {
					far = max(far, math.Abs(v.Near[l][n][r-first]-c.H.At(r, n))/most)
				}
			}
			if l == len(cells)-1 {
				far = max(far, math.Abs(v.Out[r]-c.H.At(r, 0)))
			}
		}
	}
	return far
}
