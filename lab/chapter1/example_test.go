package chapter1_test

import (
	"fmt"
	"log"

	"gradus/lab/chapter1"
)

// Page 4-1-4, the bias, at its first address: what it reads out.
func ExamplePages() {
	for _, p := range chapter1.Pages() {
		if p.ID != "4-1-4" {
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
	// sensitivity 0.2
	// specificity 1
	// flagged 4
}
