package front_test

import (
	"fmt"
	"log"

	"gradus/lab/front"
)

// The artificial neuron at its first address: what the page reads out.
func ExamplePages() {
	for _, p := range front.Pages() {
		if p.ID != "F1" {
			continue
		}
		state, _ := p.Read("")
		run, err := p.Make(state)
		if err != nil {
			log.Fatal(err)
		}
		moment, err := run.At(run.Steps)
		if err != nil {
			log.Fatal(err)
		}
		for _, n := range moment.Numbers()[:4] {
			if n.Value != nil {
				fmt.Printf("%s %.4g\n", n.Symbol, *n.Value)
			}
		}
	}
	// Output:
	// x1 0.9
	// x2 0.4
	// w1 1.5
	// w2 -1
}
