package chapter5

import (
	"math"
	"strings"

	"gradus/activation"
	"gradus/deck"
	"gradus/lab/scene"
)

// f is the network's activation at o with its slope.
func (q *sheet) f(o float64) (h, slope float64) { return at(q.Activation, o) }

func at(name string, o float64) (h, slope float64) {
	f, err := activation.ByName[float64](name)
	if err != nil {
		panic(err) // the control offers known ones only
	}
	return activation.At(f, o)
}

// other is an activation that the network does not have.
func (q *sheet) other() string {
	if q.Activation == "tanh" {
		return "sigmoid"
	}
	return "tanh"
}

func times(a, b float64) float64 { return a * b }

// askCount is 4-5-2: weights, with and without bias.
func askCount(q *sheet) ([]scene.Exercise, error) {
	in, hidden, out := 2, 2, 2
	if !q.own() {
		r := q.dice()
		in, hidden, out = 2+r.IntN(4), 3+r.IntN(4), 1+r.IntN(3)
	}
	w, b := float64(in*hidden+hidden*out), float64(hidden+out)
	fields := []scene.Field{
		{Label: scene.Say("lab45.count_without"), Right: w, Within: .1}, {Label: scene.Say("lab45.count_with"), Right: w + b, Within: .1},
	}
	return []scene.Exercise{q.task("1", fields, []scene.Mistake{
		mistake("count_product", float64(in*hidden*out), anything), mistake("count_nodes", float64(in+hidden+out), anything),
		mistake("count_one_layer", float64(in*hidden), anything), mistake("count_hidden_bias", w, w+float64(hidden)),
		mistake("count_input_bias", w, w+b+float64(in)),
	}, "in", in, "hidden", hidden, "out", out)}, nil
}

// askNames is 4-5-3: six blanks.
func askNames(q *sheet) ([]scene.Exercise, error) {
	options := says("name_input", "name_weight", "name_sum", "name_hidden", "name_prediction", "name_target", "name_product")
	labels := []struct {
		text  string
		right int
	}{{"x₁", 1}, {"w₁₁", 2}, {"o₁₁", 3}, {"h₁₁", 4}, {"h₂₁", 5}, {"y₁", 6}}
	place := q.dice().Perm(len(labels))
	fields := make([]scene.Field, len(labels))
	wrong := func(key string, put map[string]float64) scene.Mistake {
		m := mistake(key, make([]float64, len(labels))...)
		for i, l := range labels {
			m.Values[place[i]] = anything
			if v, ok := put[l.text]; ok {
				m.Values[place[i]] = v
			}
		}
		return m
	}
	for i, l := range labels {
		fields[place[i]] = choice(scene.Text(l.text), l.right, options...)
	}
	return []scene.Exercise{q.task("1", fields, []scene.Mistake{
		wrong("name_product", map[string]float64{"o₁₁": 7}), wrong("name_exchanged", map[string]float64{"o₁₁": 4, "h₁₁": 3}),
		wrong("name_target", map[string]float64{"h₂₁": 6, "y₁": 5}), wrong("name_last", map[string]float64{"h₂₁": 4}),
	})}, nil
}

// askGiven is 4-5-4: the deck's ten numbers, set by hand.
func askGiven(q *sheet) ([]scene.Exercise, error) {
	e := deck.Worked()
	right, solve := 0, map[string]string{}
	count := func(names []string, now, want []float64) {
		for i, n := range names {
			solve[n] = scene.Round(want[i], 1)
			if now[i] == want[i] {
				right++
			}
		}
	}
	count(inputs, q.X[:], e.X[:])
	count(weights, q.W[:], e.W[:])
	return []scene.Exercise{{Key: q.leaf.key("_task1"), Goal: &scene.Goal{
		Now: scene.Count("right", scene.Say("lab45.given_right"), right), Target: scene.Say("lab45.given_all"), Done: right == 10,
		Why: scene.Say("lab45.p04_task1_more", "n", right), Solve: solve,
	}}}, nil
}

// pair are two numbers, one for each neuron of a layer.
func pair(f func(i int) float64) []float64 { return []float64{f(0), f(1)} }

// askHiddenSums is 4-5-5.
func askHiddenSums(q *sheet) ([]scene.Exercise, error) {
	x, w := q.X, q.W
	return []scene.Exercise{q.task("1", q.fields(fourPlaces, "o11", "o12"), []scene.Mistake{
		mistake("one_product", pair(func(i int) float64 { return w[2*i] * x[0] })...),
		mistake("weights_crossed", pair(func(i int) float64 { return times(w[i], x[0]) + times(w[2+i], x[1]) })...),
		mistake("no_input", pair(func(i int) float64 { return w[2*i] + w[2*i+1] })...),
		mistake("inputs_exchanged", pair(func(i int) float64 { return times(w[2*i], x[1]) + times(w[2*i+1], x[0]) })...),
		mistake("already_f", q.values("h11", "h12")...),
	})}, nil
}

// squashed are the mistakes of f: the sum itself, the sign of the exponent, another function, f twice.
func (q *sheet) squashed(o, h []float64) []scene.Mistake {
	of := func(f func(i int) float64) []float64 { return pair(f) }
	return []scene.Mistake{
		mistake("still_o", o...),
		mistake("exponent", of(func(i int) float64 { v, _ := q.f(-o[i]); return v })...),
		mistake("other_f", of(func(i int) float64 { v, _ := at(q.other(), o[i]); return v })...),
		mistake("f_twice", of(func(i int) float64 { v, _ := q.f(h[i]); return v })...),
		mistake("slope", of(func(i int) float64 { _, v := q.f(o[i]); return v })...),
	}
}

// askHidden is 4-5-6, askOut 4-5-8: f of two sums.
func askHidden(q *sheet) ([]scene.Exercise, error) {
	return []scene.Exercise{q.task("1", q.fields(fourPlaces, "h11", "h12"), q.squashed(q.values("o11", "o12"), q.values("h11", "h12")))}, nil
}

func askOut(q *sheet) ([]scene.Exercise, error) {
	return []scene.Exercise{q.task("1", q.fields(fourPlaces, "h21", "h22"), q.squashed(q.values("o21", "o22"), q.values("h21", "h22")))}, nil
}

// askOutSums is 4-5-7.
func askOutSums(q *sheet) ([]scene.Exercise, error) {
	w, h, o := q.W[4:], q.values("h11", "h12"), q.values("o11", "o12")
	sum := func(v []float64) []float64 {
		return pair(func(i int) float64 { return times(w[2*i], v[0]) + times(w[2*i+1], v[1]) })
	}
	return []scene.Exercise{q.task("1", q.fields(fourPlaces, "o21", "o22"), []scene.Mistake{
		mistake("o_for_h", sum(o)...), mistake("x_for_h", sum(q.X[:])...),
		mistake("weights_crossed", pair(func(i int) float64 { return times(w[i], h[0]) + times(w[2+i], h[1]) })...),
		mistake("one_product", pair(func(i int) float64 { return w[2*i] * h[0] })...),
		mistake("already_f", q.values("h21", "h22")...),
	})}, nil
}

// three are the outputs and targets of a network with three outputs, for 4-5-9.
func (q *sheet) three() (h, y []float64) {
	r := q.dice()
	for range 3 {
		y = append(y, float64(1+r.IntN(9))/10)
		h = append(h, float64(1+r.IntN(9))/10)
	}
	if h[0] == y[0] {
		h[0] = y[0] / 2
	}
	return h, y
}

// askCosts is 4-5-9: ½Σ and MSE part where there are three outputs.
func askCosts(q *sheet) ([]scene.Exercise, error) {
	h, y := q.three()
	half, _, err := deck.Loss("half-sse", h, y)
	if err != nil {
		return nil, err
	}
	mean, _, err := deck.Loss("mse", h, y)
	if err != nil {
		return nil, err
	}
	absolute, _, err := deck.Loss("mae", h, y)
	signed := 0.0
	for i := range h {
		signed += y[i] - h[i]
	}
	return []scene.Exercise{q.task("1", []scene.Field{field("½Σ", half, fourPlaces), field("MSE", mean, fourPlaces)}, []scene.Mistake{
		mistake("same_two", half, half), mistake("no_half", 2*half, anything), mistake("no_mean", anything, 2*half),
		mistake("divided_by_two", anything, half), mistake("not_squared", signed/2, anything), mistake("absolute", anything, absolute),
	}, "y", joined(y), "h", joined(h))}, err
}

func joined(list []float64) string {
	var parts []string
	for _, v := range list {
		parts = append(parts, scene.Round(v, 1))
	}
	return strings.Join(parts, ", ")
}

// shares are what each output adds to E: ½Σ adds them up, the other costs take their mean.
func (q *sheet) shares() ([]float64, error) {
	list := make([]float64, 2)
	for i, h := range q.values("h21", "h22") {
		e, _, err := deck.Loss(q.Cost, []float64{h}, q.Y[i:i+1])
		if err != nil {
			return nil, err
		}
		if list[i] = e; q.Cost != "half-sse" {
			list[i] /= 2
		}
	}
	return list, nil
}

// askError is 4-5-10: E, and whose it is.
func askError(q *sheet) ([]scene.Exercise, error) {
	share, err := q.shares()
	if err != nil {
		return nil, err
	}
	larger := 1
	if math.Abs(share[1]) > math.Abs(share[0]) {
		larger = 2
	}
	absolute, _, err := deck.Loss("mae", q.values("h21", "h22"), q.Y[:])
	signed := ((q.Y[0] - q.value("h21")) + (q.Y[1] - q.value("h22"))) / 2
	raw, _, err2 := deck.Loss("half-sse", q.values("o21", "o22"), q.Y[:])
	if err == nil {
		err = err2
	}
	fields := append(q.fields(fourPlaces, "E"), choice(scene.Say("lab45.larger_share"), larger, texts("h₂₁", "h₂₂")...))
	return []scene.Exercise{q.task("1", fields, []scene.Mistake{
		mistake("no_half", 2*q.value("E"), anything), mistake("not_squared", signed, anything), mistake("absolute", absolute, anything),
		mistake("o_for_h", raw, anything), mistake("half_twice", q.value("E")/2, anything),
		mistake("share_of_nearer", anything, float64(3-larger)),
	})}, err
}
