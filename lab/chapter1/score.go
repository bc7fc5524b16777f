package chapter1

import (
	"math/rand/v2"
	"slices"
	"strconv"

	"gradus/lab/scene"
	"gradus/perceptron"
)

// qsofa is the bedside score as a perceptron: three signs of one point each, and an alarm from two points on.
var qsofa = perceptron.Perceptron{W: []float64{1, 1, 1}, B: -2}

var signs = []string{"rr", "gcs", "sbp"}

// score is 4-1-1: a clinical score is a perceptron, and both have the parts of a nerve cell.
func score() *scene.Page {
	p := &scene.Page{
		ID: "4-1-1", Words: "lab41.p01", Formula: "y = f(Σwᵢxᵢ + b)", Vignette: true,
		Make: scoreRun, Exercises: scoreExercises,
	}
	for i, key := range signs {
		p.Controls = append(p.Controls, scene.ToggleControl(key, scene.Say("lab41.p01_"+key), i != 1))
	}
	p.Controls = append(p.Controls, scene.ToggleControl("twin", scene.Say("lab41.p01_twin"), true))
	return p
}

func patient(s *scene.State) []float64 {
	x := make([]float64, len(signs))
	for i, key := range signs {
		if s.On(key) {
			x[i] = 1
		}
	}
	return x
}

func scoreRun(s *scene.State) (*scene.Run, error) {
	st, err := qsofa.Run(patient(s)...)
	if err != nil {
		return nil, err
	}
	run := &scene.Run{Steps: 4, Unit: scene.Say("lab41.stage")}
	for i, key := range []string{"all", "stage_sum", "stage_bias", "stage_f", "stage_y"} {
		run.Marks = append(run.Marks, scene.Mark{Step: i, Label: scene.Say("lab41." + key)})
	}
	eight, err := combinations(st)
	if err != nil {
		return nil, err
	}
	run.At = func(step int) (*scene.Scene, error) {
		return &scene.Scene{
			Figures: []scene.Figure{
				{Flow: cell5(st, step, s.On("twin"))},
				{Table: points(st), Title: scene.Say("lab41.p01_table"), Width: "half"},
				{Plot: eight, Title: scene.Say("lab41.p01_eight"), Width: "half"},
			},
			Readings: []scene.Number{scene.Count("points", scene.Say("lab41.p01_points"), int(st.Sum))},
			Summary:  scene.Say("lab41.p01_summary_"+strconv.Itoa(int(st.Y)), "points", int(st.Sum), "o", int(st.O)),
		}, nil
	}
	return run, nil
}

// cell5 is the perceptron as a flow of five stages, the one of this step lit, each with its twin in the nerve cell.
func cell5(st perceptron.Stages, step int, twin bool) *scene.Flow {
	x := make([]scene.Number, len(st.X))
	for i, v := range st.X {
		x[i] = scene.Count("x"+strconv.Itoa(i+1), scene.Say("lab41.p01_short_"+signs[i]), int(v))
	}
	flow := &scene.Flow{Stages: []scene.Stage{
		{Label: scene.Say("lab41.stage_x"), Numbers: x, Twin: scene.Say("lab41.twin_x")},
		{Label: scene.Say("lab41.stage_sum"), Numbers: []scene.Number{scene.Value("sum", "Σwᵢxᵢ", st.Sum).Fixed(0)}, Twin: scene.Say("lab41.twin_sum")},
		{Label: scene.Say("lab41.stage_bias"), Numbers: []scene.Number{scene.Value("b", "b", qsofa.B).Fixed(0), scene.Value("o", "o", st.O).Fixed(0)}, Twin: scene.Say("lab41.twin_bias")},
		{Label: scene.Say("lab41.stage_f"), Curve: stepCurve(), At: &scene.Point{X: st.O, Y: st.Y}, Twin: scene.Say("lab41.twin_f")},
		{Label: scene.Say("lab41.stage_y"), Numbers: []scene.Number{scene.Count("y", scene.Text("y"), int(st.Y))}, Twin: scene.Say("lab41.twin_y")},
	}}
	for i := range flow.Stages {
		flow.Stages[i].Lit = i == step && step > 0
		if !twin {
			flow.Stages[i].Twin = scene.Words{}
		}
	}
	return flow
}

// combinations are the eight patients that three signs make, over their score, and the one at the bedside.
func combinations(now perceptron.Stages) (*scene.Plot, error) {
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab41.p01_points"), Low: -.6, High: 3.6}, Y: scene.Axis{Label: scene.Say("lab41.p01_kinds"), Low: 0, High: 4.2},
		Height: 230, Lines: []scene.Reference{{Vertical: true, At: -qsofa.B - .5, Label: scene.Say("lab41.p04_fires"), Solid: true, Heavy: true}},
	}
	for i := range 4 {
		plot.X.Ticks = append(plot.X.Ticks, scene.Tick{At: float64(i), Label: scene.Text(strconv.Itoa(i))})
	}
	above := map[float64]float64{}
	for i := range 8 {
		x := []float64{float64(i >> 2 & 1), float64(i >> 1 & 1), float64(i & 1)}
		st, err := qsofa.Run(x...)
		if err != nil {
			return nil, err
		}
		above[st.Sum]++
		tone := scene.Negative
		if st.Y == 1 {
			tone = scene.Positive
		}
		plot.Points = append(plot.Points, scene.Point{X: st.Sum, Y: above[st.Sum] - .4, Mark: mark(int(st.Y)), Tone: tone, Hollow: st.Y == 0})
		if slices.Equal(x, now.X) {
			plot.Points = append(plot.Points, scene.Point{X: st.Sum, Y: above[st.Sum] - .4, Mark: "around", Label: scene.Say("lab41.p01_now")})
		}
	}
	return plot, nil
}

func stepCurve() *scene.Series {
	return &scene.Series{X: []float64{-2.5, 0, 0, 1.5}, Y: scene.Y([]float64{0, 0, 1, 1})}
}

func points(st perceptron.Stages) *scene.Table {
	t := &scene.Table{Head: []scene.Words{scene.Say("lab41.p01_sign"), scene.Text("x"), scene.Text("w"), scene.Text("w·x")}}
	for i, key := range signs {
		at := strconv.Itoa(i + 1)
		t.Rows = append(t.Rows, []scene.Cell{
			scene.W(scene.Say("lab41.p01_" + key)), scene.N(scene.Count("", scene.Words{}, int(st.X[i]))),
			scene.N(scene.Count("w"+at, scene.Text("w"), int(qsofa.W[i]))), scene.N(scene.Count("wx"+at, scene.Text("wx"), int(st.Products[i]))),
		})
	}
	return t
}

// bedside is a patient as the chart has it: some values stand exactly on the limit.
type bedside struct{ rr, gcs, sbp int }

func (p bedside) x() []float64 {
	x := make([]float64, 3)
	for i, met := range []bool{p.rr >= 22, p.gcs < 15, p.sbp <= 100} {
		if met {
			x[i] = 1
		}
	}
	return x
}

// bedsides draws three patients: one with one point, one with two of which one is on the limit, one with none or three.
func bedsides(rng *rand.Rand) []bedside {
	list := []bedside{
		{16 + rng.IntN(4), 15, 92 + rng.IntN(6)},
		{22, 15, 100},
		{24 + rng.IntN(8), 13 + rng.IntN(2), 80 + rng.IntN(14)},
	}
	if rng.IntN(2) == 0 {
		list[2] = bedside{14 + rng.IntN(6), 15, 118 + rng.IntN(20)}
	}
	rng.Shuffle(3, func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

func scoreExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	e := scene.Exercise{Key: "lab41.p01_task1"}
	quiet, fire := scene.Say("lab41.p01_quiet"), scene.Say("lab41.p01_fire")
	var one, all, strict, over []float64
	rule := func(ok bool) float64 {
		if ok {
			return 2
		}
		return 1
	}
	for i, p := range bedsides(chance(s, 1)) {
		st, err := qsofa.Run(p.x()...)
		if err != nil {
			return nil, err
		}
		at := strconv.Itoa(i + 1)
		e.Fields = append(e.Fields, scene.Field{Label: scene.Say("lab41.p01_patient", "n", at, "rr", p.rr, "gcs", p.gcs, "sbp", p.sbp), Options: []scene.Words{quiet, fire}, Choice: int(st.Y) + 1})
		one, all, over = append(one, rule(st.Sum >= 1)), append(all, rule(st.Sum >= 3)), append(over, 3-float64(int(st.Y)+1))
		strict = append(strict, rule(st.Sum >= 2 && p.rr != 22))
	}
	e.Mistakes = []scene.Mistake{
		{Key: "lab41.p01_task1_strict", Values: strict},
		{Key: "lab41.p01_task1_one", Values: one},
		{Key: "lab41.p01_task1_all", Values: all},
		{Key: "lab41.p01_task1_over", Values: over},
	}
	return []scene.Exercise{e.Distinct()}, nil
}
