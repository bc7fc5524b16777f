package front

import (
	"math"
	"math/rand/v2"
	"strconv"

	"gradus/activation"
	"gradus/lab/scene"
	"gradus/perceptron"
)

// parts are the five parts that both have, in the order of the signal.
var parts = []string{"dendrite", "synapse", "soma", "hillock", "axon"}

const fullRate = 100 // spikes a second at an output of 1

// neuron is F1: the nerve cell and the artificial neuron, part by part, and a synapse to strengthen.
func neuron() *scene.Page {
	return &scene.Page{
		ID: "F1", Words: "labf.p01", Formula: "y = f(Σwᵢxᵢ + b)", Vignette: true,
		Controls: []scene.Control{
			scene.RealControl("w1", scene.Say("labf.p01_w1"), 1.5, -3, 3, .1), scene.RealControl("w2", scene.Say("labf.p01_w2"), -1, -3, 3, .1),
			scene.RealControl("x1", scene.Say("labf.p01_x1"), .9, 0, 1, .1).In("figure"), scene.RealControl("x2", scene.Say("labf.p01_x2"), .4, 0, 1, .1).In("figure"),
			scene.RealControl("b", scene.Say("labf.p01_b"), -1, -3, 3, .1).In("figure"),
		},
		Make: neuronRun, Exercises: neuronExercises,
	}
}

func neuronRun(s *scene.State) (*scene.Run, error) {
	p := perceptron.Perceptron{W: []float64{s.Real("w1"), s.Real("w2")}, B: s.Real("b"), Activation: activation.Sigmoid[float64]{}}
	st, err := p.Run(s.Real("x1"), s.Real("x2"))
	if err != nil {
		return nil, err
	}
	run := &scene.Run{Steps: len(parts), Unit: scene.Say("labf.p01_part"), Marks: []scene.Mark{{Step: 0, Label: scene.Say("labf.p01_whole")}}}
	for i, part := range parts {
		run.Marks = append(run.Marks, scene.Mark{Step: i + 1, Label: scene.Say("labf.p01_" + part)})
	}
	rate := fullRate * st.Y
	run.At = func(step int) (*scene.Scene, error) {
		return &scene.Scene{
			Figures: []scene.Figure{
				{Flow: paired(p, st, step), Title: scene.Say("labf.p01_twins")},
				{Plot: spikes(rate), Title: scene.Say("labf.p01_spikes")},
				{Table: limits(), Title: scene.Say("labf.p01_ends"), Width: "rail"},
			},
			Summary: scene.Say("labf.p01_summary", "sum", scene.Round(st.Sum, 2), "o", scene.Round(st.O, 2), "y", scene.Round(st.Y, 3), "rate", scene.Round(rate, 0)),
		}, nil
	}
	return run, nil
}

// paired is the flow of the artificial neuron, the twin of each part under it; of this step one pair is lit.
func paired(p perceptron.Perceptron, st perceptron.Stages, step int) *scene.Flow {
	low, high := -4., 4.
	x, y := make([]float64, 33), make([]float64, 33)
	for i := range x {
		x[i] = low + float64(i)*(high-low)/32
		y[i], _ = activation.At(p.Activation, x[i])
	}
	dot := min(max(st.O, low), high)
	h, _ := activation.At(p.Activation, dot)
	rate := named("rate", scene.Say("labf.p01_rate"), fullRate*st.Y).Fixed(0)
	flow := &scene.Flow{Stages: []scene.Stage{
		{Label: scene.Say("labf.p01_art0"), Numbers: []scene.Number{scene.Value("x1", "x₁", st.X[0]).Editable("x1"), scene.Value("x2", "x₂", st.X[1]).Editable("x2")}},
		{Label: scene.Say("labf.p01_art1"), Numbers: []scene.Number{scene.Value("w1", "w₁", p.W[0]).Editable("w1"), scene.Value("w2", "w₂", p.W[1]).Editable("w2")}},
		{Label: scene.Say("labf.p01_art2"), Numbers: []scene.Number{scene.Value("sum", "Σ", st.Sum), scene.Value("b", "b", p.B).Editable("b"), scene.Value("o", "o", st.O)}},
		{Label: scene.Say("labf.p01_art3"), Curve: &scene.Series{X: x, Y: scene.Y(y)}, At: &scene.Point{X: dot, Y: h}},
		{Label: scene.Say("labf.p01_art4"), Numbers: []scene.Number{scene.Value("y", "y", st.Y), rate}},
	}, Cell: &scene.Nerve{Rate: rate.Again()}}
	for i := range flow.Stages {
		flow.Stages[i].Twin, flow.Stages[i].Lit = scene.Say("labf.p01_"+parts[i]), i+1 == step
	}
	return flow
}

// spikes is one second of the axon at this rate.
func spikes(rate float64) *scene.Plot {
	n := int(math.Round(rate))
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = (float64(i)+.5)/float64(n), 1
	}
	return &scene.Plot{
		X: scene.Axis{Label: scene.Say("labf.p01_second"), Low: 0, High: 1}, Y: scene.Axis{Low: 0, High: 1.3, Ticks: []scene.Tick{{At: 0, Label: scene.Text("0")}}},
		Height: 120, Series: []scene.Series{{X: x, Y: scene.Y(y), Kind: "sticks"}},
	}
}

// limits is where the likeness ends.
func limits() *scene.Table {
	t := &scene.Table{Head: []scene.Words{scene.Say("labf.p01_cell"), scene.Say("labf.p01_artificial")}}
	for i := range 3 {
		at := strconv.Itoa(i)
		t.Rows = append(t.Rows, []scene.Cell{scene.W(scene.Say("labf.p01_cell" + at)), scene.W(scene.Say("labf.p01_art_end" + at))})
	}
	return t
}

// shuffled is an order of the five artificial parts.
func shuffled(rng *rand.Rand) []int { return rng.Perm(len(parts)) }

// neuronExercises ask to match the five pairs; every seed lists them in another order.
func neuronExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	order := shuffled(chance(s, 1))
	options, at := make([]scene.Words, len(parts)), make([]int, len(parts)) // at: where part i stands in the list, from 1
	for i, k := range order {
		options[i], at[k] = scene.Say("labf.p01_art"+strconv.Itoa(k)), i+1
	}
	e := scene.Exercise{Key: "labf.p01_task1"}
	for i, part := range parts {
		e.Fields = append(e.Fields, scene.Field{Label: scene.Say("labf.p01_" + part), Options: options, Choice: at[i]})
	}
	swap := func(key string, a, b int) scene.Mistake {
		m := scene.Mistake{Key: key, Values: []float64{anything, anything, anything, anything, anything}}
		m.Values[a], m.Values[b] = float64(at[b]), float64(at[a])
		return m
	}
	e.Mistakes = []scene.Mistake{
		swap("labf.p01_task1_ends", 0, 4), swap("labf.p01_task1_weight", 0, 1), swap("labf.p01_task1_sum", 1, 2),
		swap("labf.p01_task1_fire", 2, 3), swap("labf.p01_task1_out", 3, 4),
	}
	return []scene.Exercise{e.Distinct()}, nil
}
