package cost_test

import (
	"fmt"
	"log"

	"gradus/cost"
	"gradus/mat"
)

// E and ∂E/∂h of one row with two outputs, deck 4-3-3.
func ExampleMSE() {
	h, y := mat.From([]float64{.64, .60}), mat.From([]float64{.8, .6})
	dh := mat.New[float64](1, 2)
	c := cost.MSE[float64]{}
	c.Backward(dh, h, y)
	fmt.Printf("E %.4f  dE/dh %.2f\n", c.Forward(h, y), dh.Row(0))
	// Output: E 0.0128  dE/dh [-0.16 0.00]
}

// A network that ends in logits learns by a cost that holds the softmax: no probability is lost to rounding.
func ExampleCrossEntropy() {
	logits := mat.From([]float64{2, 0, -1}, []float64{0, 800, 0})
	classes := mat.From([]float64{0}, []float64{1}) // counted from 0
	c := cost.CrossEntropy[float64]{On: cost.Logits}
	fmt.Printf("%.4f\n", c.Forward(logits, classes))
	// Output: 0.0849
}

// Check and CheckTargets say before any training what would not fit.
func ExampleCheckTargets() {
	c, err := cost.New[float64]("binary-cross-entropy", cost.Params{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(cost.CheckTargets(c, mat.From([]float64{0}, []float64{2}), 1))
	// Output: row 2, column 1 of the truth y is 2; this cost needs a probability between 0 and 1
}
