package chapter3_test

import (
	"fmt"

	"gradus/lab/chapter3"
)

// The pages of costs; package lab/page finds one by its address, sets it up and asks it for its numbers.
func ExamplePages() {
	for _, p := range chapter3.Pages() {
		fmt.Println(p.ID)
	}
	// Output:
	// 4-3-1
	// 4-3-2
	// 4-3-3
	// 4-3-4
}
