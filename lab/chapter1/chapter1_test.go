package chapter1

import (
	"math"
	"slices"
	"testing"

	"gradus/lab/scene"
	"gradus/lab/scene/scenetest"
	"gradus/perceptron"
)

var state, look = scenetest.State, scenetest.Numbers

func tasks(t *testing.T, p *scene.Page, query string) []scene.Exercise {
	t.Helper()
	s := state(t, p, query)
	run, err := p.Make(s)
	if err != nil {
		t.Fatal(err)
	}
	list, err := p.Exercises(s, run)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// The alarm of the score rings from two signs on, whichever they are.
func TestScore(t *testing.T) {
	for _, c := range []struct {
		query string
		y     float64
	}{{"rr=0&gcs=0&sbp=0", 0}, {"rr=1&gcs=0&sbp=0", 0}, {"rr=0&gcs=1&sbp=1", 1}, {"rr=1&gcs=1&sbp=1", 1}} {
		if n := look(t, score(), c.query, 0); n["y"] != c.y || n["o"] != n["sum"]-2 {
			t.Errorf("%s: %v", c.query, n)
		}
	}
}

// The numbers that the course asks for: z = −1.5, 18 parameters, a tie that gives 1.
func TestAskedNumbers(t *testing.T) {
	if e := tasks(t, inputs(), "")[0]; e.Fields[0].Right != -1.5 {
		t.Error(e.Fields[0].Right)
	}
	if e := tasks(t, layer(), "")[0]; e.Fields[0].Right != 18 {
		t.Error(e.Fields[0].Right)
	}
	if e := tasks(t, steps(), "")[0]; e.Fields[0].Right != 1 {
		t.Error(e.Fields[0].Right)
	}
	if n := look(t, layer(), "n=4&m=3", 0); n["parameters"] != 15 || n["weights"] != 12 {
		t.Error(n)
	}
	if n := look(t, weights(), "", 0); math.Abs(n["sum"]-(.45+.36+.24+.4)) > 1e-12 {
		t.Error(n["sum"])
	}
}

// The best bias is the one that sorting the cohort gives: the lowest score among the nine tenths of the ill with the highest.
func TestBestBias(t *testing.T) {
	for _, query := range []string{"", "seed=3", "seed=99"} {
		list := cohort(chance(state(t, bias(), query), 4))
		var ill []float64
		for _, q := range list {
			if q.ill {
				ill = append(ill, q.sum)
			}
		}
		slices.Sort(ill)
		cut := ill[len(ill)-int(math.Ceil(.9*float64(len(ill))))]
		at, spec, err := bestBias(list)
		if err != nil {
			t.Fatal(err)
		}
		quiet := 0
		for _, q := range list {
			if !q.ill && q.sum < cut {
				quiet++
			}
		}
		if want := float64(quiet) / (cohortSize * 4 / 5); spec != want || at < -cut {
			t.Errorf("%s: b %g with specificity %g, want a cut at %g with %g", query, at, spec, cut, want)
		}
	}
}

// XOR: no line gets more than three, the certificate is what Prove finds, three gates make it, and training comes through.
func TestXOR(t *testing.T) {
	n := look(t, xor(), "", 0)
	for _, m := range []string{"m_0", "m_1", "m_2", "m_3"} {
		if n[m] != 1 {
			t.Errorf("%s = %g", m, n[m])
		}
	}
	if !perceptron.Prove(gateTable("xor")).Holds() {
		t.Error("the proof does not hold")
	}
	for r, want := range []float64{0, 1, 1, 0} {
		if got := look(t, xor(), "part=blocks&g1=nand&g2=or&g3=and", r); got["y"] != want || got["right"] != 4 {
			t.Errorf("row %d: %v", r, got)
		}
	}
	if n := look(t, xor(), "part=train&hidden=4&alpha=0.5", 200); n["right"] != 4 || n["success"] < 50 {
		t.Errorf("%v", n)
	}
}

// AND and OR differ in b alone, NAND is AND turned, and each solution is right about all four rows.
func TestCorners(t *testing.T) {
	and, or, nand := widest(gateTable("and"), 1, 1), widest(gateTable("or"), 1, 1), widest(gateTable("nand"), -1, -1)
	if and["b"] != "-1.5" || or["b"] != "-0.5" || nand["b"] != "1.5" {
		t.Error(and, or, nand)
	}
	m, _ := margin(gateTable("and"), perceptron.Perceptron{W: []float64{1, 1}, B: -1.5})
	if math.Abs(m-.5/math.Sqrt2) > 1e-15 {
		t.Error(m)
	}
}
