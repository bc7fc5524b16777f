package chapter3

import (
	"slices"
	"strconv"

	"gradus/cost"
	"gradus/lab/scene"
)

// squared is 4-3-3: the same patients under the squared error, and how far one of them pulls.
func squared() *scene.Page {
	return &scene.Page{
		ID: "4-3-3", Words: "lab43.p03", Formula: "Cost = 1/n · Σ(Ŷᵢ − Yᵢ)²", Vignette: true,
		Controls: []scene.Control{
			scene.RealControl("c", scene.Say("lab43.prediction"), 8, 0, 100, .5),
			scene.RealControl("longest", scene.Say("lab43.longest"), 40, 1, 120, 1),
			scene.RealControl("delta", scene.Say("lab43.delta"), 3, .5, 60, .5),
		},
		Make:      func(s *scene.State) (*scene.Run, error) { return scene.Still(squaredScene(s)), nil },
		Exercises: squaredExercises,
	}
}

// with are the patients, the longest stay as given.
func with(seed uint64, longest float64) []float64 {
	days := stay(seed)
	days[len(days)-1] = longest
	return days
}

// rule is one cost of the page.
type rule struct {
	key, name string
	f         cost.Func[float64]
}

func rules(delta float64) []rule {
	return []rule{{"mse", "MSE", cost.MSE[float64]{}}, {"huber", "Huber", cost.Huber[float64]{Delta: delta}}, {"mae", "MAE", cost.MAE[float64]{}}}
}

func squaredScene(s *scene.State) *scene.Scene {
	c := s.Real("c")
	days := with(s.Seed, s.Real("longest"))
	e, shares, slope := judged(cost.MSE[float64]{}, c, days)
	bars := &scene.Bars{}
	for i, d := range shares {
		bars.Rows = append(bars.Rows, scene.Bar{
			Number: scene.Value("g_"+strconv.Itoa(i+1), "", d).Named(scene.Say("lab43.patient_days", "days", days[i])).With(scene.Signed(d)),
		})
	}
	return &scene.Scene{
		Readings: []scene.Number{
			scene.Value("E", "", e).Named(scene.Say("lab43.mse")), scene.Value("dE_dc", "", slope).Named(scene.Say("lab43.slope")).With(scene.Signed(slope)),
		},
		Figures: []scene.Figure{
			{Plot: pulls(s, days, c), Title: scene.Say("lab43.number_line")},
			{Table: threeCosts(s, days, c)},
			{Bars: bars, Title: scene.Say("lab43.shares"), Width: "rail"},
		},
		Summary: scene.Say("lab43.p03_summary", "c", c, "loss", scene.Round(e, 4), "slope", scene.Round(slope, 4), "longest", s.Real("longest")),
	}
}

// pulls are the patients on a line of days, the prediction, and where each cost would have it.
func pulls(s *scene.State, days []float64, c float64) *scene.Plot {
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab43.days"), High: max(slices.Max(days), c) + 5}, Y: scene.Axis{High: 4, Ticks: []scene.Tick{
			{At: 3, Label: scene.Text("MSE")}, {At: 2, Label: scene.Text("Huber")}, {At: 1, Label: scene.Text("MAE")},
		}}, Height: 260,
		Lines: []scene.Reference{{Vertical: true, At: c, Label: scene.Text("Ŷ"), Solid: true}},
	}
	for i, y := range days {
		plot.Points = append(plot.Points, scene.Point{X: y, Y: .25, Mark: "triangle", Small: i < len(days)-1})
	}
	for i, r := range rules(s.Real("delta")) {
		m := best(r.f, days)
		plot.Points = append(plot.Points, scene.Point{X: m, Y: float64(3 - i), Mark: []string{"diamond", "square", "circle"}[i], Label: scene.Text(scene.Round(m, 2))})
	}
	last := days[len(days)-1]
	plot.Arrows = []scene.Arrow{{FromX: c, FromY: .25, X: last, Y: .25, Label: scene.Say("lab43.pull")}}
	plot.Handles = []scene.Handle{
		{X: c, Y: 3.5, KeyX: "c", Label: scene.Say("lab43.prediction"), StepX: .5},
		{X: last, Y: .25, KeyX: "longest", Label: scene.Say("lab43.longest"), StepX: 1},
	}
	return plot
}

// threeCosts are the three costs at the prediction and at their best.
func threeCosts(s *scene.State, days []float64, c float64) *scene.Table {
	t := &scene.Table{Head: []scene.Words{
		scene.Say("lab43.cost"), scene.Say("lab43.at_prediction"), scene.Say("lab43.slope"), scene.Say("lab43.longest_share"), scene.Say("lab43.minimiser"),
	}}
	for _, r := range rules(s.Real("delta")) {
		e, shares, slope := judged(r.f, c, days)
		t.Rows = append(t.Rows, []scene.Cell{
			scene.W(scene.Text(r.name)), scene.N(scene.Value("E_"+r.key, "", e)), scene.N(scene.Value("slope_"+r.key, "", slope)),
			scene.N(scene.Value("pull_"+r.key, "", shares[len(shares)-1])), scene.N(scene.Value("best_"+r.key, "", best(r.f, days))),
		})
	}
	return t
}

// squaredExercises ask how far the longest stay drags each cost's best, and whose question the mean answers.
func squaredExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	from, to := stay(s.Seed)[6], 6.
	before, after := with(s.Seed, from), with(s.Seed, to)
	moved := func(f cost.Func[float64]) float64 { return best(f, after) - best(f, before) }
	mse, mae := moved(cost.MSE[float64]{}), moved(cost.MAE[float64]{})
	options := []scene.Words{scene.Say("lab43.p03_option_mse"), scene.Say("lab43.p03_option_mae"), scene.Say("lab43.p03_option_max")}
	return []scene.Exercise{
		{
			Key: "lab43.p03_task1", Args: []any{"from", from, "to", to},
			Fields: []scene.Field{
				{Label: scene.Text("MSE"), Right: mse, Within: 1e-3}, {Label: scene.Text("MAE"), Right: mae, Within: 1e-3},
			},
			Mistakes: []scene.Mistake{
				{Key: "lab43.p03_upside", Values: []float64{-mse, mae}},
				{Key: "lab43.p03_whole", Values: []float64{to - from, mae}},
				{Key: "lab43.p03_both", Values: []float64{mse, mse}},
				{Key: "lab43.p03_place", Values: []float64{best(cost.MSE[float64]{}, after), best(cost.MAE[float64]{}, after)}},
			},
		},
		{
			Key: "lab43.p03_task2", Fields: []scene.Field{{Options: options, Choice: 1}},
			Mistakes: []scene.Mistake{
				{Key: "lab43.p03_typical", Values: []float64{2}}, {Key: "lab43.p03_worst", Values: []float64{3}},
			},
		},
	}, nil
}
