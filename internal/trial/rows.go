package trial

import (
	"math"
	"math/rand/v2"

	"gradus/internal/kernel"
)

// Patients are synthetic rows of four standardised findings; who is ill follows from all of them, with chance.
func Patients(rng *rand.Rand, n int) Set {
	var x, y [][]float64
	for range n {
		row := []float64{kernel.Normal(rng), kernel.Normal(rng), kernel.Normal(rng), kernel.Normal(rng)}
		ill := 0.
		if rng.Float64() < kernel.Sigmoid(float64(2*row[0])-float64(2*row[1])+float64(row[2]*row[3])) {
			ill = 1
		}
		x, y = append(x, row), append(y, []float64{ill})
	}
	return Rows(x, y)
}

// Spiral is two arms that wind round each other so many turns, with a little noise.
func Spiral(rng *rand.Rand, n int, turns float64) Set {
	var x, y [][]float64
	for i := range n {
		arm := float64(i % 2)
		r := .1 + float64(.9*math.Sqrt(rng.Float64()))
		angle := float64(2*math.Pi*turns*r) + float64(math.Pi*arm)
		c, s := kernel.Cos(angle), kernel.Cos(angle-math.Pi/2)
		x = append(x, []float64{float64(r*c) + float64(.02*kernel.Normal(rng)), float64(r*s) + float64(.02*kernel.Normal(rng))})
		y = append(y, []float64{arm})
	}
	return Rows(x, y)
}
