package chapter2_test

import (
	"fmt"
	"log"

	"gradus/lab/chapter2"
)

// Page 4-2-3, the sigmoid, at its first address: what it reads out.
func ExamplePages() {
	for _, p := range chapter2.Pages() {
		if p.ID != "4-2-3" {
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
	// risk 0.2689
	// OR 2.014
	// slope 0.2445
}
