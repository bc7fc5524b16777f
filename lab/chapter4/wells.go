package chapter4

import (
	"math"
	"strconv"

	"gradus/lab/scene"
	"gradus/optimizer"
)

// Steps that a walk between the wells has to settle.
const wellSteps = 400

var wellBox = Box{[2]float64{-2.2, 0}, [2]float64{2.2, 0}}

// well is the engine's curve with two valleys.
func well() optimizer.Surface {
	on, err := optimizer.SurfaceByName("double-well")
	if err != nil {
		panic(err) // the engine has it
	}
	return on
}

// ends is the minimum that a rule ends nearest to from a start, 0 the lowest; −1 where it does not settle.
func ends(rule optimizer.Rule[float64], start, alpha float64, steps int) int {
	on := well()
	w, g := []float64{start}, []float64{0}
	ahead, looks := rule.(optimizer.LookAhead[float64])
	for range steps {
		if looks {
			ahead.Ahead(w)
		}
		on.Gradient(g, w)
		rule.Step(alpha, w, g)
		if !(w[0] > -1e3 && w[0] < 1e3) {
			return -1
		}
	}
	for i, m := range on.Minima {
		if math.Abs(w[0]-m.W[0]) < .05 {
			return i
		}
	}
	return -1
}

// fall is where gradient descent ends from a start.
func fall(start, alpha float64) int {
	return ends(optimizer.NewDescent[float64](), start, alpha, wellSteps)
}

// wells is 4-4-7: where descent ends is decided where it starts.
func wells() *scene.Page {
	return &scene.Page{
		ID: "4-4-7", Words: "lab44.p07", Formula: "Cost = w⁴ − 2w² + 0.3w", Vignette: true,
		Controls: []scene.Control{
			scene.RealControl("start", scene.Say("lab44.start"), 1.5, -2, 2, .05),
			scene.RealControl("alpha", scene.Say("lab44.rate"), .03, .005, .15, .005),
		},
		Make: wellRun, Exercises: wellExercise,
	}
}

func wellRun(s *scene.State) (*scene.Run, error) {
	on, alpha := well(), s.Real("alpha")
	t := single(on, []float64{s.Real("start")}, alpha, 60)
	t.Box = wellBox
	var basins []int
	for i := range 81 {
		basins = append(basins, fall(-2+float64(i)/20, alpha))
	}
	end := fall(s.Real("start"), alpha)
	return &scene.Run{
		Steps: t.Steps, Unit: scene.Say("lab44.step"),
		At: func(step int) (*scene.Scene, error) { return wellScene(t, basins, end, step), nil },
	}, nil
}

func wellScene(t *Track, basins []int, end, step int) *scene.Scene {
	p := t.Runners[0].Now(step)
	plot := t.Plane(step)
	plot.Height = 290
	bottoms(plot, t.On)
	plot.Series = append(plot.Series, basinMap(basins, plot.Y.Low)...)
	plot.Handles = []scene.Handle{{X: t.Runners[0].Walk.Start.W[0], Y: t.Runners[0].Walk.Start.F, KeyX: "start", Label: scene.Say("lab44.start"), StepX: .05}}
	return &scene.Scene{
		Readings: []scene.Number{
			scene.Value("w", "w", p.W[0]), scene.Value("E", "", p.F).Named(scene.Say("lab44.loss")),
			scene.Value("g", "", p.G[0]).Named(scene.Say("lab44.slope")).With(scene.Signed(p.G[0])),
		},
		Figures: []scene.Figure{{Plot: plot, Note: scene.Say("lab44.saddle_note")}, {Table: valleys(t.On)}},
		Summary: scene.Say("lab44.p07_summary_"+[]string{"none", "global", "local"}[end+1], "start", t.Runners[0].Walk.Start.W[0], "t", p.T, "w", scene.Round(p.W[0], 4), "loss", scene.Round(p.F, 4)),
	}
}

// bottoms marks the two minima by name.
func bottoms(plot *scene.Plot, on optimizer.Surface) {
	for i, m := range on.Minima {
		plot.Points = append(plot.Points, scene.Point{X: m.W[0], Y: m.F, Mark: "cross"})
		plot.Lines = append(plot.Lines, scene.Reference{Vertical: true, At: m.W[0], Label: scene.Say([]string{"lab44.global", "lab44.local"}[i])})
	}
}

// basinMap is a mark at the foot for every start: a filled triangle where it ends in the lowest valley, a ring where in the other.
func basinMap(basins []int, y float64) []scene.Series {
	looks := []scene.Series{
		{Kind: "dots", Marker: "triangle", Tone: scene.Positive}, {Kind: "dots", Marker: "diamond", Tone: scene.Negative}, {Kind: "dots", Marker: "cross", Tone: scene.Faint},
	}
	for i, b := range basins {
		if b < 0 {
			b = 2
		}
		looks[b].X, looks[b].Y = append(looks[b].X, -2+float64(i)/20), append(looks[b].Y, new(y+.12))
	}
	return looks
}

// valleys lists the two minima.
func valleys(on optimizer.Surface) *scene.Table {
	t := &scene.Table{Head: []scene.Words{scene.Say("lab44.valley"), scene.Text("w"), scene.Say("lab44.loss")}}
	for i, m := range on.Minima {
		key := []string{"global", "local"}[i]
		t.Rows = append(t.Rows, []scene.Cell{
			scene.W(scene.Say("lab44." + key)), scene.N(scene.Value("w_"+key, "w", m.W[0])), scene.N(scene.Value("E_"+key, "E", m.F)),
		})
	}
	return t
}

// wellExercise asks for a start that descends into the lowest valley. At other learning rates than the small ones the walk may jump.
func wellExercise(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	start, alpha := s.Real("start"), s.Real("alpha")
	found := fall(start, alpha) == 0
	key := 1.
	for key > -2 && fall(key, .03) != 0 {
		key -= .05
	}
	w := scene.Value("start_now", "", start).Named(scene.Say("lab44.start"))
	return []scene.Exercise{{Key: "lab44.p07_task1", Goal: &scene.Goal{
		Now: w, Target: scene.Say("lab44.p07_target"), Done: found, Why: scene.Say("lab44.p07_more", "start", start),
		Solve: map[string]string{"start": strconv.FormatFloat(thousandths(key), 'g', -1, 64), "alpha": "0.03"},
	}}}, nil
}
