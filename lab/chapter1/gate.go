package chapter1

import (
	"math"
	"strconv"
	"strings"

	"gradus/lab/scene"
	"gradus/perceptron"
)

// The plane of the gates, and how fine its halftone is.
const (
	planeLow, planeHigh = -.4, 1.4
	planeCells          = 42
)

// corner is a page of one line between the four corners.
type corner struct {
	id, words, gate string // gate is empty where the learner chooses it
	w1, w2, b       float64
	exercises       func(*scene.State, *scene.Run) ([]scene.Exercise, error)
}

// corners are the pages of the three gates: 4-1-8 opens with a line that is nearly AND, 4-1-9 with AND's line, 4-1-10 with a line of
// AND that runs through the corner (1, 1).
var corners = []corner{
	{"4-1-8", "lab41.p08", "", 1, .5, -.8, andExercises},
	{"4-1-9", "lab41.p09", "or", 1, 1, -1.5, orExercises},
	{"4-1-10", "lab41.p10", "nand", 1, 1, -2, nandExercises},
}

func (c corner) page() *scene.Page {
	p := &scene.Page{ID: c.id, Words: c.words, Formula: "w₁x₁ + w₂x₂ + b ≥ 0", Vignette: true, Exercises: c.exercises}
	if c.gate == "" {
		p.Controls = append(p.Controls, scene.ChoiceControl("gate", scene.Say("lab41.gate"), "lab41.gate", "and", "or", "nand", "xor").In("bar"))
	}
	p.Controls = append(p.Controls, lineControls(c.w1, c.w2, c.b)...)
	p.Make = func(s *scene.State) (*scene.Run, error) {
		name := c.gate
		if name == "" {
			name = s.Raw("gate")
		}
		return gateRun(s, gateTable(name), c.words)
	}
	return p
}

func lineControls(w1, w2, b float64) []scene.Control {
	return []scene.Control{
		scene.RealControl("w1", scene.Text("w₁"), w1, -3, 3, .1),
		scene.RealControl("w2", scene.Text("w₂"), w2, -3, 3, .1),
		scene.RealControl("b", scene.Text("b"), b, -4, 4, .1),
	}
}

// gateTable is the truth table of a gate by its name.
func gateTable(name string) perceptron.Table {
	t, err := perceptron.ParseTable(name)
	if err != nil {
		panic(err) // the pages name known gates only
	}
	return t
}

func byHand(s *scene.State) perceptron.Perceptron {
	return perceptron.Perceptron{W: []float64{s.Real("w1"), s.Real("w2")}, B: s.Real("b")}
}

// gateRun shows the learner's line at step 0 and, behind it, the line after each update of Rosenblatt's rule.
func gateRun(s *scene.State, t perceptron.Table, words string) (*scene.Run, error) {
	learnt, err := perceptron.Learn(t, 1, 12)
	if err != nil {
		return nil, err
	}
	run := &scene.Run{
		Steps: len(learnt.History), Unit: scene.Say("lab41.update"), Marks: []scene.Mark{{Step: 0, Label: scene.Say("lab41.own")}},
		Drag: func(handle string, x, y float64) map[string]string { return pull(byHand(s), handle, x, y) },
	}
	for i, u := range learnt.History {
		if i == 0 || u.Epoch != learnt.History[i-1].Epoch {
			run.Marks = append(run.Marks, scene.Mark{Step: i + 1, Label: scene.Say("lab41.epoch_n", "n", u.Epoch), Minor: true})
		}
	}
	run.At = func(step int) (*scene.Scene, error) {
		if step == 0 {
			return gateScene(t, byHand(s), true, words)
		}
		u := learnt.History[step-1]
		sc, err := gateScene(t, perceptron.Perceptron{W: u.W, B: u.B}, false, words)
		if err == nil {
			sc.Held = map[string]string{"w1": tenths(u.W[0]), "w2": tenths(u.W[1]), "b": tenths(u.B)}
		}
		return sc, err
	}
	return run, nil
}

// gateScene is one line: the equation, the plane, the table.
func gateScene(t perceptron.Table, p perceptron.Perceptron, own bool, words string) (*scene.Scene, error) {
	rows, right, err := truth(t, p)
	if err != nil {
		return nil, err
	}
	plane, err := plane(t, p, own, words)
	if err != nil {
		return nil, err
	}
	solved, err := weightSpaces(t, p)
	if err != nil {
		return nil, err
	}
	m, _ := margin(t, p)
	return &scene.Scene{
		Figures: []scene.Figure{
			{Equation: &scene.Equation{Hero: true, Parts: equation(p)}, Width: "rail"},
			{Plot: plane},
			{Table: rows, Width: "rail"},
			{Equation: &scene.Equation{Parts: []scene.Part{
				{Text: scene.Say("lab41.points")},
				numberPart(scene.Count("right", scene.Say("lab41.points"), right)), textPart("/ 4 ·"),
				{Text: scene.Say("lab41.margin")},
				numberPart(scene.Value("margin", "", m).Named(scene.Say("lab41.margin"))),
			}}, Width: "rail"},
			{Tiles: solved, Width: "rail", Title: scene.Say("lab41.solutions"), Note: scene.Say("lab41.solutions_note")},
		},
		Summary: scene.Say("lab41.p08_summary", "right", right, "w1", p.W[0], "w2", added(p.W[1]), "b", added(p.B)),
	}, nil
}

// added is a number with the sign that adds it.
func added(v float64) string {
	if v < 0 {
		return "− " + tenths(-v)
	}
	return "+ " + tenths(v)
}

// equation is w₁x₁ + w₂x₂ + b = 0 with the numbers in it.
func equation(p perceptron.Perceptron) []scene.Part {
	part := func(key, label string, v float64) scene.Part {
		n := scene.Value(key, label, v).Editable(key)
		n.Plus = key != "w1"
		return numberPart(n)
	}
	return []scene.Part{
		part("w1", "w₁", p.W[0]), textPart("x₁"), part("w2", "w₂", p.W[1]), textPart("x₂"), part("b", "b", p.B), textPart("= 0"),
	}
}

// truth runs the four rows and counts the right ones.
func truth(t perceptron.Table, p perceptron.Perceptron) (*scene.Table, int, error) {
	table := &scene.Table{Head: []scene.Words{
		{}, scene.Text("x₁"), scene.Text("x₂"), scene.Say("lab41.o"), scene.Say("lab41.output"), scene.Say("lab41.wanted"), {},
	}}
	right := 0
	for r := range t.Rows() {
		x := t.X(r)
		st, err := p.Run(x...)
		if err != nil {
			return nil, 0, err
		}
		ok := int(st.Y) == t.Output(r)
		verdict := scene.Cell{Tone: scene.Fail}
		if ok {
			right++
			verdict.Tone = scene.Pass
		}
		at := strconv.Itoa(r)
		table.Rows = append(table.Rows, []scene.Cell{
			{Mark: mark(t.Output(r))},
			scene.N(scene.Count("", scene.Words{}, int(x[0]))), scene.N(scene.Count("", scene.Words{}, int(x[1]))),
			scene.N(scene.Value("o_"+at, "o", st.O).With(scene.Signed(st.O))),
			scene.N(scene.Count("y_"+at, scene.Text("y"), int(st.Y))), scene.N(scene.Count("", scene.Words{}, t.Output(r))),
			verdict,
		})
	}
	return table, right, nil
}

// mark is the shape of a class.
func mark(class int) string {
	if class == 1 {
		return "triangle"
	}
	return "circle"
}

// plane draws the four points, the field of o, the line with its handles and the nearest point.
func plane(t perceptron.Table, p perceptron.Perceptron, own bool, words string) (*scene.Plot, error) {
	plot := &scene.Plot{
		X:     scene.Axis{Label: scene.Say(words + "_x1"), Low: planeLow, High: planeHigh, Ticks: cornerTicks},
		Y:     scene.Axis{Label: scene.Say(words + "_x2"), Low: planeLow, High: planeHigh, Ticks: cornerTicks},
		Equal: true, Lattice: &scene.Lattice{Cols: planeCells, Rows: planeCells, Full: 2},
	}
	for i := range planeCells * planeCells {
		st, err := p.Run(cell(i%planeCells), cell(i/planeCells))
		if err != nil {
			return nil, err
		}
		plot.Lattice.Values = append(plot.Lattice.Values, float32(st.O))
	}
	for _, at := range []float64{0, 1} {
		plot.Lines = append(plot.Lines, scene.Reference{At: at, Tone: scene.Faint, Solid: true}, scene.Reference{Vertical: true, At: at, Tone: scene.Faint, Solid: true})
	}
	for r := range t.Rows() {
		x, tone := t.X(r), scene.Negative
		if t.Output(r) == 1 {
			tone = scene.Positive
		}
		plot.Points = append(plot.Points, scene.Point{
			X: x[0], Y: x[1], Mark: mark(t.Output(r)), Tone: tone, Hollow: t.Output(r) == 0, Label: scene.Say(words + "_at" + strconv.Itoa(r)),
		})
	}
	line(plot, t, p, own)
	return plot, nil
}

// cornerTicks are the two values of an input, and marks between them.
var cornerTicks = []scene.Tick{{At: 0, Label: scene.Text("0")}, {At: .2}, {At: .4}, {At: .6}, {At: .8}, {At: 1, Label: scene.Text("1")}}

// cell is the middle of cell i of the plane.
func cell(i int) float64 { return planeLow + (float64(i)+.5)*(planeHigh-planeLow)/planeCells }

// line adds w₁x₁ + w₂x₂ + b = 0, its arrow w and its handles; w = 0 is no line.
func line(plot *scene.Plot, t perceptron.Table, p perceptron.Perceptron, own bool) {
	w1, w2 := p.W[0], p.W[1]
	size := math.Sqrt(float64(w1*w1) + float64(w2*w2))
	if size == 0 {
		return
	}
	foot := foot(p, .5, .5)
	along := [2]float64{-w2 / size, w1 / size}
	far := func(d float64) [2]float64 {
		return [2]float64{foot[0] + float64(d*along[0]), foot[1] + float64(d*along[1])}
	}
	plot.Lines = append(plot.Lines, scene.Reference{Ends: [][2]float64{far(-3), far(3)}, Solid: true, Heavy: true})
	plot.Arrows = append(plot.Arrows, scene.Arrow{
		FromX: foot[0], FromY: foot[1], X: foot[0] + .2*w1/size, Y: foot[1] + .2*w2/size,
		Label: scene.Text("w = (" + strings.ReplaceAll(hundredths(w1)+", "+hundredths(w2), "-", "−") + ")"),
	})
	if m, nearest := margin(t, p); m > 0 {
		plot.Lines = append(plot.Lines, scene.Reference{
			Ends:  [][2]float64{{nearest[0], nearest[1]}, footOf(p, nearest)},
			Label: scene.Say("lab41.margin_is", "m", scene.Round(m, 4)),
		})
	}
	if own {
		ahead, behind := held(far, .55), held(far, -.55)
		plot.Handles = []scene.Handle{
			{Name: "line", X: foot[0], Y: foot[1], Mark: "square", Label: scene.Say("lab41.handle_line"), StepX: .05, StepY: .05},
			{Name: "turn", X: ahead[0], Y: ahead[1], Label: scene.Say("lab41.handle_turn"), StepX: .05, StepY: .05},
			{Name: "back", X: behind[0], Y: behind[1], Label: scene.Say("lab41.handle_turn"), StepX: .05, StepY: .05},
		}
	}
}

// held is a place along the line at which a handle can be taken: nearer to its middle where it would lie outside the plane.
func held(far func(float64) [2]float64, d float64) [2]float64 {
	at := far(d)
	for range 8 {
		if min(at[0], at[1]) > planeLow+.05 && max(at[0], at[1]) < planeHigh-.05 {
			break
		}
		d *= .8
		at = far(d)
	}
	return at
}

// foot is the point of the line nearest to (x, y).
func foot(p perceptron.Perceptron, x, y float64) [2]float64 {
	w1, w2 := p.W[0], p.W[1]
	d := (float64(w1*x) + float64(w2*y) + p.B) / (float64(w1*w1) + float64(w2*w2))
	return [2]float64{x - float64(d*w1), y - float64(d*w2)}
}

func footOf(p perceptron.Perceptron, at [2]float64) [2]float64 { return foot(p, at[0], at[1]) }

// margin is the distance of the nearest point where all are right, else 0; and that point.
func margin(t perceptron.Table, p perceptron.Perceptron) (least float64, nearest [2]float64) {
	size := math.Sqrt(float64(p.W[0]*p.W[0]) + float64(p.W[1]*p.W[1]))
	if size == 0 {
		return 0, nearest
	}
	least = math.Inf(1)
	for r := range t.Rows() {
		x := t.X(r)
		st, err := p.Run(x...)
		if err != nil || int(st.Y) != t.Output(r) {
			return 0, nearest
		}
		// Of two that are equally near, the lower one: above it stands its distance.
		if d := math.Abs(st.O) / size; d < least-1e-9 || d < least+1e-9 && x[1] < nearest[1] {
			least, nearest = d, [2]float64{x[0], x[1]}
		}
	}
	return least, nearest
}

// pull moves the line through (x, y), or turns it about its middle so that it passes there; the size of w stays.
func pull(p perceptron.Perceptron, handle string, x, y float64) map[string]string {
	w1, w2 := p.W[0], p.W[1]
	if handle != "line" {
		middle := foot(p, .5, .5)
		dx, dy := x-middle[0], y-middle[1]
		if handle == "back" {
			dx, dy = -dx, -dy
		}
		long := math.Sqrt(float64(dx*dx) + float64(dy*dy))
		size := math.Sqrt(float64(w1*w1) + float64(w2*w2))
		if long == 0 {
			return nil
		}
		w1, w2 = dy/long*size, -dx/long*size
		x, y = middle[0], middle[1]
	}
	b := -float64(w1*x) - float64(w2*y)
	return map[string]string{"w1": hundredths(w1), "w2": hundredths(w2), "b": hundredths(b)}
}

// hundredths is a value as a hand sets it.
func hundredths(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'g', -1, 64) }
