package trace_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"gradus/trace"
)

// Any network that a person writes down, with every number of every step.
func ExampleRun() {
	spec, err := trace.Read(strings.NewReader(`{
		"layers": [{"weights": [[0.3, 0.55]], "biases": [0.1], "activation": "sigmoid"}],
		"cost": {"name": "mse"}, "optimizer": {"name": "descent", "alpha": 0.5},
		"batches": [{"x": [[0.1, 0.2]], "y": [[1]]}, {"x": [[0.1, 0.2]], "y": [[1]]}]
	}`))
	if err != nil {
		log.Fatal(err)
	}
	r, err := trace.Run(context.Background(), spec, trace.Options{Check: true})
	if err != nil {
		log.Fatal(err)
	}
	for _, step := range r.Steps {
		c := step.Layers[0]
		fmt.Printf("o %.4f  h %.4f  E %.4f  dw %.4f  checked %v\n", c.O[0][0], c.H[0][0], step.Cost, c.DW[0], *step.Check < 1e-8)
	}
	fmt.Printf("w %.4f\n", r.Layers[0].Weights[0])
	// Output:
	// o 0.2400  h 0.5597  E 0.1939  dw [-0.0217 -0.0434]  checked true
	// o 0.3539  h 0.5876  E 0.1701  dw [-0.0200 -0.0400]  checked true
	// w [0.3208 0.5917]
}
