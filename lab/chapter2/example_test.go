package chapter2_test

import (
	"fmt"

	"gradus/lab/chapter2"
)

// The pages of activations; package lab/page finds one by its address, sets it up and asks it for its numbers.
func ExamplePages() {
	for _, p := range chapter2.Pages() {
		fmt.Println(p.ID)
	}
	// Output:
	// 4-2-1
	// 4-2-2
	// 4-2-3
	// 4-2-4
	// 4-2-5
	// 4-2-6
	// 4-2-7
}
