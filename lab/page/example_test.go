package page_test

import (
	"fmt"

	"gradus/lab/page"
)

// A learner's desk: an address opens a page at a moment, with its numbers.
func ExampleDesk_View() {
	var desk page.Desk
	v := desk.View("4-5-21")
	fmt.Println(v.Page)
	for _, n := range v.Scene.Numbers() {
		if n.Symbol == "dE_dh11" {
			fmt.Printf("%.6f, printed %s, slip %v\n", *n.Value, n.Printed, n.Slip)
			break
		}
	}
	// Output:
	// 4-5-21
	// -0.010582, printed 0.0106, slip true
}

// Answers are judged as they are typed; a known mistake is named.
func ExampleDesk_Check() {
	var desk page.Desk
	key := desk.Key("4-1-2")[0]
	fmt.Println(desk.Check("4-1-2", 0, key.Answers).Pass)
	// Output: true
}
