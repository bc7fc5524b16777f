package chapter3

import (
	"slices"
	"strconv"

	"gradus/cost"
	"gradus/lab/scene"
)

// absolute is 4-3-2: one prediction for seven patients, and a cost with a kink at each of them.
func absolute() *scene.Page {
	return &scene.Page{
		ID: "4-3-2", Words: "lab43.p02", Formula: "Cost = 1/n · Σ|Ŷᵢ − Yᵢ|", Vignette: true, Slip: true,
		Controls: []scene.Control{
			scene.RealControl("c", scene.Say("lab43.prediction"), 12, 0, 100, .5),
			scene.ToggleControl("zoom", scene.Say("lab43.zoom"), false),
		},
		Make:      func(s *scene.State) (*scene.Run, error) { return scene.Still(absoluteScene(s)), nil },
		Exercises: absoluteExercise,
	}
}

func absoluteScene(s *scene.State) *scene.Scene {
	days, c := stay(s.Seed), s.Real("c")
	f := cost.MAE[float64]{}
	e, shares, slope := judged(f, c, days)
	n := float64(len(days))
	table := &scene.Table{Head: []scene.Words{scene.Text("Y"), scene.Text("Ŷ − Y"), scene.Text("|Ŷ − Y|"), scene.Say("lab43.pull")}}
	kink := false
	for i, y := range days {
		at := strconv.Itoa(i + 1)
		one, _, _ := judged(f, c, []float64{y})
		kink = kink || c == y
		pull := scene.Count("sign_"+at, scene.Words{}, int(shares[i]*n))
		pull.Plus = true
		table.Rows = append(table.Rows, []scene.Cell{
			scene.N(scene.Count("y_"+at, scene.Words{}, int(y))), scene.N(scene.Value("d_"+at, "", c-y).Fixed(1).With(scene.Signed(c - y))),
			scene.N(scene.Value("abs_"+at, "", one).Fixed(1)), scene.N(pull.With(scene.Signed(shares[i]))),
		})
	}
	note := scene.Say("lab43.smooth")
	if kink {
		note = scene.Say("lab43.kink")
	}
	return &scene.Scene{
		Readings: []scene.Number{
			scene.Value("E", "", e).Named(scene.Say("lab43.mae")), scene.Value("dE_dc", "", slope).Named(scene.Say("lab43.slope")).With(scene.Signed(slope)),
		},
		Figures: []scene.Figure{
			{Plot: absolutePlot(s, days, c, e), Note: note},
			{Table: table, Width: "rail"},
			{Table: slip("lab43.mae_deck", "lab43.mae_right"), Title: scene.Say("lab43.deck_says")},
		},
		Summary: scene.Say("lab43.p02_summary", "c", c, "loss", scene.Round(e, 4), "slope", scene.Round(slope, 4)),
	}
}

// absolutePlot is the cost over the prediction; under the loupe a thousandth of it, where each kink is a corner and all else straight.
func absolutePlot(s *scene.State, days []float64, c, e float64) *scene.Plot {
	high := slices.Max(days) + 5
	low := 0.
	if s.On("zoom") {
		low, high = c-high/2000, c+high/2000
	}
	line := curve(cost.MAE[float64]{}, days, low, high)
	line.Heavy = true
	bottom, top := *line.Y[0], *line.Y[0]
	for _, y := range line.Y {
		bottom, top = min(bottom, *y), max(top, *y)
	}
	pad := (top-bottom)*.1 + 1e-4
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab43.prediction"), Low: low, High: high}, Y: scene.Axis{Label: scene.Say("lab43.mae"), Low: bottom - pad, High: top + pad},
		Height: 360, Series: []scene.Series{line},
	}
	for _, y := range days {
		if y >= low && y <= high {
			plot.Lines = append(plot.Lines, scene.Reference{Vertical: true, At: y})
		}
	}
	plot.Handles = []scene.Handle{{X: c, Y: e, KeyX: "c", Label: scene.Say("lab43.prediction"), StepX: .5}}
	return plot
}

// slip sets a sentence of the deck beside what holds.
func slip(deck, right string) *scene.Table {
	return &scene.Table{
		Head: []scene.Words{scene.Say("lab43.printed"), scene.Say("lab43.exact")},
		Rows: [][]scene.Cell{{scene.W(scene.Say(deck)), scene.W(scene.Say(right))}},
	}
}

func absoluteExercise(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	days := stay(s.Seed)
	right := best(cost.MAE[float64]{}, days)
	last := days[len(days)-1]
	return []scene.Exercise{{
		Key:    "lab43.p02_task1",
		Fields: []scene.Field{{Label: scene.Text("Ŷ"), Unit: scene.Say("lab43.unit_days"), Right: right, Within: .01}},
		Mistakes: apart(right, .01,
			scene.Mistake{Key: "lab43.p02_mean", Values: []float64{mean(days)}},
			scene.Mistake{Key: "lab43.p02_middle", Values: []float64{(days[0] + last) / 2}},
			scene.Mistake{Key: "lab43.p02_dropped", Values: []float64{mean(days[:len(days)-1])}},
			scene.Mistake{Key: "lab43.p02_smallest", Values: []float64{days[0]}},
			scene.Mistake{Key: "lab43.p02_low", Values: []float64{days[2]}},
		),
	}}, nil
}
