package chapter4

import (
	"math"
	"strconv"
	"strings"

	"gradus/lab/scene"
	"gradus/optimizer"
)

// moves is how many steps the blindfold game has.
const moves = 12

// blindfold is 4-4-1: a valley of which only the height and the slope underfoot are known.
func blindfold() *scene.Page {
	list := scene.ListControl("moves", scene.Say("lab44.moves"), -9, 9, .1, 0)
	list.Count, list.Short = moves, true
	return &scene.Page{
		ID: "4-4-1", Words: "lab44.p01", Vignette: true,
		Controls: []scene.Control{
			list,
			scene.ToggleControl("reveal", scene.Say("lab44.reveal"), false),
			scene.RealControl("alpha", scene.Text("α"), .2, .01, 1, .01).Logarithmic(),
		},
		Make:      blindRun,
		Exercises: blindExercises,
	}
}

// valley is the hidden surface of a seed: its bottom is left or right of the start at 0.
func valley(s *scene.State) optimizer.Surface {
	o := ownOf(s)
	lambda := o.pick(.8, .6, 1, 1.4, 2)
	c := o.pick(2.7, -3.1, 2.1, -1.8, 3.4, -2.4)
	on := bowl(lambda)
	value, gradient := on.Value, on.Gradient
	on.Start = []float64{0}
	on.Minima[0].W = []float64{c}
	on.Value = func(w []float64) float64 { return value([]float64{w[0] - c}) }
	on.Gradient = func(g, w []float64) { gradient(g, []float64{w[0] - c}) }
	return on
}

// visited are the places of the learner's moves, up to the last that moves anywhere.
func visited(s *scene.State, on optimizer.Surface) []optimizer.Point {
	list := s.List("moves")
	last := 0
	for i, m := range list {
		if m != 0 {
			last = i + 1
		}
	}
	w, points := 0., []optimizer.Point{}
	for i := range last + 1 {
		if i > 0 {
			w += list[i-1]
		}
		g := make([]float64, 1)
		on.Gradient(g, []float64{w})
		points = append(points, optimizer.Point{T: i, W: []float64{w}, F: on.Value([]float64{w}), G: g})
	}
	return points
}

func blindRun(s *scene.State) (*scene.Run, error) {
	on := valley(s)
	points := visited(s, on)
	run := &scene.Run{At: func(step int) (*scene.Scene, error) { return blindScene(s, on, points, step), nil }}
	if s.On("reveal") {
		run.Steps, run.Unit = moves, scene.Say("lab44.step")
	}
	return run, nil
}

func blindScene(s *scene.State, on optimizer.Surface, points []optimizer.Point, step int) *scene.Scene {
	now := points[len(points)-1]
	plot := blindPlot(points)
	if s.On("reveal") {
		unveil(plot, s, on, step)
	}
	table := &scene.Table{Head: []scene.Words{scene.Say("lab44.move"), scene.Text("w"), scene.Say("lab44.loss"), scene.Say("lab44.slope")}}
	for i, p := range points {
		at := strconv.Itoa(i)
		table.Rows = append(table.Rows, []scene.Cell{
			scene.N(scene.Count("", scene.Words{}, i)), scene.N(scene.Value("w_"+at, "w", p.W[0])),
			scene.N(scene.Value("E_"+at, "E", p.F)), scene.N(scene.Value("g_"+at, "g", p.G[0]).With(scene.Signed(p.G[0]))),
		})
	}
	table.Now = new(len(points) - 1)
	return &scene.Scene{
		Readings: []scene.Number{
			scene.Value("E", "", now.F).Named(scene.Say("lab44.loss")),
			scene.Value("g", "", now.G[0]).Named(scene.Say("lab44.slope")).With(scene.Signed(now.G[0])),
			scene.Count("used", scene.Say("lab44.moves_used"), len(points)-1),
		},
		Figures: []scene.Figure{{Plot: plot}, {Table: table, Width: "rail"}},
		Summary: scene.Say("lab44.p01_summary", "n", len(points)-1, "loss", scene.Round(now.F, 4), "slope", scene.Round(now.G[0], 4)),
	}
}

// blindPlot shows the places visited with the slope there, and nothing else.
func blindPlot(points []optimizer.Point) *scene.Plot {
	top := 1.
	plot := &scene.Plot{X: scene.Axis{Label: scene.Text("w"), Low: -9, High: 9}, Y: scene.Axis{Label: scene.Say("lab44.loss")}, Height: 360}
	for i, p := range points {
		w, g := p.W[0], p.G[0]
		plot.X.Low, plot.X.High = min(plot.X.Low, w-1), max(plot.X.High, w+1)
		top = max(top, p.F)
		run := .7 / math.Sqrt(1+float64(g*g))
		plot.Lines = append(plot.Lines, scene.Reference{
			Ends: [][2]float64{{w - run, p.F - float64(g*run)}, {w + run, p.F + float64(g*run)}}, Solid: true, Heavy: i == len(points)-1,
		})
		plot.Points = append(plot.Points, scene.Point{X: w, Y: p.F, Small: i < len(points)-1, Label: scene.Text(strconv.Itoa(i))})
	}
	plot.Y.High = top * 1.2
	plot.Y.Low = -.05 * plot.Y.High
	return plot
}

// unveil draws the valley and the way of gradient descent under it.
func unveil(plot *scene.Plot, s *scene.State, on optimizer.Surface, step int) {
	line, _, _ := sampled(on, plot.X.Low, plot.X.High)
	r := Runner{Style: "gd", Name: scene.Text("GD"), Walk: walk(optimizer.Course{On: on, Steps: moves, Alpha: s.Real("alpha")}, Rule("descent", 1, "", nil))}
	plot.Series = append(plot.Series, line, pathOn(r, step, plot.Y.High))
	plot.Points = append(plot.Points, scene.Point{X: on.Minima[0].W[0], Y: 0, Mark: "cross", Label: scene.Say("lab44.lowest")})
}

func blindExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	on := valley(s)
	best := math.Inf(1)
	for _, p := range visited(s, on) {
		best = min(best, p.F)
	}
	tr := walk(optimizer.Course{On: on, Steps: moves, Alpha: .6}, Rule("descent", 1, "", nil))
	list, at := make([]string, moves), 0.
	for i, p := range tr.Steps {
		list[i] = strconv.FormatFloat(math.Round((p.W[0]-at)*1e4)/1e4, 'g', -1, 64)
		at = p.W[0]
	}
	return []scene.Exercise{{Key: "lab44.p01_task1", Goal: &scene.Goal{
		Now: scene.Value("E_best", "", best).Named(scene.Say("lab44.lowest_seen")), Target: scene.Say("lab44.p01_target"),
		Done: best <= .1, Why: scene.Say("lab44.p01_more", "loss", scene.Round(best, 4)),
		Solve: map[string]string{"moves": strings.Join(list, ",")},
	}}}, nil
}
