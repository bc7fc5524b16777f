package chapter5

import (
	"math"
	"strconv"

	"gradus/lab/scene"
)

// besideTangent is 4-5-16 and 4-5-22: the activation with its tangent where the neuron stands.
func besideTangent(q *sheet) ([]scene.Figure, error) {
	at := "21"
	if q.leaf.n == 22 {
		at = "11"
	}
	return q.tangents(at)
}

// besideCurve is 4-5-6: the activation with the points of a layer.
func besideCurve(q *sheet) ([]scene.Figure, error) {
	return q.tangents("", "11", "12")
}

// tangents draws the activation, a tangent at one neuron where it is named, and points at others.
func (q *sheet) tangents(tangent string, points ...string) ([]scene.Figure, error) {
	const low, high, n = -4., 4., 65
	var x, y []float64
	bottom, top := 0., 1.
	for i := range n {
		o := low + (high-low)*float64(i)/(n-1)
		h, _ := q.f(o)
		x, y = append(x, o), append(y, h)
		bottom, top = min(bottom, h), max(top, h)
	}
	p := &scene.Plot{
		X: scene.Axis{Label: scene.Text("o"), Low: low, High: high}, Y: scene.Axis{Label: scene.Text("h"), Low: bottom, High: top}, Height: 260,
		Series: []scene.Series{{X: x, Y: scene.Y(y), Heavy: true, Label: scene.Text("f(o)")}},
	}
	for _, at := range points {
		if q.done("h" + at) {
			p.Points = append(p.Points, scene.Point{X: q.value("o" + at), Y: q.value("h" + at), Mark: "ring", Label: scene.Text("h" + lowered.Replace(at))})
		}
	}
	if tangent != "" {
		o, h := q.value("o"+tangent), q.value("h"+tangent)
		slope := q.value("dh" + tangent + "_do" + tangent)
		line := scene.Reference{Ends: [][2]float64{{o - 1.5, h - float64(1.5*slope)}, {o + 1.5, h + float64(1.5*slope)}}, Solid: true, Heavy: true, Tone: scene.Backward}
		p.Lines = append(p.Lines, line)
		p.Points = append(p.Points, scene.Point{X: o, Y: h, Mark: "ring"},
			scene.Point{X: o + 1.5, Y: h + float64(1.5*slope), Small: true, Tone: scene.Backward, Label: scene.Text("f′(o" + lowered.Replace(tangent) + ")")})
	}
	return one(scene.Figure{Title: title("curve"), Plot: p, Width: "half"}), nil
}

// besideWiggle is 4-5-17: w₂₁ moved, and how far o₂₁ goes with it.
func besideWiggle(q *sheet) ([]scene.Figure, error) {
	by := q.state.Real("by")
	e := q.Example
	e.W[4] += by
	w, err := e.Work()
	if err != nil {
		return nil, err
	}
	after, _ := w.Value("o21")
	return one(scene.Figure{Title: title("wiggle"), Table: &scene.Table{Head: []scene.Words{{}, scene.Text("w₂₁"), scene.Text("o₂₁")}, Rows: [][]scene.Cell{
		{scene.W(title("before")), scene.N(q.given("w21")), scene.N(q.again("o21", "o₂₁"))},
		{scene.W(title("after_nudge")), scene.N(scene.Value("w21_nudged", "w₂₁", e.W[4])), scene.N(scene.Value("o21_nudged", "o₂₁", after))},
		{scene.W(title("change")), scene.N(scene.Value("w21_change", "Δw₂₁", by)), scene.N(scene.Value("o21_change", "Δo₂₁", after-q.value("o21")))},
	}}, Note: title("wiggle_note"), Width: "half"}), nil
}

// besideRuler is 4-5-18 and 4-5-21: exact and printed value on one scale.
func besideRuler(q *sheet) ([]scene.Figure, error) {
	symbol, parts := "w21'", []scene.Number(nil)
	if q.leaf.n == 21 {
		symbol, parts = "dE_dh11", q.parts("dE_dh11")
	}
	if !q.done(symbol) {
		return nil, nil
	}
	r := q.Rows[q.Row(symbol)]
	ruler := &scene.Ruler{Deck: q.deckly() && r.Printed != "", Reader: q.again(symbol, left(r.Formula)), Parts: parts}
	reach := math.Abs(r.Exact)
	for _, p := range parts {
		reach = max(reach, math.Abs(*p.Value))
	}
	ruler.Low, ruler.High = -1.3*reach, 1.3*reach
	if symbol == "w21'" {
		far := max(math.Abs(r.Exact-q.value("w21")), 1e-6)
		ruler.Low, ruler.High = min(r.Exact, q.value("w21"))-far, max(r.Exact, q.value("w21"))+far
	}
	if r.Printed != "" {
		p := scene.Value("", "", number(r.Printed))
		p.Printed = minus(r.Printed)
		if p.Printed[0] != 0xe2 && r.Backward && !r.Updates {
			p.Printed = "+" + p.Printed
		}
		ruler.Printed = &p
	}
	return one(scene.Figure{Title: title("ruler", "name", left(r.Formula)), Ruler: ruler}), nil
}

// besideDelta is 4-5-19: the two factors that the four weights share.
func besideDelta(q *sheet) ([]scene.Figure, error) {
	table := &scene.Table{Head: []scene.Words{{}, title("formula"), title("value"), title("shared_by")}}
	for _, at := range []string{"21", "22"} {
		low := lowered.Replace(at)
		v := times(q.value("dE_dh"+at), q.value("dh"+at+"_do"+at))
		table.Rows = append(table.Rows, []scene.Cell{
			scene.W(scene.Text("δ" + low)), scene.W(scene.Text("∂E/∂h" + low + " · ∂h" + low + "/∂o" + low)), scene.N(scene.Value("delta"+at, "δ"+low, v).With(scene.Signed(v))),
			scene.W(scene.Text(map[string]string{"21": "w₂₁, w₂₂", "22": "w₂₃, w₂₄"}[at])),
		})
	}
	return one(scene.Figure{Title: title("delta"), Table: table, Width: "half"}), nil
}

// besideChange is 4-5-26: the eight weights before and after.
func besideChange(q *sheet) ([]scene.Figure, error) {
	table := &scene.Table{Head: []scene.Words{{}, title("before"), title("after"), title("change")}}
	for i, w := range weights {
		d := q.value(w+"'") - q.W[i]
		n := scene.Value("change_"+w, "Δ"+lowered.Replace(w), d).With(scene.Signed(d))
		n.Plus = true
		table.Rows = append(table.Rows, []scene.Cell{scene.W(scene.Text(lowered.Replace(w))), scene.N(q.given(w)), scene.N(q.again(w+"'", "")), scene.N(n)})
	}
	return one(scene.Figure{Title: title("two_nets"), Table: table, Width: "half"}), nil
}

// besideCopies is 4-5-27 and 4-5-29: what the deck prints of a weight, and what it fills in two pages later.
func besideCopies(q *sheet) ([]scene.Figure, error) {
	if !q.Own {
		return nil, nil
	}
	used := map[string]string{"w11'": "0.59986", "w12'": "0.39974", "w13'": "0.09964", "w14'": "0.29985", "w21'": "0.3099", "w22'": "0.8091", "w23'": "0.4997", "w24'": "0.2997"}
	list := []string{"w11'", "w12'", "w13'", "w14'"}
	if q.leaf.n == 29 {
		list = []string{"w21'", "w22'", "w23'", "w24'"}
	}
	table := &scene.Table{Head: []scene.Words{{}, title("printed_on"), title("used_on", "page", q.leaf.id()), title("exact"), {}}}
	for _, w := range list {
		r := q.Rows[q.Row(w)]
		tone := scene.Pass
		if r.Printed != used[w] {
			tone = scene.Fail
		}
		table.Rows = append(table.Rows, []scene.Cell{
			scene.W(scene.Text(lowered.Replace(w[:3]))), scene.W(scene.Text(r.Printed + " (" + r.Page + ")")), scene.W(scene.Text(used[w])), scene.N(q.again(w, "")), {Tone: tone},
		})
	}
	runs := []string{"o11'", "o12'"}
	if q.leaf.n == 29 {
		runs = []string{"o21'", "o22'"}
	}
	return []scene.Figure{{Title: title("copies"), Table: table, Width: "half"}, q.runs(runs...)}, nil
}

// rounds is how far 4-5-31 goes on.
const rounds = 300

// descend goes on from the example for as many rounds as are shown.
func (b *book) descend() {
	if b.right != nil {
		return
	}
	var err, err2 error
	b.right, err = b.Descend(rounds + 1)
	b.wrong, err2 = b.DescendWrongly(rounds + 1)
	b.early = err != nil || err2 != nil
}

// besideRounds is 4-5-31: E over 300 more steps, with the right and with the wrong sign, and the gradients checked.
func besideRounds(q *sheet) ([]scene.Figure, error) {
	q.descend()
	right, wrong := q.right, q.wrong
	figure := scene.Figure{Title: title("rounds", "n", rounds), Plot: q.curve(right, wrong)}
	if q.early {
		figure.Note = title("rounds_diverged", "n", min(len(right), len(wrong)))
	}
	at := min(q.state.Whole("more"), len(right)-1, len(wrong)-1)
	table := &scene.Table{Head: []scene.Words{title("after_steps", "n", at), title("right_sign"), title("wrong_sign")}, Rows: [][]scene.Cell{
		{scene.W(scene.Text("E")), scene.N(scene.Value("E_more", "E", right[at])), scene.N(scene.Value("E_wrong", "E", wrong[at]))},
	}}
	figure.Width = "half"
	return []scene.Figure{figure, {Title: title("checked"), Table: q.checks(), Note: title("checked_note"), Width: "half"}, {Table: table, Width: "half"}}, nil
}

// curve is E by step on a logarithmic scale.
func (q *sheet) curve(right, wrong []float64) *scene.Plot {
	line := func(list []float64, label string, tone scene.Tone, dash string) scene.Series {
		s := scene.Series{Label: scene.Say("lab45." + label), Tone: tone, Dash: dash, Heavy: dash == ""}
		y := make([]float64, len(list))
		for i, v := range list {
			s.X = append(s.X, float64(i))
			if y[i] = v; v <= 0 {
				y[i] = math.NaN()
			}
		}
		s.Y = scene.Y(y)
		return s
	}
	low, high := right[0], right[0]
	for _, v := range append(append([]float64{}, right...), wrong...) {
		if v > 0 {
			low, high = min(low, v), max(high, v)
		}
	}
	at := min(q.state.Whole("more"), len(right)-1)
	return &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab45.steps"), High: rounds}, Y: scene.Axis{Label: scene.Text("E"), Low: max(low/2, 1e-12), High: max(high*1.5, 1e-11), Log: true}, Height: 280,
		Series: []scene.Series{line(right, "right_sign", scene.Ink, ""), line(wrong, "wrong_sign", scene.Fail, "6 3")},
		Points: []scene.Point{{X: float64(at), Y: right[at], Mark: "ring"}},
		Lines:  []scene.Reference{{Vertical: true, At: float64(at)}},
	}
}

// checks are the eight gradients beside their finite differences, and the way that each weight goes with the wrong sign.
func (q *sheet) checks() *scene.Table {
	table := &scene.Table{Head: []scene.Words{{}, scene.Text("∂E/∂w"), title("finite"), title("difference"), title("deck_step")}}
	for i, w := range weights {
		g := q.value("dE_d" + w)
		v, _ := q.Finite("dE_d" + w)
		step := q.value(w+"!") - q.W[i]
		n := scene.Value("deck_step_"+strconv.Itoa(i+1), "Δ"+lowered.Replace(w), step).With(scene.Signed(step))
		n.Plus = true
		table.Rows = append(table.Rows, []scene.Cell{
			scene.W(scene.Text(lowered.Replace(w))), scene.N(q.again("dE_d"+w, "")), scene.N(scene.Value("finite_"+w, "", v)),
			scene.N(scene.Value("check_"+w, "", math.Abs(g-v))), scene.N(n),
		})
	}
	return table
}

// goal is a round value that E falls below within the steps shown, and when.
func goal(list []float64) (below float64, steps int) {
	for _, below := range []float64{1e-4, 1e-3, 1e-2, .05, .1} {
		for i, e := range list {
			if e < below && i > 10 {
				return below, i
			} else if e < below {
				break
			}
		}
	}
	middle := list[len(list)/2]
	for i, e := range list {
		if e <= middle {
			return middle, i
		}
	}
	return middle, 0
}

// askRounds is 4-5-31: how many steps, and how many weights the wrong sign sends the wrong way.
func askRounds(q *sheet) ([]scene.Exercise, error) {
	q.descend()
	if q.early {
		return nil, nil // nothing is asked of a run that ends early
	}
	list, wrong := q.right, q.wrong
	below, steps := goal(list)
	late := 0
	for late < len(wrong) && wrong[late] >= below {
		late++
	}
	drop := list[0] - list[1]
	bad := 0
	for i, w := range weights {
		if (q.value(w+"!")-q.W[i])*q.value("dE_d"+w) > 0 {
			bad++
		}
	}
	n := scene.Field{Right: float64(steps), Within: .4}
	return []scene.Exercise{
		q.task("1", []scene.Field{n}, []scene.Mistake{
			mistake("rounds_one_less", float64(steps-1)), mistake("rounds_wrong_run", float64(late)),
			mistake("rounds_straight", math.Ceil((list[0]-below)/nonzero(drop))), mistake("rounds_one_more", float64(steps+1)),
		}, "below", below),
		q.task("2", []scene.Field{{Right: float64(bad), Within: .1}}, []scene.Mistake{
			mistake("checked_three", 3), mistake("checked_all", 8), mistake("checked_none", 0), mistake("checked_one", 1),
		}),
	}, nil
}
