package chapter2

import (
	"errors"
	"math"
	"math/rand/v2"

	"gradus/activation"
	"gradus/internal/kernel"
	"gradus/internal/trial"
	"gradus/lab/chapter4"
	"gradus/lab/scene"
	"gradus/network"
)

const zigzagSteps = 24

// tanh is 4-2-5: the sigmoid stretched and shifted so that it stands on zero.
func tanh() *scene.Page {
	return &scene.Page{
		ID: "4-2-5", Words: "lab42.p05", Formula: "tanh(o) = 2σ(2o) − 1", Vignette: true,
		Controls: []scene.Control{
			scene.RealControl("o", scene.Text("o"), .8, -4, 4, .1),
			scene.RealControl("alpha", scene.Text("α"), .8, .1, 2, .1),
		},
		Step: func(*scene.State) int { return zigzagSteps },
		Make: tanhRun, Exercises: tanhExercises,
	}
}

// path is the descent of a neuron without bias whose two inputs have come through f, from w = (0, 0).
type path struct {
	w   [][]float64
	net *network.Network[float64]
	set trial.Set
}

func descent(f string, rng *rand.Rand, alpha float64) (path, error) {
	squash := function(f)
	var x, y [][]float64
	for range 40 {
		a, _ := activation.At(squash, 1.5*kernel.Normal(rng))
		b, _ := activation.At(squash, 1.5*kernel.Normal(rng))
		x, y = append(x, []float64{a, b}), append(y, []float64{float64(.8*a) - float64(.6*b)})
	}
	p := path{set: trial.Rows(x, y)}
	net, err := network.New(2, &network.Dense[float64]{Units: 1, NoBias: true})
	if err != nil {
		return p, err
	}
	p.net = net
	p.w, err = trial.Path(net, "mse", p.set, alpha, zigzagSteps)
	return p, err
}

// ground is the stretch of the two weights that is drawn.
var ground = chapter4.Box{Low: [2]float64{-.5, -1.15}, High: [2]float64{1.8, .35}}

// levels are the level lines of the cost over the two weights.
func (p path) levels() ([]scene.Contour, error) {
	var failed error
	cost := func(w []float64) float64 {
		copy(p.net.Weights(), w)
		e, err := trial.Cost(p.net, "mse", p.set)
		failed = errors.Join(failed, err)
		return e
	}
	return chapter4.Contours(cost, ground, []float64{.01, .05, .1, .2, .5, 1, 2}), failed
}

// plane draws the level lines and the path so far.
func (p path) plane(lines []scene.Contour, step int) *scene.Plot {
	axis := func(s string, i int) scene.Axis {
		return scene.Axis{Label: scene.Text(s), Low: ground.Low[i], High: ground.High[i]}
	}
	plot := &scene.Plot{X: axis("w₁", 0), Y: axis("w₂", 1), Equal: true, Height: 236, Contours: lines}
	x, y := make([]float64, len(p.w)), make([]float64, len(p.w))
	for i, w := range p.w {
		x[i], y[i] = w[0], w[1]
	}
	seen := step + 1
	plot.Series = []scene.Series{{X: x, Y: scene.Y(y), Heavy: true, Future: &seen}}
	plot.Points = []scene.Point{{X: x[step], Y: y[step], Mark: "ring"}, {X: .8, Y: -.6, Mark: "cross"}}
	return plot
}

func tanhRun(s *scene.State) (*scene.Run, error) {
	fromSigmoid, err := descent("sigmoid", chance(s, 5), s.Real("alpha"))
	if err != nil {
		return nil, err
	}
	fromTanh, err := descent("tanh", chance(s, 5), s.Real("alpha"))
	if err != nil {
		return nil, err
	}
	under, err := fromSigmoid.levels()
	if err != nil {
		return nil, err
	}
	about, err := fromTanh.levels()
	if err != nil {
		return nil, err
	}
	run := &scene.Run{Steps: zigzagSteps, Unit: scene.Say("lab42.update")}
	run.At = func(step int) (*scene.Scene, error) {
		o := s.Real("o")
		t, dt := activation.At(function("tanh"), o)
		g, dg := activation.At(function("sigmoid"), o)
		twice, _ := activation.At(function("sigmoid"), 2*o)
		return &scene.Scene{
			Figures: []scene.Figure{
				{Equation: &scene.Equation{Hero: true, Parts: identity(o, t, twice)}},
				{Plot: overlay(o, t, g, false), Width: "half"},
				{Plot: overlay(o, dt, dg, true), Width: "half"},
				{Plot: fromSigmoid.plane(under, step), Width: "half", Title: scene.Say("lab42.p05_sigmoid")},
				{Plot: fromTanh.plane(about, step), Width: "half", Title: scene.Say("lab42.p05_tanh")},
				{Table: atO(dt, dg, math.Abs(t-(float64(2*twice)-1)), distance(fromSigmoid.w[step]), distance(fromTanh.w[step])), Width: "rail"},
			},
			Summary: scene.Say("lab42.p05_summary", "o", scene.Round(o, 2), "t", scene.Round(t, 4), "dt", scene.Round(dt, 4), "dg", scene.Round(dg, 4),
				"step", step, "a", scene.Round(distance(fromSigmoid.w[step]), 3), "b", scene.Round(distance(fromTanh.w[step]), 3)),
		}, nil
	}
	return run, nil
}

// atO are the numbers beside the curves: the slopes at o, how well the identity holds, and how far both descents still are.
func atO(dt, dg, gap, under, about float64) *scene.Table {
	row := func(label scene.Words, n scene.Number) []scene.Cell { return []scene.Cell{scene.W(label), scene.N(n)} }
	return &scene.Table{Head: []scene.Words{scene.Say("lab42.p05_at"), {}}, Rows: [][]scene.Cell{
		row(scene.Text("tanh′(o)"), scene.Value("dtanh", "tanh′(o)", dt)), row(scene.Text("σ′(o)"), scene.Value("dsigmoid", "σ′(o)", dg)),
		row(scene.Say("lab42.p05_gap"), named("gap", scene.Say("lab42.p05_gap"), gap)),
		row(scene.Say("lab42.p05_left_sigmoid"), named("distance_sigmoid", scene.Say("lab42.p05_left_sigmoid"), under)),
		row(scene.Say("lab42.p05_left_tanh"), named("distance_tanh", scene.Say("lab42.p05_left_tanh"), about)),
	}}
}

// distance is how far w still is from the weights that made the data.
func distance(w []float64) float64 {
	a, b := w[0]-.8, w[1]+.6
	return math.Sqrt(float64(a*a) + float64(b*b))
}

func identity(o, t, twice float64) []scene.Part {
	part := func(n scene.Number) scene.Part { return scene.Part{Number: &n} }
	text := func(s string) scene.Part { return scene.Part{Text: scene.Text(s)} }
	return []scene.Part{
		text("tanh("), part(scene.Value("o", "o", o).Editable("o")), text(") ="), part(scene.Value("tanh", "tanh", t)),
		text("= 2 ·"), part(scene.Value("sigmoid2", "σ(2o)", twice)), text("− 1"),
	}
}

// overlay draws both functions, or both slopes.
func overlay(o, t, g float64, slopes bool) *scene.Plot {
	th, dth := curves(function("tanh"), -4, 4, 121)
	sg, dsg := curves(function("sigmoid"), -4, 4, 121)
	name, low := "f(o)", -1.2
	if slopes {
		th, sg, name, low = dth, dsg, "f′(o)", -.1
	}
	th.Label, sg.Label, sg.Heavy, sg.Dash = scene.Text("tanh"), scene.Text("σ"), false, "6 3"
	return &scene.Plot{
		X: scene.Axis{Label: scene.Text("o"), Low: -4, High: 4}, Y: scene.Axis{Label: scene.Text(name), Low: low, High: 1.2}, Height: 190,
		Series: []scene.Series{th, sg}, Lines: []scene.Reference{{Vertical: true, At: o}},
		Points: []scene.Point{{X: o, Y: t, Mark: "ring"}, {X: o, Y: g, Mark: "ring"}},
	}
}

// crossing is where tanh′ falls below σ′, by halving.
func crossing() float64 {
	low, high := 0., 4.
	for range 60 {
		middle := (low + high) / 2
		_, dt := activation.At(function("tanh"), middle)
		_, dg := activation.At(function("sigmoid"), middle)
		if dt > dg {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// tanhExercises ask how much steeper tanh is at its steepest, and from where on it is the flatter of the two.
func tanhExercises(*scene.State, *scene.Run) ([]scene.Exercise, error) {
	_, dt := activation.At(function("tanh"), 0)
	_, dg := activation.At(function("sigmoid"), 0)
	at := crossing()
	e := scene.Exercise{
		Key:    "lab42.p05_task1",
		Fields: []scene.Field{{Label: scene.Say("lab42.p05_ratio"), Right: dt / dg, Within: .01}, {Label: scene.Say("lab42.p05_from"), Right: at, Within: .05}},
		Mistakes: []scene.Mistake{
			{Key: "lab42.p05_task1_two", Values: []float64{2, anything}},
			{Key: "lab42.p05_task1_inverse", Values: []float64{dg / dt, anything}},
			{Key: "lab42.p05_task1_slope", Values: []float64{dt, anything}},
			{Key: "lab42.p05_task1_never", Values: []float64{dt / dg, 0}},
			{Key: "lab42.p05_task1_values", Values: []float64{dt / dg, at / 2}},
		},
	}
	return []scene.Exercise{e.Distinct()}, nil
}
