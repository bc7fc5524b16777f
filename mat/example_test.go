package mat_test

import (
	"fmt"

	"gradus/mat"
)

// The weighted sums of a layer for two rows at once: o = x·wᵀ, with the weights of deck 4-5-3.
func ExampleMulT() {
	x := mat.From([]float64{.1, .2}, []float64{1, 0})    // (rows, inputs)
	w := mat.From([]float64{.3, .55}, []float64{.1, .3}) // (neurons, inputs)
	o := mat.New[float64](2, 2)                          // (rows, neurons)
	mat.MulT(o, x, w)
	for _, row := range o.Slices() {
		fmt.Printf("%.2f\n", row)
	}
	// Output:
	// [0.14 0.07]
	// [0.30 0.10]
}

// A view lays a matrix over numbers that are there already, and changes them.
func ExampleView() {
	data := []float32{1, 2, 3, 4, 5, 6}
	m := mat.View(2, 3, data)
	m.Row(1)[0] = 40
	fmt.Println(m.At(0, 2), data)
	// Output: 3 [1 2 3 40 5 6]
}
