package chapter3

import (
	"math"

	"gradus/cost"
	"gradus/lab/scene"
)

// slopeScene is what reaches a neuron through its sigmoid by either cost, over all it may say.
func slopeScene(p, y float64) *scene.Scene {
	ce, mse := through("binary-cross-entropy", p, y), through("mse", p, y)
	return &scene.Scene{
		Figures: []scene.Figure{{Plot: slopePlot(p, y, ce, mse), Title: scene.Say("lab43.through")}, {Table: slopes(p, y)}},
		Summary: scene.Say("lab43.p04_summary_slope", "p", p, "y", int(y), "ce", scene.Round(ce, 4), "mse", scene.Round(mse, 4)),
	}
}

// slopePlot draws ∂E/∂z by both costs over p.
func slopePlot(p, y, ce, mse float64) *scene.Plot {
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab43.p"), High: 1}, Y: scene.Axis{Label: scene.Text("∂E/∂z"), Low: -1.05, High: 1.05}, Height: 330,
		Lines:   []scene.Reference{{At: 0}, {Vertical: true, At: p}},
		Points:  []scene.Point{{X: p, Y: ce, Mark: "ring"}, {X: p, Y: mse, Mark: "ring"}},
		Handles: []scene.Handle{{KeyX: "p", X: p, Y: 0, Mark: "needle", Label: scene.Say("lab43.p"), StepX: .01}},
	}
	for i, name := range []string{"binary-cross-entropy", "mse"} {
		line := scene.Series{Label: scene.Say([]string{"lab43.by_ce", "lab43.by_mse"}[i]), Heavy: i == 0, Dash: []string{"", "6 3"}[i]}
		var ys []float64
		for k := 1; k < 60; k++ {
			q := float64(k) / 60
			line.X, ys = append(line.X, q), append(ys, through(name, q, y))
		}
		line.Y = scene.Y(ys)
		plot.Series = append(plot.Series, line)
	}
	return plot
}

// slopes are the two gradients that reach the neuron's sum through its sigmoid: at p, and where it is sure and wrong.
func slopes(p, y float64) *scene.Table {
	t := &scene.Table{Head: []scene.Words{scene.Text("p"), scene.Text("y"), scene.Say("lab43.by_ce"), scene.Say("lab43.by_mse")}}
	for i, c := range [][2]float64{{p, y}, {.99, 0}} {
		at := []string{"", "_sure"}[i]
		t.Rows = append(t.Rows, []scene.Cell{
			scene.N(scene.Value("p"+at, "p", c[0])), scene.N(scene.Count("y"+at, scene.Text("y"), int(c[1]))),
			scene.N(scene.Value("dCE_dz"+at, "∂CE/∂z", through("binary-cross-entropy", c[0], c[1]))),
			scene.N(scene.Value("dMSE_dz"+at, "∂MSE/∂z", through("mse", c[0], c[1]))),
		})
	}
	return t
}

// crowd is how many patients the rare event is shown on.
const crowd = 1000

// rareScene is a thousand patients of whom few die, and what accuracy says of those who find none.
func rareScene(rate float64) *scene.Scene {
	died := int(math.Round(rate * crowd))
	people := &scene.People{Groups: []scene.Crowd{
		{Number: scene.Count("died", scene.Say("lab43.truth_1"), died), Mark: "filled"},
		{Number: scene.Count("survived", scene.Say("lab43.truth_0"), crowd-died), Mark: "empty"},
	}}
	return &scene.Scene{
		Figures: []scene.Figure{{People: people}, {Table: imbalance(died), Title: scene.Say("lab43.imbalance"), Note: scene.Say("lab43.imbalance_note")}},
		Summary: scene.Say("lab43.p04_summary_rare", "died", died, "accuracy", scene.Round(float64(crowd-died)/crowd, 3)),
	}
}

// imbalance is three who say the same of everyone.
func imbalance(died int) *scene.Table {
	const n = crowd
	y := make([]float64, n)
	for i := range died {
		y[i] = 1
	}
	t := &scene.Table{Head: []scene.Words{scene.Say("lab43.says"), scene.Say("lab43.accuracy"), scene.Say("lab43.found"), scene.Say("lab43.ce")}}
	for i, p := range []float64{0, float64(died) / n, .5} {
		key := []string{"never", "rate", "coin"}[i]
		right, found := n-died, 0
		if p >= .5 {
			right, found = died, died
		}
		t.Rows = append(t.Rows, []scene.Cell{
			scene.W(scene.Say("lab43.says_" + key)), scene.N(scene.Value("accuracy_"+key, "", float64(right)/n).Fixed(3)),
			scene.N(scene.Count("found_"+key, scene.Words{}, found)),
			scene.N(scene.Value("ce_"+key, "", cost.BinaryCrossEntropy[float64]{}.Forward(everyone(p, n), column(y)))),
		})
	}
	return t
}
