package chapter4

import (
	"math"
	"strconv"

	"gradus/lab/scene"
	"gradus/optimizer"
)

// far is the step to which RMSprop and Adagrad run side by side.
const far = 1000

// rmsprop is 4-4-10: a memory that fades.
func rmsprop() *scene.Page {
	return &scene.Page{
		ID: "4-4-10", Words: "lab44.p10", Formula: "Gₜ = γGₜ₋₁ + (1 − γ)g²,  w := w − α · g/√(Gₜ + ε)", Vignette: true,
		Controls: []scene.Control{
			scene.RealControl("gamma", scene.Text("γ"), .8, 0, .99, .01),
			scene.RealControl("alpha", scene.Say("lab44.rate"), .1, .01, 1, .01),
			scene.WholeControl("calm", scene.Say("lab44.calm"), 20, 5, 50),
			scene.RealControl("quiet", scene.Say("lab44.quiet"), .2, .05, 3, .05),
		},
		Make: rmspropRun, Exercises: rmspropExercise,
	}
}

// turn is a gradient that is 1 until the disease calms, then smaller.
func turn(s *scene.State) func(t int) []float64 {
	calm, quiet := s.Whole("calm"), s.Real("quiet")
	return func(t int) []float64 {
		if t > calm {
			return []float64{quiet}
		}
		return []float64{1}
	}
}

func rmspropRun(s *scene.State) (*scene.Run, error) {
	g, alpha := turn(s), s.Real("alpha")
	values := map[string]float64{"gamma": s.Real("gamma")}
	both := []*fed{
		feed(Rule("rmsprop", 1, optimizer.Deck, values), 1, far, alpha, g),
		feed(Rule("adagrad", 1, optimizer.Deck, nil), 1, far, alpha, g),
	}
	return &scene.Run{
		Steps: adaptSteps, Unit: scene.Say("lab44.step"),
		At: func(step int) (*scene.Scene, error) { return rmspropScene(s, both, step), nil },
	}, nil
}

func rmspropScene(s *scene.State, both []*fed, step int) *scene.Scene {
	alpha, g := s.Real("alpha"), turn(s)
	gamma := map[string]float64{"gamma": s.Real("gamma")}
	sum, rate := 0., next("rmsprop", gamma, alpha, nil, 1, 0, g(1)[0])
	old := next("adagrad", nil, alpha, nil, 1, 0, g(1)[0])
	if step > 0 {
		sum, rate, old = both[0].State[step-1][0].Values[0], both[0].rate(step, 0, g(step)[0]), both[1].rate(step, 0, g(step)[0])
	}
	return &scene.Scene{
		Readings: []scene.Number{
			scene.Value("G", "G", sum), scene.Value("alpha_eff_rmsprop", "", rate).Named(scene.Say("lab44.eff_rmsprop")),
			scene.Value("alpha_eff_adagrad", "", old).Named(scene.Say("lab44.eff_adagrad")),
		},
		Figures: []scene.Figure{
			{Plot: farPlot(both, g, step), Title: scene.Say("lab44.far")},
			{Bars: window(s, step), Title: scene.Say("lab44.window"), Note: scene.Say("lab44.window_note")},
		},
		Summary: scene.Say("lab44.p10_summary", "t", step, "G", scene.Round(sum, 4), "rate", scene.Round(rate, 4), "old", scene.Round(old, 4)),
	}
}

// window is G as the gradients it is made of: each bar is what the rule's memory still holds of one gradient, found by feeding it that
// gradient alone.
func window(s *scene.State, step int) *scene.Bars {
	g, bars := turn(s), &scene.Bars{Running: true}
	values := map[string]float64{"gamma": s.Real("gamma")}
	held := func(only func(t int) bool) float64 {
		if step == 0 {
			return 0
		}
		f := feed(Rule("rmsprop", 1, optimizer.Deck, values), 1, step, 1, func(t int) []float64 {
			if only(t) {
				return g(t)
			}
			return []float64{0}
		})
		return f.State[step-1][0].Values[0]
	}
	first := max(1, step-4)
	if first > 1 {
		bars.Rows = append(bars.Rows, scene.Bar{Number: scene.Value("G_older", "", held(func(t int) bool { return t < first })).Named(scene.Say("lab44.older", "t", first-1))})
	}
	for at := first; at <= step; at++ {
		bars.Rows = append(bars.Rows, scene.Bar{Number: scene.Value("G_"+strconv.Itoa(at), "", held(func(t int) bool { return t == at })).Named(scene.Say("lab44.step_n", "t", at))})
	}
	if step == 0 {
		bars.Rows = []scene.Bar{{Number: scene.Value("G_0", "G₀", 0)}}
	}
	return bars
}

// farPlot is the effective rate of both rules, on a logarithmic scale of steps.
func farPlot(both []*fed, g func(t int) []float64, step int) *scene.Plot {
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab44.step"), Low: 1, High: far, Log: true}, Y: scene.Axis{Label: scene.Say("lab44.effective"), Low: math.Inf(1), Log: true},
		Height: 250,
	}
	if step > 0 {
		plot.Lines = []scene.Reference{{Vertical: true, At: float64(step), Solid: true, Heavy: true}}
	}
	for i, f := range both {
		line := scene.Series{Style: []string{"rmsprop", "adagrad"}[i], Label: scene.Text([]string{"RMSprop", "Adagrad"}[i])}
		for t := 1; t <= far; t += 1 + t/40 {
			r := f.rate(t, 0, g(t)[0])
			line.X, line.Y = append(line.X, float64(t)), append(line.Y, &r)
			plot.Y.Low, plot.Y.High = min(plot.Y.Low, r/1.3), max(plot.Y.High, r*1.3)
		}
		plot.Series = append(plot.Series, line)
	}
	return plot
}

// rmspropExercise asks for the first step, where the memory is still nearly empty.
func rmspropExercise(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	gamma := ownOf(s).pick(.9, .95, .75, .96)
	f := feed(Rule("rmsprop", 1, optimizer.Deck, map[string]float64{"gamma": gamma, "epsilon": 0}), 1, 1, 1, func(int) []float64 { return []float64{1} })
	right := f.rate(1, 0, 1)
	return []scene.Exercise{{
		Key: "lab44.p10_task1", Args: []any{"gamma", gamma},
		Fields: []scene.Field{{Label: scene.Text("×"), Unit: scene.Text("α"), Right: right, Within: 1e-3}},
		Mistakes: []scene.Mistake{
			{Key: "lab44.p10_no_root", Values: []float64{1 / (1 - gamma)}},
			{Key: "lab44.p10_gamma", Values: []float64{1 / math.Sqrt(gamma)}},
			{Key: "lab44.p10_adagrad", Values: []float64{1}},
			{Key: "lab44.p10_upside", Values: []float64{math.Sqrt(1 - gamma)}},
		},
	}}, nil
}
