package chapter1_test

import (
	"fmt"

	"gradus/lab/chapter1"
)

// The pages of the perceptron; package lab/page finds one by its address, sets it up and asks it for its numbers.
func ExamplePages() {
	for _, p := range chapter1.Pages() {
		fmt.Println(p.ID)
	}
	// Output:
	// 4-1-1
	// 4-1-2
	// 4-1-3
	// 4-1-4
	// 4-1-5
	// 4-1-6
	// 4-1-7
	// 4-1-8
	// 4-1-9
	// 4-1-10
	// 4-1-11
}
