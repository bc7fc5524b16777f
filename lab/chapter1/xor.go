package chapter1

import (
	"strconv"

	"gradus/lab/scene"
	"gradus/perceptron"
)

// xor is 4-1-11: one line fails and the reason is proven; three gates do it; so does training.
func xor() *scene.Page {
	controls := []scene.Control{scene.ChoiceControl("part", scene.Say("lab41.part"), "lab41.part", "line", "blocks", "train").In("bar")}
	for _, c := range lineControls(1, 1, -.5) {
		controls = append(controls, c.Only("part", "line"))
	}
	for i, gate := range []string{"or", "and", "or"} {
		at := strconv.Itoa(i + 1)
		c := scene.ChoiceControl("g"+at, scene.Say("lab41.g"+at), "lab41.gate", "and", "or", "nand")
		c.Default = gate
		controls = append(controls, c.Only("part", "blocks"))
	}
	controls = append(controls,
		scene.WholeControl("hidden", scene.Say("lab41.p11_hidden"), 2, 1, 8).In("bar").Only("part", "train"),
		scene.RealControl("alpha", scene.Text("α"), .1, .01, 10, .01).Logarithmic().In("bar").Only("part", "train"))
	return &scene.Page{
		ID: "4-1-11", Words: "lab41.p11", Formula: "XOR(x) = AND(NAND(x), OR(x))", Vignette: true,
		Controls: controls, Make: xorRun, Exercises: xorExercises,
	}
}

func xorRun(s *scene.State) (*scene.Run, error) {
	switch s.Raw("part") {
	case "blocks":
		return blocksRun(s)
	case "train":
		return trainRun(s)
	}
	run, err := gateRun(s, gateTable("xor"), "lab41.p11")
	if err != nil {
		return nil, err
	}
	draw := run.At
	run.At = func(step int) (*scene.Scene, error) {
		sc, err := draw(step)
		if err == nil {
			// Where no weights solve it, the proof takes the place of the small planes.
			last := len(sc.Figures) - 1
			sc.Figures[last].Width = ""
			sc.Figures = append(sc.Figures, certificate())
		}
		return sc, err
	}
	return run, nil
}

// certificate is why no line makes XOR: weights on its rows under which the ones and the zeros have one centre of gravity.
func certificate() scene.Figure {
	t := gateTable("xor")
	proof := perceptron.Prove(t)
	_, wrong := perceptron.Best(t)
	table := &scene.Table{Head: []scene.Words{scene.Text("x₁"), scene.Text("x₂"), scene.Say("lab41.wanted"), scene.Say("lab41.p11_weight")}}
	for r := range t.Rows() {
		x := t.X(r)
		table.Rows = append(table.Rows, []scene.Cell{
			scene.N(scene.Count("", scene.Words{}, int(x[0]))), scene.N(scene.Count("", scene.Words{}, int(x[1]))),
			{Mark: mark(t.Output(r))},
			scene.N(scene.Count("m_"+strconv.Itoa(r), scene.Text("m"), proof.Weights[r])),
		})
	}
	return scene.Figure{
		Width: "rail", Table: table, Title: scene.Say("lab41.p11_proof", "best", t.Rows()-wrong),
		Note: scene.Say("lab41.p11_meet", "x", proof.Meet[0], "y", proof.Meet[1]),
	}
}

// wired are the three gates that the learner has put together.
func wired(s *scene.State) (n perceptron.Wired, err error) {
	n = perceptron.XOR()
	n.First = make([]perceptron.Perceptron, 2)
	for i := range n.First {
		if n.First[i], err = perceptron.Gate(s.Raw("g" + strconv.Itoa(i+1))); err != nil {
			return n, err
		}
	}
	n.Last, err = perceptron.Gate(s.Raw("g3"))
	return n, err
}

// blocksRun steps through the four rows: what the two gates say of each, and what the third makes of that.
func blocksRun(s *scene.State) (*scene.Run, error) {
	n, err := wired(s)
	if err != nil {
		return nil, err
	}
	t := gateTable("xor")
	run := &scene.Run{Steps: 3, Unit: scene.Say("lab41.row")}
	for r := range t.Rows() {
		run.Marks = append(run.Marks, scene.Mark{Step: r, Label: scene.Text(strconv.Itoa(int(t.X(r)[0])) + strconv.Itoa(int(t.X(r)[1])))})
	}
	run.At = func(step int) (*scene.Scene, error) {
		table, right, err := folded(n, t, step)
		if err != nil {
			return nil, err
		}
		now, err := n.Run(t.X(step)...)
		if err != nil {
			return nil, err
		}
		hidden, err := hiddenPlane(n, t)
		if err != nil {
			return nil, err
		}
		return &scene.Scene{
			Figures: []scene.Figure{
				{Plot: outerPlane(n, t), Width: "half", Title: scene.Say("lab41.p11_outer")},
				{Plot: hidden, Width: "half", Title: scene.Say("lab41.p11_inner")},
				{Net: wiring(n, now)},
				{Table: table, Width: "rail"},
				{Equation: &scene.Equation{Parts: []scene.Part{
					{Text: scene.Say("lab41.points")}, numberPart(scene.Count("right", scene.Say("lab41.points"), right)), textPart("/ 4"),
				}}, Width: "rail"},
			},
			Summary: scene.Say("lab41.p11_blocks_summary", "g1", s.Raw("g1"), "g2", s.Raw("g2"), "g3", s.Raw("g3"), "right", right),
		}, nil
	}
	return run, nil
}

// folded is the truth table with the two gates between.
func folded(n perceptron.Wired, t perceptron.Table, now int) (*scene.Table, int, error) {
	table := &scene.Table{Now: &now, Head: []scene.Words{
		scene.Text("x₁"), scene.Text("x₂"), scene.Text("h₁"), scene.Text("h₂"), scene.Text("y"), scene.Say("lab41.wanted"), {},
	}}
	right := 0
	for r := range t.Rows() {
		st, err := n.Run(t.X(r)...)
		if err != nil {
			return nil, 0, err
		}
		count := func(symbol string, v float64) scene.Cell {
			return scene.N(scene.Count(symbol+"_"+strconv.Itoa(r), scene.Words{}, int(v)))
		}
		verdict := scene.Cell{Tone: scene.Fail}
		if int(st.Last.Y) == t.Output(r) {
			right++
			verdict.Tone = scene.Pass
		}
		table.Rows = append(table.Rows, []scene.Cell{
			count("x1", t.X(r)[0]), count("x2", t.X(r)[1]), count("h1", st.First[0].Y), count("h2", st.First[1].Y), count("y", st.Last.Y),
			{Mark: mark(t.Output(r))},
			verdict,
		})
	}
	return table, right, nil
}

// wiring is the network of the three gates with the numbers of one row.
func wiring(n perceptron.Wired, st perceptron.WiredStages) *scene.Net {
	v := func(symbol, label string, x float64) scene.Number { return scene.Value(symbol, label, x) }
	x := st.First[0].X
	net := &scene.Net{Columns: [][]scene.Node{
		{{ID: "x1", Round: true, Numbers: []scene.Number{v("x1", "x₁", x[0]).Fixed(0)}}, {ID: "x2", Round: true, Numbers: []scene.Number{v("x2", "x₂", x[1]).Fixed(0)}}},
		{},
		{{ID: "y", Numbers: []scene.Number{v("o", "o", st.Last.O), v("y", "y", st.Last.Y).Fixed(0)}}},
	}}
	for j, p := range n.First {
		at, low := strconv.Itoa(j+1), lowered(j)
		net.Columns[1] = append(net.Columns[1], scene.Node{ID: "h" + at, Numbers: []scene.Number{
			v("o"+at, "o"+low, st.First[j].O), v("h"+at, "h"+low, st.First[j].Y).Fixed(0),
		}})
		for i, w := range p.W {
			net.Edges = append(net.Edges, scene.Edge{From: "x" + strconv.Itoa(i+1), To: "h" + at, Number: v("w"+strconv.Itoa(i+1)+at, "w", w).Fixed(0)})
		}
		net.Edges = append(net.Edges, scene.Edge{From: "h" + at, To: "y", Number: v("v"+at, "v", n.Last.W[j]).Fixed(0)})
	}
	return net
}

// corners4 adds the four rows at their places to a plane; at says where a row lies.
func corners4(plot *scene.Plot, t perceptron.Table, at func(x []float64) (float64, float64)) {
	for r := range t.Rows() {
		a, b := at(t.X(r))
		tone := scene.Negative
		if t.Output(r) == 1 {
			tone = scene.Positive
		}
		plot.Points = append(plot.Points, scene.Point{X: a, Y: b, Mark: mark(t.Output(r)), Tone: tone, Hollow: t.Output(r) == 0})
	}
}

func square(x, y scene.Words) *scene.Plot {
	return &scene.Plot{
		X: scene.Axis{Label: x, Low: planeLow, High: planeHigh}, Y: scene.Axis{Label: y, Low: planeLow, High: planeHigh}, Equal: true, Height: 290,
		Lattice: &scene.Lattice{Cols: planeCells, Rows: planeCells, Full: 2},
	}
}

// outerPlane is what the three gates say over the plane of the inputs, with the two lines.
func outerPlane(n perceptron.Wired, t perceptron.Table) *scene.Plot {
	plot := square(scene.Text("x₁"), scene.Text("x₂"))
	for i := range planeCells * planeCells {
		st, err := n.Run(cell(i%planeCells), cell(i/planeCells))
		if err != nil {
			panic(err) // two inputs, two weights
		}
		plot.Lattice.Values = append(plot.Lattice.Values, float32(2*st.Last.Y-1))
	}
	for _, p := range n.First {
		ends := [][2]float64{footOf(p, [2]float64{-5, 6}), footOf(p, [2]float64{6, -5})}
		plot.Lines = append(plot.Lines, scene.Reference{Ends: ends, Solid: true, Heavy: true})
	}
	corners4(plot, t, func(x []float64) (float64, float64) { return x[0], x[1] })
	return plot
}

// hiddenPlane is the plane of h₁ and h₂, where the four points have been folded together and one line parts them, or not.
func hiddenPlane(n perceptron.Wired, t perceptron.Table) (*scene.Plot, error) {
	plot := square(scene.Text("h₁"), scene.Text("h₂"))
	for i := range planeCells * planeCells {
		st, err := n.Last.Run(cell(i%planeCells), cell(i/planeCells))
		if err != nil {
			return nil, err
		}
		plot.Lattice.Values = append(plot.Lattice.Values, float32(st.O))
	}
	ends := [][2]float64{footOf(n.Last, [2]float64{-5, 6}), footOf(n.Last, [2]float64{6, -5})}
	plot.Lines = []scene.Reference{{Ends: ends, Solid: true, Heavy: true}}
	var failed error
	corners4(plot, t, func(x []float64) (float64, float64) {
		st, err := n.Run(x...)
		if err != nil {
			failed = err
			return 0, 0
		}
		return st.First[0].Y, st.First[1].Y
	})
	return plot, failed
}
