package bench_test

import (
	"fmt"

	"gradus/bench"
)

// What can be measured: give some of these names to Start.
func ExampleFamilies() {
	fmt.Println(bench.Families())
	// Output: [S M L XL gemm inference vector many csv]
}
