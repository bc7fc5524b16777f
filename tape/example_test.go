package tape_test

import (
	"fmt"

	"gradus/tape"
)

// One neuron by the chain rule: h = σ(w·x + b), E = ½(h − y)².
func Example() {
	t := tape.New()
	x, y := t.Const(.1), t.Const(.6)
	w, b := t.Var(.3), t.Var(0)
	h := w.Mul(x).Add(b).Sigmoid()
	d := h.Sub(y)
	e := t.Const(.5).Mul(d).Mul(d)
	t.Backward(e)
	fmt.Printf("E %.6f  dE/dw %.6f  dE/db %.6f\n", e.Value(), w.Grad(), b.Grad())
	// Output: E 0.004278  dE/dw -0.002312  dE/db -0.023120
}
