package chapter5

import (
	"math"
	"strconv"
	"strings"

	"gradus/deck"
	"gradus/lab/scene"
)

// low writes the digits of a symbol as subscripts.
func low(symbol string) string { return lowered.Replace(symbol) }

// besideGiven is 4-5-4: the ten numbers as they are, and as the lecture gives them.
func besideGiven(q *sheet) ([]scene.Figure, error) {
	e := deck.Worked()
	table := &scene.Table{Head: []scene.Words{{}, title("here"), title("lecture"), {}, {}, title("here"), title("lecture"), {}}}
	cells := func(n string, now, want float64) []scene.Cell {
		tone := scene.Fail
		if now == want {
			tone = scene.Pass
		}
		return []scene.Cell{scene.W(scene.Text(low(n))), scene.N(q.given(n)), scene.N(scene.Value("", low(n), want).Fixed(1)), {Tone: tone}}
	}
	for i, w := range weights[:4] {
		table.Rows = append(table.Rows, append(cells(w, q.W[i], e.W[i]), cells(weights[4+i], q.W[4+i], e.W[4+i])...))
	}
	table.Rows = append([][]scene.Cell{append(cells("x1", q.X[0], e.X[0]), cells("x2", q.X[1], e.X[1])...)}, table.Rows...)
	return one(scene.Figure{Title: title("given"), Table: table, Width: "half"}), nil
}

// besideProducts is 4-5-5: the products that a weighted sum adds up, each from the end of the one before.
func besideProducts(q *sheet) ([]scene.Figure, error) {
	var list []scene.Figure
	for i, o := range []string{"11", "12"} {
		bars := &scene.Bars{Running: true}
		for k, x := range inputs {
			w := weights[2*i+k]
			bars.Rows = append(bars.Rows, scene.Bar{Number: scene.Value(w+x, low(w+x), times(q.W[2*i+k], q.X[k]))})
		}
		list = append(list, scene.Figure{Title: title("products", "o", "o"+low(o)), Bars: bars, Width: "half"})
	}
	list[1].Note = title("products_note")
	return list, nil
}

// besideGauges is 4-5-8: each prediction as a bar, its target as a mark.
func besideGauges(q *sheet) ([]scene.Figure, error) {
	curve, err := q.tangents("", "21", "22")
	curve[0].Plot.Height = 200
	return append(one(q.gauges("")), curve...), err
}

// gauges are the predictions of a pass, as far as they are computed, with their targets.
func (q *sheet) gauges(mark string) scene.Figure {
	bars := &scene.Bars{}
	for i, at := range []string{"21", "22"} {
		n := scene.Number{Of: "h" + at + mark, Label: scene.Text("h" + low(at) + mark)}
		if q.done("h" + at + mark) {
			n = q.again("h"+at+mark, "h"+low(at)+mark)
		}
		y := q.Y[i]
		bars.Rows = append(bars.Rows, scene.Bar{Number: n, Bound: &y})
	}
	return scene.Figure{Title: title("gauges"), Note: title("gauges_note"), Bars: bars, Width: "half"}
}

// besideSlope is 4-5-15: the error of the first output over its prediction, with the slope there and the one that the symbols of the
// lecture would give.
func besideSlope(q *sheet) ([]scene.Figure, error) {
	h, y := q.value("h21"), q.Y[0]
	from, to := min(0, h, y), max(1, h, y)
	const n = 49
	var x, e []float64
	top := 0.
	for i := range n {
		v := from + (to-from)*float64(i)/(n-1)
		cost, _, err := deck.Loss(q.Cost, []float64{v}, []float64{y})
		if err != nil {
			return nil, err
		}
		x, e, top = append(x, v), append(e, cost), max(top, min(cost, 4))
	}
	here, _, err := deck.Loss(q.Cost, []float64{h}, []float64{y})
	if err != nil {
		return nil, err
	}
	g := q.value("dE_dh21")
	far := (to - from) / 4
	tangent := func(slope float64) [][2]float64 {
		return [][2]float64{{h - far, here - times(far, slope)}, {h + far, here + times(far, slope)}}
	}
	p := &scene.Plot{
		X: scene.Axis{Label: scene.Text("h₂₁"), Low: from, High: to}, Y: scene.Axis{Label: scene.Text("E"), Low: -top / 4, High: top}, Height: 280,
		Series: []scene.Series{{X: x, Y: scene.Y(e), Heavy: true}},
		Lines: []scene.Reference{
			{Ends: tangent(g), Solid: true, Heavy: true, Tone: scene.Backward},
			{Ends: tangent(-g), Tone: scene.Fail},
			{Vertical: true, At: y, Label: scene.Text("y₁")},
		},
		Points: []scene.Point{
			{X: h, Y: here, Mark: "ring"}, {X: h - far, Y: here + times(far, g), Small: true, Tone: scene.Fail, Label: title("turned")},
		},
	}
	return one(scene.Figure{Title: title("slope_lesson"), Note: title("slope_lesson_note"), Plot: p, Width: "half"}), nil
}

// besideShares is 4-5-10: the squared miss of each output, as a square.
func besideShares(q *sheet) ([]scene.Figure, error) {
	a := &scene.Areas{}
	for i, h := range q.values("h21", "h22") {
		n := strconv.Itoa(i + 1)
		miss := h - q.Y[i]
		a.Full = max(a.Full, math.Abs(miss))
		a.Items = append(a.Items, scene.Area{
			Side: scene.Value("miss"+n, "h₂"+low(n)+" − y"+low(n), miss).With(scene.Signed(miss)),
			Size: scene.Value("square"+n, "(h₂"+low(n)+" − y"+low(n)+")²", times(miss, miss)),
		})
	}
	return one(scene.Figure{Title: title("squares"), Note: title("squares_note"), Areas: a, Width: "half"}), nil
}

// uphill is 4-5-11: an arrow for each weight, α·∂E/∂w long, in the way that E rises.
func (q *sheet) uphill() *scene.Plot {
	g := q.slopes()
	reach := 1e-9
	for _, v := range g {
		reach = max(reach, math.Abs(v))
	}
	reach *= max(1, q.Alpha) * 1.15
	p := &scene.Plot{
		X: scene.Axis{Label: scene.Text("α·∂E/∂w"), Low: -reach, High: reach}, Y: scene.Axis{Low: .5, High: 8.5}, Height: 300,
		Lines: []scene.Reference{{Vertical: true, Solid: true}},
	}
	for i, w := range weights {
		at := float64(8 - i)
		p.Y.Ticks = append(p.Y.Ticks, scene.Tick{At: at, Label: scene.Text(low(w))})
		p.Arrows = append(p.Arrows, scene.Arrow{FromY: at, X: times(q.Alpha, g[i]), Y: at, Tone: scene.Signed(g[i])})
	}
	return p
}

// besideLine is 4-5-24: the lecture's line as it stands there; once the row is computed, the right one under it.
func besideLine(q *sheet) ([]scene.Figure, error) {
	if !q.Own {
		return nil, nil
	}
	r := q.Rows[q.Row("w11'")]
	_, filled, _ := strings.Cut(r.Filled, " = ") // what it adds up, without how it came there
	table := &scene.Table{Head: []scene.Words{{}, title("line"), {}}, Rows: [][]scene.Cell{
		{scene.W(title("lecture")), scene.W(scene.Text(filled)), {Tone: scene.Fail}},
	}}
	if q.done("w11'") {
		table.Rows = append(table.Rows, []scene.Cell{scene.W(title("exact")), scene.W(scene.Text(r.Numbers)), {Tone: scene.Pass}})
	}
	return one(scene.Figure{Title: title("contradiction"), Note: title("contradiction_note"), Table: table, Width: "half"}), nil
}

// runs are numbers of the second forward pass: as the lecture prints them, exact once they are computed, and as the wrong sign has them.
func (q *sheet) runs(symbols ...string) scene.Figure {
	table := &scene.Table{Head: []scene.Words{{}, title("exact"), title("wrong_sign"), title("lecture")}}
	for _, s := range symbols {
		label := low(s[:3])
		n := scene.Number{Of: s, Label: scene.Text(label)}
		if q.done(s) {
			n = q.again(s, label)
		}
		r := q.Rows[q.Row(s)]
		printed := scene.W(scene.Text("–"))
		if r.Printed != "" {
			printed = scene.W(scene.Text(r.Printed))
		}
		table.Rows = append(table.Rows, []scene.Cell{scene.W(scene.Text(label)), scene.N(n), scene.N(scene.Value(s[:3]+"!", label, q.value(s[:3]+"!"))), printed})
	}
	return scene.Figure{Title: title("runs"), Note: title("runs_note"), Table: table, Width: "half"}
}

// besideRuns is 4-5-28 and 4-5-30: the run with the wrong sign beside the right one.
func besideRuns(q *sheet) ([]scene.Figure, error) {
	if q.leaf.n == 30 {
		return []scene.Figure{q.runs("h21'", "h22'"), q.gauges("'")}, nil
	}
	return one(q.runs("h11'", "h12'")), nil
}
