package chapter4

import (
	"math"

	"gradus/lab/scene"
	"gradus/optimizer"
)

// adaptSteps is how far the pages of the rules with a memory look.
const adaptSteps = 60

// fed is a rule given gradients, step by step: what it takes off each weight, and its memory.
type fed struct {
	rule  optimizer.Rule[float64]
	Moved [][]float64 // Δw after step t, from t = 1
	State [][]optimizer.Moment[float64]
}

// feed runs a rule of n weights on the gradients that g gives for t = 1, 2 …
func feed(rule optimizer.Rule[float64], n, steps int, alpha float64, g func(t int) []float64) *fed {
	f := &fed{rule: rule}
	for t := 1; t <= steps; t++ {
		w := make([]float64, n)
		rule.Step(alpha, w, g(t))
		f.Moved, f.State = append(f.Moved, w), append(f.State, rule.State().Clone().Moments)
	}
	return f
}

// rate is the effective learning rate of weight i at step t: what is taken off for each unit of gradient.
func (f *fed) rate(t, i int, g float64) float64 { return -f.Moved[t-1][i] / g }

// adagrad is 4-4-9: a weight that was moved much moves less.
func adagrad() *scene.Page {
	return &scene.Page{
		ID: "4-4-9", Words: "lab44.p09", Formula: "Gₜ = Gₜ₋₁ + g²,  w := w − α · g/√(Gₜ + ε)", Vignette: true, Slip: true,
		Controls: []scene.Control{
			scene.RealControl("alpha", scene.Text("α"), .5, .01, 1, .01).In("bar"),
			scene.WholeControl("every", scene.Say("lab44.every"), 10, 2, 30).In("bar"),
			scene.RealControl("size", scene.Say("lab44.size"), 1, .1, 3, .1).In("bar"),
		},
		Make: adagradRun, Exercises: adagradExercise,
	}
}

// signals are the gradients of a value measured at every step and of one measured now and then.
func signals(s *scene.State) func(t int) []float64 {
	size, every := s.Real("size"), s.Whole("every")
	return func(t int) []float64 {
		if t%every == 0 {
			return []float64{size, size}
		}
		return []float64{size, 0}
	}
}

func adagradRun(s *scene.State) (*scene.Run, error) {
	f := feed(Rule("adagrad", 2, optimizer.Deck, nil), 2, adaptSteps, s.Real("alpha"), signals(s))
	return &scene.Run{
		Steps: adaptSteps, Unit: scene.Say("lab44.step"),
		At: func(step int) (*scene.Scene, error) { return adagradScene(s, f, step), nil },
	}, nil
}

// next is what weight i would be moved by for each unit of gradient at step t + 1, by a rule that has seen t gradients: the rule is
// asked, with its memory as it was.
func next(name string, values map[string]float64, alpha float64, before []optimizer.Moment[float64], n, i int, g float64) float64 {
	rule := Rule(name, n, optimizer.Deck, values)
	for k, m := range rule.State().Moments {
		if before != nil {
			copy(m.Values, before[k].Values)
		}
	}
	w, gs := make([]float64, n), make([]float64, n)
	gs[i] = g
	rule.Step(alpha, w, gs)
	return -w[i] / g
}

func adagradScene(s *scene.State, f *fed, step int) *scene.Scene {
	alpha, size := s.Real("alpha"), s.Real("size")
	var before []optimizer.Moment[float64]
	table := &scene.Table{Head: []scene.Words{{}, scene.Say("lab44.measured"), scene.Text("G"), scene.Say("lab44.effective_next"), scene.Say("lab44.of_alpha")}}
	if step > 0 {
		before = f.State[step-1]
	}
	var rates [2]float64
	for i, key := range []string{"daily", "rare"} {
		g, times := 0., step
		if i == 1 {
			times = step / s.Whole("every")
		}
		if before != nil {
			g = before[0].Values[i]
		}
		rates[i] = next("adagrad", nil, alpha, before, 2, i, size)
		table.Rows = append(table.Rows, []scene.Cell{
			scene.W(scene.Say("lab44." + key)), scene.N(scene.Count("n_"+key, scene.Words{}, times)), scene.N(scene.Value("G_"+key, "G", g)),
			scene.N(scene.Value("alpha_eff_"+key, "α/√(G + ε)", rates[i])), scene.N(scene.Value("ratio_"+key, "× α", rates[i]/alpha)),
		})
	}
	return &scene.Scene{
		Figures: []scene.Figure{
			{Plot: decay(s, f, step), Title: scene.Say("lab44.decay")},
			{Table: table, Note: scene.Say("lab44.never_rises")},
			{Table: raise(), Title: scene.Say("lab44.deck_says")},
		},
		Summary: scene.Say("lab44.p09_summary", "t", step, "daily", scene.Round(rates[0], 4), "rare", scene.Round(rates[1], 4)),
	}
}

// decay is the effective rate of both weights over the steps, each where it was measured.
func decay(s *scene.State, f *fed, step int) *scene.Plot {
	size := s.Real("size")
	g := signals(s)
	looks := []scene.Series{{Label: scene.Say("lab44.daily"), Heavy: true}, {Label: scene.Say("lab44.rare"), Kind: "steps", Style: "adagrad"}}
	top := 0.
	for t := 1; t <= adaptSteps; t++ {
		for i, v := range g(t) {
			if v == 0 {
				continue
			}
			r := f.rate(t, i, size)
			top = max(top, r)
			looks[i].X, looks[i].Y = append(looks[i].X, float64(t)), append(looks[i].Y, &r)
		}
	}
	for i := range looks {
		n := 0
		for n < len(looks[i].X) && looks[i].X[n] <= float64(step) {
			n++
		}
		looks[i].Future = new(max(n, 1))
	}
	return &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab44.step"), High: adaptSteps}, Y: scene.Axis{Label: scene.Say("lab44.effective"), High: 1.1 * top},
		OnSteps: true, Height: 290, Series: looks, Lines: []scene.Reference{{Vertical: true, At: float64(step), Solid: true, Heavy: true}},
	}
}

// raise sets the deck's word beside what happens.
func raise() *scene.Table {
	return &scene.Table{
		Head: []scene.Words{scene.Say("lab44.printed"), scene.Say("lab44.exact")},
		Rows: [][]scene.Cell{{scene.W(scene.Say("lab44.raise_deck")), scene.W(scene.Say("lab44.raise_right"))}},
	}
}

// adagradExercise asks for the effective rate after many gradients of 1, as a multiple of α.
func adagradExercise(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	n := int(ownOf(s).pick(100, 400, 225, 625))
	f := feed(Rule("adagrad", 1, optimizer.Deck, map[string]float64{"epsilon": 0}), 1, n, 1, func(int) []float64 { return []float64{1} })
	right := f.rate(n, 0, 1)
	return []scene.Exercise{{
		Key: "lab44.p09_task1", Args: []any{"n", n},
		Fields: []scene.Field{{Label: scene.Text("×"), Unit: scene.Text("α"), Right: right, Within: 1e-3}},
		Mistakes: []scene.Mistake{
			{Key: "lab44.p09_no_root", Values: []float64{1 / float64(n)}},
			{Key: "lab44.p09_upside", Values: []float64{math.Sqrt(float64(n))}},
			{Key: "lab44.p09_mean", Values: []float64{1}},
			{Key: "lab44.p09_half", Values: []float64{right / 2}},
		},
	}}, nil
}
