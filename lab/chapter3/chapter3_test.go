package chapter3

import (
	"math"
	"testing"

	"gradus/cost"
	"gradus/internal/kernel"
	"gradus/lab/scene"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

// open makes a page in a state.
func open(t *testing.T, n int, query string) (*scene.State, *scene.Run) {
	t.Helper()
	p := Pages()[n]
	s, ignored := p.Read(query)
	run, err := p.Make(s)
	if err != nil || ignored != nil {
		t.Fatal(err, ignored)
	}
	return s, run
}

// number is a number of a scene.
func number(t *testing.T, run *scene.Run, step int, symbol string) float64 {
	t.Helper()
	sc, err := run.At(step)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range sc.Numbers() {
		if n.Symbol == symbol && n.Value != nil {
			return *n.Value
		}
	}
	t.Fatalf("no %s", symbol)
	return 0
}

// The days 2, 3, 3, 4, 5, 6, 60 have the median 4 and the mean 83/7; from 60 to 6 the mean moves by −54/7 and the median stays.
func TestStays(t *testing.T) {
	days := stay(7)
	near(t, "MAE's best", best(cost.MAE[float64]{}, days), 4, 1e-9)
	near(t, "MSE's best", best(cost.MSE[float64]{}, days), 83./7, 1e-9)
	near(t, "Huber's best", best(cost.Huber[float64]{Delta: 1000}, days), 83./7, 1e-9) // it is the square as far as δ
	near(t, "mean", mean(days), 83./7, 1e-12)
	for i, want := range [][]float64{{4}, {-54. / 7, 0}} {
		s, run := open(t, i+1, "")
		list, err := s.Page.Exercises(s, run)
		if err != nil {
			t.Fatal(err)
		}
		for f, w := range want {
			near(t, s.Page.ID, list[0].Fields[f].Right, w, 1e-9)
		}
	}
}

// At a patient's own value his share of the slope is 0, elsewhere −1 or +1.
func TestKink(t *testing.T) {
	_, run := open(t, 1, "c=4")
	for i, want := range []float64{1, 1, 1, 0, -1, -1, -1} {
		near(t, "sign", number(t, run, 0, "sign_"+string(rune('1'+i))), want, 0)
	}
	near(t, "slope", number(t, run, 0, "dE_dc"), 0, 1e-15)
}

// −log .1 = 2.302585; the deck's formula is its negative, and training by it raises the true cost.
func TestEntropy(t *testing.T) {
	near(t, "−log .1", priced(.1, 1), 2.302585092994046, 1e-15)
	near(t, "−log .9", priced(.9, 1), .10536051565782628, 1e-15)
	_, run := open(t, 3, "p=0.1&deck=1")
	near(t, "printed", number(t, run, 0, "cost_printed"), -priced(.1, 1), 0)
	_, run = open(t, 3, "part=sign")
	sure, wrong := number(t, run, 40, "p_8"), number(t, run, 40, "p_deck_8")
	if sure < .8 || wrong > .01 {
		t.Errorf("a patient who died has p = %v, by the deck's sign %v", sure, wrong)
	}
	_, run = open(t, 3, "part=rare")
	near(t, "never", number(t, run, 0, "accuracy_never"), .99, 0)
}

// Through the sigmoid the cross-entropy leaves p − y, the square 2(p − y)·p(1 − p).
func TestThrough(t *testing.T) {
	near(t, "∂CE/∂z", through("binary-cross-entropy", .99, 0), .99, 1e-12)
	near(t, "∂MSE/∂z", through("mse", .99, 0), 2*.99*.99*.01, 1e-12)
	near(t, "sigmoid", kernel.Sigmoid(kernel.Log(.99)-kernel.Log1p(-.99)), .99, 1e-15)
}

// The line that descent finds is that of the normal equations.
func TestLowest(t *testing.T) {
	d := wardOf(11)
	mx, my := mean(d.x), mean(d.y)
	var xy, xx float64
	for i, x := range d.x {
		xy += (x - mx) * (d.y[i] - my)
		xx += (x - mx) * (x - mx)
	}
	low := d.lowest()
	near(t, "w", low.W[0], xy/xx, 1e-6)
	near(t, "b", low.W[1], my-xy/xx*mx, 1e-6)
}

// A pull at one end of the line leaves the other where it is.
func TestTurn(t *testing.T) {
	got := turn(.5, 2, "high", 9.4)
	if got["w"] != "1.25" || got["b"] != "1.4" {
		t.Error(got)
	}
	if turn(.5, 2, "middle", 1) != nil {
		t.Error("there is no such handle")
	}
}

// The best line counts only when it came in few pulls.
func TestPulls(t *testing.T) {
	for drags, done := range map[string]bool{"0": true, "10": true, "11": false} {
		s, run := open(t, 0, "drags="+drags)
		list, err := Pages()[0].Exercises(s, run)
		if err != nil {
			t.Fatal(err)
		}
		solved, run := open(t, 0, "drags="+drags+"&w="+list[0].Goal.Solve["w"]+"&b="+list[0].Goal.Solve["b"])
		list, err = Pages()[0].Exercises(solved, run)
		if err != nil || list[0].Goal.Done != done {
			t.Errorf("%s pulls: done is %v, %v", drags, list[0].Goal.Done, err)
		}
	}
}
