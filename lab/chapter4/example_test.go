package chapter4_test

import (
	"fmt"
	"log"

	"gradus/lab/chapter4"
)

// Page 4-4-2, gradient descent, at the end of its walk: what it reads out.
func ExamplePages() {
	for _, p := range chapter4.Pages() {
		if p.ID != "4-4-2" {
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
	// Output: E 7.903e-11
}
