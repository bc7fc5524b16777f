package room

import (
	"math"
	"strconv"
	"strings"

	"gradus/internal/trial"
	"gradus/lab/scene"
)

// How fine the plane is, and the picture of what one neuron sees.
const (
	planeSide = 100
	cellSide  = 26
)

func itoa(i int) string { return strconv.Itoa(i) }

// moment is one step of the playground with what was found on the way there.
type moment struct {
	*play
	step   int
	past   []trial.Stop // as far as this step
	now    trial.Stop
	fall   *trial.Fall
	best   int           // the stop with the lowest cost on the test cases so far
	maps   [][][]float32 // of every neuron over the small plane, layer by layer, the output's last
	full   []float64     // of each layer: the value at which its marks are largest
	risk   []float32     // of the output over the large plane, −1 … 1
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
	if len(p.hidden) > 3 {
		wide, narrow = "two-thirds", "third"
	}
	figures := []scene.Figure{
		{Net: m.net(), Width: wide},
		{Plot: m.planePlot(), Width: narrow, Note: scene.Say("labroom.play_key", "train", m.train, "test", playRows-m.train)},
		{Plot: m.curve()},
		{Title: scene.Say("labroom.play_signal"), Note: scene.Say("labroom.play_signal_note"), Bars: m.signals(), Width: "half"},
		{Title: scene.Say("labroom.play_vital"), Table: m.vitalTable(), Width: "half"},
		{Title: scene.Say("labroom.play_take"), Files: m.files()},
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
	m.signal, m.vitals = p.walk.Inside(m.now)
	m.right = m.now.Right
	p.last = m
	return m, nil
}

// look passes the cells of the plane through the network.
func (m *moment) look() {
	p := m.play
	if p.view == nil {
		cells := playGrid(cellSide)
		p.view = p.walk.Scenery(playInput(p.features, append(playGrid(planeSide), cells...), nil).X, len(cells))
	}
	p.view.Look(m.now)
	for l, neurons := range p.view.Near {
		bounded := l == len(p.view.Near)-1 || m.training.Net.Activation == "sigmoid"
		full := 1.
		if !bounded && m.training.Net.Activation != "tanh" {
			full = 1e-9
			for _, h := range neurons {
				full = max(full, largest(h))
			}
		}
		m.full = append(m.full, full)
		maps := make([][]float32, len(neurons))
		for n, h := range neurons {
			maps[n] = shades(h, bounded)
		}
		m.maps = append(m.maps, maps)
	}
	m.risk = shades(p.view.Out[:planeSide*planeSide], true)
}

// shades are h as marks: of values between 0 and 1 how far they are from ½. Three digits are more than a mark can show.
func shades(h []float64, bounded bool) []float32 {
	marks := make([]float32, len(h))
	for i, v := range h {
		if bounded {
			v = float64(2*v) - 1
		}
		marks[i] = float32(math.RoundToEven(1e3*v) / 1e3)
	}
	return marks
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
	net.Columns, net.Names = [][]scene.Node{m.inputNodes()}, []scene.Words{scene.Say("labroom.play_inputs")}
	net.Functions = []scene.Words{{}}
	for l := range m.full {
		f := m.training.Net.Activation
		if l == len(m.hidden) {
			f = m.training.Net.Last
		}
		net.Columns, net.Names = append(net.Columns, m.layer(l)), append(net.Names, m.layerName(l))
		net.Functions = append(net.Functions, scene.Say("labroom.play_activation_"+strings.ReplaceAll(f, "-", "_")))
	}
	m.connect(net)
	return net
}

// inputNodes are the features with what each says over the plane, which never changes.
func (p *play) inputNodes() (list []scene.Node) {
	if p.inputs == nil {
		for _, f := range p.features {
			values := make([]float64, 0, cellSide*cellSide)
			for _, at := range playGrid(cellSide) {
				values = append(values, f.of(at[0], at[1]))
			}
			p.inputs = append(p.inputs, shades(values, false))
		}
	}
	for i, f := range p.features {
		most := float32(0)
		for _, v := range p.inputs[i] {
			most = max(most, v, -v)
		}
		list = append(list, scene.Node{
			ID: f.key, Name: p.featureName(f), Aka: scene.Text(f.label), Map: &scene.Lattice{Cols: cellSide, Rows: cellSide, Values: p.inputs[i], Full: float64(most), Low: -1, High: 1},
		})
	}
	return list
}

// featureName is what a feature is called: by the name of the finding where it is one.
func (p *play) featureName(f playFeature) scene.Words {
	switch {
	case f.key == "x1" && p.set.x.words != "":
		return scene.Say("labroom.play_named_" + p.set.x.words)
	case f.key == "x2" && p.set.y.words != "":
		return scene.Say("labroom.play_named_" + p.set.y.words)
	}
	return scene.Text(f.label)
}

// lowered are the digits of n below the line.
func lowered(n int) string {
	s := ""
	for _, d := range itoa(n) {
		s += string('₀' + d - '0')
	}
	return s
}

// layer is the nodes of layer l.
func (m *moment) layer(l int) (list []scene.Node) {
	low := -1.
	if l == len(m.hidden) || m.training.Net.Activation == "sigmoid" {
		low = 0
	}
	for n, values := range m.maps[l] {
		node := scene.Node{
			ID: nodeID(l, n), Name: scene.Say("labroom.play_cell", "layer", l+1, "n", n+1), Aka: scene.Text("h" + lowered(l+1) + lowered(n+1)),
			Map: &scene.Lattice{Cols: cellSide, Rows: cellSide, Values: values, Full: m.full[l], Low: low, High: 1},
		}
		if l == len(m.hidden) {
			node.Name = m.layerName(l)
		} else {
			node.Dead = m.vitals[l][n].Dead
		}
		list = append(list, node)
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
				b := scene.Value(biasName(l, i), "b", v).With(scene.Signed(v)).Editable("edits")
				b.Plus = true
				to[i].Numbers = []scene.Number{b}
				continue
			}
			j, k := i/len(from), i%len(from)
			n := scene.Value(weightName(l, j, k), "w", v).With(scene.Signed(v)).Editable("edits")
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
		Lattice: &scene.Lattice{Cols: planeSide, Rows: planeSide, Values: m.risk, Full: 1, High: 1},
		Series:  []scene.Series{boundary(m.risk)},
		Cases:   &m.cases,
	}
	for _, i := range m.hand() {
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
		Height: 148, OnSteps: true, Series: []scene.Series{test, train},
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
