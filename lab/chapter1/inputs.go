package chapter1

import (
	"strconv"

	"gradus/lab/scene"
	"gradus/perceptron"
)

// measure is a clinical value as an input: its unit, and the mean and standard deviation that it is set against.
type measure struct {
	key             string
	at, low, high   float64
	step, mean, dev float64
}

// measures are of the synthetic ward of these pages.
var measures = []measure{
	{"age", 74, 18, 100, 1, 62, 16},
	{"hr", 104, 30, 200, 1, 86, 15},
	{"sbp", 108, 50, 220, 1, 120, 20},
	{"lactate", 3.4, .3, 15, .1, 1.6, .9},
}

// z is (x − mean)/SD.
func (m measure) z(x float64) float64 { return (x - m.mean) / m.dev }

// places is the decimals that the measure is read with.
func (m measure) places() int {
	if m.step < 1 {
		return 1
	}
	return 0
}

// inputs is 4-1-2: what a perceptron takes in is a number without a unit, and how it becomes one is shown.
func inputs() *scene.Page {
	p := &scene.Page{
		ID: "4-1-2", Words: "lab41.p02", Formula: "z = (x − mean) ÷ SD", Vignette: true, Make: inputsRun, Exercises: inputsExercises,
	}
	for _, m := range measures {
		p.Controls = append(p.Controls, scene.RealControl(m.key, scene.Say("lab41.p02_"+m.key), m.at, m.low, m.high, m.step))
	}
	return p
}

func inputsRun(s *scene.State) (*scene.Run, error) {
	run := &scene.Run{Steps: 2, Unit: scene.Say("lab41.stage"), Marks: []scene.Mark{
		{Step: 0, Label: scene.Say("lab41.p02_raw")}, {Step: 1, Label: scene.Say("lab41.p02_centred")}, {Step: 2, Label: scene.Say("lab41.p02_scaled")},
	}}
	run.At = func(step int) (*scene.Scene, error) {
		t := &scene.Table{Head: []scene.Words{
			{}, scene.Say("lab41.p02_raw"), scene.Say("lab41.p02_mean"), scene.Say("lab41.p02_minus"), scene.Text("SD"), scene.Text("z"),
		}}
		bars := &scene.Bars{Tall: true}
		for i, m := range measures {
			x := s.Real(m.key)
			at := strconv.Itoa(i + 1)
			raw := scene.Value("raw"+at, "", x).Named(scene.Say("lab41.p02_" + m.key)).Editable(m.key)
			less, z := scene.Value("d"+at, "", x-m.mean).Fixed(m.places()), scene.Value("z"+at, "z", m.z(x)).With(scene.Signed(m.z(x)))
			if step < 1 {
				less.Value = nil
			}
			if step < 2 {
				z.Value = nil
			}
			t.Rows = append(t.Rows, []scene.Cell{
				scene.W(scene.Say("lab41.p02_" + m.key)), scene.N(raw), scene.N(scene.Value("mean"+at, "", m.mean).Fixed(m.places())), scene.N(less),
				scene.N(scene.Value("sd"+at, "", m.dev).Fixed(m.places())), scene.N(z),
			})
			bar := []float64{x, x - m.mean, m.z(x)}[step]
			n := scene.Value("", "", bar).Named(scene.Say("lab41.p02_short_" + m.key))
			if step < 2 {
				n = n.Fixed(m.places())
			}
			bars.Rows = append(bars.Rows, scene.Bar{Number: n})
		}
		z := measures[2].z(s.Real("sbp"))
		return &scene.Scene{
			Figures: []scene.Figure{{Table: t}, {Bars: bars, Title: scene.Say("lab41.p02_bars_" + strconv.Itoa(step))}},
			Summary: scene.Say("lab41.p02_summary_"+strconv.Itoa(step), "x", scene.Round(s.Real("sbp"), 1), "d", scene.Round(s.Real("sbp")-measures[2].mean, 1), "z", scene.Round(z, 2)),
		}, nil
	}
	return run, nil
}

// inputsExercises ask to standardise one value by hand: systolic pressure 90 of mean 120 and SD 20, or another of another seed.
func inputsExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	x, mean, dev := 90., 120., 20.
	if !decks(s) {
		rng := chance(s, 2)
		x, mean, dev = float64(70+2*rng.IntN(15)), float64(112+2*rng.IntN(9)), float64(16+2*rng.IntN(5))
	}
	e := scene.Exercise{
		Key: "lab41.p02_task1", Args: []any{"x", x, "mean", mean, "sd", dev},
		Fields: []scene.Field{{Label: scene.Text("z"), Right: measure{mean: mean, dev: dev}.z(x), Within: .01}},
		Mistakes: []scene.Mistake{
			{Key: "lab41.p02_task1_sign", Values: []float64{(mean - x) / dev}},
			{Key: "lab41.p02_task1_scale", Values: []float64{x - mean}},
			{Key: "lab41.p02_task1_centre", Values: []float64{x / dev}},
			{Key: "lab41.p02_task1_variance", Values: []float64{(x - mean) / (dev * dev)}},
			{Key: "lab41.p02_task1_mean", Values: []float64{(x - mean) / mean}},
		},
	}
	return []scene.Exercise{e.Distinct()}, nil
}

// fixed are the standardised inputs of 4-1-3: age, pulse, systolic pressure, lactate.
var fixed = []float64{.75, 1.2, -.6, 2}

// weights is 4-1-3: each wᵢxᵢ a bar that begins where the last one ended.
func weights() *scene.Page {
	p := &scene.Page{ID: "4-1-3", Words: "lab41.p03", Formula: "Σwᵢxᵢ = w₁x₁ + w₂x₂ + … + wₙxₙ", Vignette: true, Make: weightsRun, Exercises: weightsExercises}
	for i, w := range []float64{.6, .3, -.4, .2} {
		at := strconv.Itoa(i + 1)
		p.Controls = append(p.Controls, scene.RealControl("w"+at, scene.Say("lab41.p03_w"+at), w, -2, 2, .05))
	}
	return p
}

func weighed(s *scene.State) (perceptron.Stages, error) {
	return perceptron.Perceptron{W: []float64{s.Real("w1"), s.Real("w2"), s.Real("w3"), s.Real("w4")}}.Run(fixed...)
}

func weightsRun(s *scene.State) (*scene.Run, error) {
	st, err := weighed(s)
	if err != nil {
		return nil, err
	}
	bars := &scene.Bars{Tall: true, Running: true}
	t := &scene.Table{Head: []scene.Words{{}, scene.Text("x"), scene.Text("w"), scene.Text("w·x"), scene.Say("lab41.p03_running")}}
	running := 0.
	for i, wx := range st.Products {
		at := strconv.Itoa(i + 1)
		running += wx
		label := scene.Say("lab41.p02_short_" + measures[i].key)
		bars.Rows = append(bars.Rows, scene.Bar{Number: scene.Value("", "", wx).Named(label).With(scene.Signed(wx))})
		t.Rows = append(t.Rows, []scene.Cell{
			scene.W(label), scene.N(scene.Value("x"+at, "x", fixed[i])), scene.N(scene.Value("w"+at, "w", s.Real("w"+at)).Editable("w" + at)),
			scene.N(scene.Value("wx"+at, "wx", wx).With(scene.Signed(wx))), scene.N(scene.Value("s"+at, "Σ", running).With(scene.Signed(running))),
		})
	}
	return scene.Still(&scene.Scene{
		Figures:  []scene.Figure{{Bars: bars}, {Table: t}},
		Readings: []scene.Number{scene.Value("sum", "Σwᵢxᵢ", st.Sum).With(scene.Signed(st.Sum))},
		Summary:  scene.Say("lab41.p03_summary", "sum", scene.Round(st.Sum, 3), "age", scene.Round(st.Products[0], 3), "lactate", scene.Round(st.Products[3], 3)),
	}), nil
}

// weightsExercises ask for a weight of lactate that makes it count twice as much as age, and for a sum by hand.
func weightsExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	st, err := weighed(s)
	if err != nil {
		return nil, err
	}
	age, lactate, ratio := st.Products[0], st.Products[3], 0.
	if age != 0 {
		ratio = lactate / age
	}
	solve := map[string]string{"w1": "0.6", "w4": scene.Round(2*.6*fixed[0]/fixed[3], 4)}
	goal := scene.Exercise{Key: "lab41.p03_task1", Goal: &scene.Goal{
		Now: named("ratio", scene.Say("lab41.p03_ratio"), ratio), Target: scene.Say("lab41.p03_target"),
		Done: ratio >= 1.98 && ratio <= 2.02, Solve: solve, Why: scene.Say("lab41.p03_task1_more", "age", scene.Round(age, 3), "lactate", scene.Round(lactate, 3)),
	}}
	sum, err := sumExercise(s)
	return []scene.Exercise{goal, sum}, err
}

func sumExercise(s *scene.State) (scene.Exercise, error) {
	rng := chance(s, 3)
	draw := func() float64 { return float64(1+rng.IntN(9)) / 10 }
	w1, w2, x1, x2 := draw(), -draw(), float64(2+rng.IntN(4)), draw()
	st, err := perceptron.Perceptron{W: []float64{w1, w2}}.Run(x1, x2)
	e := scene.Exercise{
		Key: "lab41.p03_task2", Args: []any{"w1", w1, "w2", w2, "x1", x1, "x2", x2},
		Fields: []scene.Field{{Label: scene.Text("Σ"), Right: st.Sum, Within: 5e-4}},
		Mistakes: []scene.Mistake{
			{Key: "lab41.p03_task2_sign", Values: []float64{st.Products[0] - st.Products[1]}},
			{Key: "lab41.p03_task2_mean", Values: []float64{st.Sum / 2}},
			{Key: "lab41.p03_task2_plain", Values: []float64{x1 + x2}},
			{Key: "lab41.p03_task2_factor", Values: []float64{(w1 + w2) * (x1 + x2)}},
			{Key: "lab41.p03_task2_first", Values: []float64{st.Products[0]}},
		},
	}
	return e.Distinct(), err
}
