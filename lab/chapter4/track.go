package chapter4

import (
	"math"

	"gradus/lab/scene"
	"gradus/optimizer"
)

// Runner is one rule on a track.
type Runner struct {
	Key   string // its numbers' symbols end with it
	Style string // its own colour, dash and marker
	Dash  string // of a rule without a style
	Name  scene.Words
	Alpha float64
	Bare  bool // moments without correction
	Rows  int  // looked at in each step; 0: all that there are
	Walk  optimizer.Trajectory
}

// Track is a surface on which rules run from one start.
type Track struct {
	On      optimizer.Surface
	Box     Box
	Levels  []float64
	Steps   int
	Runners []Runner
	ByRows  int // rows that there are, where losses stand over the rows looked at; 0: over steps
	lines   []scene.Contour
}

// Run sends a rule over the track.
func (t *Track) Run(c optimizer.Course, r Runner, rule optimizer.Rule[float64]) error {
	c.Steps, c.Alpha = t.Steps, r.Alpha
	walk, err := c.Run(rule)
	if err != nil {
		return err
	}
	r.Walk = walk
	t.Runners = append(t.Runners, r)
	return nil
}

// Draw looks for the level lines, once.
func (t *Track) Draw() {
	if len(t.On.Start) == 2 {
		t.lines = Contours(t.On.Value, t.Box, t.Levels)
	}
}

// Points are a walk's points, the start among them.
func (r Runner) Points() []optimizer.Point {
	return append([]optimizer.Point{r.Walk.Start}, r.Walk.Steps...)
}

// Now is where the runner stands after a step: at its last place where it diverged before.
func (r Runner) Now(step int) optimizer.Point {
	p := r.Points()
	return p[min(step, len(p)-1)]
}

// Plane is the surface from above with all paths, what is to come faint; of one weight it is its curve.
func (t *Track) Plane(step int) *scene.Plot {
	if len(t.On.Start) == 1 {
		return t.curve(step)
	}
	plot := &scene.Plot{
		X:      scene.Axis{Label: scene.Text("w₁"), Low: t.Box.Low[0], High: t.Box.High[0]},
		Y:      scene.Axis{Label: scene.Text("w₂"), Low: t.Box.Low[1], High: t.Box.High[1]},
		Height: 330, Contours: t.lines,
	}
	for _, r := range t.Runners {
		s := r.line()
		var ys []float64
		points := r.Points()
		for _, p := range points {
			s.X, ys = append(s.X, p.W[0]), append(ys, p.W[1])
		}
		s.Y = scene.Y(ys)
		s.Future = future(step, len(points))
		if t.Box.holds(r.Now(step).W) {
			s.Label = r.Name
		}
		plot.Series = append(plot.Series, s)
	}
	start := t.Runners[0].Walk.Start.W
	plot.Points = append(plot.Points, scene.Point{X: start[0], Y: start[1], Mark: "ring", Label: scene.Say("lab44.start")})
	for _, m := range t.On.Minima {
		plot.Points = append(plot.Points, scene.Point{X: m.W[0], Y: m.W[1], Mark: "cross"})
	}
	return plot
}

// line is the runner's line without its points.
func (r Runner) line() scene.Series {
	s := scene.Series{Style: r.Style, Dash: r.Dash, Heavy: r.Style == "adam"}
	if r.Style == "" {
		s.Marker, s.Tone = "circle", scene.Faint
	}
	return s
}

func future(step, n int) *int {
	f := min(step+1, n)
	return &f
}

// curve is a surface of one weight with the paths on it.
func (t *Track) curve(step int) *scene.Plot {
	low, high := t.Box.Low[0], t.Box.High[0]
	line, top, bottom := sampled(t.On, low, high)
	top = t.visible(bottom, top)
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Text("w"), Low: low, High: high},
		Y: scene.Axis{Label: scene.Say("lab44.loss"), Low: bottom - (top-bottom)*.08, High: top}, Height: 320,
		Series: []scene.Series{line},
	}
	for _, r := range t.Runners {
		plot.Series = append(plot.Series, pathOn(r, step, top))
	}
	return plot
}

// visible is how high a curve is drawn: as high as the runners come, and a little more.
func (t *Track) visible(bottom, top float64) float64 {
	seen := bottom
	for _, r := range t.Runners {
		for _, p := range r.Points() {
			seen = max(seen, p.F)
		}
	}
	return min(top, max(bottom+1.4*(seen-bottom), bottom+.15*(top-bottom)))
}

// sampled draws a surface of one weight, and says how high and how low it goes.
func sampled(on optimizer.Surface, low, high float64) (line scene.Series, top, bottom float64) {
	const n = 160
	top, bottom = math.Inf(-1), math.Inf(1)
	var ys []float64
	for i := range n + 1 {
		x := low + float64((high-low)*float64(i)/n)
		y := on.Value([]float64{x})
		line.X, ys = append(line.X, thousandths(x)), append(ys, y)
		top, bottom = max(top, y), min(bottom, y)
	}
	line.Y, line.Tone = scene.Y(ys), scene.Faint
	return line, top, bottom
}

// pathOn is a walk on the curve of its surface.
func pathOn(r Runner, step int, top float64) scene.Series {
	s := r.line()
	s.Label = r.Name
	var ys []float64
	points := r.Points()
	for _, p := range points {
		s.X, ys = append(s.X, p.W[0]), append(ys, min(p.F, top))
	}
	s.Y, s.Future = scene.Y(ys), future(step, len(points))
	return s
}

// Losses is how far each runner's loss is above the lowest one, over the steps; without a bottom it is the loss.
func (t *Track) Losses(step int) *scene.Plot {
	plot := &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab44.step"), High: float64(t.Steps)}, OnSteps: true, Height: 190,
		Y:     scene.Axis{Label: scene.Say("lab44.loss_above"), Low: math.Inf(1), High: 1e-3, Log: true},
		Lines: []scene.Reference{{Vertical: true, At: float64(step), Solid: true, Heavy: true}},
	}
	if t.ByRows > 0 {
		plot.X, plot.OnSteps, plot.Lines = scene.Axis{Label: scene.Say("lab44.rows_seen"), High: float64(t.Steps * t.ByRows)}, false, nil
	}
	floor := 0.
	if len(t.On.Minima) > 0 {
		floor = t.On.Minima[0].F
	} else {
		plot.Y = scene.Axis{Label: scene.Say("lab44.loss"), Low: -10, High: 2}
	}
	for _, r := range t.Runners {
		s := r.line()
		s.Label = r.Name
		var ys []float64
		points := r.Points()
		for i, p := range points {
			v := p.F - floor
			s.X, ys = append(s.X, t.along(r, i)), append(ys, v)
			if plot.Y.Log && v > 0 {
				plot.Y.Low, plot.Y.High = min(plot.Y.Low, v), max(plot.Y.High, v)
			}
		}
		s.Y, s.Future = scene.Y(ys), future(step, len(points))
		plot.Series = append(plot.Series, s)
	}
	if plot.Y.Log {
		plot.Y.High = min(plot.Y.High*1.2, 1e6)
		plot.Y.Low = max(min(plot.Y.Low, plot.Y.High/100), plot.Y.High*1e-6)
	}
	return plot
}

// lossChart is the losses as a small chart beside the plane.
func (t *Track) lossChart(step int) *scene.Plot {
	plot := t.Losses(step)
	plot.OnSteps, plot.Height = false, 172
	plot.Lines = []scene.Reference{{Vertical: true, At: float64(step)}}
	return plot
}

// along is where step i of a runner stands on the axis of its losses.
func (t *Track) along(r Runner, i int) float64 {
	switch {
	case t.ByRows == 0:
		return float64(i)
	case r.Rows == 0:
		return float64(i * t.ByRows)
	}
	return float64(i * r.Rows)
}

// memory is the value that a rule remembers, or derives, under one of its names.
func memory(p optimizer.Point, axis int, names ...string) *float64 {
	for _, m := range p.State {
		for _, name := range names {
			if m.Name == name && axis < len(m.Values) {
				return &m.Values[axis]
			}
		}
	}
	return nil
}

// States is what each rule has in its memory after the step, for one weight: from g to Δw.
func (t *Track) States(step, axis int) *scene.Table {
	table := &scene.Table{Head: []scene.Words{
		scene.Say("lab44.rule"), scene.Text("g"), scene.Text("v"), scene.Text("G"), scene.Text("M"), scene.Text("V"),
		scene.Text("M̂"), scene.Text("V̂"), scene.Say("lab44.effective"), scene.Text("Δw"),
	}}
	for _, r := range t.Runners {
		table.Rows = append(table.Rows, r.row(step, axis))
	}
	return table
}

// columns keeps some columns of a table.
func columns(all *scene.Table, keep ...int) *scene.Table {
	t := &scene.Table{}
	for _, k := range keep {
		t.Head = append(t.Head, all.Head[k])
	}
	for _, row := range all.Rows {
		var cells []scene.Cell
		for _, k := range keep {
			cells = append(cells, row[k])
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func (r Runner) row(step, axis int) []scene.Cell {
	p := r.Now(step)
	adam := memory(p, axis, "m") != nil
	cells := []scene.Cell{{Words: r.Name, Style: r.Style}, scene.N(scene.Value("g_"+r.Key, "g", p.G[axis]))}
	put := func(symbol string, v *float64, there bool) {
		if v == nil || !there {
			cells = append(cells, scene.N(scene.Number{}))
			return
		}
		cells = append(cells, scene.N(scene.Value(symbol+"_"+r.Key, symbol, *v)))
	}
	put("v", memory(p, axis, "v"), !adam)
	put("G", memory(p, axis, "G"), true)
	put("M", memory(p, axis, "m"), adam)
	put("V", memory(p, axis, "v"), adam)
	put("Mhat", memory(p, axis, "m̂"), adam && !r.Bare)
	put("Vhat", memory(p, axis, "v̂"), adam && !r.Bare)
	effective, dw := r.Move(step, axis)
	put("alpha_eff", effective, true)
	put("dw", dw, true)
	return cells
}

// Move is Δw of a step, and what it is of the direction it goes by, with the sign turned: of M̂ where there is one, of v for momentum,
// else of g. Nothing was moved before the first step.
func (r Runner) Move(step, axis int) (effective, dw *float64) {
	p := r.Points()
	if step < 1 || step >= len(p) {
		return nil, nil
	}
	d := p[step].W[axis] - p[step-1].W[axis]
	by := p[step].G[axis]
	if m := memory(p[step], axis, "m̂"); m != nil {
		by = *m
	}
	if memory(p[step], axis, "m") == nil && memory(p[step], axis, "v") != nil {
		return &r.Alpha, &d // v has α in it
	}
	if by == 0 {
		return nil, &d
	}
	e := -d / by
	return &e, &d
}
