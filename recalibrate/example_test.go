package recalibrate_test

import (
	"fmt"
	"log"

	"gradus/recalibrate"
)

// Predictions that are too sure are drawn towards the middle by what happened to other patients.
func ExampleFit() {
	happened := []bool{false, false, true, false, true, false, false, true}
	risk := []float64{.02, .05, .1, .3, .7, .9, .95, .98}
	m, err := recalibrate.Fit(recalibrate.Logistic, happened, risk)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("logit p' = %.3f + %.3f·logit p\n", m.A, m.B)
	fmt.Printf(".98 becomes %.2f\n", m.Apply(.98))
	// Output:
	// logit p' = -0.544 + 0.191·logit p
	// .98 becomes 0.55
}
