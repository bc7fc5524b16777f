package tape

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"gradus/internal/kernel"
)

// derivative is the derivative at x by central differences of two widths, extrapolated: good to about 1e-10.
func derivative(f func(float64) float64, x float64) float64 {
	slope := func(h float64) float64 { return (f(x+h) - f(x-h)) / (2 * h) }
	return (4*slope(5e-4) - slope(1e-3)) / 3
}

func nearly(got, want, tolerance float64) bool {
	return math.Abs(got-want) <= tolerance*max(1, math.Abs(want)) || got != got && want != want
}

// Every operation of one number against its closed form and against finite differences.
func TestOneNumber(t *testing.T) {
	for name, c := range map[string]struct {
		op   func(Value) Value
		f    func(float64) float64
		d    func(float64) float64
		only func(float64) bool
	}{
		"neg":     {op: Value.Neg, f: func(x float64) float64 { return -x }, d: func(float64) float64 { return -1 }},
		"exp":     {op: Value.Exp, f: math.Exp, d: math.Exp},
		"expm1":   {op: Value.Expm1, f: math.Expm1, d: math.Exp},
		"log":     {op: Value.Log, f: math.Log, d: func(x float64) float64 { return 1 / x }, only: func(x float64) bool { return x > 0 }},
		"log1p":   {op: Value.Log1p, f: math.Log1p, d: func(x float64) float64 { return 1 / (1 + x) }, only: func(x float64) bool { return x > -1 }},
		"sqrt":    {op: Value.Sqrt, f: math.Sqrt, d: func(x float64) float64 { return 0.5 / math.Sqrt(x) }, only: func(x float64) bool { return x > 0 }},
		"tanh":    {op: Value.Tanh, f: math.Tanh, d: func(x float64) float64 { return 1 / (math.Cosh(x) * math.Cosh(x)) }},
		"erf":     {op: Value.Erf, f: math.Erf, d: func(x float64) float64 { return 2 / math.Sqrt(math.Pi) * math.Exp(-x*x) }},
		"abs":     {op: Value.Abs, f: math.Abs, d: func(x float64) float64 { return math.Copysign(1, x) }},
		"relu":    {op: Value.ReLU, f: func(x float64) float64 { return max(x, 0) }, d: func(x float64) float64 { return map[bool]float64{true: 1}[x > 0] }},
		"step":    {op: Value.Step, f: func(x float64) float64 { return map[bool]float64{true: 1}[x >= 0] }, d: func(float64) float64 { return 0 }},
		"sigmoid": {op: Value.Sigmoid, f: func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, d: func(x float64) float64 { e := math.Exp(-x); return e / ((1 + e) * (1 + e)) }},
	} {
		for _, x := range []float64{-3, -0.7, -0.1, 0.2, 0.9, 2.5} {
			if c.only != nil && !c.only(x) {
				continue
			}
			g := New()
			v := g.Var(x)
			y := c.op(v)
			g.Backward(y)
			if !nearly(y.Value(), c.f(x), 1e-15) || !nearly(v.Grad(), c.d(x), 1e-14) {
				t.Errorf("%s(%v) = %v, ∂ %v, want %v, %v", name, x, y.Value(), v.Grad(), c.f(x), c.d(x))
			}
			if fd := derivative(c.f, x); !nearly(v.Grad(), fd, 1e-9) {
				t.Errorf("%s(%v): ∂ %v, finite differences %v", name, x, v.Grad(), fd)
			}
		}
	}
}

func TestTwoNumbers(t *testing.T) {
	for name, c := range map[string]struct {
		op       func(a, b Value) Value
		x, y     float64
		f, da, d float64
	}{
		"add":       {Value.Add, 3, -2, 1, 1, 1},
		"sub":       {Value.Sub, 3, -2, 5, 1, -1},
		"mul":       {Value.Mul, 3, -2, -6, -2, 3},
		"div":       {Value.Div, 3, -2, -1.5, -0.5, -0.75},
		"max left":  {Value.Max, 3, -2, 3, 1, 0},
		"max right": {Value.Max, -3, -2, -2, 0, 1},
		"max tie":   {Value.Max, 2, 2, 2, 1, 0},
	} {
		g := New()
		a, b := g.Var(c.x), g.Var(c.y)
		e := c.op(a, b)
		g.Backward(e)
		if e.Value() != c.f || a.Grad() != c.da || b.Grad() != c.d {
			t.Errorf("%s: %v, ∂ %v %v, want %v, %v %v", name, e.Value(), a.Grad(), b.Grad(), c.f, c.da, c.d)
		}
	}
}

// Kinks and ends: derivative 0 at 0 for abs, relu and step; −0 counts as 0; NaN stays NaN; infinities give their limits.
func TestSpecialValues(t *testing.T) {
	nan, inf, minus := math.NaN(), math.Inf(1), math.Copysign(0, -1)
	for _, c := range []struct {
		name       string
		op         func(Value) Value
		x, want, d float64
	}{
		{"abs", Value.Abs, minus, 0, 0},
		{"abs", Value.Abs, -inf, inf, -1},
		{"relu", Value.ReLU, 0, 0, 0},
		{"relu", Value.ReLU, nan, nan, 0},
		{"step", Value.Step, 0, 1, 0},
		{"step", Value.Step, minus, 1, 0},
		{"step", Value.Step, nan, nan, 0},
		{"sigmoid", Value.Sigmoid, -inf, 0, 0},
		{"sigmoid", Value.Sigmoid, inf, 1, 0},
		{"tanh", Value.Tanh, inf, 1, 0},
		{"erf", Value.Erf, -inf, -1, 0},
		{"exp", Value.Exp, -inf, 0, 0},
		{"log", Value.Log, 0, -inf, inf},
		{"sqrt", Value.Sqrt, 0, 0, inf},
	} {
		g := New()
		v := g.Var(c.x)
		y := c.op(v)
		g.Backward(y)
		if !(y.Value() == c.want || y.Value() != y.Value() && c.want != c.want) || v.Grad() != c.d {
			t.Errorf("%s(%v) = %v, ∂ %v, want %v, %v", c.name, c.x, y.Value(), v.Grad(), c.want, c.d)
		}
	}
	g := New()
	if m := g.Var(nan).Max(g.Var(1)); m.Value() == m.Value() {
		t.Error("max lost a NaN")
	}
}

// e = a·b + a, used twice: ∂e/∂a = b + 1.
func TestPathsAdd(t *testing.T) {
	g := New()
	a, b := g.Var(3), g.Var(4)
	e := a.Mul(b).Add(a)
	for range 2 { // a second Backward begins anew
		g.Backward(e)
		if a.Grad() != 5 || b.Grad() != 3 || e.Grad() != 1 {
			t.Error(a.Grad(), b.Grad(), e.Grad())
		}
	}
	g.Backward(a)
	if a.Grad() != 1 || b.Grad() != 0 || e.Grad() != 0 {
		t.Error("Backward from the middle:", a.Grad(), b.Grad(), e.Grad())
	}
}

// A node that e does not depend on hands nothing on, even through an infinite derivative.
func TestUnusedInfinityDoesNoHarm(t *testing.T) {
	g := New()
	x := g.Var(0)
	x.Sqrt()
	g.Backward(x.Add(g.Const(1)))
	if x.Grad() != 1 {
		t.Error(x.Grad())
	}
}

func TestTapesDoNotMix(t *testing.T) {
	a, b := New(), New()
	x, y := a.Var(1), b.Var(2)
	for name, v := range map[string]Value{"add": x.Add(y), "max": y.Max(x), "sum": a.Sum(x, y)} {
		if v.Value() == v.Value() {
			t.Error(name, "mixed two tapes into", v.Value())
		}
		v.tape.Backward(v)
	}
	a.Backward(y)
	if x.Grad() != 0 || y.Grad() != 0 {
		t.Error("another tape's value was differentiated")
	}
}

func TestSum(t *testing.T) {
	g := New()
	a, b := g.Var(1), g.Var(2)
	e := g.Sum(a, b, a)
	g.Backward(e)
	if e.Value() != 4 || a.Grad() != 2 || b.Grad() != 1 || g.Sum().Value() != 0 {
		t.Error(e.Value(), a.Grad(), b.Grad())
	}
}

// Nodes tells the picture of (x·w) + b: names, parents before children, the local derivative on each arrow.
func TestNodesTellThePicture(t *testing.T) {
	g := New()
	x, w, b := g.Const(2).Name("x"), g.Var(3).Name("w"), g.Var(1).Name("b")
	g.Backward(x.Mul(w).Add(b).Name("o"))
	var nodes []Node
	for n := range g.Nodes() {
		for _, p := range n.Parents {
			if p.ID >= n.ID {
				t.Error("a parent after its child", n)
			}
		}
		nodes = append(nodes, n)
	}
	if len(nodes) != 5 || nodes[0].Op != "const" || nodes[1].Label != "w" || nodes[1].Grad != 2 || nodes[4].Label != "o" || w.ID() != 1 {
		t.Fatalf("%+v", nodes)
	}
	mul := nodes[3]
	if mul.Op != "×" || mul.Value != 6 || mul.Parents[0] != (Parent{0, 3}) || mul.Parents[1] != (Parent{1, 2}) {
		t.Errorf("%+v", mul)
	}
	for range g.Nodes() {
		break // stopping early is allowed
	}
}

// Every activation of the product, written on the tape, against the reference values (testdata/activations.json: exactly rounded).
func TestActivationsOnTheTape(t *testing.T) {
	var reference struct {
		X []float64
		F map[string]struct{ Y, Dy []float64 }
	}
	b, err := os.ReadFile("testdata/activations.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &reference); err != nil {
		t.Fatal(err)
	}
	half := func(x Value) Value { return x.Mul(x.tape.Const(0.5)) }
	one := func(x Value) Value { return x.tape.Const(1) }
	write := map[string]func(Value) Value{
		"step":    Value.Step,
		"linear":  func(x Value) Value { return x },
		"sigmoid": Value.Sigmoid,
		"tanh":    Value.Tanh,
		"relu":    Value.ReLU,
		"leaky_relu": func(x Value) Value {
			if x.Value() > 0 {
				return x
			}
			return x.Mul(x.tape.Const(0.01))
		},
		"elu": func(x Value) Value {
			if x.Value() > 0 {
				return x
			}
			return x.Expm1()
		},
		"gelu": func(x Value) Value { return half(x).Mul(x.Div(x.tape.Const(math.Sqrt2)).Erf().Add(one(x))) },
		"gelu_tanh": func(x Value) Value {
			cubic := x.Add(x.Mul(x).Mul(x).Mul(x.tape.Const(0.044715)))
			return half(x).Mul(cubic.Mul(x.tape.Const(math.Sqrt(2 / math.Pi))).Tanh().Add(one(x)))
		},
		"silu":     func(x Value) Value { return x.Mul(x.Sigmoid()) },
		"softplus": func(x Value) Value { return x.ReLU().Add(x.Abs().Neg().Exp().Log1p()) },
	}
	for name, want := range reference.F {
		for i, x := range reference.X {
			if name == "softplus" && x == 0 {
				continue // written with two kinks at 0, whose derivatives the tape sets to 0
			}
			g := New()
			v := g.Var(x)
			y := write[name](v)
			g.Backward(y)
			if !nearly(y.Value(), want.Y[i], 1e-14) || !nearly(v.Grad(), want.Dy[i], 1e-14) {
				t.Errorf("%s(%v) = %v, ∂ %v, reference %v, %v", name, x, y.Value(), v.Grad(), want.Y[i], want.Dy[i])
			}
		}
	}
}

// Cross-entropy of a softmax, by log-sum-exp on the tape: ∂E/∂o = p − y.
func TestSoftmaxCrossEntropyOnTheTape(t *testing.T) {
	g := New()
	o := []Value{g.Var(1), g.Var(2), g.Var(3)}
	top := o[0].Max(o[1]).Max(o[2])
	lse := top.Add(g.Sum(o[0].Sub(top).Exp(), o[1].Sub(top).Exp(), o[2].Sub(top).Exp()).Log())
	g.Backward(lse.Sub(o[0]))
	// softmax of (1,2,3): reference numbers, numerics.json softmax[0]
	for i, p := range []float64{0.09003057317038046 - 1, 0.24472847105479764, 0.6652409557748219} {
		if !nearly(o[i].Grad(), p, 1e-15) {
			t.Errorf("∂E/∂o%d = %v, want %v", i, o[i].Grad(), p)
		}
	}
	if !nearly(lse.Sub(o[0]).Value(), 2.40760596444438, 1e-15) {
		t.Error(lse.Value())
	}
}

// The worked example of deck 4-5, all of it on the tape. Expected: reference numbers, deck_worked_example of numerics.json.
func TestDeckExample(t *testing.T) {
	g := New()
	x := []Value{g.Const(0.1), g.Const(0.2)}
	weights := []Value{}
	for _, w := range []float64{0.6, 0.4, 0.1, 0.3, 0.3, 0.8, 0.5, 0.3} {
		weights = append(weights, g.Var(w))
	}
	neuron := func(w, x []Value) Value { return g.Sum(w[0].Mul(x[0]), w[1].Mul(x[1])).Sigmoid() }
	h1 := []Value{neuron(weights[0:2], x), neuron(weights[2:4], x)}
	h2 := []Value{neuron(weights[4:6], h1), neuron(weights[6:8], h1)}
	square := func(h Value, y float64) Value { d := g.Const(y).Sub(h); return d.Mul(d) }
	e := g.Const(0.5).Mul(g.Sum(square(h2[0], 0.8), square(h2[1], 0.6)))
	g.Backward(e)
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"E", e.Value(), 0.01284126646066996},
		{"h11", h1[0].Value(), 0.5349429451582145},
		{"h22", h2[1].Value(), 0.6041337781580456},
		{"∂E/∂h21", h2[0].Grad(), -0.16020438445772944},
		{"∂E/∂h11", h1[0].Grad(), -0.010581766234570026},
		{"∂E/∂h12", h1[1].Grad(), -0.029239615737075925},
		{"∂E/∂w11", weights[0].Grad(), -0.0002632521122428694},
		{"∂E/∂w12", weights[1].Grad(), -0.0005265042244857388},
		{"∂E/∂w13", weights[2].Grad(), -0.0007300956609826063},
		{"∂E/∂w14", weights[3].Grad(), -0.0014601913219652125},
		{"∂E/∂w21", weights[4].Grad(), -0.019750228130625627},
		{"∂E/∂w22", weights[5].Grad(), -0.019105966509863462},
		{"∂E/∂w23", weights[6].Grad(), 0.0005288544893820966},
		{"∂E/∂w24", weights[7].Grad(), 0.0005116030101473672},
	} {
		if math.Abs(c.got-c.want) > 1e-15*math.Abs(c.want)+1e-17 {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
}

// The tape computes with the same functions as the engine, to the last bit.
func TestSameBitsAsTheKernel(t *testing.T) {
	g := New()
	for _, x := range []float64{-2.3, 0.14, 5} {
		v := g.Var(x)
		for name, pair := range map[string][2]float64{
			"exp": {v.Exp().Value(), kernel.Exp(x)}, "tanh": {v.Tanh().Value(), kernel.Tanh(x)},
			"erf": {v.Erf().Value(), kernel.Erf(x)}, "sigmoid": {v.Sigmoid().Value(), kernel.Sigmoid(x)},
		} {
			if pair[0] != pair[1] {
				t.Error(name, x, pair)
			}
		}
	}
}
