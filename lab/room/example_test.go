package room_test

import (
	"fmt"
	"log"

	"gradus/lab/room"
)

// The race of the optimizers at its end: the first numbers of it.
func ExamplePages() {
	for _, p := range room.Pages() {
		if p.ID != "race" {
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
	// E_momentum 0.00987
	// alpha_momentum 0.0025
	// E_printed 0.01406
	// alpha_printed 0.15
}
