package privacy_test

import (
	"fmt"

	"gradus/privacy"
)

// A hundred passes over a ward of 2,000 patients, 32 at a time, with noise of 1.1 times what one patient can add.
func ExampleEpsilon() {
	work := privacy.Work{Share: 32.0 / 2000, Noise: 1.1, Steps: 100 * 2000 / 32}
	fmt.Printf("ε = %.2f at δ = 1e-5\n", privacy.Epsilon(1e-5, work))
	// Output: ε = 7.45 at δ = 1e-5
}

// The noise that keeps a promise.
func ExampleNoise() {
	fmt.Println(privacy.Noise(3, 1e-5, 32.0/2000, 6250))
	// Output: 2.036
}
