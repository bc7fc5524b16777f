package chapter4_test

import (
	"fmt"

	"gradus/lab/chapter4"
)

// The pages of optimizers; package lab/page finds one by its address, sets it up and asks it for its numbers.
func ExamplePages() {
	for _, p := range chapter4.Pages() {
		fmt.Println(p.ID)
	}
	// Output:
	// 4-4-1
	// 4-4-2
	// 4-4-3
	// 4-4-4
	// 4-4-5
	// 4-4-6
	// 4-4-7
	// 4-4-8
	// 4-4-9
	// 4-4-10
	// 4-4-11
}
