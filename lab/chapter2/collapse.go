package chapter2

import (
	"math"
	"strconv"
	"strings"

	"gradus/internal/trial"
	"gradus/lab/scene"
	"gradus/mat"
	"gradus/network"
)

// collapse is 4-2-1: linear layers multiplied together, one at a time, until one is left that does the work of all.
func collapse() *scene.Page {
	return &scene.Page{
		ID: "4-2-1", Words: "lab42.p01", Formula: "w₂(w₁x + b₁) + b₂", Slip: true, Vignette: true,
		Controls: []scene.Control{
			scene.ChoiceControl("f", scene.Text("f"), "lab42.f", "linear", "relu").In("bar"),
			scene.WholeControl("layers", scene.Say("lab42.p01_layers"), 2, 2, 5),
			scene.RealControl("w1", scene.Text("w₁"), .5, -3, 3, .1), scene.RealControl("b1", scene.Text("b₁"), 1, -3, 3, .1),
			scene.RealControl("w2", scene.Text("w₂"), 2, -3, 3, .1), scene.RealControl("b2", scene.Text("b₂"), -.5, -3, 3, .1),
		},
		Make: collapseRun, Exercises: collapseExercises,
	}
}

// chain is dense layers with given weights, one number wide, and f between them.
func chain(f string, w, b []float64) (*network.Network[float64], error) {
	net, err := trial.Net{In: 1, Hidden: trial.Layers(len(w)-1, 1), Out: 1, Activation: f}.Build()
	if err != nil {
		return nil, err
	}
	for i, l := range net.Layers() {
		d := l.(*network.Dense[float64])
		d.Weights().Row(0)[0], d.Biases()[0] = w[i], b[i]
	}
	return net, nil
}

// deep is layers of two neurons from the seed, the same numbers whatever f.
func deep(f string, layers int, seed uint64) (*network.Network[float64], error) {
	return trial.Net{In: 2, Hidden: trial.Layers(layers-1, 2), Out: 2, Activation: f, Initial: "xavier", Bias: .5, Seed: seed}.Build()
}

func collapseRun(s *scene.State) (*scene.Run, error) {
	layers, f := s.Whole("layers"), s.Raw("f")
	net, err := deep(f, layers, s.Seed)
	if err != nil {
		return nil, err
	}
	plain, err := deep("linear", layers, s.Seed)
	if err != nil {
		return nil, err
	}
	run := &scene.Run{Steps: layers - 1, Unit: scene.Say("lab42.p01_product")}
	run.At = func(step int) (*scene.Scene, error) {
		parts, err := multiplied(plain, step)
		if err != nil {
			return nil, err
		}
		w, b, err := trial.Collapsed(plain)
		if err != nil {
			return nil, err
		}
		_, _, refused := trial.Collapsed(net)
		x := line(61)
		apart := trial.Apart(net, w, b, x)
		words := "lab42.p01_summary"
		if refused != nil {
			words = "lab42.p01_refused"
		}
		rows, err := scalar(s)
		return &scene.Scene{
			Figures: []scene.Figure{
				{Matrices: parts, Title: scene.Say("lab42.p01_many", "n", layers), Note: scene.Say(words+"_note", "n", layers)},
				{Plot: overlaid(net, w, b, x)},
				{Ledger: rows, Title: scene.Say("lab42.p01_two")},
			},
			Readings: []scene.Number{named("apart", scene.Say("lab42.p01_apart"), apart), scene.Count("parameters", scene.Say("lab42.p01_parameters"), len(net.Weights()))},
			Summary:  scene.Say(words, "n", layers, "apart", short(apart)),
		}, err
	}
	return run, nil
}

// short writes a number of any size with two digits: 0.21, 7.3·10⁻⁵.
func short(v float64) string {
	m, e, ok := strings.Cut(strconv.FormatFloat(v, 'g', 2, 64), "e")
	if !ok {
		return m
	}
	power, _ := strconv.Atoi(e)
	return m + "·10" + strings.Map(func(r rune) rune {
		if r == '-' {
			return '⁻'
		}
		return []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[r-'0']
	}, strconv.Itoa(power))
}

// signed is a number that is added, its sign before it.
func signed(v float64) string {
	if v < 0 {
		return " − " + scene.Round(-v, 2)
	}
	return " + " + scene.Round(v, 2)
}

// line is n inputs along x₁ from −3 to 3 at x₂ = ½.
func line(n int) mat.Matrix[float64] {
	x := mat.New[float64](n, 2)
	for i := range n {
		x.Row(i)[0], x.Row(i)[1] = -3+6*float64(i)/float64(n-1), .5
	}
	return x
}

// multiplied is the layers as matrices, the first step+1 of them already one.
func multiplied(net *network.Network[float64], step int) (*scene.Matrices, error) {
	all := net.Layers()
	first := make([]network.Layer[float64], step+1)
	for i := range first {
		first[i] = &network.Dense[float64]{Units: 2}
	}
	start, err := network.New(2, first...)
	if err != nil {
		return nil, err
	}
	copy(start.Weights(), net.Weights())
	w, b, err := trial.Collapsed(start)
	if err != nil {
		return nil, err
	}
	m := &scene.Matrices{}
	for i := len(all) - 1; i > step; i-- {
		at := strconv.Itoa(i + 1)
		m.Items = append(m.Items, matrix("W"+string(rune('₁'+i)), "w"+at, all[i].(*network.Dense[float64]).Weights().Slices()), scene.Matrix{Sign: "·"})
	}
	label, symbol := "W₁", "w1"
	if step > 0 {
		label, symbol = "W′", "wp"
	}
	m.Items = append(m.Items, matrix(label, symbol, w), scene.Matrix{Sign: "x +"}, matrix("b′", "bp", [][]float64{b[:1], b[1:]}))
	return m, nil
}

func matrix(label, symbol string, rows [][]float64) scene.Matrix {
	m := scene.Matrix{Label: scene.Text(label)}
	for r, row := range rows {
		var list []scene.Number
		for c, v := range row {
			list = append(list, scene.Value(symbol+"_"+strconv.Itoa(r+1)+strconv.Itoa(c+1), label, v).With(scene.Signed(v)))
		}
		m.Rows = append(m.Rows, list)
	}
	return m
}

// overlaid draws the first output of the chain and of the one layer along x₁.
func overlaid(net *network.Network[float64], w [][]float64, b []float64, x mat.Matrix[float64]) *scene.Plot {
	one := mat.New[float64](x.Rows, 2)
	mat.MulT(one, x, mat.From(w...))
	h := net.NewPrediction(x.Rows).Forward(x)
	xs, many, single := make([]float64, x.Rows), make([]float64, x.Rows), make([]float64, x.Rows)
	low, high := math.Inf(1), math.Inf(-1)
	for i := range xs {
		xs[i], many[i], single[i] = x.At(i, 0), h.At(i, 0), one.At(i, 0)+b[0]
		low, high = min(low, many[i], single[i]), max(high, many[i], single[i])
	}
	pad := max(.1*(high-low), .1)
	return &scene.Plot{
		X: scene.Axis{Label: scene.Text("x₁"), Low: -3, High: 3}, Y: scene.Axis{Label: scene.Text("y₁"), Low: low - pad, High: high + pad}, Height: 260,
		Series: []scene.Series{
			{Label: scene.Say("lab42.p01_chain"), X: xs, Y: scene.Y(many), Heavy: true},
			{Label: scene.Say("lab42.p01_single"), X: xs, Y: scene.Y(single), Tone: scene.Positive, Dash: "6 3"},
		},
	}
}

// scalar is the deck's two layers of one number each, at x = 1, and what the deck's last line leaves out.
func scalar(s *scene.State) (*scene.Ledger, error) {
	w1, b1, w2, b2 := s.Real("w1"), s.Real("b1"), s.Real("w2"), s.Real("b2")
	net, err := chain("linear", []float64{w1, w2}, []float64{b1, b2})
	if err != nil {
		return nil, err
	}
	w, b, err := trial.Collapsed(net)
	if err != nil {
		return nil, err
	}
	y := net.NewPrediction(1).Forward(mat.From([]float64{1})).At(0, 0)
	last := scene.Value("y", "y", y)
	last.Printed, last.Slip = scene.Round(w2+b2, 4), w2+b2 != y
	verdict := "agrees"
	if last.Slip {
		verdict = "slip"
	}
	t := func(v float64) string { return scene.Round(v, 2) }
	return &scene.Ledger{Now: 2, Rows: []scene.Entry{
		{Formula: "w′ = w₁w₂", Numbers: t(w1) + "·" + t(w2), Exact: scene.Value("wp", "w′", w[0][0]), Operands: []string{"w1", "w2"}},
		{Formula: "b′ = b₁w₂ + b₂", Numbers: t(b1) + "·" + t(w2) + signed(b2), Exact: scene.Value("bp", "b′", b[0]), Operands: []string{"b1", "w2", "b2"}},
		{
			Formula: "y = w′x + b′", Numbers: "x = 1", Exact: last, Verdict: verdict, Operands: []string{"wp", "bp"},
			Note: scene.Say("lab42.p01_slip"),
		},
	}}, nil
}

// collapseExercises ask for the one layer of two, and whether ReLU between them lets it be.
func collapseExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	rng := chance(s, 1)
	draw := func() float64 {
		v := float64(2+rng.IntN(18)) / 10
		if rng.IntN(2) == 0 {
			return -v
		}
		return v
	}
	w1, b1, w2, b2 := draw(), draw(), draw(), draw()
	net, err := chain("linear", []float64{w1, w2}, []float64{b1, b2})
	if err != nil {
		return nil, err
	}
	w, b, err := trial.Collapsed(net)
	if err != nil {
		return nil, err
	}
	e := scene.Exercise{
		Key: "lab42.p01_task1", Args: []any{"w1", w1, "b1", b1, "w2", w2, "b2", b2},
		Fields: []scene.Field{{Label: scene.Text("w′"), Right: w[0][0], Within: 1e-6}, {Label: scene.Text("b′"), Right: b[0], Within: 1e-6}},
		Mistakes: []scene.Mistake{
			{Key: "lab42.p01_task1_deck", Values: []float64{w2, b2}},
			{Key: "lab42.p01_task1_sum", Values: []float64{w1 + w2, anything}},
			{Key: "lab42.p01_task1_plain", Values: []float64{w[0][0], b1 + b2}},
			{Key: "lab42.p01_task1_order", Values: []float64{w[0][0], float64(b2*w1) + b1}},
			{Key: "lab42.p01_task1_lost", Values: []float64{w[0][0], float64(b1 * w2)}},
		},
	}
	return []scene.Exercise{e.Distinct()}, nil
}
