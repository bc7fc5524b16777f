package trial

import (
	"slices"
	"testing"
)

// A walk goes the way of the run that nobody looks at, and its stops are the same in any order.
func TestWalk(t *testing.T) {
	w, err := neuron.Walk(or(), or(), []int{0, 3, 200})
	if err != nil {
		t.Fatal(err)
	}
	all, fall := w.To(2)
	out, err := neuron.Run(t.Context(), or(), or(), nil)
	if err != nil || fall != nil || !slices.Equal(all[2].Weights, out.Net.Weights()) || all[2].Held != out.Last().Held {
		t.Errorf("%v %v, the run comes to %v", all[2], err, out.Net.Weights())
	}
	if early, _ := w.To(1); len(early) != 2 || early[1].Iteration != 3 || early[1].Cost >= early[0].Cost {
		t.Errorf("%+v", early)
	}
	g, vitals := w.Inside(all[2])
	if want, err := Gradients(out.Net, neuron.Cost, or()); err != nil || len(vitals) != 0 || !slices.Equal(g, want) {
		t.Errorf("%v, want %v %v", g, want, err)
	}
	if all[2].Right != Right(out.Net, or()) || all[2].Right != 4 || all[0].Right == 4 {
		t.Errorf("%d right at first, %d at last", all[0].Right, all[2].Right)
	}
}

// A fall has the numbers of what went wrong, and only the stops behind it know of it.
func TestWalkFalls(t *testing.T) {
	wild := Training{Net: Net{In: 2, Hidden: []int{2}, Out: 1, Seed: 1}, Cost: "mse", Alpha: 50, Epochs: 400, Seed: 1}
	w, err := wild.Walk(or(), Set{}, []int{0, 1, 400})
	if err != nil {
		t.Fatal(err)
	}
	if _, fall := w.To(1); fall != nil {
		t.Errorf("fell at once: %+v", fall)
	}
	list, fall := w.To(2)
	if fall == nil || len(list) != 2 || fall.Alpha != 50 || fall.Iteration < 2 || fall.Smaller >= 50 || fall.Value-fall.Value == 0 {
		t.Errorf("%+v after %d stops", fall, len(list))
	}
}

func TestVitals(t *testing.T) {
	look := func(activation string, bias float64) []Vital {
		w, err := Training{
			Net: Net{In: 2, Hidden: []int{2}, Out: 1, Activation: activation, Bias: bias, Seed: 1}, Cost: "mse", Alpha: .1, Epochs: 1, Seed: 1,
		}.Walk(or(), Set{}, []int{0})
		if err != nil {
			t.Fatal(err)
		}
		list, _ := w.To(0)
		_, vitals := w.Inside(list[0])
		return vitals[0]
	}
	if v := look("relu", -9); !v[0].Dead || !v[1].Dead {
		t.Errorf("far below 0 ReLU lives: %+v", v)
	}
	if v := look("tanh", 9); v[0].Dead || v[0].Flat < .999 {
		t.Errorf("far from 0 tanh is not flat: %+v", v)
	}
	if v := look("tanh", 0); v[0].Dead || v[0].Flat != 0 {
		t.Errorf("about 0 tanh is flat: %+v", v)
	}
}

// A hand on a weight changes what comes behind it and nothing before, whatever is looked at on the way.
func TestWalkEdit(t *testing.T) {
	walk := func(stops ...int) *Walk {
		w, err := neuron.Walk(or(), or(), stops)
		if err != nil {
			t.Fatal(err)
		}
		return w
	}
	plain, hand, other := walk(0, 4, 9), walk(0, 4, 9), walk(9)
	edits := []Edit{{4, 1, 2.5}}
	hand.Edit(edits)
	other.Edit(edits)
	p, _ := plain.To(2)
	h, _ := hand.To(2)
	o, _ := other.To(0)
	if h[1].Weights[1] != 2.5 || h[1].Weights[0] != p[1].Weights[0] || !slices.Equal(h[0].Weights, p[0].Weights) {
		t.Errorf("at the hand: %v, without it %v", h[1].Weights, p[1].Weights)
	}
	if slices.Equal(h[2].Weights, p[2].Weights) || !slices.Equal(h[2].Weights, o[0].Weights) {
		t.Errorf("behind it: %v and %v, without it %v", h[2].Weights, o[0].Weights, p[2].Weights)
	}
	first := walk(0)
	first.Edit([]Edit{{0, 0, -1}})
	if f, _ := first.To(0); f[0].Weights[0] != -1 {
		t.Errorf("before the first step: %v", f[0].Weights)
	}
}
