package chapter4

import (
	"gradus/lab/scene"
	"gradus/optimizer"
)

// momentum is 4-4-8: the walk that keeps a share of its speed.
func momentum() *scene.Page {
	least := remember(func(seed uint64) escape { return escapes(askedStart(seed), .05) })
	return &scene.Page{
		ID: "4-4-8", Words: "lab44.p08", Formula: "vₜ = γvₜ₋₁ + α · ∂Cost/∂w,  wₜ₊₁ = wₜ − vₜ", Vignette: true,
		Controls: []scene.Control{
			scene.RealControl("gamma", scene.Text("γ"), .9, 0, .99, .01),
			scene.RealControl("alpha", scene.Say("lab44.rate"), .05, .005, .1, .005),
			scene.RealControl("start", scene.Say("lab44.start"), 1.6, -2, 2, .05),
			scene.ToggleControl("nesterov", scene.Say("lab44.nesterov"), false),
		},
		Make: momentumRun,
		Exercises: func(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
			return []scene.Exercise{leastGamma(s.Seed, least(s.Seed)), terminal(s)}, nil
		},
	}
}

// throwing is the deck's momentum, or Nesterov's.
func throwing(gamma float64, nesterov bool) optimizer.Rule[float64] {
	name := "momentum"
	if nesterov {
		name = "nesterov"
	}
	return Rule(name, 1, optimizer.Deck, map[string]float64{"gamma": gamma})
}

// thrownSteps is how long a throw is followed.
const thrownSteps = 1500

// escape is which γ on a grid of .01 end in the lowest valley.
type escape struct {
	least, last, most float64 // the smallest; the end of its stretch; the largest
	found             bool
}

func escapes(start, alpha float64) (e escape) {
	open := false
	for i := range 100 {
		gamma := float64(i) / 100
		in := ends(throwing(gamma, false), start, alpha, thrownSteps) == 0
		switch {
		case in && !e.found:
			e.least, e.found, open = gamma, true, true
		case !in && open:
			open = false
		}
		if in && open {
			e.last = gamma
		}
		if in {
			e.most = gamma
		}
	}
	return e
}

// askedStart is a start in the local valley from which some γ escapes.
func askedStart(seed uint64) float64 { return ownOf(&scene.State{Seed: seed}).pick(2, 1.9, 1.8, 1.7) }

func momentumRun(s *scene.State) (*scene.Run, error) {
	start, alpha, gamma := s.Real("start"), s.Real("alpha"), s.Real("gamma")
	t := &Track{On: well(), Steps: 80, Box: wellBox}
	thrown := func(gamma float64, nesterov bool) optimizer.Trajectory {
		return walk(optimizer.Course{On: t.On, Start: []float64{start}, Steps: t.Steps, Alpha: alpha}, throwing(gamma, nesterov))
	}
	t.Runners = []Runner{
		{Key: "momentum", Style: "momentum", Name: scene.Say("lab44.momentum"), Alpha: alpha, Walk: thrown(gamma, s.On("nesterov"))},
		{Key: "gd", Style: "gd", Name: scene.Text("GD"), Alpha: alpha, Walk: thrown(0, false)},
	}
	coarse := make([]int, 0, 20)
	for i := range 20 {
		coarse = append(coarse, ends(throwing(float64(i)/20, s.On("nesterov")), start, alpha, thrownSteps))
	}
	end := ends(throwing(gamma, s.On("nesterov")), start, alpha, thrownSteps)
	return &scene.Run{
		Steps: t.Steps, Unit: scene.Say("lab44.step"),
		At: func(step int) (*scene.Scene, error) { return momentumScene(s, t, coarse, end, step), nil },
	}, nil
}

func momentumScene(s *scene.State, t *Track, coarse []int, end, step int) *scene.Scene {
	r := t.Runners[0]
	p := r.Now(step)
	plot := t.Plane(step)
	plot.Height = 260
	bottoms(plot, t.On)
	v := 0.
	if m := memory(p, 0, "v"); m != nil {
		v = *m
	}
	over := p.F + .16*(plot.Y.High-plot.Y.Low)
	plot.Arrows = []scene.Arrow{{FromX: p.W[0], FromY: over, X: p.W[0] - v, Y: over, Label: scene.Text("−v")}}
	terminal := s.Real("alpha") / (1 - s.Real("gamma"))
	return &scene.Scene{
		Readings: []scene.Number{
			scene.Value("w", "w", p.W[0]), scene.Value("v", "v", v).With(scene.Signed(v)),
			scene.Value("terminal", "α/(1 − γ)", terminal),
		},
		Figures: []scene.Figure{
			{Plot: plot},
			{Table: escapeTable(coarse), Title: scene.Say("lab44.escape_map"), Note: scene.Say("lab44.escape_note")},
			{Table: columns(t.States(step, 0), 0, 1, 2, 8, 9), Title: scene.Say("lab44.memory")},
		},
		Summary: scene.Say("lab44.p08_summary_"+[]string{"none", "global", "local"}[end+1], "gamma", s.Real("gamma"), "t", p.T, "w", scene.Round(p.W[0], 4), "v", scene.Round(v, 4)),
	}
}

// escapeTable is where every twentieth γ ends.
func escapeTable(coarse []int) *scene.Table {
	t := &scene.Table{Head: []scene.Words{scene.Text("γ")}}
	rows := [2][]scene.Cell{{scene.W(scene.Say("lab44.global"))}, {scene.W(scene.Say("lab44.local"))}}
	for i, end := range coarse {
		if i%2 == 1 && i < 16 {
			continue
		}
		t.Head = append(t.Head, scene.Text(scene.Round(float64(i)/20, 2)))
		for b := range rows {
			mark := scene.Cell{Words: scene.Text("·")}
			if end == b {
				mark.Words = scene.Text([]string{"▲", "○"}[b])
			}
			rows[b] = append(rows[b], mark)
		}
	}
	t.Rows = [][]scene.Cell{rows[0], rows[1]}
	return t
}

// usual is the γ that everyone sets first.
const usual = .9

// leastGamma asks for the smallest γ that leaves the local valley.
func leastGamma(seed uint64, e escape) scene.Exercise {
	start := askedStart(seed)
	ask := scene.Exercise{
		Key: "lab44.p08_task1", Args: []any{"start", start, "alpha", .05},
		Fields: []scene.Field{{Label: scene.Text("γ"), Right: e.least, Within: .001}},
		Mistakes: []scene.Mistake{
			{Key: "lab44.p08_largest", Values: []float64{e.most}},
			{Key: "lab44.p08_stretch_end", Values: []float64{e.last}},
			{Key: "lab44.p08_one_short", Values: []float64{e.least - .01}},
		},
	}
	if e.last != usual && e.most != usual {
		ask.Mistakes = append(ask.Mistakes, scene.Mistake{Key: "lab44.p08_habit", Values: []float64{usual}})
	}
	return ask
}

// terminal asks for the speed that a constant slope leads to, found by letting the rule walk.
func terminal(s *scene.State) scene.Exercise {
	o := ownOf(s)
	gamma, alpha, g := o.pick(.9, .8, .95), o.pick(.05, .1, .02), o.pick(2, 3, 1.5)
	rule, w := Rule("momentum", 1, optimizer.Deck, map[string]float64{"gamma": gamma}), []float64{0}
	for range 2000 {
		rule.Step(alpha, w, []float64{g})
	}
	v := rule.State().Moments[0].Values[0]
	return scene.Exercise{
		Key: "lab44.p08_task2", Args: []any{"gamma", gamma, "alpha", alpha, "g", g},
		Fields: []scene.Field{{Label: scene.Text("v"), Right: v, Within: 1e-4}},
		Mistakes: []scene.Mistake{
			{Key: "lab44.p08_first", Values: []float64{float64(alpha * g)}},
			{Key: "lab44.p08_no_slope", Values: []float64{alpha / (1 - gamma)}},
			{Key: "lab44.p08_plus", Values: []float64{float64(alpha*g) / (1 + gamma)}},
			{Key: "lab44.p08_over_gamma", Values: []float64{float64(alpha*g) / gamma}},
		},
	}
}
