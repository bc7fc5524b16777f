package chapter5_test

import (
	"fmt"

	"gradus/lab/chapter5"
)

// The pages of backpropagation; package lab/page finds one by its address, sets it up and asks it for its numbers.
func ExamplePages() {
	for _, p := range chapter5.Pages() {
		fmt.Println(p.ID)
	}
	// Output:
	// 4-5-1
	// 4-5-2
	// 4-5-3
	// 4-5-4
	// 4-5-5
	// 4-5-6
	// 4-5-7
	// 4-5-8
	// 4-5-9
	// 4-5-10
	// 4-5-11
	// 4-5-12
	// 4-5-13
	// 4-5-14
	// 4-5-15
	// 4-5-16
	// 4-5-17
	// 4-5-18
	// 4-5-19
	// 4-5-20
	// 4-5-21
	// 4-5-22
	// 4-5-23
	// 4-5-24
	// 4-5-25
	// 4-5-26
	// 4-5-27
	// 4-5-28
	// 4-5-29
	// 4-5-30
	// 4-5-31
}
