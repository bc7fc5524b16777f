package chapter3

import (
	"math"
	"math/rand/v2"
	"strconv"

	"gradus/cost"
	"gradus/internal/kernel"
	"gradus/lab/chapter4"
	"gradus/lab/scene"
	"gradus/mat"
	"gradus/optimizer"
)

// residuals is 4-3-1: a line through the patients, its errors as sticks, and the same line as a point on its cost.
func residuals() *scene.Page {
	return &scene.Page{
		ID: "4-3-1", Words: "lab43.p01", Formula: "Cost(w, b) = 1/n · Σ(wxᵢ + b − Yᵢ)²", Vignette: true,
		Controls: []scene.Control{
			scene.RealControl("w", scene.Say("lab43.w"), .3, -2, 4, .05).In("figure"),
			scene.RealControl("b", scene.Say("lab43.b"), 7, -4, 12, .1).In("figure"),
			scene.WholeControl("drags", scene.Say("lab43.drags"), 0, 0, 999).In("figure"),
		},
		Make: residualRun, Exercises: residualExercise,
	}
}

// ward are ten synthetic patients: a score of other diseases and days in hospital.
type ward struct{ x, y []float64 }

func wardOf(seed uint64) ward {
	rng := rand.New(rand.NewPCG(seed, 0x431))
	var w ward
	for i := range 10 {
		x := float64(i) * .8
		w.x = append(w.x, x)
		w.y = append(w.y, math.Round(max(1, 2.5+float64(1.2*x)+float64(1.6*kernel.Normal(rng)))*2)/2)
	}
	return w
}

// fitted are the days that a line gives.
func (d ward) fitted(w, b float64) mat.Matrix[float64] {
	m := mat.New[float64](len(d.x), 1)
	for i, x := range d.x {
		m.Data[i] = float64(w*x) + b
	}
	return m
}

// surface is the mean squared error over (w, b).
func (d ward) surface() optimizer.Surface {
	f, dh := cost.MSE[float64]{}, mat.New[float64](len(d.x), 1)
	return optimizer.Surface{
		Name: "line", Start: []float64{0, 0},
		Value: func(w []float64) float64 { return f.Forward(d.fitted(w[0], w[1]), column(d.y)) },
		Gradient: func(g, w []float64) {
			f.Backward(dh, d.fitted(w[0], w[1]), column(d.y))
			g[0], g[1] = 0, 0
			for i, v := range dh.Data {
				g[0] += float64(v * d.x[i])
				g[1] += v
			}
		},
	}
}

// lowest is the best line, found by descent with momentum.
func (d ward) lowest() optimizer.Minimum {
	rule := chapter4.Rule("momentum", 2, optimizer.Deck, nil)
	on := d.surface()
	w, g := []float64{0, 0}, make([]float64, 2)
	for range 1500 {
		on.Gradient(g, w)
		rule.Step(.01, w, g)
	}
	return optimizer.Minimum{W: w, F: on.Value(w)}
}

// taught is how many steps descent goes on from the learner's own line.
const taught = 40

// enoughDrags is how many pulls the exercise allows.
const enoughDrags = 10

func residualRun(s *scene.State) (*scene.Run, error) {
	d := wardOf(s.Seed)
	on := d.surface()
	tr, err := optimizer.Course{On: on, Start: []float64{s.Real("w"), s.Real("b")}, Steps: taught, Alpha: .03}.Run(optimizer.NewDescent[float64]())
	if err != nil {
		return nil, err
	}
	r := chapter4.Runner{Key: "gd", Style: "gd", Name: scene.Text("GD"), Walk: tr}
	box := chapter4.Box{Low: [2]float64{-2, -4}, High: [2]float64{4, 12}}
	lines := chapter4.Contours(on.Value, box, []float64{2, 5, 10, 20, 50, 100, 200})
	low := d.lowest()
	return &scene.Run{
		Steps: taught, Unit: scene.Say("lab43.step"), Marks: []scene.Mark{{Label: scene.Say("lab43.own")}},
		At: func(step int) (*scene.Scene, error) {
			sc := residualScene(d, r, lines, low, step)
			sc.Readings = append(sc.Readings, scene.Count("drags", scene.Say("lab43.drags"), s.Whole("drags")))
			return sc, nil
		},
		Drag: func(handle string, x, y float64) map[string]string {
			return turn(s.Real("w"), s.Real("b"), handle, y)
		},
	}, nil
}

// The places at which the line is held.
const holdLow, holdHigh = .8, 6.4

// turn moves one end of the line to y and leaves the other.
func turn(w, b float64, handle string, y float64) map[string]string {
	low, high := float64(w*holdLow)+b, float64(w*holdHigh)+b
	switch handle {
	case "low":
		low = y
	case "high":
		high = y
	default:
		return nil
	}
	w = (high - low) / (holdHigh - holdLow)
	hundredths := func(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'g', -1, 64) }
	return map[string]string{"w": hundredths(w), "b": hundredths(low - float64(w*holdLow))}
}

func residualScene(d ward, r chapter4.Runner, lines []scene.Contour, low optimizer.Minimum, step int) *scene.Scene {
	p := r.Now(step)
	w, b := scene.Value("w", "", p.W[0]).Named(scene.Say("lab43.w")), scene.Value("b", "", p.W[1]).Named(scene.Say("lab43.b"))
	if step == 0 {
		w, b = w.Editable("w"), b.Editable("b")
	}
	return &scene.Scene{
		Readings: []scene.Number{scene.Value("E", "", p.F).Named(scene.Say("lab43.mse")), w, b},
		Figures: []scene.Figure{
			{Plot: d.sticks(p.W[0], p.W[1], step == 0), Width: "half", Title: scene.Say("lab43.sticks")},
			{Plot: over(r, lines, low, step), Width: "half", Title: scene.Say("lab43.landscape")},
			{Table: d.table(p.W[0], p.W[1]), Title: scene.Say("lab43.errors")},
		},
		Summary: scene.Say("lab43.p01_summary", "w", scene.Round(p.W[0], 3), "b", scene.Round(p.W[1], 3), "loss", scene.Round(p.F, 4)),
	}
}

// sticks are the patients, the line and the error of each.
func (d ward) sticks(w, b float64, own bool) *scene.Plot {
	at := func(x float64) float64 { return float64(w*x) + b }
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab43.score"), High: 8}, Y: scene.Axis{Label: scene.Say("lab43.days"), High: 18}, Height: 380,
		Lines: []scene.Reference{{Ends: [][2]float64{{0, at(0)}, {8, at(8)}}, Solid: true, Heavy: true}},
	}
	h := d.fitted(w, b).Data
	for i, x := range d.x {
		plot.Lines = append(plot.Lines, scene.Reference{Ends: [][2]float64{{x, d.y[i]}, {x, h[i]}}, Solid: true, Tone: scene.Signed(h[i] - d.y[i])})
		plot.Points = append(plot.Points, scene.Point{X: x, Y: d.y[i], Small: true})
	}
	if own {
		plot.Handles = []scene.Handle{
			{Name: "low", X: holdLow, Y: at(holdLow), Label: scene.Say("lab43.handle_low"), StepY: .1, Counts: "drags"},
			{Name: "high", X: holdHigh, Y: at(holdHigh), Label: scene.Say("lab43.handle_high"), StepY: .1, Counts: "drags"},
		}
	}
	return plot
}

// over is the cost from above, the line as a point on it.
func over(r chapter4.Runner, lines []scene.Contour, low optimizer.Minimum, step int) *scene.Plot {
	points := r.Points()
	path := scene.Series{Style: "gd", Future: new(min(step+1, len(points)))}
	var ys []float64
	for _, p := range points {
		path.X, ys = append(path.X, p.W[0]), append(ys, p.W[1])
	}
	path.Y = scene.Y(ys)
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Text("w"), Low: -2, High: 4}, Y: scene.Axis{Label: scene.Text("b"), Low: -4, High: 12}, Height: 380,
		Contours: lines, Series: []scene.Series{path},
		Points: []scene.Point{{X: low.W[0], Y: low.W[1], Mark: "cross"}},
	}
	if step == 0 {
		plot.Handles = []scene.Handle{{X: points[0].W[0], Y: points[0].W[1], KeyX: "w", KeyY: "b", Label: scene.Say("lab43.handle_point"), StepX: .05, StepY: .1, Counts: "drags"}}
	}
	return plot
}

// table is every patient's error.
func (d ward) table(w, b float64) *scene.Table {
	t := &scene.Table{Head: []scene.Words{scene.Say("lab43.score"), scene.Say("lab43.days"), scene.Text("Ŷ"), scene.Text("Ŷ − Y"), scene.Text("(Ŷ − Y)²")}}
	h := d.fitted(w, b).Data
	for i, x := range d.x {
		at := strconv.Itoa(i + 1)
		one := cost.MSE[float64]{}.Forward(column(h[i:i+1]), column(d.y[i:i+1]))
		t.Rows = append(t.Rows, []scene.Cell{
			scene.N(scene.Value("x_"+at, "", x).Fixed(1)), scene.N(scene.Value("y_"+at, "", d.y[i]).Fixed(1)), scene.N(scene.Value("h_"+at, "", h[i])),
			scene.N(scene.Value("e_"+at, "", h[i]-d.y[i]).With(scene.Signed(h[i] - d.y[i]))), scene.N(scene.Value("e2_"+at, "", one)),
		})
	}
	return t
}

func residualExercise(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	d := wardOf(s.Seed)
	low, now := d.lowest(), d.surface().Value([]float64{s.Real("w"), s.Real("b")})
	goal := 1.05 * low.F
	shown := func(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'g', -1, 64) }
	drags := s.Whole("drags")
	why := scene.Say("lab43.p01_more", "loss", scene.Round(now, 4), "goal", scene.Round(goal, 4))
	if drags > enoughDrags {
		why = scene.Say("lab43.p01_many", "n", drags, "most", enoughDrags)
	}
	return []scene.Exercise{{Key: "lab43.p01_task1", Args: []any{"most", enoughDrags}, Goal: &scene.Goal{
		Now: scene.Value("E_own", "", now).Named(scene.Say("lab43.mse")), Target: scene.Say("lab43.p01_target", "loss", scene.Round(goal, 4)),
		Done: now <= goal && drags <= enoughDrags, Why: why,
		Solve: map[string]string{"w": shown(low.W[0]), "b": shown(low.W[1])},
	}}}, nil
}
