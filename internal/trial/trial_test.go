package trial

import (
	"context"
	"errors"
	"math"
	"testing"

	"gradus/internal/say"
)

func or() Set {
	return Rows([][]float64{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, [][]float64{{0}, {1}, {1}, {1}})
}

var neuron = Training{
	Net: Net{In: 2, Out: 1, Last: "sigmoid", Seed: 1}, Cost: "binary-cross-entropy", Alpha: 1, Epochs: 200, Seed: 1,
}

func TestRun(t *testing.T) {
	out, err := neuron.Run(context.Background(), or(), or(), nil)
	if err != nil {
		t.Fatal(err)
	}
	first, last := out.Curve[0], out.Last()
	if len(out.Curve) != 200 || out.Updates != 200 || last.Cost >= first.Cost/2 || Right(out.Net, or()) != 4 {
		t.Errorf("OR is not learnt: %+v, %d right", last, Right(out.Net, or()))
	}
	// the cost on the same rows after the last update
	if c, err := Cost(out.Net, "binary-cross-entropy", or()); err != nil || c != last.Held {
		t.Errorf("%g, held %g, %v", c, last.Held, err)
	}
	stopped, err := neuron.Run(context.Background(), or(), Set{}, func(e Epoch) bool { return e.Epoch == 3 })
	if err != nil || stopped.Updates != 3 || stopped.Last().Held != 0 {
		t.Errorf("%+v %v", stopped.Last(), err)
	}
	if (Outcome{}).Last() != (Epoch{}) {
		t.Error("an epoch of nothing")
	}
}

func TestDivergenceIsAnOutcome(t *testing.T) {
	line := Rows([][]float64{{1}, {2}}, [][]float64{{1}, {2}})
	bad := Training{Net: Net{In: 1, Out: 1, Seed: 1}, Cost: "mse", Alpha: 5, Epochs: 2000, Seed: 1}
	out, err := bad.Run(context.Background(), line, Set{}, nil)
	if err != nil || out.DivergedAt < 2 {
		t.Fatalf("%d %v", out.DivergedAt, err)
	}
	bad.Limit = 100
	early, err := bad.Run(context.Background(), line, Set{}, nil)
	if err != nil || early.DivergedAt == 0 || early.DivergedAt >= out.DivergedAt {
		t.Errorf("limit: %d, without %d, %v", early.DivergedAt, out.DivergedAt, err)
	}
}

func TestRunRefuses(t *testing.T) {
	for name, change := range map[string]func(*Training){
		"rule": func(t *Training) { t.Rule = "adan" }, "cost": func(t *Training) { t.Cost = "sse" }, "schedule": func(t *Training) { t.Falls = "x" },
		"activation": func(t *Training) { t.Net.Hidden, t.Net.Activation = []int{2}, "relo" }, "initial": func(t *Training) { t.Net.Initial = "hee" },
		"epochs": func(t *Training) { t.Epochs = 0 }, "inputs": func(t *Training) { t.Net.In = 3 },
	} {
		bad := neuron
		change(&bad)
		_, err := bad.Run(context.Background(), or(), Set{}, nil)
		var e *say.Err
		if !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err = bad.RunEarly(context.Background(), or(), or(), or(), 1); err == nil {
			t.Errorf("%s: early: no error", name)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := neuron.Run(ctx, or(), Set{}, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestRunEarly(t *testing.T) {
	// truth turned round: every step makes the validation part worse, so the first epoch is the best
	turned := Rows([][]float64{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, [][]float64{{1}, {0}, {0}, {0}})
	out, err := neuron.RunEarly(context.Background(), or(), turned, or(), 3)
	if err != nil || out.Last().Epoch != 1 || out.Updates != 1 {
		t.Errorf("%+v %v", out.Last(), err)
	}
}

func TestNet(t *testing.T) {
	net, err := Net{In: 3, Hidden: []int{4, 5}, Out: 2, Activation: "relu", Bias: -2, Normalise: true, Dropout: .5, Seed: 1}.Build()
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range dense(net) {
		for _, b := range d.Biases() {
			if want := []float64{-2, -2, 0}[i]; b != want {
				t.Errorf("layer %d: bias %g", i, b)
			}
		}
	}
	if len(net.Layers()) != 7 { // dense, normalisation and dropout twice, dense
		t.Errorf("%d layers", len(net.Layers()))
	}
	// (3+1)·4 + (4+1)·5 + (5+1)·2 weights and biases, 2·4 + 2·5 gamma and beta
	if weights, products := Work(net); weights != 16+25+12+18 || products != 12+20+10 {
		t.Errorf("%d weights, %d products", weights, products)
	}
}

// By hand: o = w·x + b with w = 0 gives h = ½, ∂E/∂o = (½ − y)/n, mean |∂E/∂w| over both weights.
func TestGradients(t *testing.T) {
	net, _ := Net{In: 2, Out: 1, Last: "sigmoid", Initial: "zero"}.Build()
	g, err := Gradients(net, "binary-cross-entropy", or())
	// x₁: (−½ −½)/4 = −¼ from rows 10 and 11, x₂ the same
	if err != nil || len(g) != 1 || math.Abs(g[0]-.25) > 1e-15 {
		t.Errorf("%v %v", g, err)
	}
	if _, err := Gradients(net, "x", or()); err == nil {
		t.Error("a cost that does not exist")
	}
}

func TestDead(t *testing.T) {
	for bias, want := range map[float64]int{-1000: 4, 1000: 0} {
		net, _ := Net{In: 2, Hidden: []int{4}, Out: 1, Activation: "relu", Bias: bias, Seed: 1}.Build()
		if dead, all, err := Dead(net, "mse", or()); dead != want || all != 4 || err != nil {
			t.Errorf("bias %g: %d of %d dead, %v", bias, dead, all, err)
		}
		if _, _, err := Dead(net, "x", or()); err == nil {
			t.Error("a cost that does not exist")
		}
	}
}

func TestCollapsed(t *testing.T) {
	net, _ := Net{In: 2, Hidden: []int{3, 3}, Out: 2, Bias: 1, Seed: 1}.Build()
	w, b, err := Collapsed(net)
	if err != nil || Apart(net, w, b, or().X) > 1e-14 {
		t.Errorf("%v, apart %g", err, Apart(net, w, b, or().X))
	}
	if b[0]++; math.Abs(Apart(net, w, b, or().X)-1) > 1e-14 {
		t.Error("a bias that is off by 1 goes unseen")
	}
	bent, _ := Net{In: 2, Hidden: []int{3}, Out: 2, Activation: "tanh", Seed: 1}.Build()
	if _, _, err := Collapsed(bent); err == nil {
		t.Error("tanh between layers was collapsed")
	}
}

func TestParts(t *testing.T) {
	s := or()
	if a, b := s.Top(1), s.From(3); a.Len() != 1 || b.Len() != 1 || b.X.At(0, 1) != 1 || a.Y.At(0, 0) != 0 {
		t.Errorf("%v %v", a, b)
	}
	// deck 4-4-6
	if per, total, last, err := Count(2000, 500, 5); per != 4 || total != 20 || last != 500 || err != nil {
		t.Error(per, total, last, err)
	}
}
