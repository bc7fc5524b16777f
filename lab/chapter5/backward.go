package chapter5

import (
	"math"

	"gradus/lab/scene"
	"gradus/tape"
)

// slopes are the eight ∂E/∂w.
func (q *sheet) slopes() []float64 {
	var list []float64
	for _, w := range weights {
		list = append(list, q.value("dE_d"+w))
	}
	return list
}

// largest is the place of the largest number, from 1.
func largest(list []float64, size func(float64) float64) float64 {
	best := 0
	for i, v := range list {
		if size(v) > size(list[best]) {
			best = i
		}
	}
	return float64(best + 1)
}

// askBlame is 4-5-1: the weight that moves E most.
func askBlame(q *sheet) ([]scene.Exercise, error) {
	g := q.slopes()
	var names []string
	for _, w := range weights {
		names = append(names, lowered.Replace(w))
	}
	same := func(v float64) float64 { return v }
	f := choice(scene.Words{}, int(largest(g, math.Abs)), texts(names...)...)
	return []scene.Exercise{q.task("1", []scene.Field{f}, []scene.Mistake{
		mistake("blame_weight", largest(q.W[:], math.Abs)), mistake("blame_positive", largest(g, same)),
		mistake("blame_least", largest(g, func(v float64) float64 { return -math.Abs(v) })), mistake("blame_first_layer", largest(g[:4], math.Abs)),
	})}, nil
}

// askSigns is 4-5-11: which way each weight goes.
func askSigns(q *sheet) ([]scene.Exercise, error) {
	var fields []scene.Field
	var all, first, second []float64
	for i, g := range q.slopes() {
		way := 1
		if g > 0 {
			way = 2
		}
		fields = append(fields, choice(scene.Text(lowered.Replace(weights[i])), way, says("up", "down")...))
		right, wrong := float64(way), float64(3-way)
		all = append(all, wrong)
		if i < 4 {
			first, second = append(first, wrong), append(second, right)
		} else {
			first, second = append(first, right), append(second, wrong)
		}
	}
	return []scene.Exercise{q.task("1", fields, []scene.Mistake{
		mistake("signs_all", all...), mistake("signs_first", first...), mistake("signs_second", second...),
	})}, nil
}

// askOrder is 4-5-12: the three factors in the order in which the error comes back.
func askOrder(q *sheet) ([]scene.Exercise, error) {
	e, h, o := "∂E/∂h₂₁", "∂h₂₁/∂o₂₁", "∂o₂₁/∂w₂₁"
	f := q.shuffled(3, e, h, o)
	return []scene.Exercise{q.task("1", []scene.Field{f}, []scene.Mistake{
		mistake("order_forward", order(f, o, h, e)), mistake("order_middle", order(f, h, e, o)), mistake("order_skip", order(f, e, o, h)),
	})}, nil
}

// gears are y = (ax + b)² of 4-5-13.
func (q *sheet) gears() (a, b, x float64) {
	if q.own() {
		return 3, 1, 1
	}
	r := q.dice()
	return float64(2 + r.IntN(4)), float64(1 + r.IntN(4)), float64(1 + r.IntN(3))
}

// square runs y = u², u = ax + b on the tape.
func square(a, b, x float64) (u, y, du, dy float64) {
	t := tape.New()
	at := t.Var(x)
	inner := t.Const(a).Mul(at).Add(t.Const(b))
	outer := inner.Mul(inner)
	t.Backward(outer)
	return inner.Value(), outer.Value(), inner.Grad(), at.Grad()
}

// askChain is 4-5-13: dy/dx where the instrument does not stand.
func askChain(q *sheet) ([]scene.Exercise, error) {
	a, b, x := q.gears()
	u, y, du, dy := square(a, b, x)
	return []scene.Exercise{q.task("1", []scene.Field{field("dy/dx", dy, .005)}, []scene.Mistake{
		mistake("chain_inner", du), mistake("chain_outer", a), mistake("chain_value", y), mistake("chain_sum", du+a),
		mistake("chain_u", u*a),
	}, "a", int(a), "b", int(b), "x", int(x))}, nil
}

// askTiles is 4-5-14: the product out of tiles, of which some do not belong.
func askTiles(q *sheet) ([]scene.Exercise, error) {
	e, h, o := "∂E/∂h₂₂", "∂h₂₂/∂o₂₂", "∂o₂₂/∂w₂₄"
	other, along, input := "∂E/∂h₂₁", "∂o₂₂/∂h₁₂", "∂o₂₁/∂w₂₂"
	f := q.shuffled(3, e, h, o, other, along, input)
	return []scene.Exercise{q.task("1", []scene.Field{f}, []scene.Mistake{
		mistake("tiles_output", order(f, other, h, o)), mistake("tiles_along", order(f, e, h, along)),
		mistake("tiles_weight", order(f, e, h, input)), mistake("order_forward", order(f, o, h, e)),
	})}, nil
}

// askFirst is 4-5-15: ①, and how it is written.
func askFirst(q *sheet) ([]scene.Exercise, error) {
	miss := q.value("h21") - q.Y[0]
	fields := append(q.fields(fourPlaces, "dE_dh21"), choice(scene.Say("lab45.written"), 2, texts("y₁ − h₂₁", "h₂₁ − y₁")...))
	return []scene.Exercise{q.task("1", fields, []scene.Mistake{
		mistake("symbol_sign", -q.value("dE_dh21"), anything), mistake("symbol_only", q.value("dE_dh21"), 1),
		mistake("two_stays", 2*q.value("dE_dh21"), anything), mistake("half_stays", q.value("dE_dh21")/2, anything),
		mistake("still_squared", times(miss, miss)/2, anything), mistake("wrong_output", q.value("dE_dh22"), anything),
	})}, nil
}

// askSecond is 4-5-16: ②.
func askSecond(q *sheet) ([]scene.Exercise, error) {
	return []scene.Exercise{q.task("1", q.fields(fourPlaces, "dh21_do21"), q.slopeMistakes("21", "22"))}, nil
}

// slopeMistakes are those of h(1 − h).
func (q *sheet) slopeMistakes(at, other string) []scene.Mistake {
	h := q.value("h" + at)
	_, atH := q.f(h)
	return []scene.Mistake{
		mistake("slope_h", h), mistake("slope_rest", 1-h), mistake("slope_square", times(h, h)), mistake("slope_at_h", atH),
		mistake("slope_other", q.value("dh"+other+"_do"+other)), mistake("slope_o", times(q.value("o"+at), 1-q.value("o"+at))),
	}
}

// askThird is 4-5-17: ③.
func askThird(q *sheet) ([]scene.Exercise, error) {
	return []scene.Exercise{q.task("1", q.fields(fourPlaces, "do21_dw21"), []scene.Mistake{
		mistake("third_weight", q.value("w21")), mistake("third_o", q.value("o11")), mistake("third_x", q.X[0]),
		mistake("third_other", q.value("h12")), mistake("third_output", q.value("h21")),
	})}, nil
}

// went is w − α·g: where a weight goes by a gradient, a mistaken one too.
func (q *sheet) went(w string, g float64) float64 { return q.value(w) - times(q.Alpha, g) }

// askUpdate is 4-5-18: the new w₂₁.
func askUpdate(q *sheet) ([]scene.Exercise, error) {
	g := q.value("dE_dw21")
	return []scene.Exercise{q.task("1", q.fields(fourPlaces, "w21'"), []scene.Mistake{
		mistake("uphill", q.went("w21", -g)), mistake("no_alpha", q.value("w21")-g),
		mistake("no_slope", q.went("w21", times(q.value("dE_dh21"), q.value("h11")))),
		mistake("no_third", q.went("w21", times(q.value("dE_dh21"), q.value("dh21_do21")))),
		mistake("only_step", -times(q.Alpha, g)), mistake("only_gradient", g), mistake("not_moved", q.value("w21")),
	})}, nil
}

// askOthers is 4-5-19: w₂₂, w₂₃, w₂₄.
func askOthers(q *sheet) ([]scene.Exercise, error) {
	delta := []float64{times(q.value("dE_dh21"), q.value("dh21_do21")), times(q.value("dE_dh22"), q.value("dh22_do22"))}
	h := q.values("h11", "h12")
	update := func(d22, h22, d23, h23, d24, h24 float64) []float64 {
		return []float64{q.went("w22", times(d22, h22)), q.went("w23", times(d23, h23)), q.went("w24", times(d24, h24))}
	}
	a, b := delta[0], delta[1]
	return []scene.Exercise{q.task("1", q.fields(fourPlaces, "w22'", "w23'", "w24'"), []scene.Mistake{
		mistake("uphill", update(-a, h[1], -b, h[0], -b, h[1])...),
		mistake("one_delta", anything, q.went("w23", times(a, h[0])), q.went("w24", times(a, h[1]))),
		mistake("one_h", q.went("w22", times(a, h[0])), anything, q.went("w24", times(b, h[0]))),
		mistake("no_slope", update(q.value("dE_dh21"), h[1], q.value("dE_dh22"), h[0], q.value("dE_dh22"), h[1])...),
		mistake("not_moved", q.values("w22", "w23", "w24")...),
	})}, nil
}

// askWays is 4-5-20: how many ways lead back.
func askWays(q *sheet) ([]scene.Exercise, error) {
	out := 3
	if !q.own() {
		out = 4 + q.dice().IntN(5)
	}
	two := scene.Field{Label: scene.Say("lab45.ways_here"), Right: 2, Within: .1}
	many := scene.Field{Label: scene.Say("lab45.ways_there", "n", out), Right: float64(out), Within: .1}
	return []scene.Exercise{q.task("1", []scene.Field{two, many}, []scene.Mistake{
		mistake("ways_one", 1, anything), mistake("ways_all", 4, anything), mistake("ways_squared", 2, float64(2*out)),
		mistake("ways_weights", 8, anything), mistake("ways_same", 2, 2),
	})}, nil
}
