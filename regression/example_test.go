package regression_test

import (
	"fmt"
	"log"

	"gradus/mat"
	"gradus/regression"
)

// Logistic regression to the exact optimum, with the usual ridge of 1.
func ExampleLogistic() {
	age := mat.From([]float64{50}, []float64{55}, []float64{60}, []float64{65}, []float64{70}, []float64{75})
	died := []bool{false, false, true, false, true, true}
	fit, err := regression.Logistic(age, died, 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("logit p = %.3f + %.4f·age\n", fit.Intercept, fit.Coefficients[0])
	fmt.Printf("at 80: %.3f\n", fit.Predict([]float64{80}))
	// Output:
	// logit p = -6.362 + 0.1018·age
	// at 80: 0.856
}

func ExampleLinear() {
	x := mat.From([]float64{0, 1}, []float64{1, 0}, []float64{2, 2}, []float64{3, 1})
	fit, err := regression.Linear(x, []float64{4, 3, 11, 10}, 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.1f %.1f\n", fit.Intercept, fit.Coefficients)
	// Output: 1.0 [2.0 3.0]
}

// Hazard ratios of Cox's regression, ties as R counts them.
func ExampleCox() {
	x := mat.From([]float64{0}, []float64{1}, []float64{0}, []float64{1}, []float64{1}, []float64{0})
	days := []float64{4, 9, 7, 2, 8, 10}
	event := []bool{true, true, false, true, true, false}
	fit, err := regression.Cox(x, days, event, regression.Efron, 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("coefficient %.3f (SE %.3f)\n", fit.Coefficients[0], fit.SE[0])
	// Output: coefficient 1.066 (SE 1.170)
}
