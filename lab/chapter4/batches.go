package chapter4

import (
	"math"
	"strconv"

	"gradus/internal/trial"
	"gradus/lab/scene"
	"gradus/optimizer"
)

// sizes are the batches that run side by side: all patients, and fewer at a time.
var sizes = []int{patients, 100, 10, 1}

// rates are the learning rates among which the exercise's best is looked for.
var rates = []float64{.001, .002, .005, .01, .02, .025}

// ground is what depends on the seed alone: the patients, the lowest loss and the level lines.
type ground struct {
	set    trial.Set
	on     optimizer.Surface
	lowest optimizer.Minimum
	lines  []scene.Contour
	best   float64 // lowest excess after the budget, of all sizes and rates
	size   int     // its batch size
	rate   float64 // its learning rate
}

var plainBox = Box{[2]float64{-.4, -1.2}, [2]float64{2.2, 2.4}}

var groundOf = remember(func(seed uint64) *ground {
	g := &ground{set: stays(seed), best: math.Inf(1)}
	g.on = byRows(g.set, patients, false, seed)
	tr := walk(optimizer.Course{On: g.on, Steps: 4000, Alpha: .025}, Rule("momentum", 2, optimizer.Deck, nil))
	end := tr.Steps[len(tr.Steps)-1]
	g.lowest = optimizer.Minimum{W: end.W, F: end.F}
	g.lines = Contours(g.on.Value, plainBox, []float64{3, 5, 10, 20, 40, 80})
	for _, size := range sizes {
		for _, rate := range rates {
			end := spent(g.set, size, true, rate, seed)[looks]
			if end == nil {
				continue
			}
			if e := g.on.Value(end) - g.lowest.F; e < g.best {
				g.best, g.size, g.rate = e, size, rate
			}
		}
	}
	return g
})

// batches is 4-4-5: the same patients, all at once or a few at a time.
func batches() *scene.Page {
	size := scene.ChoiceControl("batch", scene.Say("lab44.batch"), "lab44.batch", "500", "100", "10", "1").In("bar")
	size.Default = "10"
	return &scene.Page{
		ID: "4-4-5", Words: "lab44.p05", Formula: "w := w − α · ∂Cost_batch/∂w", Vignette: true, Slip: true,
		Controls: []scene.Control{
			size,
			scene.RealControl("alpha", scene.Say("lab44.rate"), .005, .0005, .03, .0005).Logarithmic(),
			scene.ToggleControl("shuffle", scene.Say("lab44.shuffle"), true),
		},
		Make: batchRun, Exercises: batchExercise,
	}
}

// race4 are the places of the four batch sizes.
type race4 struct {
	*ground
	places [][][]float64
	mine   int
}

func batchRun(s *scene.State) (*scene.Run, error) {
	r := &race4{ground: groundOf(s.Seed)}
	for i, size := range sizes {
		r.places = append(r.places, spent(r.set, size, s.On("shuffle"), s.Real("alpha"), s.Seed))
		if strconv.Itoa(size) == s.Raw("batch") {
			r.mine = i
		}
	}
	return &scene.Run{
		Steps: looks, Unit: scene.Say("lab44.hundred"),
		At: func(step int) (*scene.Scene, error) { return r.scene(s, step), nil },
	}, nil
}

// excess is how far above the lowest loss size i stands after a step; nil where it has diverged.
func (r *race4) excess(i, step int) *float64 {
	if r.places[i][step] == nil {
		return nil
	}
	return new(r.on.Value(r.places[i][step]) - r.lowest.F)
}

func (r *race4) scene(s *scene.State, step int) *scene.Scene {
	size, seen := sizes[r.mine], step*budget/looks
	e := r.excess(r.mine, step)
	now := scene.Number{Symbol: "excess", Label: scene.Say("lab44.excess"), Value: e}
	summary := scene.Say("lab44.p05_gone", "size", size, "seen", seen)
	if e != nil {
		summary = scene.Say("lab44.p05_summary", "size", size, "seen", seen, "n", seen/size, "excess", scene.Round(*e, 4))
	}
	return &scene.Scene{
		Readings: []scene.Number{
			now, scene.Count("updates", scene.Say("lab44.updates"), seen/size), scene.Count("seen", scene.Say("lab44.examples"), seen),
		},
		Figures: []scene.Figure{
			{Plot: r.plane(s, step), Title: scene.Say("lab44.cloud")},
			{Plot: r.losses(step), Title: scene.Say("lab44.loss_examples")},
			{Table: r.table(step), Note: scene.Say("lab44.sgd_slip")},
		},
		Summary: summary,
	}
}

// plane is the loss from above, the way of the chosen size, and the gradients of 24 of its batches where it stands.
func (r *race4) plane(s *scene.State, step int) *scene.Plot {
	plot := &scene.Plot{
		X:      scene.Axis{Label: scene.Say("lab44.days_decade"), Low: plainBox.Low[0], High: plainBox.High[0]},
		Y:      scene.Axis{Label: scene.Say("lab44.days_base"), Low: plainBox.Low[1], High: plainBox.High[1]},
		Height: 300, Contours: r.lines,
		Points: []scene.Point{{X: r.lowest.W[0], Y: r.lowest.W[1], Mark: "cross"}},
	}
	path := scene.Series{Style: "sgd"}
	if r.mine == 0 {
		path.Style = "gd"
	}
	var ys []float64
	for _, w := range r.places[r.mine] {
		if w != nil {
			path.X, ys = append(path.X, w[0]), append(ys, w[1])
		}
	}
	path.Y, path.Future = scene.Y(ys), future(step, len(ys))
	plot.Series = []scene.Series{path}
	w := r.places[r.mine][step]
	if w == nil {
		return plot
	}
	full := make([]float64, 2)
	byRows(r.set, patients, false, 0).Gradient(full, w)
	some := cloud(r.set, sizes[r.mine], 24, s.Seed, w)
	longest := math.Abs(full[0])
	for _, g := range some {
		longest = max(longest, math.Abs(g[0]))
	}
	unit := .6 / max(.6, longest)
	arrow := func(g []float64, tone scene.Tone) {
		plot.Arrows = append(plot.Arrows, scene.Arrow{FromX: w[0], FromY: w[1], X: w[0] - float64(unit*g[0]), Y: w[1] - float64(unit*g[1]), Tone: tone})
	}
	for _, g := range some {
		arrow(g, scene.Faint)
	}
	arrow(full, scene.Ink)
	return plot
}

// losses are the four sizes against the patients looked at, not against the updates.
func (r *race4) losses(step int) *scene.Plot {
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab44.examples"), High: budget}, Y: scene.Axis{Label: scene.Say("lab44.excess"), Low: 1e-4, High: 100, Log: true},
		OnSteps: true, Height: 200,
		Lines: []scene.Reference{{Vertical: true, At: float64(step * budget / looks), Solid: true, Heavy: true}},
	}
	looksOf := []scene.Series{{Style: "gd"}, {Dash: "8 4", Marker: "square"}, {Dash: "2 3", Marker: "diamond"}, {Style: "sgd"}}
	for i, size := range sizes {
		line := looksOf[i]
		line.Label, line.Heavy = scene.Say("lab44.batch_"+strconv.Itoa(size)), i == r.mine
		for k := range looks + 1 {
			line.X = append(line.X, float64(k*budget/looks))
			e := r.excess(i, k)
			if e != nil {
				e = new(min(max(*e, 1e-4), 100))
			}
			line.Y = append(line.Y, e)
		}
		line.Future = future(step, looks+1)
		plot.Series = append(plot.Series, line)
	}
	return plot
}

// table says what each size is called, in the field and in the deck.
func (r *race4) table(step int) *scene.Table {
	t := &scene.Table{Head: []scene.Words{
		scene.Say("lab44.batch"), scene.Say("lab44.called"), scene.Say("lab44.deck_calls"), scene.Say("lab44.updates"), scene.Say("lab44.excess"),
	}, Now: new(r.mine)}
	for i, size := range sizes {
		name, deck := "lab44.mini", "lab44.deck_sgd"
		switch size {
		case 1:
			name = "lab44.strict"
		case patients:
			name, deck = "lab44.full", "lab44.deck_gd"
		}
		at := strconv.Itoa(size)
		t.Rows = append(t.Rows, []scene.Cell{
			scene.N(scene.Count("batch_"+at, scene.Words{}, size)), scene.W(scene.Say(name)), scene.W(scene.Say(deck)),
			scene.N(scene.Count("updates_"+at, scene.Words{}, step*budget/looks/size)),
			scene.N(scene.Number{Symbol: "excess_" + at, Value: r.excess(i, step)}),
		})
	}
	return t
}

func batchExercise(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	g := groundOf(s.Seed)
	size, _ := strconv.Atoi(s.Raw("batch"))
	goal := &scene.Goal{
		Now:    scene.Number{Symbol: "excess_end", Label: scene.Say("lab44.excess_end")},
		Target: scene.Say("lab44.p05_target", "excess", scene.Round(1.05*g.best, 4)),
		Why:    scene.Say("lab44.p05_diverged"),
		Solve:  map[string]string{"batch": strconv.Itoa(g.size), "alpha": strconv.FormatFloat(g.rate, 'g', -1, 64), "shuffle": "1"},
	}
	if end := spent(g.set, size, s.On("shuffle"), s.Real("alpha"), s.Seed)[looks]; end != nil {
		e := g.on.Value(end) - g.lowest.F
		goal.Now.Value, goal.Done = &e, e <= 1.05*g.best
		goal.Why = scene.Say("lab44.p05_more", "excess", scene.Round(e, 4), "n", budget/size)
	}
	return []scene.Exercise{{Key: "lab44.p05_task1", Goal: goal}}, nil
}
