package room

import (
	"math"
	"strconv"

	"gradus/internal/trial"
	"gradus/lab/scene"
)

// How fine the plane is, and the picture of what one neuron sees.
const (
	planeSide = 30
	cellSide  = 13
)

func itoa(i int) string { return strconv.Itoa(i) }

// moment is one step of the playground with what was found on the way there.
type moment struct {
	*play
	step   int
	past   []trial.Stop // as far as this step
	now    trial.Stop
	fall   *trial.Fall
	best   int         // the stop with the lowest cost on the test cases so far
	maps   [][]float32 // of every neuron over the small plane, layer by layer, the output's last
	full   []float64   // of each layer: the value at which its marks are largest
	risk   []float32   // of the output over the large plane, −1 … 1
	vitals [][]trial.Vital
	signal []float64 // mean |∂E/∂w| of each layer
	right  int       // test cases on the right side of the line
}

// scene is what a step shows.
func (p *play) scene(step int) (*scene.Scene, error) {
	m, err := p.moment(step)
	if err != nil {
		return nil, err
	}
	wide, narrow := "half", "half"
	if len(p.hidden) > 2 {
		wide, narrow = "two-thirds", "third"
	}
	figures := []scene.Figure{
		{Net: m.net(), Width: wide},
		{Plot: m.planePlot(), Width: narrow, Note: scene.Say("labroom.play_key", "train", m.train, "test", playRows-m.train)},
		{Plot: m.curve()},
		{Title: scene.Say("labroom.play_signal"), Note: scene.Say("labroom.play_signal_note"), Bars: m.signals(), Width: "half"},
		{Title: scene.Say("labroom.play_vital"), Table: m.vitalTable(), Width: "half"},
	}
	if e := m.export(); e != nil {
		figures = append(figures, scene.Figure{Title: scene.Say("labroom.play_export"), File: e})
	}
	return &scene.Scene{
		Figures: figures,
		Readings: []scene.Number{
			scene.Value("train_loss", "", m.now.Cost).Named(scene.Say("labroom.play_train_loss")),
			scene.Value("test_loss", "", m.now.Held).Named(scene.Say("labroom.play_test_loss")),
		},
		Summary: m.verdict(),
	}, nil
}

// moment looks at everything that a step shows; the last one is kept for the exercises.
func (p *play) moment(step int) (*moment, error) {
	if p.last != nil && p.last.step == step {
		return p.last, nil
	}
	m := &moment{play: p, step: step}
	m.past, m.fall = p.walk.To(p.stopOf(step))
	m.now = m.past[len(m.past)-1]
	for i, s := range m.past {
		if s.Held < m.past[m.best].Held {
			m.best = i
		}
	}
	m.look()
	m.vitals = p.walk.Vitals(m.now)
	m.right = trial.Right(p.walk.Look(m.now), p.held)
	var err error
	if m.signal, err = p.walk.Gradients(m.now); err != nil {
		return nil, err
	}
	p.last = m
	return m, nil
}

// look passes the cells of the plane through the network.
func (m *moment) look() {
	cells := m.walk.See(m.now, m.plane)
	large := planeSide * planeSide
	for l, c := range cells {
		full := 1.
		bounded := l == len(cells)-1 || m.training.Net.Activation == "sigmoid"
		if !bounded && m.training.Net.Activation != "tanh" {
			full = largest(c.H.Data[large*c.H.Cols:])
		}
		m.full = append(m.full, full)
		for n := range c.H.Cols {
			values := make([]float32, cellSide*cellSide)
			for i := range values {
				values[i] = shade(c.H.At(large+i, n), bounded)
			}
			m.maps = append(m.maps, values)
		}
	}
	out := cells[len(cells)-1].H
	m.risk = make([]float32, large)
	for i := range m.risk {
		m.risk[i] = shade(out.At(i, 0), true)
	}
}

// shade is h as a mark: of a value between 0 and 1 how far it is from ½. Three digits are more than a mark can show.
func shade(h float64, bounded bool) float32 {
	if bounded {
		h = float64(2*h) - 1
	}
	return float32(thousandths(h))
}

func largest(values []float64) float64 {
	most := 1e-9
	for _, v := range values {
		most = max(most, math.Abs(v))
	}
	return most
}

// net is the network with what each neuron sees; the one that counts most for the output is lit.
func (m *moment) net() *scene.Net {
	net := &scene.Net{Small: true}
	var inputs []scene.Node
	grid := playGrid(cellSide)
	for _, f := range m.features {
		values := make([]float32, len(grid))
		most := 0.
		for i, at := range grid {
			v := f.of(at[0], at[1])
			values[i], most = float32(thousandths(v)), max(most, math.Abs(v))
		}
		inputs = append(inputs, scene.Node{
			ID: f.key, Name: scene.Text(f.label), Map: &scene.Lattice{Cols: cellSide, Rows: cellSide, Values: values, Full: most},
		})
	}
	net.Columns, net.Names = [][]scene.Node{inputs}, []scene.Words{scene.Say("labroom.play_inputs")}
	next := 0
	for l := range m.full {
		net.Columns, net.Names = append(net.Columns, m.layer(l, &next)), append(net.Names, m.layerName(l))
	}
	m.connect(net)
	return net
}

// layer is the nodes of layer l; next is the first of their maps.
func (m *moment) layer(l int, next *int) []scene.Node {
	units := 1
	if l < len(m.hidden) {
		units = m.hidden[l]
	}
	var list []scene.Node
	for n := range units {
		node := scene.Node{
			ID: nodeID(l, n), Name: scene.Say("labroom.play_cell", "layer", l+1, "n", n+1),
			Map: &scene.Lattice{Cols: cellSide, Rows: cellSide, Values: m.maps[*next], Full: m.full[l]},
		}
		if l == len(m.hidden) {
			node.Name = m.layerName(l)
		} else {
			node.Dead = m.vitals[l][n].Dead
		}
		list = append(list, node)
		*next++
	}
	return list
}

// layerName is what layer l is called.
func (p *play) layerName(l int) scene.Words {
	if l == len(p.hidden) {
		return scene.Say("labroom.play_output")
	}
	return scene.Say("labroom.play_layer", "n", l+1)
}

func nodeID(layer, n int) string { return "h" + itoa(layer+1) + itoa(n+1) }

// connect adds the weights as edges, the biases to the nodes, and lights the neuron with the largest weight to the output.
func (m *moment) connect(net *scene.Net) {
	for _, span := range m.walk.Look(m.now).Spans() {
		l, values := span.Layer, m.now.Weights[span.Start:span.End]
		to, from := net.Columns[l+1], net.Columns[l]
		for i, v := range values {
			if span.Name != "weights" {
				to[i].Numbers = []scene.Number{scene.Value("b"+itoa(l+1)+itoa(i+1), "b", v).With(scene.Signed(v))}
				continue
			}
			j, k := i/len(from), i%len(from)
			n := scene.Value("w"+itoa(l+1)+"_"+itoa(j+1)+itoa(k+1), "w", v).With(scene.Signed(v))
			n.Plus = true
			net.Edges = append(net.Edges, scene.Edge{From: from[k].ID, To: to[j].ID, Number: n})
		}
		if l == len(m.hidden) && span.Name == "weights" {
			from[strongest(values)].Lit = "now"
		}
	}
}

func strongest(values []float64) int {
	at := 0
	for i, v := range values {
		if math.Abs(v) > math.Abs(values[at]) {
			at = i
		}
	}
	return at
}

// planePlot is the plane with the risk as halftone, the line where it is one half, and the cases.
func (m *moment) planePlot() *scene.Plot {
	plot := &scene.Plot{
		X: m.set.x.axis("x₁"), Y: m.set.y.axis("x₂"), Equal: true, Looks: true,
		Lattice: &scene.Lattice{Cols: planeSide, Rows: planeSide, Values: m.risk, Full: 1},
		Series:  []scene.Series{boundary(m.risk)},
	}
	hand := m.hand()
	for i, at := range m.at {
		p := scene.Point{X: at[0], Y: at[1], Small: true, Tone: scene.Negative, Mark: "circle", Hollow: i >= m.train}
		if m.class[i] == 1 {
			p.Tone, p.Mark = scene.Positive, "triangle"
		}
		plot.Points = append(plot.Points, p)
	}
	for _, i := range hand {
		plot.Points = append(plot.Points, scene.Point{X: m.at[i][0], Y: m.at[i][1], Mark: "around"})
	}
	return plot
}

// axis is an axis of the plane: standard deviations, or the patient's own units as ticks.
func (a playAxis) axis(label string) scene.Axis {
	axis := scene.Axis{Label: scene.Text(label), Low: -playEdge, High: playEdge}
	if a.words == "" {
		return axis
	}
	axis.Label = scene.Say("labroom.play_axis_" + a.words)
	for _, z := range []float64{-2, 0, 2} {
		axis.Ticks = append(axis.Ticks, scene.Tick{At: z, Label: scene.Text(strconv.FormatFloat(a.mid+float64(z*a.sd), 'f', -1, 64))})
	}
	return axis
}

// hand are the cases of the batch that was last learnt from, or the example that is being looked at.
func (m *moment) hand() []int {
	if m.by == "epoch" || m.step == 0 {
		return nil
	}
	seen := m.examples(m.base) + m.step
	if m.by == "batch" {
		seen = m.examples(m.base + m.step)
	}
	epoch, within := (seen-1)/m.train, (seen-1)%m.train
	order := m.training.Order(m.train, epoch+1)
	if m.by == "example" {
		return order[within : within+1]
	}
	return order[within/m.training.Batch*m.training.Batch : within+1]
}

// boundary is the line on which the values over the plane are 0, piece by piece between the middles of its cells.
func boundary(values []float32) scene.Series {
	line := scene.Series{Heavy: true}
	for r := range planeSide - 1 {
		for c := range planeSide - 1 {
			ends := crossings(values, c, r)
			for i := 0; i+1 < len(ends); i += 2 {
				a, b := ends[i], ends[i+1]
				line.X = append(line.X, a[0], b[0], b[0])
				line.Y = append(line.Y, &a[1], &b[1], nil)
			}
		}
	}
	return line
}

// crossings are the places on the four sides of a square of cells where the sign changes.
func crossings(values []float32, c, r int) [][2]float64 {
	corners := [5][2]int{{c, r}, {c + 1, r}, {c + 1, r + 1}, {c, r + 1}, {c, r}}
	var list [][2]float64
	for i := range 4 {
		p, q := corners[i], corners[i+1]
		u, v := float64(values[p[1]*planeSide+p[0]]), float64(values[q[1]*planeSide+q[0]])
		if (u < 0) == (v < 0) {
			continue
		}
		t := u / (u - v)
		x, y := playCell(p[0], planeSide), playCell(p[1], planeSide)
		list = append(list, [2]float64{
			thousandths(x + float64(t*(playCell(q[0], planeSide)-x))), thousandths(y + float64(t*(playCell(q[1], planeSide)-y))),
		})
	}
	return list
}

// curve is the cost on both parts over the steps so far, on the step bar's own scale.
func (m *moment) curve() *scene.Plot {
	train := scene.Series{Label: scene.Say("labroom.play_train"), Tone: scene.Faint}
	test := scene.Series{Label: scene.Say("labroom.play_test")}
	high := 0.
	for i, s := range m.past {
		x := float64(m.stepOf(i))
		train.X, test.X = append(train.X, x), append(test.X, x)
		train.Y, test.Y = append(train.Y, &s.Cost), append(test.Y, &s.Held)
		high = max(high, min(s.Cost, 1e6), min(s.Held, 1e6))
	}
	if m.by == "example" {
		train.Kind, test.Kind = "steps", "steps"
	}
	loss := scene.Axis{Label: scene.Say("labroom.play_loss"), High: roomy(high)}
	for _, u := range []float64{0, .5, 1} {
		loss.Ticks = append(loss.Ticks, scene.Tick{At: u * loss.High, Label: scene.Text(strconv.FormatFloat(u*loss.High, 'g', -1, 64))})
	}
	plot := &scene.Plot{
		X: scene.Axis{High: float64(max(1, m.steps))}, Y: loss,
		Height: 172, OnSteps: true, Series: []scene.Series{test, train},
		Lines: []scene.Reference{{Vertical: true, At: float64(m.step), Solid: true}},
	}
	if m.best > 0 && m.best < len(m.past)-1 {
		best := m.past[m.best]
		x := float64(m.stepOf(m.best))
		plot.Points = []scene.Point{{X: x, Y: best.Held, Mark: "ring"}}
		plot.Lines = append(plot.Lines, scene.Reference{
			Vertical: true, At: x, Label: scene.Say("labroom.play_lowest", "at", m.stepOf(m.best), "loss", scene.Round(best.Held, 4)),
		})
	}
	if m.fall != nil {
		plot.Lines = append(plot.Lines, scene.Reference{
			Vertical: true, At: float64(m.stepOf(len(m.past) - 1)), Tone: scene.Fail, Label: scene.Say("labroom.play_fell"),
		})
	}
	return plot
}

// roomy is the end of an axis that holds v and does not move with every step.
func roomy(v float64) float64 {
	for _, end := range []float64{.4, .8, 1.6, 4, 10, 40, 100, 1e3, 1e4, 1e5} {
		if v <= end {
			return end
		}
	}
	return 1e6
}
