package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"strings"
	"testing"

	"gradus/data"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-8*math.Max(1, math.Abs(want)) {
		t.Errorf("%s is %.12g, want %.12g", what, got, want)
	}
}

// The values at the deck's own weighted sums: its pages 4-5-5 and 4-5-22, exact in float64.
func TestActivation(t *testing.T) {
	var v struct {
		Name     string
		O, H     []float64
		DhDo     []float64 `json:"dh_do"`
		Jacobian [][]float64
	}
	gradus("", "activation", "sigmoid", "--at", "0.14,0.07", "--json").into(t, &v)
	near(t, "h11", v.H[0], .53494295)
	near(t, "h12", v.H[1], .51749286)
	near(t, "dh11/do11", v.DhDo[0], .24877899)
	if v.Name != "sigmoid" || v.O[1] != .07 || v.Jacobian != nil {
		t.Error(v)
	}
	gradus("", "activation", "leaky-relu", "--at", "-2,3", "--slope", "0.25", "--json").into(t, &v)
	if v.H[0] != -.5 || v.H[1] != 3 || v.DhDo[0] != .25 {
		t.Error(v)
	}
	// softmax of (ln 1, ln 3) is (1/4, 3/4); its Jacobian is pᵢ(δᵢⱼ − pⱼ)
	v.DhDo = nil
	gradus("", "activation", "softmax", "--at", "0,1.0986122886681098", "--json").into(t, &v)
	near(t, "p2", v.H[1], .75)
	near(t, "dp1/do1", v.Jacobian[0][0], .1875)
	near(t, "dp1/do2", v.Jacobian[0][1], -.1875)
	if v.DhDo != nil {
		t.Error("a coupled function has no list of derivatives")
	}
	if out := gradus("", "activation", "tanh", "--at", "0").ok(t).out; !strings.Contains(out, "f′(o)") {
		t.Error(out)
	}
	for args, want := range map[string]string{
		"tanh --at 1,x": `"x"`, "tanh --at NaN": `"NaN"`, "tanh --at 1e400": `"1e400"`, "tanh --slope 0.1": "slope", "leaky-relu --slope 0": "--slope", "leaky-relu --slope 1,2": "--slope", "tanh --at=": "--at",
	} {
		gradus("", append([]string{"activation"}, strings.Fields(args)...)...).refused(t, 2, want)
	}
}

// The deck's 4-5-10 and 4-5-15, exact in float64.
func TestCost(t *testing.T) {
	var v struct {
		Name     string
		Cost     float64
		Y, H, Dh [][]float64
	}
	gradus("", "cost", "half-sse", "--y", "0.8,0.6", "--h", "0.63979562,0.60413378", "--json").into(t, &v)
	near(t, "E", v.Cost, .01284127)
	near(t, "dE/dh21", v.Dh[0][0], -.16020438)
	// −log .7 for the class, its gradient −1/.7
	gradus("", "cost", "cross-entropy", "--y", "1", "--h", "0.2,0.7,0.1", "--json").into(t, &v)
	near(t, "E by index", v.Cost, -math.Log(.7))
	near(t, "dE/dp1", v.Dh[0][1], -1/.7)
	// weights 2 and 1, two rows: (−2·log .25 − log .5)/2
	gradus("", "cost", "cross-entropy", "--y", "1,0;0,1", "--h", "0.25,0.75;0.5,0.5", "--class-weights", "2,1", "--json").into(t, &v)
	near(t, "E weighted", v.Cost, (2*math.Log(4)+math.Log(2))/2)
	// −3·log σ(0) at logit 0
	gradus("", "cost", "binary-cross-entropy", "--y", "1", "--h", "0", "--on", "logits", "--positive-weight", "3", "--json").into(t, &v)
	near(t, "E on logits", v.Cost, 3*math.Log(2))
	near(t, "dE/do", v.Dh[0][0], -1.5)
	gradus("", "cost", "huber", "--y", "0", "--h", "4", "--delta", "0.5", "--json").into(t, &v)
	near(t, "Huber", v.Cost, .5*(4-.25))
	// the logarithm of 0 has no place in JSON
	if out := gradus("", "cost", "cross-entropy", "--y", "0,1", "--h", "1,0", "--json").ok(t).out; !strings.Contains(out, `"cost":null`) {
		t.Error(out)
	}
	var all []struct{ Name string }
	gradus("", "cost", "--y", "1,0", "--h", "0.9,0.2", "--json").into(t, &all)
	if len(all) != 6 {
		t.Errorf("%d costs side by side", len(all))
	}
	r := gradus("", "cost", "--y", "5,-1", "--h", "2,3").ok(t)
	if !strings.Contains(r.out, "∂E/∂h₂") || strings.Contains(r.out, "cross-entropy") || !strings.Contains(r.err, "cross-entropy") {
		t.Error(r)
	}
	for args, want := range map[string]string{
		"mae --y 1":                                         "--h",
		"mae --y 1,2 --h 1":                                 "2",
		"mae --y 1;2 --h 1":                                 "2 rows",
		"mae --y 1,2;3 --h 1,2;3,4":                         "row 2",
		"maee --y 1 --h 1":                                  `"mae"`,
		"huber --y 1 --h 1 --delta 0":                       "delta",
		"huber --y 1 --h 1 --delta x":                       "--delta",
		"huber --y 1 --h 1 --delta NaN":                     "delta",
		"mae --y 1 --h 1 --delta 1":                         "delta",
		"cross-entropy --y 3 --h .2,.8":                     "3",
		"cross-entropy --y 1,0 --h .2,1.8":                  "1.8",
		"cross-entropy --y 1,0 --h 1,0 --on x":              `"x"`,
		"binary-cross-entropy --y 2 --h .5":                 "2",
		"cross-entropy --y 1 --h .5,.5 --class-weights 1":   "class weights",
		"cross-entropy --y 1 --h .5,.5 --label-smoothing 2": "label_smoothing",
	} {
		gradus("", append([]string{"cost"}, strings.Fields(args)...)...).refused(t, 2, want)
	}
}

type race struct {
	On   string
	Runs []struct {
		Rule, Form string
		Alpha      float64
		DivergedAt *int `json:"diverged_at"`
		Steps      []struct {
			T       int
			W, G, V []float64
			F       float64
		}
	}
}

func TestOptimize(t *testing.T) {
	var r race
	gradus("", strings.Fields("optimize --on quadratic --rule descent --rule momentum,form=deck,gamma=0.5 --alpha 0.01 --steps 2 --start 1,2 --json")...).into(t, &r)
	if r.On != "quadratic" || len(r.Runs) != 2 || r.Runs[0].Rule != "descent" || r.Runs[0].Form != "reference" || r.Runs[1].Form != "deck" || r.Runs[0].Alpha != .01 {
		t.Fatalf("%+v", r)
	}
	// by hand: g = (x + 1.5y, 25y + 1.5x) = (4, 51.5) at (1, 2), w₁ = (.96, 1.485); f = ½(x²+25y²)+1.5xy there
	s := r.Runs[0].Steps[0]
	if s.T != 1 || s.G[0] != 4 || s.G[1] != 51.5 || len(r.Runs[0].Steps) != 2 {
		t.Errorf("%+v", s)
	}
	near(t, "w1", s.W[0], .96)
	near(t, "w2", s.W[1], 1.485)
	near(t, "f", s.F, .5*(.96*.96+25*1.485*1.485)+1.5*.96*1.485)
	// the deck's momentum remembers α·g: v = (.04, .515)
	near(t, "v", r.Runs[1].Steps[0].V[1], .515)
	if r.Runs[0].DivergedAt != nil {
		t.Error("0.01 is a safe rate here")
	}
}

// Descent on the quadratic is stable below α = 2/λmax, λmax = 13 + √(12² + 1.5²).
func TestOptimizeSaysWhereItDiverges(t *testing.T) {
	var r race
	gradus("", strings.Fields("optimize --rule descent --alpha 0.1 --steps 5000 --start 1,1 --json")...).into(t, &r)
	if at := r.Runs[0].DivergedAt; at == nil || *at < 2 || *at > 5000 || len(r.Runs[0].Steps) > *at {
		t.Fatalf("%+v", at)
	}
	out := gradus("", strings.Fields("optimize --rule descent --alpha 0.1 --steps 200 --start 1,1")...).ok(t).out
	if limit := fmt.Sprintf("α = %.6g ", 2/(13+math.Sqrt(146.25))); !strings.Contains(out, "α = 0.1\n") || !strings.Contains(out, limit) {
		t.Errorf("no %q in %s", limit, out)
	}
	if out := gradus("", strings.Fields("optimize --on saddle --rule descent --alpha 0.1 --steps 900")...).ok(t).out; !strings.Contains(out, "no bottom") {
		t.Error(out)
	}
}

func TestOptimizeRefuses(t *testing.T) {
	for args, want := range map[string]string{
		"--alpha 1":                                     "--rule",
		"--rule descent":                                "--alpha",
		"--rule adan --alpha 1":                         `"adam"`,
		"--rule adam,beta3=1 --alpha 1":                 `"beta3"`,
		"--rule adam,beta1=1 --alpha 1":                 "beta1",
		"--rule adam,beta1=x --alpha 1":                 `"x"`,
		"--rule adam,beta1 --alpha 1":                   "key=value",
		"--rule adam,form=dekc --alpha 1":               "dekc",
		"--rule descent --alpha 0":                      "0",
		"--rule descent --alpha -1":                     "-1",
		"--rule descent --alpha NaN":                    "NaN",
		"--rule descent --alpha 1,2":                    `"1,2"`,
		"--rule descent --alpha 1 --steps -1":           "-1",
		"--rule descent --alpha 1 --start 1":            "quadratic",
		"--rule descent --alpha 1 --on bowl":            `"bowl"`,
		"--rule descent,alpha=0 --alpha 1":              "0",
		"--rule descent --alpha .1 --start 1e200,1e200": "1e+200",
	} {
		gradus("", append([]string{"optimize"}, strings.Fields(args)...)...).refused(t, 2, want)
	}
	gradus("", strings.Fields("optimize --rule rmsprop,centred=true,alpha=0.1 --steps 0")...).ok(t)
}

func TestPerceptron(t *testing.T) {
	type stages struct {
		X, Products []float64
		Sum, O, Y   float64
		Target      int
	}
	var g struct {
		Table     string
		Separable bool
		Wrong     int
		W         []float64
		Rows      []stages
		Proof     *struct {
			Weights []int
			Meet    []float64
			Holds   bool
		}
		Wired []struct {
			First  []stages
			Last   stages
			Target int
		}
	}
	for _, name := range []string{"AND", "or", "NAND", "1011", "AND3", "10"} {
		g.Rows = nil
		gradus("", "perceptron", name, "--json").into(t, &g)
		for _, r := range g.Rows {
			if !g.Separable || r.Y != float64(r.Target) || g.Proof != nil {
				t.Errorf("%s: %+v", name, r)
			}
		}
	}
	gradus("", "perceptron", "XOR", "--json").into(t, &g)
	if g.Separable || !g.Proof.Holds || g.Wrong != 1 || g.Proof.Meet[0] != .5 || len(g.Wired) != 4 {
		t.Errorf("%+v", g)
	}
	for _, r := range g.Wired {
		if r.Last.Y != float64(r.Target) {
			t.Errorf("wired: %+v", r)
		}
	}
	// the deck's first neuron, 4-5-5
	var s stages
	gradus("", strings.Fields("perceptron --w 0.6,0.4 --x 0.1,0.2 --activation sigmoid --json")...).into(t, &s)
	near(t, "o11", s.O, .14)
	near(t, "h11", s.Y, .53494295)
	for _, args := range []string{"XOR", "AND", "XOR3", "--w 1,-2 --b -0.5 --x 1,1", "XOR --learn", "NAND --learn", "XOR --learn --epochs 1", "00 --learn"} {
		gradus("", append([]string{"perceptron"}, strings.Fields(args)...)...).ok(t)
	}
	for args, want := range map[string]string{
		"": "--w", "AND --w 1 --x 1": "one of the two", "--w 1": "--x", "--x 1": "--w", "--w 1 --x 1,2": "2", "--w 1 --x 1 --b 1,2": `"1,2"`, "--w 1 --x 1 --activation relo": `"relu"`,
		"ANDD": "AND", "012": "012", "01101": "5", "AND --learn --alpha 0": "0", "AND --learn --epochs 0": "0", "--w 1e308,1e308 --x 9,9": "smaller",
	} {
		gradus("", append([]string{"perceptron"}, strings.Fields(args)...)...).refused(t, 2, want)
	}
}

func TestPerceptronLearns(t *testing.T) {
	var l struct {
		Converged bool
		Mistakes  int
		History   []struct{ Epoch, Row, Y, Target int }
		CycleFrom *int `json:"cycle_from"`
		W         []float64
		B         float64
	}
	gradus("", "perceptron", "NAND", "--learn", "--json").into(t, &l)
	if !l.Converged || l.Mistakes != len(l.History) || l.CycleFrom != nil {
		t.Errorf("%+v", l)
	}
	for x := range 4 {
		o := l.W[0]*float64(x>>1) + l.W[1]*float64(x&1) + l.B
		if (o >= 0) != (x != 3) {
			t.Errorf("row %d: o = %g", x, o)
		}
	}
	gradus("", "perceptron", "XOR", "--learn", "--json").into(t, &l)
	if l.Converged || l.CycleFrom == nil || l.Mistakes == 0 {
		t.Errorf("%+v", l)
	}
	gradus("", "perceptron", "11", "--learn", "--json").into(t, &l)
	if l.History == nil || len(l.History) != 0 || l.Mistakes != 0 {
		t.Errorf("nothing to learn: %+v", l)
	}
}

func TestData(t *testing.T) {
	var list []struct {
		Name, Badge, Source, SHA256 string
		Synthetic                   bool
		Rows                        int
	}
	gradus("", "data", "--json").into(t, &list)
	if len(list) != len(data.All()) {
		t.Fatal(list)
	}
	for _, s := range list {
		csv := gradus("", "data", s.Name, "--csv").ok(t).out
		if sum := sha256.Sum256([]byte(csv)); hex.EncodeToString(sum[:]) != s.SHA256 || bytes.Count([]byte(csv), []byte("\n")) != s.Rows+1 {
			t.Errorf("%s: the CSV is not the one described", s.Name)
		}
		about := gradus("", "data", s.Name).ok(t)
		if !strings.Contains(about.out, s.Source) || s.Synthetic != (s.Badge != "") || !strings.Contains(about.out, s.Badge) || about.err == "" {
			t.Errorf("%s: %+v", s.Name, about)
		}
		if quiet := gradus("", "data", s.Name, "--quiet").ok(t); quiet.err != "" {
			t.Errorf("--quiet says %q", quiet.err)
		}
	}
	if out := gradus("", "data", "--lang", "ko").ok(t).out; !strings.Contains(out, "합성 자료") {
		t.Error(out)
	}
}
