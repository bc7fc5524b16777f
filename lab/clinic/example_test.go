package clinic_test

import (
	"fmt"
	"log"

	"gradus/lab/clinic"
)

// The room of the threshold at its first address: the first numbers of it.
func ExamplePages() {
	for _, p := range clinic.Pages() {
		if p.ID != "threshold" {
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
	// events 40
	// others 960
	// threshold 0.1
	// quiet 901
}
