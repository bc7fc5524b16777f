package front_test

import (
	"fmt"

	"gradus/lab/front"
)

// The pages of the deck's first page; package lab/page finds one by its address, sets it up and asks it for its numbers.
func ExamplePages() {
	for _, p := range front.Pages() {
		fmt.Println(p.ID)
	}
	// Output:
	// F1
	// F2
	// F3
}
