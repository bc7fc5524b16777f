package chapter4

import (
	"gradus/lab/scene"
	"gradus/optimizer"
)

// descent is 4-4-2: w := w − α·g with the numbers in it, step by step.
func descent() *scene.Page {
	return &scene.Page{
		ID: "4-4-2", Words: "lab44.p02", Formula: "w := w − α · ∂Cost/∂w", Vignette: true,
		Controls: []scene.Control{
			scene.ChoiceControl("weights", scene.Say("lab44.weights"), "lab44.weights", "one", "two").In("bar"),
			scene.RealControl("w", scene.Say("lab44.start"), -1.6, -3, 3, .1),
			scene.RealControl("alpha", scene.Say("lab44.rate"), .3, .01, 1.2, .01),
			scene.RealControl("lambda", scene.Say("lab44.curvature"), 1.5, .2, 6, .1),
		},
		Make:      descentRun,
		Exercises: descentExercises,
	}
}

// single is a track with gradient descent alone.
func single(on optimizer.Surface, start []float64, alpha float64, steps int) *Track {
	t := &Track{On: on, Steps: steps}
	t.Runners = []Runner{{
		Key: "gd", Style: "gd", Name: scene.Text("GD"), Alpha: alpha,
		Walk: walk(optimizer.Course{On: on, Start: start, Steps: steps, Alpha: alpha}, Rule("descent", len(start), "", nil)),
	}}
	return t
}

func descentRun(s *scene.State) (*scene.Run, error) {
	lambda, start := []float64{s.Real("lambda")}, []float64{s.Real("w")}
	if s.Raw("weights") == "two" {
		lambda, start = append(lambda, .4), append(start, 2)
	}
	t := single(bowl(lambda...), start, s.Real("alpha"), 20)
	t.Box = Box{[2]float64{-3.2, -2.6}, [2]float64{3.2, 2.6}}
	t.Levels = []float64{.25, 1, 2, 4, 8, 16}
	t.Draw()
	return &scene.Run{
		Steps: t.Steps, Unit: scene.Say("lab44.step"),
		At: func(step int) (*scene.Scene, error) { return descentScene(s, t, step), nil },
	}, nil
}

func descentScene(s *scene.State, t *Track, step int) *scene.Scene {
	points := t.Runners[0].Points()
	step = min(step, len(points)-1)
	p := points[step]
	g := make([]float64, len(p.W))
	t.On.Gradient(g, p.W)
	var figures []scene.Figure
	for i := range p.W {
		figures = append(figures, scene.Figure{Equation: &scene.Equation{Hero: i == 0, Parts: stepParts(s, points, step, i, g[i])}})
	}
	return &scene.Scene{
		Readings: []scene.Number{scene.Value("E", "", p.F).Named(scene.Say("lab44.loss"))},
		Figures:  append(figures, scene.Figure{Plot: tangent(t, step, g)}, scene.Figure{Plot: t.Losses(step), Title: scene.Say("lab44.loss_steps")}),
		Summary:  scene.Say("lab44.p02_summary", "t", step, "w", scene.Round(p.W[0], 4), "g", scene.Round(g[0], 4), "loss", scene.Round(p.F, 4)),
	}
}

// stepParts is w − α·g = w′ of one weight.
func stepParts(s *scene.State, points []optimizer.Point, step, i int, g float64) []scene.Part {
	name, label := "w", "w"
	if len(points[0].W) > 1 {
		name, label = [2]string{"w1", "w2"}[i], [2]string{"w₁", "w₂"}[i]
	}
	alpha := scene.Value("alpha", "α", s.Real("alpha"))
	if i > 0 {
		alpha.Symbol = ""
	}
	now := scene.Value(name, label, points[step].W[i])
	if step == 0 && i == 0 {
		now = now.Editable("w")
	}
	parts := []scene.Part{
		text(label + " := "), number(now), text("−"), number(alpha.Editable("alpha")), text("× ("),
		number(scene.Value("g"+name[1:], "∂E/∂"+label, g).With(scene.Signed(g))), text(") ="),
	}
	if step+1 >= len(points) {
		return append(parts, text("…"))
	}
	return append(parts, number(scene.Value(name+"'", label+"′", points[step+1].W[i])))
}

// tangent is the plane with the slope drawn where w is.
func tangent(t *Track, step int, g []float64) *scene.Plot {
	p, plot := t.Runners[0].Now(step), t.Plane(step)
	plot.Height = 280
	if len(g) > 1 {
		size := .15
		plot.Arrows = []scene.Arrow{{FromX: p.W[0], FromY: p.W[1], X: p.W[0] - float64(size*g[0]), Y: p.W[1] - float64(size*g[1])}}
		return plot
	}
	plot.Lines = []scene.Reference{{Ends: [][2]float64{{p.W[0] - 1, p.F - g[0]}, {p.W[0] + 1, p.F + g[0]}}, Solid: true, Tone: scene.Signed(g[0])}}
	return plot
}

// descentExercises ask for three steps by hand.
func descentExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	o := ownOf(s)
	lambda, w0, alpha := o.pick(2, 3, 4, 2.5), o.pick(1, 2, -1, 3), o.pick(.1, .2, .05)
	on := bowl(lambda)
	after := func(rule func(w, g float64) float64) []float64 {
		w, list, g := w0, []float64{}, make([]float64, 1)
		for range 3 {
			on.Gradient(g, []float64{w})
			w = rule(w, g[0])
			list = append(list, w)
		}
		return list
	}
	e := scene.Exercise{Key: "lab44.p02_task1", Args: []any{"lambda", lambda, "w0", w0, "alpha", alpha}}
	tr := walk(optimizer.Course{On: on, Start: []float64{w0}, Steps: 3, Alpha: alpha}, Rule("descent", 1, "", nil))
	for i, p := range tr.Steps {
		e.Fields = append(e.Fields, scene.Field{Label: scene.Text([]string{"w₁", "w₂", "w₃"}[i]), Right: p.W[0], Within: 5e-4})
	}
	once := float64(alpha * lambda * w0)
	e.Mistakes = []scene.Mistake{
		{Key: "lab44.p02_uphill", Values: after(func(w, g float64) float64 { return w + float64(alpha*g) })},
		{Key: "lab44.p02_same_slope", Values: []float64{w0 - once, w0 - float64(2*once), w0 - float64(3*once)}},
		{Key: "lab44.p02_half", Values: after(func(w, g float64) float64 { return w - float64(alpha*g/2) })},
		{Key: "lab44.p02_no_rate", Values: after(func(w, g float64) float64 { return w - g })},
	}
	return []scene.Exercise{e}, nil
}
