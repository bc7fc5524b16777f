package chapter2

import (
	"math"
	"strconv"

	"gradus/internal/kernel"
	"gradus/lab/scene"
	"gradus/mat"
)

// classes is how many diagnoses softmax decides between here.
const classes = 3

// softmax is 4-2-7: three logits, their exponentials, their shares.
func softmax() *scene.Page {
	p := &scene.Page{
		ID: "4-2-7", Words: "lab42.p07", Formula: "f(oᵢ) = eᵒⁱ ÷ Σₖ eᵒᵏ", Vignette: true,
		Controls: []scene.Control{scene.ChoiceControl("way", scene.Say("lab42.p07_way"), "lab42.p07_way", "softmax", "naive", "sigmoid").In("bar")},
		Step:     func(*scene.State) int { return 2 },
		Make:     softmaxRun, Exercises: softmaxExercises,
	}
	for i, v := range []float64{1.2, .3, -.8} {
		at := strconv.Itoa(i + 1)
		p.Controls = append(p.Controls, scene.RealControl("o"+at, scene.Say("lab42.p07_class"+at), v, -8, 8, .1))
	}
	p.Controls = append(p.Controls, scene.RealControl("c", scene.Say("lab42.p07_shift"), 0, -1000, 1000, 10))
	return p
}

// shares is the activation of one row of logits.
func shares(f string, o []float64) []float64 {
	h := mat.New[float64](1, len(o))
	function(f).Forward(h, mat.From(o))
	return h.Data
}

// naive is the deck's formula as it stands: an exponential that overflows makes it undefined.
func naive(o []float64) (e, p []float64) {
	sum := 0.
	e, p = make([]float64, len(o)), make([]float64, len(o))
	for i, v := range o {
		e[i] = kernel.Exp(v)
		sum += e[i]
	}
	for i := range e {
		p[i] = e[i] / sum
	}
	return e, p
}

// powers is the middle column: e^o, in the safe way of o − max.
func powers(way string, o []float64) []float64 {
	if way == "naive" {
		e, _ := naive(o)
		return e
	}
	top := math.Inf(-1)
	for _, v := range o {
		top = max(top, v)
	}
	list := make([]float64, len(o))
	for i, v := range o {
		if list[i] = kernel.Exp(v - top); way == "sigmoid" {
			list[i] = kernel.Exp(-v)
		}
	}
	return list
}

func results(way string, o []float64) []float64 {
	if way == "naive" {
		_, p := naive(o)
		return p
	}
	return shares(way, o)
}

func softmaxRun(s *scene.State) (*scene.Run, error) {
	o, way := make([]float64, classes), s.Raw("way")
	for i := range o {
		o[i] = s.Real("o"+strconv.Itoa(i+1)) + s.Real("c")
	}
	e, p := powers(way, o), results(way, o)
	run := &scene.Run{Steps: 2, Unit: scene.Say("lab42.stage"), Marks: []scene.Mark{
		{Step: 0, Label: scene.Say("lab42.p07_stage0")}, {Step: 1, Label: scene.Say("lab42.p07_stage1_" + way)}, {Step: 2, Label: scene.Say("lab42.p07_stage2")},
	}}
	run.At = func(step int) (*scene.Scene, error) {
		table := &scene.Table{Head: []scene.Words{{}, scene.Text("o"), scene.Say("lab42.p07_stage1_" + way), scene.Text("p")}}
		stages := make([]*scene.Bars, step+1)
		for i := range stages {
			stages[i] = &scene.Bars{}
		}
		total := 0.
		for i := range o {
			at := strconv.Itoa(i + 1)
			label := scene.Say("lab42.p07_class" + at)
			power, share := scene.Value("e"+at, "e", e[i]), scene.Value("p"+at, "p", p[i])
			total += p[i]
			if step < 1 || !finite(e[i]) {
				power.Value = nil
			}
			if step < 2 || !finite(p[i]) {
				share.Value = nil
			}
			table.Rows = append(table.Rows, []scene.Cell{scene.W(label), scene.N(scene.Value("o"+at, "o", o[i])), scene.N(power), scene.N(share)})
			for k, bars := range stages {
				n := named("", label, []float64{o[i], e[i], p[i]}[k])
				if !finite(*n.Value) {
					n.Value = nil
				}
				bars.Rows = append(bars.Rows, scene.Bar{Number: n})
			}
		}
		return softmaxScene(way, table, stages, total), nil
	}
	return run, nil
}

func finite(v float64) bool { return v-v == 0 }

func softmaxScene(way string, table *scene.Table, stages []*scene.Bars, total float64) *scene.Scene {
	sum := named("total", scene.Say("lab42.p07_total"), total)
	words := "lab42.p07_summary_" + way
	if !finite(total) {
		sum.Value, words = nil, "lab42.p07_overflow"
	}
	sc := &scene.Scene{Summary: scene.Say(words, "total", scene.Round(total, 4))}
	for k, bars := range stages {
		sc.Figures = append(sc.Figures, scene.Figure{Bars: bars, Title: scene.Say("lab42.p07_bars" + strconv.Itoa(k))})
	}
	sc.Figures = append(sc.Figures, scene.Figure{Table: table, Note: scene.Say("lab42.p07_note_" + way)})
	if len(stages) == classes {
		sc.Readings = []scene.Number{sum}
	}
	return sc
}

// softmaxExercises ask for three shares by hand, and what adding the same to all logits does.
func softmaxExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	o := []float64{2, 1, 0}
	if !decks(s) {
		rng := chance(s, 7)
		o = []float64{float64(2 + rng.IntN(2)), float64(1+rng.IntN(3)) / 2, -float64(1+rng.IntN(3)) / 2}
	}
	p, e := shares("softmax", o), make([]float64, classes)
	sum, fields := 0., make([]scene.Field, classes)
	halves := make([]float64, classes)
	twos := 0.
	for i, v := range o {
		e[i] = kernel.Exp(v)
		sum += v
		halves[i] = kernel.Pow(2, v)
		twos += halves[i]
		fields[i] = scene.Field{Label: scene.Text("p" + string(rune('₁'+i))), Right: p[i], Within: 5e-4}
	}
	plain := make([]float64, classes)
	for i := range o {
		plain[i], halves[i] = o[i]/sum, halves[i]/twos
	}
	shares3 := scene.Exercise{
		Key: "lab42.p07_task1", Args: []any{"a", o[0], "b", o[1], "c", o[2]}, Fields: fields,
		Mistakes: []scene.Mistake{
			{Key: "lab42.p07_task1_plain", Values: plain},
			{Key: "lab42.p07_task1_powers", Values: e},
			{Key: "lab42.p07_task1_sigmoid", Values: shares("sigmoid", o)},
			{Key: "lab42.p07_task1_two", Values: halves},
			{Key: "lab42.p07_task1_order", Values: []float64{p[2], p[1], p[0]}},
		},
	}
	same := scene.Exercise{
		Key:    "lab42.p07_task2",
		Fields: []scene.Field{{Options: []scene.Words{scene.Say("lab42.p07_grow"), scene.Say("lab42.p07_same"), scene.Say("lab42.p07_shrink"), scene.Say("lab42.p07_even")}, Choice: 2}},
		Mistakes: []scene.Mistake{
			{Key: "lab42.p07_task2_grow", Values: []float64{1}}, {Key: "lab42.p07_task2_shrink", Values: []float64{3}}, {Key: "lab42.p07_task2_even", Values: []float64{4}},
		},
	}
	return []scene.Exercise{shares3.Distinct(), same}, nil
}
