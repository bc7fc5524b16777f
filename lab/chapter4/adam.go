package chapter4

import (
	"gradus/lab/scene"
	"gradus/optimizer"
)

// adam is 4-4-11: two moving averages that begin at nothing, and how that is made good.
func adam() *scene.Page {
	return &scene.Page{
		ID: "4-4-11", Words: "lab44.p11", Formula: "w := w − α · M̂ₜ/√(V̂ₜ + ε)", Vignette: true, Slip: true,
		Controls: []scene.Control{
			scene.ChoiceControl("surface", scene.Say("lab44.surface"), "lab44.surface", "quadratic", "beale", "rosenbrock", "saddle").In("bar"),
			scene.ChoiceControl("axis", scene.Say("lab44.axis"), "lab44.axis", "w1", "w2").In("bar"),
			scene.RealControl("alpha", scene.Text("α"), .3, .01, 1, .01).In("bar"),
			scene.RealControl("beta1", scene.Text("β₁"), .9, 0, .99, .01).In("more"),
			scene.RealControl("beta2", scene.Text("β₂"), .999, .5, .9999, .001).In("more"),
			scene.RealControl("epsilon", scene.Text("ε"), 1e-8, 1e-12, .1, 1e-8).Logarithmic().In("more"),
		},
		Make: adamRun, Exercises: adamExercises,
	}
}

// kind is one of the three ways with the divisors.
type kind struct {
	key, style, dash string
	rule             optimizer.Rule[float64]
	alpha            float64
}

// kinds are Adam with the exact correction, as the deck prints it, and without any.
func kinds(n int, alpha, beta1, beta2, epsilon float64) []kind {
	with := func(form optimizer.Form, epsilon float64) optimizer.Rule[float64] {
		return Rule("adam", n, form, map[string]float64{"beta1": beta1, "beta2": beta2, "epsilon": epsilon})
	}
	a, e := Uncorrected(alpha, beta1, beta2, epsilon)
	return []kind{
		{"exact", "adam", "", with(optimizer.Deck, epsilon), alpha},
		{"printed", "printed", "", with(optimizer.Printed, epsilon), alpha},
		{"none", "", "5 4", with(optimizer.Printed, e), a},
	}
}

func kindsOf(s *scene.State, n int) []kind {
	return kinds(n, s.Real("alpha"), s.Real("beta1"), s.Real("beta2"), s.Real("epsilon"))
}

// constant is how many steps the factors are looked at under a gradient that stays 1.
const constant = 1000

func adamRun(s *scene.State) (*scene.Run, error) {
	t, err := Ground(s.Raw("surface"), 60)
	if err != nil {
		return nil, err
	}
	var factors []*fed
	for _, k := range kindsOf(s, 2) {
		r := Runner{Key: k.key, Style: k.style, Dash: k.dash, Name: scene.Say("lab44.adam_" + k.key), Alpha: k.alpha, Bare: k.key == "none"}
		if err := t.Run(optimizer.Course{On: t.On}, r, k.rule); err != nil {
			return nil, err
		}
	}
	for _, k := range kindsOf(s, 1) {
		factors = append(factors, feed(k.rule, 1, constant, k.alpha, func(int) []float64 { return []float64{1} }))
	}
	t.Draw()
	return &scene.Run{
		Steps: t.Steps, Unit: scene.Say("lab44.step"),
		At: func(step int) (*scene.Scene, error) { return adamScene(s, t, factors, step), nil },
	}, nil
}

func adamScene(s *scene.State, t *Track, factors []*fed, step int) *scene.Scene {
	axis := 0
	if s.Raw("axis") == "w2" {
		axis = 1
	}
	p, plane := t.Runners[0].Now(step), t.Plane(step)
	plane.Height = 420
	return &scene.Scene{
		Figures: []scene.Figure{
			{Plot: plane, Width: "main"},
			{Plot: t.lossChart(step), Title: scene.Say("lab44.loss_steps"), Width: "third"},
			{Plot: factorPlot(s, factors, step), Title: scene.Say("lab44.factor_title"), Width: "third"},
			{Table: columns(t.States(step, axis), 0, 1, 4, 5, 6, 7, 9)},
			{Table: divisors(s, t, step, axis), Title: scene.Say("lab44.deck_says")},
		},
		Summary: scene.Say("lab44.p11_summary", "t", step, "w1", scene.Round(p.W[0], 4), "w2", scene.Round(p.W[1], 4), "loss", scene.Round(p.F, 4),
			"deck", scene.Round(t.Runners[1].Now(step).F, 4)),
	}
}

// divisors are what M and V are divided by: as printed, and with the power t.
func divisors(s *scene.State, t *Track, step, axis int) *scene.Table {
	table := &scene.Table{Head: []scene.Words{{}, scene.Say("lab44.printed"), scene.Say("lab44.exact"), scene.Say("lab44.divisor")}}
	p := t.Runners[0].Now(step)
	for i, names := range [][2]string{{"m", "m̂"}, {"v", "v̂"}} {
		key, of := []string{"beta1", "beta2"}[i], []string{"M̂", "V̂"}[i]
		n := scene.Number{Symbol: "divisor" + []string{"1", "2"}[i], Printed: scene.Round(1-s.Real(key), 4), Slip: step > 1}
		if m, hat := memory(p, axis, names[0]), memory(p, axis, names[1]); hat != nil && *hat != 0 {
			n.Value = new(*m / *hat)
		}
		table.Rows = append(table.Rows, []scene.Cell{
			scene.W(scene.Text(of)), scene.W(scene.Text([]string{"M/(1 − β₁) = M/", "V/(1 − β₂) = V/"}[i] + n.Printed)),
			scene.W(scene.Text([]string{"M/(1 − β₁^t)", "V/(1 − β₂^t)"}[i])), scene.N(n),
		})
	}
	return table
}

// factorPlot is the size of the step in units of α while the gradient stays the same.
func factorPlot(s *scene.State, factors []*fed, step int) *scene.Plot {
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab44.step"), Low: 1, High: constant, Log: true}, Y: scene.Axis{Label: scene.Say("lab44.factor"), High: 2.5},
		Height: 172,
	}
	for i, k := range kindsOf(s, 1) {
		line := scene.Series{Style: k.style, Dash: k.dash, Heavy: i == 0, Label: scene.Say("lab44.adam_" + k.key)}
		for t := 1; t <= constant; t += 1 + t/25 {
			v := -factors[i].Moved[t-1][0] / s.Real("alpha")
			plot.Y.High = max(plot.Y.High, min(v*1.1, 12))
			line.X, line.Y = append(line.X, float64(t)), append(line.Y, &v)
		}
		plot.Series = append(plot.Series, line)
	}
	if step > 0 {
		v := -factors[1].Moved[step-1][0] / s.Real("alpha")
		plot.Lines = []scene.Reference{{Vertical: true, At: float64(step)}}
		plot.Points = []scene.Point{{X: float64(step), Y: v, Mark: "ring", Label: scene.Text("×" + scene.Round(v, 2))}}
	}
	return plot
}

func adamExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	o := ownOf(s)
	g, alpha := o.pick(-.4, .25, -.8, .5), o.pick(.01, .02, .005)
	return []scene.Exercise{firstStep(g, alpha), factorAt(int(o.pick(12, 5, 30, 50)))}, nil
}

// firstStep asks what exact Adam takes off a weight in its first step.
func firstStep(g, alpha float64) scene.Exercise {
	off := func(k kind) float64 {
		return -feed(k.rule, 1, 1, k.alpha, func(int) []float64 { return []float64{g} }).Moved[0][0]
	}
	three := kinds(1, alpha, .9, .999, 1e-8)
	right := off(three[0])
	return scene.Exercise{
		Key: "lab44.p11_task1", Args: []any{"g", g, "alpha", alpha},
		Fields: []scene.Field{{Label: scene.Text("w₀ − w₁"), Right: right, Within: 1e-6}},
		Mistakes: []scene.Mistake{
			{Key: "lab44.p11_sign", Values: []float64{-right}},
			{Key: "lab44.p11_descent", Values: []float64{float64(alpha * g)}},
			{Key: "lab44.p11_bare", Values: []float64{off(three[2])}},
			{Key: "lab44.p11_average", Values: []float64{right / 10}},
		},
	}
}

// settled is step t of a rule under a gradient that stays 1, in units of α = 1.
func settled(k kind, t int) float64 {
	w, g := []float64{0}, []float64{1}
	for range t - 1 {
		k.rule.Step(k.alpha, w, g)
	}
	before := w[0]
	k.rule.Step(k.alpha, w, g)
	return before - w[0]
}

// factorAt asks how many times the exact step the printed formula takes at step t of a gradient that stays the same.
func factorAt(t int) scene.Exercise {
	three, again := kinds(1, 1, .9, .999, 1e-8), kinds(1, 1, .9, .999, 1e-8)
	exact, printed, none := settled(three[0], t), settled(three[1], t), settled(three[2], t)
	hats := three[1].rule.(optimizer.Derived[float64]).Derived()
	return scene.Exercise{
		Key: "lab44.p11_task2", Args: []any{"t", t},
		Fields: []scene.Field{{Label: scene.Text("×"), Right: printed / exact, Within: .005}},
		Mistakes: []scene.Mistake{
			{Key: "lab44.p11_equal", Values: []float64{1}},
			{Key: "lab44.p11_limit", Values: []float64{settled(again[1], 8000)}},
			{Key: "lab44.p11_none", Values: []float64{none / exact}},
			{Key: "lab44.p11_no_root", Values: []float64{hats[0].Values[0] / hats[1].Values[0]}},
			{Key: "lab44.p11_first_only", Values: []float64{hats[0].Values[0]}},
		},
	}
}
