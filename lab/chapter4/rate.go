package chapter4

import (
	"math"
	"strconv"
	"sync"

	"gradus/internal/kernel"
	"gradus/internal/trial"
	"gradus/lab/scene"
	"gradus/optimizer"
)

// tooLarge is 4-4-3: past α·λ = 2 every step lands farther from the bottom than the one before.
func tooLarge() *scene.Page {
	limit := remember(func(seed uint64) float64 {
		alpha, _, err := optimizer.Course{On: bowl(askedCurvature(seed))}.DivergesAt(Rule("descent", 1, "", nil))
		if err != nil {
			panic(err) // a bowl has a start
		}
		return alpha
	})
	return &scene.Page{
		ID: "4-4-3", Words: "lab44.p03", Formula: "w := w − α · ∂Cost/∂w", Vignette: true,
		Controls: []scene.Control{
			scene.RealControl("alpha", scene.Say("lab44.rate"), .6, .01, 2, .01),
			scene.RealControl("lambda", scene.Say("lab44.curvature"), 3, .5, 6, .1),
			scene.RealControl("w", scene.Say("lab44.start"), 1, -3, 3, .1),
		},
		Make: tooLargeRun,
		Exercises: func(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
			return limitExercise(s, limit(s.Seed)), nil
		},
	}
}

func askedCurvature(seed uint64) float64 { return ownOf(&scene.State{Seed: seed}).pick(4, 5, 8, 10) }

func tooLargeRun(s *scene.State) (*scene.Run, error) {
	t := single(bowl(s.Real("lambda")), []float64{s.Real("w")}, s.Real("alpha"), 20)
	wide := .5
	for _, p := range t.Runners[0].Points() {
		wide = max(wide, 1.3*math.Abs(p.W[0]))
	}
	wide = min(wide, 8)
	t.Box = Box{[2]float64{-wide, 0}, [2]float64{wide, 0}}
	return &scene.Run{
		Steps: t.Steps, Unit: scene.Say("lab44.step"),
		At: func(step int) (*scene.Scene, error) { return tooLargeScene(s, t, step), nil },
	}, nil
}

func tooLargeScene(s *scene.State, t *Track, step int) *scene.Scene {
	product := float64(s.Real("alpha") * s.Real("lambda"))
	factor := 1 - product
	p := t.Runners[0].Now(step)
	bars := &scene.Bars{
		Rows: []scene.Bar{{Number: scene.Value("alpha_lambda", "α·λ", product)}},
		Limits: []scene.Bar{
			{Number: scene.Value("", "", 1).Named(scene.Say("lab44.limit_over")).Fixed(0)},
			{Number: scene.Value("", "", 2).Named(scene.Say("lab44.limit_diverges")).Fixed(0)},
		},
	}
	plane := t.Plane(step)
	plane.Height = 210
	return &scene.Scene{
		Readings: []scene.Number{
			scene.Value("w", "w", p.W[0]), scene.Value("E", "E", p.F),
			scene.Value("factor", "1 − α·λ", factor).With(scene.Signed(factor)),
		},
		Figures: []scene.Figure{
			{Plot: plane},
			{Bars: bars, Note: regime(product, factor, t.Runners[0].Walk.DivergedAt)},
			{Plot: t.Losses(step), Title: scene.Say("lab44.loss_steps")},
		},
		Summary: scene.Say("lab44.p03_summary", "t", p.T, "w", scene.Round(p.W[0], 4), "loss", scene.Round(p.F, 4), "product", scene.Round(product, 4)),
	}
}

// regime says what α·λ does, with the number that does it.
func regime(product, factor float64, diverged int) scene.Words {
	key := "lab44.regime_straight"
	switch {
	case product > 2 && diverged > 0:
		return scene.Say("lab44.regime_escaped", "factor", scene.Round(factor, 4), "t", diverged)
	case product > 2:
		key = "lab44.regime_diverges"
	case product == 2:
		key = "lab44.regime_swings"
	case product > 1:
		key = "lab44.regime_over"
	case product == 1:
		key = "lab44.regime_once"
	}
	return scene.Say(key, "factor", scene.Round(factor, 4))
}

func limitExercise(s *scene.State, limit float64) []scene.Exercise {
	lambda := askedCurvature(s.Seed)
	return []scene.Exercise{{
		Key: "lab44.p03_task1", Args: []any{"lambda", lambda},
		Fields: []scene.Field{{Label: scene.Text("α"), Right: limit, Within: 1e-3}},
		Mistakes: []scene.Mistake{
			{Key: "lab44.p03_best", Values: []float64{1 / lambda}},
			{Key: "lab44.p03_product", Values: []float64{2}},
			{Key: "lab44.p03_inverse", Values: []float64{2 * lambda}},
			{Key: "lab44.p03_four", Values: []float64{4 / lambda}},
		},
	}}
}

// What 4-4-4 counts: steps until the loss is below reached, and how many are waited for.
const (
	reached = 1e-4
	longest = 20_000
)

// tooSmall is 4-4-4: the steps to the bottom against the learning rate.
func tooSmall() *scene.Page {
	speed := scene.RealControl("speed", scene.Say("lab44.speed"), 8, 3, 13, .1)
	speed.Measured = true
	return &scene.Page{
		ID: "4-4-4", Words: "lab44.p04", Formula: "w := w − α · ∂Cost/∂w", Vignette: true,
		Controls: []scene.Control{
			scene.RealControl("alpha", scene.Say("lab44.rate"), .004, .0005, .1, .0005).Logarithmic().In("bar"), speed.In("margin"),
		},
		Make: tooSmallRun, Exercises: fastestExercise,
	}
}

// perStep is how many products one step over 1,000 patients makes with a network of 30 inputs and two hidden layers of 64.
var perStep = sync.OnceValue(func() float64 {
	net, err := trial.Net{In: 30, Hidden: trial.Layers(2, 64), Out: 1, Activation: "relu", Last: "sigmoid"}.Build()
	if err != nil {
		panic(err) // the network is a known one
	}
	_, products := trial.Work(net)
	return trial.Products * 1000 * float64(products)
})

// spoken is a time in the unit in which people say it.
func spoken(seconds float64) (unit, value string) {
	switch {
	case seconds < 100:
		return "s", scene.Round(seconds, 1)
	case seconds < 6000:
		return "min", scene.Round(seconds/60, 1)
	case seconds < 48*3600:
		return "h", scene.Round(seconds/3600, 1)
	}
	return "d", scene.Round(seconds/86400, 0)
}

func oval() optimizer.Surface {
	on, err := optimizer.SurfaceByName("quadratic")
	if err != nil {
		panic(err) // the engine has it
	}
	return on
}

// stepsTo is how many steps of descent bring the loss below reached; 0: not within longest.
func stepsTo(on optimizer.Surface, alpha float64) int {
	w, g, rule := append([]float64{}, on.Start...), make([]float64, len(on.Start)), optimizer.NewDescent[float64]()
	for t := 1; t <= longest; t++ {
		on.Gradient(g, w)
		rule.Step(alpha, w, g)
		switch f := on.Value(w); {
		case f <= reached:
			return t
		case !(f < 1e6):
			return 0
		}
	}
	return 0
}

// sweep are the steps at learning rates from .0005 on, each 1.08 times the one before.
var sweep = sync.OnceValues(func() (alphas, steps []float64) {
	on := oval()
	for a := .0005; a < .1; a *= 1.08 {
		alphas, steps = append(alphas, thousandth(a)), append(steps, math.NaN())
		if n := stepsTo(on, a); n > 0 {
			steps[len(steps)-1] = float64(n)
		}
	}
	return alphas, steps
})

func thousandth(v float64) float64 { return math.Round(v*1e6) / 1e6 }

// fastest is the learning rate of the fewest steps, on a grid of .0005.
var fastest = sync.OnceValue(func() float64 {
	on, best, least := oval(), 0., math.MaxInt
	for i := 40; i <= 200; i++ {
		a := float64(i) / 2000
		if n := stepsTo(on, a); n > 0 && n < least {
			best, least = a, n
		}
	}
	return best
})

func tooSmallRun(s *scene.State) (*scene.Run, error) {
	on, alpha := oval(), s.Real("alpha")
	t := single(on, on.Start, alpha, 60)
	t.Box, t.Levels = Box{[2]float64{-4, -2.4}, [2]float64{4, 2.4}}, []float64{.5, 2, 8, 20, 40}
	t.Draw()
	n := stepsTo(on, alpha)
	return &scene.Run{
		Steps: t.Steps, Unit: scene.Say("lab44.step"),
		At: func(step int) (*scene.Scene, error) { return tooSmallScene(s, t, n, step), nil },
	}, nil
}

func tooSmallScene(s *scene.State, t *Track, n, step int) *scene.Scene {
	alpha := s.Real("alpha")
	need := scene.Count("steps", scene.Say("lab44.steps_needed"), n)
	time := scene.Value("seconds", "", float64(n)*perStep()/kernel.Pow(10, s.Real("speed"))).Named(scene.Say("lab44.time")).Fixed(1)
	time.Unit = scene.Say("lab44.seconds")
	unit, value := spoken(*time.Value)
	summary := scene.Say("lab44.p04_summary_"+unit, "alpha", alpha, "n", n, "v", value)
	if n == 0 {
		need.Value, time.Value = nil, nil
		summary = scene.Say("lab44.p04_never", "alpha", alpha, "n", longest)
	}
	plane := t.Plane(step)
	plane.Height = 300
	return &scene.Scene{
		Readings: []scene.Number{need, time, scene.Value("E", "", t.Runners[0].Now(step).F).Named(scene.Say("lab44.loss"))},
		Figures: []scene.Figure{
			{Plot: sweepPlot(alpha, n), Title: scene.Say("lab44.sweep"), Width: "half"},
			{Plot: plane, Title: scene.Say("lab44.first_steps"), Width: "half"},
		},
		Summary: summary,
	}
}

// sweepPlot is the steps needed over the learning rate; a ring stands at the learner's.
func sweepPlot(alpha float64, n int) *scene.Plot {
	alphas, steps := sweep()
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Text("α"), Low: .0005, High: .1, Log: true}, Y: scene.Axis{Label: scene.Say("lab44.steps_needed"), Low: 10, High: longest, Log: true},
		Height: 300, Series: []scene.Series{{X: alphas, Y: scene.Y(steps)}},
		Lines: []scene.Reference{{Vertical: true, At: alpha, Label: scene.Text("α")}},
	}
	at := scene.Handle{X: alpha, Y: 10, KeyX: "alpha", Label: scene.Say("lab44.rate"), StepX: .0005}
	if n > 0 {
		at.Y = float64(n)
		plot.Points = []scene.Point{{X: alpha, Y: at.Y, Mark: "ring", Label: scene.Text(strconv.Itoa(n))}}
	}
	plot.Handles = []scene.Handle{at}
	return plot
}

func fastestExercise(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	alpha, best := s.Real("alpha"), fastest()
	why := scene.Say("lab44.p04_low", "alpha", alpha)
	if alpha > best {
		why = scene.Say("lab44.p04_high", "alpha", alpha)
	}
	return []scene.Exercise{{Key: "lab44.p04_task1", Goal: &scene.Goal{
		Now: scene.Value("alpha_now", "α", alpha), Target: scene.Say("lab44.p04_target"),
		Done: math.Abs(alpha-best) <= .1*best, Why: why,
		Solve: map[string]string{"alpha": strconv.FormatFloat(best, 'g', -1, 64)},
	}}}, nil
}
