package chapter3_test

import (
	"fmt"
	"log"

	"gradus/lab/chapter3"
)

// Page 4-3-3, the mean squared error, at its first address: what it reads out.
func ExamplePages() {
	for _, p := range chapter3.Pages() {
		if p.ID != "4-3-3" {
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
		for _, n := range moment.Readings {
			if n.Value != nil {
				fmt.Printf("%s %.4g\n", n.Symbol, *n.Value)
			}
		}
	}
	// Output:
	// E 162.7
	// dE_dc -2
}
