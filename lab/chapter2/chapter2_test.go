package chapter2

import (
	"maps"
	"math"
	"testing"

	"gradus/internal/trial"
	"gradus/lab/scene"
	"gradus/lab/scene/scenetest"
)

var state, look = scenetest.State, scenetest.Numbers

func tasks(t *testing.T, p *scene.Page, query string) []scene.Exercise {
	t.Helper()
	s := state(t, p, query)
	list, err := p.Exercises(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s = %.17g, want %g", what, got, want)
	}
}

// Linear layers are one layer to the last bits; with ReLU between they are not.
func TestCollapse(t *testing.T) {
	n := look(t, collapse(), "layers=5", 4)
	near(t, "w′", n["wp"], 1, 0)
	near(t, "b′", n["bp"], 1.5, 0)
	near(t, "y", n["y"], 2.5, 0)
	near(t, "apart", n["apart"], 0, 1e-14)
	if n := look(t, collapse(), "layers=5&f=relu", 4); n["apart"] < .01 {
		t.Errorf("ReLU differs by %g only", n["apart"])
	}
}

// A step changes no weight in 100 epochs, a sigmoid all of them.
func TestStepLearnsNothing(t *testing.T) {
	set := trial.Patients(chance(state(t, step(), ""), 2), 40)
	for f, share := range map[string]int{"step": 0, "sigmoid": 1} {
		n, all, err := changed(f, 7, set, stepEpochs)
		if err != nil || n != share*all || all != 25 {
			t.Errorf("%s: %d of %d changed, %v", f, n, all, err)
		}
	}
}

// The numbers that the course asks for, by Go's own functions.
func TestAskedNumbers(t *testing.T) {
	near(t, "logit .2", tasks(t, sigmoid(), "")[0].Fields[0].Right, math.Log(.25), 1e-15)
	near(t, "odds ratio", tasks(t, sigmoid(), "")[1].Fields[0].Right, math.Exp(1.1), 1e-14)
	for i, want := range []float64{.6652, .2447, .0900} {
		near(t, "softmax(2,1,0)", tasks(t, softmax(), "")[0].Fields[i].Right, want, 5e-5)
	}
	e := tasks(t, tanh(), "")[0]
	near(t, "ratio", e.Fields[0].Right, 4, 1e-12)
	// cosh x = 2·cosh(x/2): with c = cosh(x/2), 2c² − 1 = 2c
	near(t, "crossing", e.Fields[1].Right, 2*math.Acosh((1+math.Sqrt(3))/2), 1e-12)
}

// The power of a quarter, and the depth that is asked for: the first below a millionth.
func TestVanishing(t *testing.T) {
	near(t, ".25⁵", look(t, vanishing(), "layers=6", 0)["bound"], 9.765625e-4, 0)
	p := vanishing()
	at := int(tasks(t, p, "")[0].Fields[0].Right)
	for layers := 2; layers <= at; layers++ {
		ratio := look(t, p, "layers="+string(rune('0'+layers/10))+string(rune('0'+layers%10)), 0)["ratio"]
		if below := ratio < 1e-6; below != (layers == at) {
			t.Errorf("%d layers: ratio %g, asked for %d", layers, ratio, at)
		}
	}
}

// Softmax does not hear what is added to all; without subtracting the largest it overflows.
func TestSoftmax(t *testing.T) {
	a, b := look(t, softmax(), "", 2), look(t, softmax(), "c=1000", 2)
	for _, p := range []string{"p1", "p2", "p3"} {
		near(t, p, b[p], a[p], 1e-12)
	}
	n := look(t, softmax(), "c=1000&way=naive", 2)
	maps.DeleteFunc(n, func(_ string, v float64) bool { return v != v })
	if len(n) != 3 {
		t.Errorf("%v is defined", n)
	}
}

// A large α kills, no gradient reaches the dead, and the leak leaves nobody silent.
func TestReLU(t *testing.T) {
	set := trial.Patients(chance(state(t, relu(), ""), 6), reluRows)
	c, err := cureOf(7, set)
	if err != nil {
		t.Fatal(err)
	}
	silent, out, err := silentAfter(vital("relu", c.alpha, 0, 0, 7), set, reluEpochs)
	if err != nil {
		t.Fatal(err)
	}
	dead, _, err := trial.Dead(out.Net, "binary-cross-entropy", set)
	if err != nil || silent < killed || dead < silent {
		t.Errorf("α %g: %d silent, %d without a gradient, %v", c.alpha, silent, dead, err)
	}
	if left, _, err := silentAfter(vital("leaky-relu", c.alpha, 0, c.slope, 7), set, reluEpochs); err != nil || left != 0 {
		t.Errorf("%d silent with a leak, %v", left, err)
	}
}
