package chapter2

import (
	"gradus/activation"
	"gradus/internal/kernel"
	"gradus/internal/trial"
	"gradus/lab/scene"
)

const stepEpochs = 100

// step is 4-2-2: its slope is 0 wherever one looks, so no gradient moves a weight.
func step() *scene.Page {
	return &scene.Page{
		ID: "4-2-2", Words: "lab42.p02", Formula: "f(o) = 1 (o ≥ 0), 0 (o < 0)", Vignette: true,
		Controls: []scene.Control{scene.ChoiceControl("f", scene.Text("f"), "lab42.f", "step", "sigmoid").In("bar"), scene.RealControl("o", scene.Text("o"), .6, -4, 4, .1)},
		Make:     stepRun, Exercises: stepExercises,
	}
}

// lesson is a network of four neurons that has the same f everywhere.
func lesson(f string, seed uint64) trial.Training {
	return trial.Training{
		Net: trial.Net{In: 4, Hidden: []int{4}, Out: 1, Activation: f, Last: f, Initial: "xavier", Seed: seed}, Cost: "mse", Alpha: 2, Epochs: stepEpochs, Seed: seed,
	}
}

// changed is how many weights and biases differ after so many epochs, and how many there are.
func changed(f string, seed uint64, set trial.Set, epochs int) (n, all int, err error) {
	t := lesson(f, seed)
	start, err := t.Net.Build()
	if err != nil {
		return 0, 0, err
	}
	out, err := after(t, set, epochs)
	if err != nil {
		return 0, 0, err
	}
	for i, w := range out.Net.Weights() {
		if w != start.Weights()[i] {
			n++
		}
	}
	return n, len(start.Weights()), nil
}

func stepRun(s *scene.State) (*scene.Run, error) {
	f, set := s.Raw("f"), trial.Patients(chance(s, 2), 40)
	whole, err := after(lesson(f, s.Seed), set, stepEpochs)
	if err != nil {
		return nil, err
	}
	run := &scene.Run{Steps: len(whole.Curve), Unit: scene.Say("lab42.epoch"), Marks: []scene.Mark{{Step: 0, Label: scene.Say("lab42.start")}}}
	run.At = func(step int) (*scene.Scene, error) {
		n, all, err := changed(f, s.Seed, set, step)
		if err != nil {
			return nil, err
		}
		h, dh := activation.At(function(f), s.Real("o"))
		e := 0.
		if step > 0 {
			e = whole.Curve[step-1].Cost
		}
		readings := []scene.Number{scene.Value("slope", "f′(o)", dh), scene.Count("changed", scene.Say("lab42.p02_changed", "all", all), n)}
		if step > 0 {
			readings = append(readings, scene.Value("E", "E", e))
		}
		return &scene.Scene{
			Figures: append(stacked(function(f), s.Real("o"), h, dh, 4),
				scene.Figure{Plot: falling(whole.Curve, step, stepEpochs, .6), Title: scene.Say("lab42.p02_training")}),
			Readings: readings,
			Summary: scene.Say("lab42.p02_summary", "o", scene.Round(s.Real("o"), 2), "h", scene.Round(h, 3), "dh", scene.Round(dh, 3),
				"epoch", step, "n", n, "all", all),
		}, nil
	}
	return run, nil
}

// stacked are f and f′ over the same axis, with the place of o and the slope there as a needle.
func stacked(f activation.Func[float64], o, h, dh, to float64) []scene.Figure {
	value, slope := curves(f, -to, to, 161)
	length := .9 / max(1, dh) // of the needle, in o
	top := &scene.Plot{
		X: scene.Axis{Low: -to, High: to}, Y: scene.Axis{Label: scene.Text("f(o)"), Low: -.2, High: 1.2}, Height: 162, Series: []scene.Series{value},
		Lines:   []scene.Reference{{Ends: [][2]float64{{o - length, h - float64(length*dh)}, {o + length, h + float64(length*dh)}}, Solid: true, Heavy: true, Tone: scene.Positive}},
		Points:  []scene.Point{{X: o, Y: h, Mark: "ring"}},
		Handles: []scene.Handle{{KeyX: "o", X: o, Y: 0, Mark: "needle", Label: scene.Text("o"), StepX: .1}},
	}
	under := &scene.Plot{
		X: scene.Axis{Label: scene.Text("o"), Low: -to, High: to}, Y: scene.Axis{Label: scene.Text("f′(o)"), Low: -.1, High: .4}, Height: 150, Series: []scene.Series{slope},
		Points: []scene.Point{{X: o, Y: dh, Mark: "ring"}}, Lines: []scene.Reference{{At: .25, Label: scene.Text("0.25")}},
	}
	if n := f.Name(); n == "tanh" || n == "relu" || n == "leaky-relu" {
		top.Y.Low, under.Y.High = -1.2, 1.2
	}
	return []scene.Figure{{Plot: top}, {Plot: under}}
}

// stepExercises ask how many weights learn, with a step and with a sigmoid everywhere.
func stepExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	set := trial.Patients(chance(s, 2), 40)
	n, all, err := changed("step", s.Seed, set, stepEpochs)
	if err != nil {
		return nil, err
	}
	e := scene.Exercise{
		Key: "lab42.p02_task1", Args: []any{"all", all, "epochs", stepEpochs},
		Fields: []scene.Field{{Right: float64(n), Within: 1e-9}},
		Mistakes: []scene.Mistake{
			{Key: "lab42.p02_task1_all", Values: []float64{float64(all)}},
			{Key: "lab42.p02_task1_last", Values: []float64{5}},
			{Key: "lab42.p02_task1_epochs", Values: []float64{stepEpochs}},
			{Key: "lab42.p02_task1_one", Values: []float64{1}},
		},
	}
	return []scene.Exercise{e.Distinct()}, nil
}

// sigmoid is 4-2-3: from a sum to a risk and back, by the logarithm of the odds.
func sigmoid() *scene.Page {
	return &scene.Page{
		ID: "4-2-3", Words: "lab42.p03", Formula: "f(o) = 1 ÷ (1 + e⁻ᵒ)", Vignette: true,
		Controls: []scene.Control{scene.RealControl("o", scene.Say("lab42.p03_o"), -1, -5, 5, .1), scene.RealControl("w", scene.Say("lab42.p03_w"), .7, -3, 3, .1)},
		Make:     sigmoidRun, Exercises: sigmoidExercises,
	}
}

func odds(p float64) float64 { return p / (1 - p) }

func sigmoidRun(s *scene.State) (*scene.Run, error) {
	f, o, w := function("sigmoid"), s.Real("o"), s.Real("w")
	p, _ := activation.At(f, o)
	q, slope := activation.At(f, o+w)
	value, _ := curves(f, -6, 6, 161)
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab42.p03_axis"), Low: -6, High: 6}, Y: scene.Axis{Label: scene.Say("lab42.p03_risk"), Low: 0, High: 1.05}, Height: 320,
		Series: []scene.Series{value},
		Lines:  []scene.Reference{{Ends: [][2]float64{{o, 0}, {o, p}}}, {Ends: [][2]float64{{-6, p}, {o, p}}}, {Ends: [][2]float64{{o + w, 0}, {o + w, q}}}, {Ends: [][2]float64{{-6, q}, {o + w, q}}}},
		Points: []scene.Point{{X: o, Y: p, Mark: "ring", Label: scene.Say("lab42.p03_now")}, {X: o + w, Y: q, Mark: "triangle", Tone: scene.Positive, Label: scene.Say("lab42.p03_then")}},
		Arrows: []scene.Arrow{{FromX: o, FromY: .02, X: o + w, Y: .02}},
		Handles: []scene.Handle{
			{KeyX: "o", X: o, Y: 0, Mark: "needle", Label: scene.Say("lab42.p03_o"), StepX: .1},
		},
	}
	row := func(at, key string, p, o float64) []scene.Cell {
		return []scene.Cell{
			scene.W(scene.Say(key)), scene.N(scene.Value("o"+at, "o", o)), scene.N(scene.Value("odds"+at, "odds", odds(p))), scene.N(scene.Value("p"+at, "p", p)),
		}
	}
	table := &scene.Table{
		Head: []scene.Words{{}, scene.Text("o = logit(p)"), scene.Say("lab42.p03_odds"), scene.Say("lab42.p03_risk")},
		Rows: [][]scene.Cell{row("", "lab42.p03_now", p, o), row("'", "lab42.p03_then", q, o+w)},
	}
	return scene.Still(&scene.Scene{
		Figures: []scene.Figure{{Plot: plot}, {Table: table}},
		Readings: []scene.Number{
			named("risk", scene.Say("lab42.p03_risk"), p), named("OR", scene.Say("lab42.p03_or"), kernel.Exp(w)), scene.Value("slope", "f′(o + w)", slope),
		},
		Summary: scene.Say("lab42.p03_summary", "o", scene.Round(o, 2), "p", scene.Round(100*p, 1), "w", scene.Round(w, 2), "or", scene.Round(kernel.Exp(w), 3), "q", scene.Round(100*q, 1)),
	}), nil
}

// sigmoidExercises ask for the o of a risk, and for the odds ratio of a coefficient.
func sigmoidExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	p, w := .2, 1.1
	if !decks(s) {
		rng := chance(s, 3)
		p, w = []float64{.05, .1, .15, .25, .3, .4}[rng.IntN(6)], float64(6+rng.IntN(9))/10
	}
	right := kernel.Log(odds(p))
	back := scene.Exercise{
		Key: "lab42.p03_task1", Args: []any{"p", scene.Round(100*p, 0)},
		Fields: []scene.Field{{Label: scene.Text("o"), Right: right, Within: .01}},
		Mistakes: []scene.Mistake{
			{Key: "lab42.p03_task1_sign", Values: []float64{-right}},
			{Key: "lab42.p03_task1_odds", Values: []float64{odds(p)}},
			{Key: "lab42.p03_task1_log", Values: []float64{kernel.Log(p)}},
			{Key: "lab42.p03_task1_ten", Values: []float64{right / kernel.Log(10)}},
		},
	}
	ratio := scene.Exercise{
		Key: "lab42.p03_task2", Args: []any{"w", w},
		Fields: []scene.Field{{Right: kernel.Exp(w), Within: .01}},
		Mistakes: []scene.Mistake{
			{Key: "lab42.p03_task2_same", Values: []float64{w}},
			{Key: "lab42.p03_task2_one", Values: []float64{1 + w}},
			{Key: "lab42.p03_task2_down", Values: []float64{kernel.Exp(-w)}},
			{Key: "lab42.p03_task2_sigmoid", Values: []float64{kernel.Sigmoid(w)}},
		},
	}
	return []scene.Exercise{back.Distinct(), ratio.Distinct()}, nil
}
