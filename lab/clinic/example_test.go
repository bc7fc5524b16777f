package clinic_test

import (
	"fmt"

	"gradus/lab/clinic"
)

// The pages of the clinical rooms; package lab/page finds one by its address, sets it up and asks it for its numbers.
func ExamplePages() {
	for _, p := range clinic.Pages() {
		fmt.Println(p.ID)
	}
	// Output:
	// threshold
	// imbalance
	// overfit
	// patient
}
