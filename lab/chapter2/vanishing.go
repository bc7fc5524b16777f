package chapter2

import (
	"strconv"

	"gradus/internal/trial"
	"gradus/lab/scene"
	"gradus/network"
)

// The measured networks: as many hidden layers as the depth asks, each of six neurons, on 24 patients.
const (
	vanishWidth, vanishRows, vanishUpdates = 6, 24, 200
	vanishMost                             = 30
	vanishLimit                            = 1e-6
	repairedFrom                           = .01
)

var (
	vanishFunctions = []string{"sigmoid", "tanh", "relu", "leaky-relu"}
	vanishStarts    = []string{"xavier", "uniform", "he"}
)

// vanishing is 4-2-4: the gradient of every layer by one real backpropagation, and how far each layer gets in 200 updates.
func vanishing() *scene.Page {
	return &scene.Page{
		ID: "4-2-4", Words: "lab42.p04", Formula: "σ′(o) = σ(o)(1 − σ(o)) ≤ 0.25", Vignette: true,
		Controls: []scene.Control{
			scene.ChoiceControl("f", scene.Text("f"), "lab42.f", vanishFunctions...).In("bar"),
			scene.WholeControl("layers", scene.Say("lab42.p04_layers"), 6, 2, vanishMost),
			scene.ChoiceControl("init", scene.Say("lab42.p04_init"), "lab42.p04_init", vanishStarts...),
		},
		Make: vanishingRun, Exercises: vanishingExercises,
	}
}

func tower(f, init string, layers int, seed uint64) trial.Net {
	return trial.Net{In: 4, Hidden: trial.Layers(layers-1, vanishWidth), Out: 1, Activation: f, Last: "sigmoid", Initial: init, Seed: seed}
}

// gradients are of every layer, the first to the last.
func gradients(n trial.Net, set trial.Set) ([]float64, *network.Network[float64], error) {
	net, err := n.Build()
	if err != nil {
		return nil, nil, err
	}
	g, err := trial.Gradients(net, "binary-cross-entropy", set)
	return g, net, err
}

func vanishingRun(s *scene.State) (*scene.Run, error) {
	set := trial.Patients(chance(s, 4), vanishRows)
	n := tower(s.Raw("f"), s.Raw("init"), s.Whole("layers"), s.Seed)
	g, start, err := gradients(n, set)
	if err != nil {
		return nil, err
	}
	run := &scene.Run{Steps: 1, Unit: scene.Say("lab42.p04_unit"), Marks: []scene.Mark{
		{Step: 0, Label: scene.Say("lab42.start")}, {Step: 1, Label: scene.Say("lab42.p04_after", "n", vanishUpdates)},
	}}
	var moved []float64 // measured when the step is first seen
	run.At = func(step int) (*scene.Scene, error) {
		if step == 1 && moved == nil {
			out, err := after(trial.Training{Net: n, Cost: "binary-cross-entropy", Alpha: .5, Seed: s.Seed}, set, vanishUpdates)
			if err != nil {
				return nil, err
			}
			moved = trial.Moved(out.Net, start)
		}
		return vanishScene(s, g, moved, step), nil
	}
	return run, nil
}

func vanishScene(s *scene.State, g, moved []float64, step int) *scene.Scene {
	ratio := g[0] / g[len(g)-1]
	bars := scene.Figure{Bars: layersOf("g", g, s.Raw("f") == "sigmoid"), Title: scene.Say("lab42.p04_gradient")}
	figures := []scene.Figure{{Plot: along(g, nil), Note: scene.Say("lab42.p04_bound")}, bars}
	if step == 1 {
		figures[0].Plot, figures[1].Width = along(g, moved), "half"
		figures = append(figures, scene.Figure{Bars: layersOf("moved", moved, false), Title: scene.Say("lab42.p04_moved", "n", vanishUpdates), Width: "half"})
	}
	bound := 1.
	for range len(g) - 1 {
		bound /= 4
	}
	return &scene.Scene{
		Figures: figures,
		Readings: []scene.Number{
			named("ratio", scene.Say("lab42.p04_ratio"), ratio), scene.Value("bound", "0.25ⁿ", bound).Named(scene.Say("lab42.p04_power", "n", len(g)-1)),
		},
		Summary: scene.Say("lab42.p04_summary", "layers", len(g), "first", short(g[0]), "last", short(g[len(g)-1]), "ratio", short(ratio), "bound", short(bound)),
	}
}

// along draws the gradients over the layers, what a quarter a layer would leave of the last, and how far each has moved.
func along(g, moved []float64) *scene.Plot {
	n := len(g)
	x, quarter := make([]float64, n), make([]float64, n)
	left, low := g[n-1], 1.
	for i := n - 1; i >= 0; i-- {
		x[i], quarter[i] = float64(i+1), left
		left /= 4
	}
	for _, v := range append(append(quarter[:1:1], g...), moved...) {
		for v > 0 && low > v {
			low /= 10
		}
	}
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab42.p04_axis"), Low: .4, High: float64(n) + .6, Ticks: layerTicks(n)},
		Y: scene.Axis{Label: scene.Text("|∂E/∂w|"), Low: low, High: 1, Log: true}, Height: 400,
		Series: []scene.Series{
			{X: x, Y: scene.Y(g), Kind: "bars", Tone: scene.Backward},
			{Label: scene.Say("lab42.p04_quarter"), X: x, Y: scene.Y(quarter), Dash: "3 3"},
		},
	}
	if moved != nil {
		plot.Series = append(plot.Series, scene.Series{Label: scene.Say("lab42.p04_distance"), X: x, Y: scene.Y(moved), Tone: scene.Forward, Heavy: true})
	}
	return plot
}

// layerTicks number the layers: all of a few, every fifth of many.
func layerTicks(n int) []scene.Tick {
	var list []scene.Tick
	for i := 1; i <= n; i++ {
		if n <= 15 || i == 1 || i%5 == 0 {
			list = append(list, scene.Tick{At: float64(i), Label: scene.Text(strconv.Itoa(i))})
		}
	}
	return list
}

// layersOf are bars on a logarithmic axis, one a layer; with bound, what is left of the last one when every layer takes a quarter.
func layersOf(symbol string, values []float64, bound bool) *scene.Bars {
	bars := &scene.Bars{Log: true, Low: 1e-12}
	if len(values) > 20 {
		bars.Low = 1e-20
	}
	for i, v := range values {
		at := strconv.Itoa(i + 1)
		b := scene.Bar{Number: scene.Value(symbol+at, "", v).Named(scene.Say("lab42.p04_layer", "n", i+1)), Hatch: v == 0}
		if bound {
			left := values[len(values)-1]
			for range len(values) - 1 - i {
				left /= 4
			}
			b.Bound = &left
		}
		bars.Rows = append(bars.Rows, b)
	}
	return bars
}

// firstBelow is the fewest layers of sigmoids for which the first layer's gradient is less than a millionth of the last one's.
func firstBelow(seed uint64, set trial.Set) (int, error) {
	for layers := 2; layers <= vanishMost; layers++ {
		g, _, err := gradients(tower("sigmoid", "xavier", layers, seed), set)
		if err != nil {
			return 0, err
		}
		if g[0] < vanishLimit*g[len(g)-1] {
			return layers, nil
		}
	}
	return 0, nil
}

// vanishingExercises ask for the depth at which sigmoids are as good as deaf, and for one change that repairs a deep network.
func vanishingExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	set := trial.Patients(chance(s, 4), vanishRows)
	layers, err := firstBelow(s.Seed, set)
	if err != nil {
		return nil, err
	}
	find := scene.Exercise{
		Key: "lab42.p04_task1", Fields: []scene.Field{{Right: float64(layers), Within: 1e-9}},
		Mistakes: []scene.Mistake{
			{Key: "lab42.p04_task1_bound", Values: []float64{10}},
			{Key: "lab42.p04_task1_bound", Values: []float64{11}},
			{Key: "lab42.p04_task1_before", Values: []float64{float64(layers - 1)}},
			{Key: "lab42.p04_task1_after", Values: []float64{float64(layers + 1)}},
			{Key: "lab42.p04_task1_most", Values: []float64{vanishMost}},
		},
	}
	repair, err := repairExercise(s, set)
	return []scene.Exercise{find.Distinct(), repair}, err
}

func repairExercise(s *scene.State, set trial.Set) (scene.Exercise, error) {
	const deep = 12
	ratio := func(f, init string, layers int) (float64, error) {
		g, _, err := gradients(tower(f, init, layers, s.Seed), set)
		if err != nil {
			return 0, err
		}
		return g[0] / g[len(g)-1], nil
	}
	now, err := ratio(s.Raw("f"), s.Raw("init"), s.Whole("layers"))
	if err != nil {
		return scene.Exercise{}, err
	}
	solve := map[string]string{"layers": strconv.Itoa(deep)}
	for _, f := range vanishFunctions[1:] {
		if r, err := ratio(f, "xavier", deep); err == nil && r >= repairedFrom {
			solve["f"] = f
			break
		}
	}
	changes := 0
	if s.Raw("f") != "sigmoid" {
		changes++
	}
	if s.Raw("init") != "xavier" {
		changes++
	}
	why := scene.Say("lab42.p04_task2_low", "ratio", short(now))
	switch {
	case s.Whole("layers") < deep:
		why = scene.Say("lab42.p04_task2_shallow", "n", deep)
	case changes == 2:
		why = scene.Say("lab42.p04_task2_two")
	}
	return scene.Exercise{Key: "lab42.p04_task2", Args: []any{"n", deep}, Goal: &scene.Goal{
		Now: named("ratio", scene.Say("lab42.p04_ratio"), now), Target: scene.Say("lab42.p04_target"),
		Done: s.Whole("layers") >= deep && changes == 1 && now >= repairedFrom, Why: why, Solve: solve,
	}}, nil
}
