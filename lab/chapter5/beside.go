package chapter5

import (
	"strconv"
	"strings"

	"gradus/deck"
	"gradus/lab/scene"
)

// one puts a figure beside the ledger.
//
//go:noinline
func one(f scene.Figure) []scene.Figure { return []scene.Figure{f} }

// title is the title of a figure.
//
//go:noinline
func title(key string, args ...any) scene.Words { return scene.Say("lab45."+key, args...) }

// besideBlame is 4-5-1: E shared out to the weights, and one weight nudged.
func besideBlame(q *sheet) ([]scene.Figure, error) {
	bars := &scene.Bars{}
	for i, g := range q.slopes() {
		name := "∂E/∂" + lowered.Replace(weights[i])
		bars.Rows = append(bars.Rows, scene.Bar{Number: q.again("dE_d"+weights[i], name).With(scene.Signed(g))})
	}
	list := []scene.Figure{{Title: title("blame"), Note: title("blame_note"), Bars: bars, Width: "half"}}
	w := q.state.Raw("nudged")
	by := q.state.Real("by")
	e := q.Example
	for i, n := range weights {
		if n == w {
			e.W[i] += by
		}
	}
	moved, err := e.Work()
	if err != nil {
		return list, err
	}
	after, _ := moved.Value("E")
	table := &scene.Table{Head: []scene.Words{{}, title("value")}, Rows: [][]scene.Cell{
		{scene.W(title("e_before")), scene.N(q.again("E", "E"))},
		{scene.W(title("e_after", "w", lowered.Replace(w), "by", by)), scene.N(scene.Value("E_nudged", "E", after))},
		{scene.W(title("e_ratio")), scene.N(scene.Value("dE_nudged", "ΔE/Δw", (after-q.value("E"))/by).With(scene.Signed(after - q.value("E"))))},
	}}
	return append(list, scene.Figure{Title: title("nudge"), Table: table, Width: "half"}), nil
}

// besideCount is 4-5-2: the weights as two matrices, the biases beside them where they are on.
func besideCount(q *sheet) ([]scene.Figure, error) {
	m := &scene.Matrices{}
	for layer, name := range []string{"W₁", "W₂"} {
		x := scene.Matrix{Label: scene.Text(name)}
		for r := range 2 {
			var row []scene.Number
			for c := range 2 {
				w := weights[4*layer+2*r+c]
				row = append(row, q.given(w))
			}
			x.Rows = append(x.Rows, row)
		}
		m.Items = append(m.Items, x)
		if q.B != nil {
			b := scene.Matrix{Label: scene.Text("b" + lowered.Replace(strconv.Itoa(layer+1)))}
			for r := range 2 {
				n := biases[2*layer+r]
				b.Rows = append(b.Rows, []scene.Number{q.given(n)})
			}
			m.Items = append(m.Items, scene.Matrix{Sign: "+"}, b)
		}
		if layer == 0 {
			m.Items = append(m.Items, scene.Matrix{Sign: "→ f →"})
		}
	}
	return []scene.Figure{q.built(), {Title: title("matrices"), Matrices: m, Width: "half"}}, nil
}

// built is the network of the sizes that are chosen, to be counted.
func (q *sheet) built() scene.Figure {
	n := &scene.Net{Small: true}
	sizes := []int{q.state.Whole("in"), q.state.Whole("hidden"), q.state.Whole("out")}
	for c, size := range sizes {
		var column []scene.Node
		for i := range size {
			at := strconv.Itoa(i + 1)
			name := []string{"x", "h", "y"}[c] + lowered.Replace(at)
			column = append(column, scene.Node{ID: strconv.Itoa(c) + at, Name: scene.Text(name), Round: c == 0})
			for k := 0; c > 0 && k < sizes[c-1]; k++ {
				n.Edges = append(n.Edges, scene.Edge{From: strconv.Itoa(c-1) + strconv.Itoa(k+1), To: strconv.Itoa(c) + at})
			}
		}
		n.Columns = append(n.Columns, column)
	}
	return scene.Figure{Title: title("built", "in", sizes[0], "hidden", sizes[1], "out", sizes[2]), Net: n, Width: "half"}
}

// besideNames is 4-5-3: what the deck's words would give for o₁₁, and what the weighted sum gives.
func besideNames(q *sheet) ([]scene.Figure, error) {
	return []scene.Figure{q.tapped(), {Title: title("o_means"), Note: title("o_note"), Width: "half", Table: &scene.Table{
		Head: []scene.Words{title("meaning"), title("formula"), title("value")},
		Rows: [][]scene.Cell{
			{scene.W(title("as_product")), scene.W(scene.Text("w₁₁x₁")), {Words: scene.Words{}, Number: ptr(scene.Value("w11x1", "w₁₁x₁", times(q.W[0], q.X[0]))), Tone: scene.Fail}},
			{scene.W(title("as_sum")), scene.W(scene.Text("w₁₁x₁ + w₁₂x₂")), {Number: ptr(q.again("o11", "o₁₁")), Tone: scene.Pass}},
			{scene.W(title("as_h")), scene.W(scene.Text("h₁₁ = f(o₁₁)")), scene.N(q.again("h11", "h₁₁"))},
		},
	}}}, nil
}

// tapped is the symbol that was touched, with its meaning and its value.
func (q *sheet) tapped() scene.Figure {
	s := q.state.Raw("tap")
	kind := map[string]string{"x1": "input", "w11": "weight", "o11": "sum", "h11": "hidden", "h21": "prediction", "y1": "target"}[s]
	formula := map[string]string{"o11": "w₁₁x₁ + w₁₂x₂", "h11": "f(o₁₁)", "h21": "f(o₂₁)"}[s]
	n := q.again(s, low(s))
	if formula == "" {
		n = q.given(s)
	}
	row := []scene.Cell{scene.W(scene.Text(lowered.Replace(s))), scene.W(title("name_" + kind)), scene.W(scene.Text(formula)), scene.N(n)}
	return scene.Figure{Title: title("tap"), Width: "half", Table: &scene.Table{Head: []scene.Words{{}, title("meaning"), title("formula"), title("value")}, Rows: [][]scene.Cell{row}, Big: true}}
}

func ptr(n scene.Number) *scene.Number { return &n }

// besideTargets is 4-5-9: prediction against target, one row an output, and three costs of the same misses.
func besideTargets(q *sheet) ([]scene.Figure, error) {
	table := &scene.Table{Head: []scene.Words{{}, title("prediction"), title("target_word"), title("miss")}}
	h := q.values("h21", "h22")
	for i, v := range h {
		n := strconv.Itoa(i + 1)
		table.Rows = append(table.Rows, []scene.Cell{
			scene.W(scene.Text("h₂" + lowered.Replace(n))), scene.N(q.again("h2"+n, "h₂"+lowered.Replace(n))), scene.N(q.given("y" + n)),
			scene.N(scene.Value("miss"+n, "h − y", v-q.Y[i]).With(scene.Signed(v - q.Y[i]))),
		})
	}
	costs := &scene.Table{Head: []scene.Words{title("cost"), title("value")}}
	for _, c := range []string{"half-sse", "mse", "mae"} {
		e, _, err := deck.Loss(c, h, q.Y[:])
		if err != nil {
			return nil, err
		}
		costs.Rows = append(costs.Rows, []scene.Cell{scene.W(title("cost_" + strings.ReplaceAll(c, "-", "_"))), scene.N(scene.Value("cost_"+c, "", e))})
	}
	return []scene.Figure{{Title: title("gauges"), Table: table, Width: "half"}, {Title: title("costs"), Note: title("costs_note"), Table: costs, Width: "half"}}, nil
}

// besideStep is 4-5-11: the way uphill of each weight, and what a step of α would leave of E.
func besideStep(q *sheet) ([]scene.Figure, error) {
	plot, err := q.preview()
	return []scene.Figure{{Title: title("uphill"), Plot: q.uphill(), Width: "half"}, {Title: title("preview"), Plot: plot, Width: "half"}}, err
}

// preview is E after one step, by α.
func (q *sheet) preview() (*scene.Plot, error) {
	if q.foresight != nil {
		return q.foresight, nil
	}
	const points = 33
	high := max(20, 2*q.Alpha)
	var x, y []float64
	top := q.value("E")
	for i := range points {
		e := q.Example
		e.Alpha = high * float64(i+1) / points
		w, err := e.Work()
		if err != nil {
			return nil, err
		}
		v, _ := w.Value("E'")
		x, y, top = append(x, e.Alpha), append(y, v), max(top, v)
	}
	q.foresight = &scene.Plot{
		X: scene.Axis{Label: scene.Text("α"), High: high}, Y: scene.Axis{Label: scene.Text("E′"), High: 1.1 * top}, Height: 300,
		Series: []scene.Series{{X: x, Y: scene.Y(y), Heavy: true, Label: scene.Text("E′")}},
		Points: []scene.Point{{X: q.Alpha, Y: q.value("E'"), Mark: "ring", Label: scene.Text("α = " + scene.Round(q.Alpha, 3))}},
		Lines:  []scene.Reference{{At: q.value("E"), Label: scene.Text("E")}},
	}
	return q.foresight, nil
}

// besideGears is 4-5-13: two gears and their product, beside a nudge of x.
func besideGears(q *sheet) ([]scene.Figure, error) {
	a, b, _ := q.gears()
	x, by := q.state.Real("x"), q.state.Real("by")
	u, y, du, dy := square(a, b, x)
	_, moved, _, _ := square(a, b, x+by)
	inner := scene.Text("u = " + scene.Round(a, 0) + "x + " + scene.Round(b, 0))
	flow := &scene.Flow{Stages: []scene.Stage{
		{Label: scene.Text("x"), Numbers: []scene.Number{scene.Value("x", "x", x).Editable("x")}},
		{Label: inner, Numbers: []scene.Number{scene.Value("u", "u", u), scene.Value("du_dx", "du/dx", a).With(scene.Backward)}, Lit: true},
		{Label: scene.Text("y = u²"), Numbers: []scene.Number{scene.Value("y", "y", y), scene.Value("dy_du", "dy/du", du).With(scene.Backward)}, Lit: true},
		{Label: title("gears_product"), Numbers: []scene.Number{scene.Value("dy_dx", "dy/dx", dy).With(scene.Backward)}},
	}}
	table := &scene.Table{Head: []scene.Words{{}, title("value")}, Rows: [][]scene.Cell{
		{scene.W(title("gears_nudge", "by", by)), scene.N(scene.Value("y_nudged", "y", moved))},
		{scene.W(title("gears_ratio")), scene.N(scene.Value("dy_nudged", "Δy/Δx", (moved-y)/by))},
	}}
	return []scene.Figure{{Title: title("gears"), Flow: flow, Width: "half"}, {Table: table, Width: "half"}}, nil
}
