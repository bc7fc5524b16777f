package room

import (
	"math"
	"slices"
	"strconv"

	"gradus/lab/chapter4"
	"gradus/lab/scene"
	"gradus/optimizer"
)

// racer is a rule of the race.
type racer struct {
	key, rule string
	form      optimizer.Form // "": the form that the learner chose
}

var racers = []racer{
	{"gd", "descent", ""},
	{"sgd", "descent", ""},
	{"momentum", "momentum", ""},
	{"adagrad", "adagrad", ""},
	{"rmsprop", "rmsprop", ""},
	{"adam", "adam", ""},
	{"printed", "adam", optimizer.Printed},
}

// fitted are learning rates that suit each surface, in the order of racers, and how large the noise of SGD's gradients is.
var fitted = map[string]struct {
	alpha [7]float64
	noise float64
}{
	"beale":       {[7]float64{.01, .01, .0025, .4, .05, .15, .15}, 4},
	"quadratic":   {[7]float64{.05, .03, .008, .6, .15, .3, .3}, 4},
	"rosenbrock":  {[7]float64{.001, .001, .0003, .3, .02, .1, .1}, 40},
	"saddle":      {[7]float64{.05, .05, .02, .3, .05, .1, .1}, .5},
	"double-well": {[7]float64{.03, .03, .02, .3, .05, .1, .1}, 2},
	"own":         {[7]float64{.3, .2, .04, .3, .08, .2, .2}, 0},
}

// race is the optimizer race: every rule from one start on one surface.
func race() *scene.Page {
	p := &scene.Page{
		ID: "race", Words: "labroom.race", Vignette: true, Slip: true,
		Controls: []scene.Control{
			scene.ChoiceControl("surface", scene.Say("labroom.surface"), "labroom.surface", "beale", "quadratic", "rosenbrock", "saddle", "double-well", "own").In("bar"),
			scene.ChoiceControl("axis", scene.Say("labroom.axis"), "labroom.axis", "w1", "w2").In("bar"),
		},
		Make: raceRun, Exercises: raceExercises,
	}
	for _, r := range racers[:6] {
		p.Controls = append(p.Controls, scene.RealControl("alpha_"+r.key, scene.Say("labroom.alpha_"+r.key), 0, 0, 3, .001).In("more"))
	}
	p.Controls = append(p.Controls,
		scene.ChoiceControl("form", scene.Say("labroom.form"), "labroom.form", "deck", "reference").In("more"),
		scene.ChoiceControl("start", scene.Say("labroom.start"), "labroom.start", "usual", "mine").In("more"),
		scene.RealControl("x", scene.Text("w₁"), 1, -4, 4, .1).In("more"),
		scene.RealControl("y", scene.Text("w₂"), 1, -4, 4, .1).In("more"),
		scene.WholeControl("steps", scene.Say("labroom.steps"), 80, 20, 300).In("more"),
		scene.RealControl("noise", scene.Say("labroom.noise"), 1, 0, 4, .1).In("more"),
		scene.RealControl("gamma", scene.Text("γ"), .9, 0, .99, .01).In("more"),
		scene.RealControl("beta1", scene.Text("β₁"), .9, 0, .99, .01).In("more"),
		scene.RealControl("beta2", scene.Text("β₂"), .999, .5, .9999, .001).In("more"),
		scene.WholeControl("hidden", scene.Say("labroom.hidden"), 4, 1, 12).In("more"),
		scene.ChoiceControl("activation", scene.Say("labroom.activation"), "labroom.activation", "tanh", "sigmoid", "relu").In("more"),
		scene.ChoiceControl("plane", scene.Say("labroom.plane"), "labroom.plane", "random", "weights").In("more"),
		scene.ChoiceControl("over", scene.Say("labroom.over"), "labroom.over", "steps", "rows").In("more"),
	)
	return p
}

// alphaOf is the learning rate of racer i: the learner's, where it is not 0. The deck's Adam has Adam's.
func alphaOf(s *scene.State, i int) float64 {
	if a := s.Real("alpha_" + racers[min(i, 5)].key); a > 0 {
		return a
	}
	return fitted[s.Raw("surface")].alpha[i]
}

// ruleOf makes racer r's rule for n weights.
func ruleOf(s *scene.State, r racer, n int) (optimizer.Rule[float64], error) {
	values := map[string]float64{}
	switch r.rule {
	case "momentum", "rmsprop":
		values["gamma"] = s.Real("gamma")
	case "adam":
		values["beta1"], values["beta2"] = s.Real("beta1"), s.Real("beta2")
	}
	form := r.form
	if form == "" {
		form = optimizer.Form(s.Raw("form"))
	}
	return optimizer.New[float64](r.rule, n, form, values)
}

// course is a track without runners, with the surface that SGD sees.
func course(s *scene.State) (t *chapter4.Track, noisy optimizer.Surface, err error) {
	steps := s.Whole("steps")
	if s.Raw("surface") == "own" {
		l, err := chapter4.OwnSlice(s)
		if err != nil {
			return nil, noisy, err
		}
		t, noisy = l.Track(steps), l.Surface(chapter4.OwnBatch, s.Seed)
		if s.Raw("over") == "rows" {
			t.ByRows = chapter4.OwnRows
		}
		return t, noisy, nil
	}
	if t, err = chapter4.Ground(s.Raw("surface"), steps); err != nil {
		return nil, noisy, err
	}
	return t, chapter4.Noisy(t.On, fitted[s.Raw("surface")].noise*s.Real("noise"), s.Seed), nil
}

// startOf is where all begin.
func startOf(s *scene.State, t *chapter4.Track) []float64 {
	if s.Raw("start") == "usual" {
		return t.On.Start
	}
	return []float64{s.Real("x"), s.Real("y")}[:len(t.On.Start)]
}

// run sends all over the course.
func run(s *scene.State) (*chapter4.Track, error) {
	t, noisy, err := course(s)
	if err != nil {
		return nil, err
	}
	for i, r := range racers {
		rule, err := ruleOf(s, r, len(t.On.Start))
		if err != nil {
			return nil, err
		}
		c := optimizer.Course{On: t.On, Start: startOf(s, t)}
		runner := chapter4.Runner{Key: r.key, Style: r.key, Name: scene.Say("labroom.rule_" + r.key), Alpha: alphaOf(s, i)}
		if r.key == "sgd" {
			c.On, runner.Rows = noisy, chapter4.OwnBatch
		}
		if err := t.Run(c, runner, rule); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func raceRun(s *scene.State) (*scene.Run, error) {
	t, err := run(s)
	if err != nil {
		return nil, err
	}
	t.Draw()
	none, err := uncorrected(s, t)
	if err != nil {
		return nil, err
	}
	return &scene.Run{
		Steps: t.Steps, Unit: scene.Say("lab44.step"),
		At: func(step int) (*scene.Scene, error) { return raceScene(s, t, none, step), nil },
		Drag: func(_ string, x, y float64) map[string]string {
			return map[string]string{"start": "mine", "x": hundredths(x), "y": hundredths(y)}
		},
	}, nil
}

func hundredths(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'g', -1, 64) }

func raceScene(s *scene.State, t *chapter4.Track, none chapter4.Runner, step int) *scene.Scene {
	axis := 0
	if s.Raw("axis") == "w2" && len(t.On.Start) > 1 {
		axis = 1
	}
	plane := t.Plane(step)
	start := startOf(s, t)
	at := scene.Handle{Name: "start", X: start[0], Y: t.On.Value(start), Label: scene.Say("labroom.start"), StepX: .1, StepY: .1}
	if len(start) > 1 {
		at.Y = start[1]
	}
	plane.Handles = []scene.Handle{at}
	order := ranked(t, step)
	best := t.Runners[order[0]]
	p := best.Now(step)
	return &scene.Scene{
		Figures: []scene.Figure{
			{Plot: plane},
			{Plot: t.Losses(step), Title: scene.Say("lab44.loss_steps")},
			{Table: places(t, order, step), Title: scene.Say("labroom.order", "t", step), Note: scene.Say("labroom.alpha_note"), Width: "rail"},
			{Table: inside(t, none, step, axis), Title: scene.Say("labroom.inner", "w", []string{"w₁", "w₂"}[axis]), Width: "rail"},
			{Table: turned(t.States(step, axis)), Title: scene.Say("labroom.states", "t", step, "w", []string{"w₁", "w₂"}[axis])},
		},
		Summary: scene.Say("labroom.race_summary_"+best.Key, "t", step, "loss", scene.Round(p.F, 4), "w1", scene.Round(p.W[0], 4)),
	}
}

// ranked are the runners by their loss, those that have diverged last.
func ranked(t *chapter4.Track, step int) []int {
	order := make([]int, len(t.Runners))
	for i := range order {
		order[i] = i
	}
	gone := func(r chapter4.Runner) bool { return r.Walk.DivergedAt > 0 && r.Walk.DivergedAt <= step }
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := t.Runners[a], t.Runners[b]
		switch fx, fy := x.Now(step).F, y.Now(step).F; {
		case gone(x) != gone(y):
			if gone(y) {
				return -1
			}
			return 1
		case fx < fy:
			return -1
		case fx > fy:
			return 1
		}
		return 0
	})
	return order
}

// places lists the runners from the lowest loss up.
func places(t *chapter4.Track, order []int, step int) *scene.Table {
	table := &scene.Table{Head: []scene.Words{scene.Say("lab44.rule"), scene.Say("lab44.loss"), scene.Text("α")}}
	for _, i := range order {
		r := t.Runners[i]
		loss := scene.N(brief(scene.Value("E_"+r.Key, "E", r.Now(step).F)))
		if r.Walk.DivergedAt > 0 && r.Walk.DivergedAt <= step {
			loss = scene.Cell{Words: scene.Say("labroom.diverged", "t", r.Walk.DivergedAt), Tone: scene.Fail}
		}
		alpha := scene.Value("alpha_"+r.Key, "α", r.Alpha)
		if i < 6 {
			alpha = alpha.Editable("alpha_" + r.Key)
		} else {
			alpha = alpha.Fixed(chapter4.Places(r.Alpha)) // Adam's own
		}
		table.Rows = append(table.Rows, []scene.Cell{{Words: r.Name, Style: r.Style}, loss, scene.N(alpha)})
	}
	return table
}

// raceExercises ask for the first steps of three rules, and for a learning rate with which plain descent wins.
func raceExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	g := float64(3+s.Seed%5) / 2
	if s.Seed%2 == 0 {
		g = -g
	}
	alpha := .1
	first := func(rule string) float64 {
		w := []float64{0}
		chapter4.Rule(rule, 1, optimizer.Deck, nil).Step(alpha, w, []float64{g})
		return w[0]
	}
	gd, rms, adam := first("descent"), first("rmsprop"), first("adam")
	goal, err := winning(s)
	return []scene.Exercise{
		{
			Key: "labroom.race_task1", Args: []any{"g", g, "alpha", alpha},
			Fields: []scene.Field{
				{Label: scene.Text("GD"), Right: gd, Within: 1e-3}, {Label: scene.Text("RMSprop"), Right: rms, Within: 1e-3}, {Label: scene.Text("Adam"), Right: adam, Within: 1e-3},
			},
			Mistakes: []scene.Mistake{
				{Key: "labroom.race_sign", Values: []float64{-gd, -rms, -adam}},
				{Key: "labroom.race_same", Values: []float64{gd, gd, gd}},
				{Key: "labroom.race_rms", Values: []float64{gd, adam, adam}},
				{Key: "labroom.race_adam", Values: []float64{gd, rms, adam * g * math.Copysign(1, g)}},
			},
		}, goal,
	}, err
}

// turned is a table with its rows as columns.
func turned(t *scene.Table) *scene.Table {
	out := &scene.Table{Head: []scene.Words{{}}}
	for _, row := range t.Rows {
		out.Head = append(out.Head, row[0].Words)
	}
	for c := 1; c < len(t.Head); c++ {
		cells := []scene.Cell{scene.W(t.Head[c])}
		for _, row := range t.Rows {
			cells = append(cells, row[c])
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}
