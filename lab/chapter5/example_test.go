package chapter5_test

import (
	"fmt"
	"log"

	"gradus/lab/chapter5"
)

// Page 4-5-21, where the deck loses a sign: the number beside what is printed.
func ExamplePages() {
	for _, p := range chapter5.Pages() {
		if p.ID != "4-5-21" {
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
		for _, n := range moment.Numbers() {
			if n.Symbol == "dE_dh11" && n.Slip {
				fmt.Printf("%.4f, printed %s\n", *n.Value, n.Printed)
				break
			}
		}
	}
	// Output: -0.0106, printed 0.0106
}
