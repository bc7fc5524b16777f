package regression

import (
	"math/rand/v2"
	"testing"

	"gradus/mat"
)

// Separation, complete and all but for ties, has no likeliest coefficients; a ridge gives some.
func TestSeparation(t *testing.T) {
	complete := mat.From([]float64{1}, []float64{2}, []float64{3}, []float64{4}, []float64{5}, []float64{6})
	butTies := mat.From([]float64{1}, []float64{2}, []float64{3}, []float64{3}, []float64{5}, []float64{6})
	twoColumns := mat.From([]float64{0, 0}, []float64{0, 3}, []float64{0, 1}, []float64{0, 2}, []float64{1, 1}, []float64{1, 4})
	y, number := []bool{false, false, false, true, true, true}, []int{0, 0, 0, 1, 1, 1}
	for i, x := range []mat.Matrix[float64]{complete, butTies, twoColumns} {
		_, err := Logistic(x, y, 0)
		refused(t, err, "regression.separated")
		_, err = Softmax(x, number, 2, 0)
		refused(t, err, "regression.separated")
		for _, ridge := range []float64{1e-9, 1} {
			f, err := Logistic(x, y, ridge)
			if err != nil || f.Predict(x.Row(0)) > f.Predict(x.Row(5)) {
				t.Error(i, ridge, f, err)
			}
		}
	}
	x, event := breastCancer(t) // 30 columns part these classes
	_, err := Logistic(x, event, 0)
	refused(t, err, "regression.separated")
}

// A column that is 1 only for events, and not for all of them, parts the classes but for ties: never fitted without a ridge.
// The same rows with that column overlapping are.
func TestSeparationButForTies(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 9))
		n, d, k := 40+rng.IntN(40), 2+rng.IntN(3), 2+rng.IntN(2)
		x, number, y := mat.New[float64](n, d), make([]int, n), make([]bool, n)
		for r := range n {
			row := x.Row(r)
			for j := 1; j < d; j++ {
				row[j] = rng.NormFloat64()
			}
			number[r] = r % k
			if rng.Float64() < .5 {
				number[r] = rng.IntN(k)
			}
			y[r] = number[r] == k-1
			if y[r] && (r < k || rng.Float64() < .2) {
				row[0] = 1
			}
		}
		_, err := Logistic(x, y, 0)
		refused(t, err, "regression.separated")
		_, err = Softmax(x, number, k, 0)
		refused(t, err, "regression.separated")
		for r := range n {
			x.Row(r)[0] = 10 * rng.ExpFloat64()
		}
		_, err = Logistic(x, y, 0)
		_, err2 := Softmax(x, number, k, 0)
		if err != nil || err2 != nil {
			t.Error(seed, err, err2)
		}
	}
}
