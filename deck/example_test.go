package deck_test

import (
	"fmt"
	"log"

	"gradus/deck"
)

// What the deck prints beside what is exact: page 4-5-21, where a sign is lost.
func ExampleLedger() {
	rows, err := deck.Ledger()
	if err != nil {
		log.Fatal(err)
	}
	if rows, err = deck.Page(rows, "4-5-21"); err != nil {
		log.Fatal(err)
	}
	for _, r := range rows {
		if r.Printed != nil && r.Exact != nil {
			fmt.Printf("%-10s printed %7.4f  exact %.6f  slip %v\n", r.Symbol, *r.Printed, *r.Exact, r.Slip())
		}
	}
	// Output:
	// dEy1_dh11  printed  0.0111  exact -0.011076  slip true
	// dEy2_dh11  printed -0.0005  exact 0.000494  slip true
	// dE_dh11    printed  0.0106  exact -0.010582  slip true
}

// The worked example with a number of one's own: a learning rate of 5 in place of .5.
func ExampleExample_Descend() {
	e := deck.Worked()
	e.Alpha = 5
	costs, err := e.Descend(3)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.5f\n", costs)
	// Output: [0.01284 0.00937 0.00698]
}
