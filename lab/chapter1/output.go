package chapter1

import (
	"math/rand/v2"

	"gradus/activation"
	"gradus/lab/scene"
	"gradus/perceptron"
)

// squashers are the activations of 4-1-5.
var squashers = []string{"sigmoid", "step", "tanh", "relu", "linear"}

// pipeline is 4-1-5: four boxes from x to y, and where o stands on f.
func pipeline() *scene.Page {
	return &scene.Page{
		ID: "4-1-5", Words: "lab41.p05", Formula: "y = f(Σwᵢxᵢ + b)", Vignette: true,
		Controls: []scene.Control{
			scene.ChoiceControl("f", scene.Text("f"), "lab41.f", squashers...).In("bar"),
			scene.RealControl("x1", scene.Text("x₁"), 1.2, -3, 3, .1), scene.RealControl("x2", scene.Text("x₂"), -.6, -3, 3, .1),
			scene.RealControl("w1", scene.Text("w₁"), .8, -3, 3, .1), scene.RealControl("w2", scene.Text("w₂"), .5, -3, 3, .1),
			scene.RealControl("b", scene.Text("b"), -.2, -5, 5, .1),
		},
		Make: pipelineRun, Exercises: pipelineExercises,
	}
}

func pipelineRun(s *scene.State) (*scene.Run, error) {
	f, err := activation.ByName[float64](s.Raw("f"))
	if err != nil {
		return nil, err
	}
	x := []float64{s.Real("x1"), s.Real("x2")}
	p := perceptron.Perceptron{W: []float64{s.Real("w1"), s.Real("w2")}, B: s.Real("b"), Activation: f}
	st, err := p.Run(x...)
	if err != nil {
		return nil, err
	}
	run := &scene.Run{Steps: 4, Unit: scene.Say("lab41.stage")}
	for i, key := range []string{"stage_x", "stage_sum", "stage_bias", "stage_f", "stage_y"} {
		run.Marks = append(run.Marks, scene.Mark{Step: i, Label: scene.Say("lab41." + key)})
	}
	run.At = func(step int) (*scene.Scene, error) {
		flow := stages(p, st, f)
		flow.Stages[step].Lit = true
		return &scene.Scene{
			Figures:  []scene.Figure{{Flow: flow}, {Plot: curve(f, st.O, st.Y)}},
			Readings: []scene.Number{scene.Value("y", "y", st.Y)},
			Summary: scene.Say("lab41.p05_summary", "sum", scene.Round(st.Sum, 3), "b", scene.Round(p.B, 3), "o", scene.Round(st.O, 3),
				"f", f.Name(), "y", scene.Round(st.Y, 4)),
		}, nil
	}
	run.Drag = func(_ string, o, _ float64) map[string]string {
		return map[string]string{"b": hundredths(o - st.Sum)}
	}
	return run, nil
}

func stages(p perceptron.Perceptron, st perceptron.Stages, f activation.Func[float64]) *scene.Flow {
	return &scene.Flow{Stages: []scene.Stage{
		{Label: scene.Say("lab41.stage_x"), Numbers: []scene.Number{scene.Value("x1", "x₁", st.X[0]).Editable("x1"), scene.Value("x2", "x₂", st.X[1]).Editable("x2")}},
		{Label: scene.Say("lab41.stage_sum"), Numbers: []scene.Number{
			scene.Value("wx1", "w₁x₁", st.Products[0]), scene.Value("wx2", "w₂x₂", st.Products[1]), scene.Value("sum", "Σ", st.Sum),
		}},
		{Label: scene.Say("lab41.stage_bias"), Numbers: []scene.Number{scene.Value("b", "b", p.B).Editable("b"), scene.Value("o", "o", st.O)}},
		{Label: scene.Say("lab41.stage_f"), Curve: sampled(f, -5, 5, 41), At: &scene.Point{X: min(max(st.O, -5), 5), Y: at(f, min(max(st.O, -5), 5))}},
		{Label: scene.Say("lab41.stage_y"), Numbers: []scene.Number{scene.Value("y", "y", st.Y)}},
	}}
}

// at is f(o).
func at(f activation.Func[float64], o float64) float64 {
	h, _ := activation.At(f, o)
	return h
}

// sampled is f at n places.
func sampled(f activation.Func[float64], low, high float64, n int) *scene.Series {
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = low + float64(i)*(high-low)/float64(n-1)
		y[i] = at(f, x[i])
	}
	s := &scene.Series{X: x, Y: scene.Y(y)}
	if f.Name() == "step" {
		s.Kind = "steps"
	}
	return s
}

// curve is f with its output at o.
func curve(f activation.Func[float64], o, y float64) *scene.Plot {
	line := sampled(f, -6, 6, 121)
	line.Heavy = true
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Text("o = Σwᵢxᵢ + b"), Low: -6, High: 6}, Y: scene.Axis{Label: scene.Text("y = f(o)"), Low: -1.2, High: 1.2},
		Height: 280, Series: []scene.Series{*line},
		Lines: []scene.Reference{{At: 0}, {Vertical: true, At: 0}, {Ends: [][2]float64{{o, 0}, {o, y}}}},
	}
	if n := f.Name(); n == "relu" || n == "linear" {
		plot.Y.Low, plot.Y.High = -6, 6
	}
	plot.Points = []scene.Point{{X: o, Y: y, Mark: "ring", Label: scene.Text("y")}}
	plot.Handles = []scene.Handle{{Name: "o", X: min(max(o, -6), 6), Y: 0, Mark: "needle", Label: scene.Say("lab41.p05_handle"), StepX: .1}}
	return plot
}

// pipelineExercises ask for the o at which a sigmoid says ½, and for the bias that brings a sum there.
func pipelineExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	rng := chance(s, 5)
	sum := float64(3+rng.IntN(20))/10 + .05
	if rng.IntN(2) == 0 {
		sum = -sum
	}
	e := scene.Exercise{
		Key: "lab41.p05_task1", Args: []any{"sum", sum},
		Fields: []scene.Field{{Label: scene.Text("o"), Right: 0, Within: .005}, {Label: scene.Text("b"), Right: -sum, Within: .005}},
		Mistakes: []scene.Mistake{
			{Key: "lab41.p05_task1_half", Values: []float64{.5, anything}},
			{Key: "lab41.p05_task1_sign", Values: []float64{0, sum}},
			{Key: "lab41.p05_task1_shift", Values: []float64{0, .5 - sum}},
			{Key: "lab41.p05_task1_zero", Values: []float64{0, 0}},
			{Key: "lab41.p05_task1_same", Values: []float64{-sum, 0}},
		},
	}
	return []scene.Exercise{e.Distinct()}, nil
}

// graded draws thirty patients whose weighted sum is a whole number of half points, some of them exactly on the limit.
func graded(rng *rand.Rand) []float64 {
	list := make([]float64, 0, 30)
	for range 3 + rng.IntN(5) {
		list = append(list, 0)
	}
	for len(list) < 30 {
		if v := float64(rng.IntN(17)-8) / 2; v != 0 {
			list = append(list, v)
		}
	}
	return list
}

// steps is 4-1-6: the same patients by a step and by a curve, and what happens at exactly 0.
func steps() *scene.Page {
	return &scene.Page{
		ID: "4-1-6", Words: "lab41.p06", Formula: "y = 1 (o ≥ 0), y = 0 (o < 0)", Vignette: true,
		Controls: []scene.Control{scene.ChoiceControl("f", scene.Text("f"), "lab41.f", "step", "sigmoid").In("bar"), scene.RealControl("b", scene.Text("b"), 0, -3, 3, .5)},
		Make:     stepsRun, Exercises: stepsExercises,
	}
}

func stepsRun(s *scene.State) (*scene.Run, error) {
	f, err := activation.ByName[float64](s.Raw("f"))
	if err != nil {
		return nil, err
	}
	p := perceptron.Perceptron{W: []float64{1}, B: s.Real("b"), Activation: f}
	line := sampled(f, -5, 5, 201)
	line.Heavy = true
	other, err := beside(f)
	if err != nil {
		return nil, err
	}
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Text("o = Σwᵢxᵢ + b"), Low: -5, High: 5}, Y: scene.Axis{Label: scene.Text("y"), Low: -.08, High: 1.3},
		Height: 340, Series: []scene.Series{*other, *line}, Lines: []scene.Reference{{Vertical: true, At: 0, Label: scene.Say("lab41.p06_tie")}},
	}
	alarms, risk, stacked := 0, 0., map[float64]int{}
	list := graded(chance(s, 6))
	for _, sum := range list {
		st, err := p.Run(sum)
		if err != nil {
			return nil, err
		}
		fired := st.O >= 0
		if fired {
			alarms++
		}
		risk += st.Y
		plot.Points = append(plot.Points, dot(st, stacked[st.O], fired))
		stacked[st.O]++
	}
	return scene.Still(&scene.Scene{
		Figures: []scene.Figure{{Plot: plot, Note: scene.Say("lab41.p06_note_" + f.Name())}},
		Readings: []scene.Number{
			scene.Count("alarms", scene.Say("lab41.p06_alarms"), alarms), named("mean_y", scene.Say("lab41.p06_mean"), risk/float64(len(list))),
		},
		Summary: scene.Say("lab41.p06_summary", "n", len(list), "alarms", alarms, "mean", scene.Round(risk/float64(len(list)), 3)),
	}), nil
}

// beside is the function that is not chosen, dashed behind the one that is.
func beside(f activation.Func[float64]) (*scene.Series, error) {
	name := "sigmoid"
	if f.Name() == name {
		name = "step"
	}
	g, err := activation.ByName[float64](name)
	if err != nil {
		return nil, err
	}
	line := sampled(g, -5, 5, 201)
	line.Dash, line.Tone, line.Label = "6 3", scene.Faint, scene.Say("lab41.f_"+name)
	return line, nil
}

// dot is one patient, on the curve or stacked above those of the same o.
func dot(st perceptron.Stages, above int, fired bool) scene.Point {
	p := scene.Point{X: st.O, Y: st.Y + .045*float64(above), Small: true, Mark: "circle", Tone: scene.Negative, Hollow: true}
	if fired {
		p.Mark, p.Tone, p.Hollow = "triangle", scene.Positive, false
	}
	return p
}

// stepsExercises ask for the output at exactly 0, and how many of these patients a strict > would silence.
func stepsExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	p := perceptron.Perceptron{W: []float64{1}, B: s.Real("b")}
	on, over, under := 0, 0, 0
	for _, sum := range graded(chance(s, 6)) {
		st, err := p.Run(sum)
		switch {
		case err != nil:
			return nil, err
		case st.O == 0:
			on++
		case st.O > 0:
			over++
		default:
			under++
		}
	}
	zero, err := p.Run(-p.B)
	e := scene.Exercise{
		Key: "lab41.p06_task1", Args: []any{"b", p.B},
		Fields: []scene.Field{
			{Label: scene.Text("y"), Right: zero.Y, Within: 1e-9},
			{Label: scene.Say("lab41.p06_flips"), Right: float64(on), Within: 1e-9},
		},
		Mistakes: []scene.Mistake{
			{Key: "lab41.p06_task1_quiet", Values: []float64{0, anything}},
			{Key: "lab41.p06_task1_half", Values: []float64{.5, anything}},
			{Key: "lab41.p06_task1_all", Values: []float64{1, float64(on + over)}},
			{Key: "lab41.p06_task1_over", Values: []float64{1, float64(over)}},
			{Key: "lab41.p06_task1_under", Values: []float64{1, float64(under)}},
		},
	}
	return []scene.Exercise{e.Distinct()}, err
}
