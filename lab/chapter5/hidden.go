package chapter5

import (
	"gradus/lab/scene"
)

// askSum is 4-5-21: which lines have the wrong sign, and the same sum for h₁₂.
func askSum(q *sheet) ([]scene.Exercise, error) {
	lines := choice(scene.Words{}, 4, says("only_one", "only_two", "only_sum", "all_three")...)
	a, b := q.value("dEy1_dh12"), q.value("dEy2_dh12")
	across := times(q.value("dEy1_dh11")/nonzero(q.value("w21")), q.value("w23")) + times(q.value("dEy2_dh11")/nonzero(q.value("w23")), q.value("w22"))
	plain := times(q.value("dE_dh21"), q.value("w22")) + times(q.value("dE_dh22"), q.value("w24"))
	return []scene.Exercise{
		q.task("1", []scene.Field{lines}, []scene.Mistake{mistake("sum_only", 3), mistake("first_only", 1), mistake("second_only", 2)}),
		q.task("2", q.fields(fourPlaces, "dE_dh12"), []scene.Mistake{
			mistake("deck_sign", -a-b), mistake("one_way", a), mistake("other_way", b), mistake("ways_subtracted", a-b),
			mistake("ways_slope", plain), mistake("ways_crossed", across), mistake("ways_mean", (a+b)/2),
		}),
	}, nil
}

// nonzero keeps a divisor from being 0: what comes of it is left out as no number.
func nonzero(v float64) float64 {
	if v == 0 {
		return 1e-300
	}
	return v
}

// askHiddenSlope is 4-5-22, askInput 4-5-23.
func askHiddenSlope(q *sheet) ([]scene.Exercise, error) {
	return []scene.Exercise{q.task("1", q.fields(fourPlaces, "dh11_do11"), q.slopeMistakes("11", "21"))}, nil
}

func askInput(q *sheet) ([]scene.Exercise, error) {
	return []scene.Exercise{q.task("1", q.fields(fourPlaces, "do11_dw11"), []scene.Mistake{
		mistake("input_weight", q.value("w11")), mistake("input_h", q.value("h11")), mistake("input_other", q.X[1]),
		mistake("input_product", times(q.value("w11"), q.X[0])), mistake("input_o", q.value("o11")),
	})}, nil
}

// updated is ∂E/∂h of a hidden neuron where the output weights are already the new ones: a mistake, since E was computed with the old.
func (q *sheet) updated(first, second string) float64 {
	d1 := times(q.value("dE_dh21"), q.value("dh21_do21"))
	d2 := times(q.value("dE_dh22"), q.value("dh22_do22"))
	return times(d1, q.value(first+"'")) + times(d2, q.value(second+"'"))
}

// askFirstWeight is 4-5-24: the new w₁₁.
func askFirstWeight(q *sheet) ([]scene.Exercise, error) {
	slope, up := q.value("dh11_do11"), q.value("dE_dh11")
	g := q.value("dE_dw11")
	list := []scene.Mistake{}
	if q.Own {
		list = append(list, mistake("deck_w11", number(q.Rows[q.Row("w11'")].Printed)))
	}
	return []scene.Exercise{q.task("1", q.fields(fivePlaces, "w11'"), append(list,
		mistake("wrong_side", q.value("w11!")), mistake("no_slope", q.went("w11", times(up, q.X[0]))), mistake("no_x", q.went("w11", times(up, slope))),
		mistake("no_alpha", q.value("w11")-g), mistake("one_way_only", q.went("w11", times(times(q.value("dEy1_dh11"), slope), q.X[0]))),
		mistake("updated_weights", q.went("w11", times(times(q.updated("w21", "w23"), slope), q.X[0]))),
		mistake("not_moved", q.value("w11")),
	))}, nil
}

// askFirstLayer is 4-5-25: w₁₂, w₁₃, w₁₄.
func askFirstLayer(q *sheet) ([]scene.Exercise, error) {
	one := times(q.value("dE_dh11"), q.value("dh11_do11"))
	two := times(q.value("dE_dh12"), q.value("dh12_do12"))
	update := func(a, x12, b, x13, x14 float64) []float64 {
		return []float64{q.went("w12", times(a, x12)), q.went("w13", times(b, x13)), q.went("w14", times(b, x14))}
	}
	x := q.X
	list := []scene.Mistake{}
	if q.Own {
		list = append(list, mistake("deck_first_layer", q.printed3("w12'", "w13'", "w14'")...))
	}
	return []scene.Exercise{q.task("1", q.fields(fivePlaces, "w12'", "w13'", "w14'"), append(list,
		mistake("wrong_side", q.values("w12!", "w13!", "w14!")...), mistake("one_blame", update(one, x[1], one, x[0], x[1])...),
		mistake("inputs_exchanged", update(one, x[0], two, x[1], x[0])...), mistake("no_slope", update(q.value("dE_dh11"), x[1], q.value("dE_dh12"), x[0], x[1])...),
		mistake("not_moved", q.values("w12", "w13", "w14")...),
	))}, nil
}

// printed3 is what the deck prints of some rows.
func (q *sheet) printed3(symbols ...string) []float64 {
	var list []float64
	for _, s := range symbols {
		list = append(list, number(q.Rows[q.Row(s)].Printed))
	}
	return list
}

// direction is 1 where E rises to after, 2 where it falls, 3 where it stays.
func (q *sheet) direction(after string) int {
	switch was, is := q.value("E"), q.value(after); {
	case is > was:
		return 1
	case is < was:
		return 2
	}
	return 3
}

// askVerify is 4-5-26: which way E goes, and which way with the wrong sign.
func askVerify(q *sheet) ([]scene.Exercise, error) {
	ways := says("rises", "falls", "stays")
	fields := []scene.Field{
		choice(scene.Say("lab45.right_sign"), q.direction("E'"), ways...), choice(scene.Say("lab45.wrong_sign"), q.direction("E!"), ways...),
	}
	return []scene.Exercise{q.task("1", fields, []scene.Mistake{
		mistake("predict_up", 1, anything), mistake("predict_stays", 3, anything), mistake("predict_wrong_rises", anything, 1),
		mistake("predict_wrong_stays", anything, 3), mistake("predict_down", 2, anything),
	})}, nil
}

// second is a task of the second forward pass: five sharp decimals, at which the run with the wrong sign does not pass.
func (q *sheet) second(symbols, old []string, more ...scene.Mistake) []scene.Exercise {
	var list []scene.Mistake
	var wrong []string
	for _, s := range symbols {
		wrong = append(wrong, s[:len(s)-1]+"!")
	}
	if q.Own {
		list = append(list, mistake("deck_second", q.printed3(symbols...)...))
	}
	list = append(list, mistake("second_wrong_side", q.values(wrong...)...), mistake("second_old", q.values(old...)...))
	return []scene.Exercise{q.task("1", q.fields(fiveSharp, symbols...), append(list, more...))}
}

// askSums2 is 4-5-27, askHidden2 4-5-28.
func askSums2(q *sheet) ([]scene.Exercise, error) {
	w := q.values("w11'", "w12'", "w13'", "w14'")
	return q.second([]string{"o11'", "o12'"}, []string{"o11", "o12"},
		mistake("weights_crossed", pair(func(i int) float64 { return times(w[i], q.X[0]) + times(w[2+i], q.X[1]) })...),
		mistake("inputs_exchanged", pair(func(i int) float64 { return times(w[2*i], q.X[1]) + times(w[2*i+1], q.X[0]) })...)), nil
}

func askHidden2(q *sheet) ([]scene.Exercise, error) {
	return q.second([]string{"h11'", "h12'"}, []string{"h11", "h12"}, q.squashed(q.values("o11'", "o12'"), q.values("h11'", "h12'"))...), nil
}

// askSums3 is 4-5-29, askOut2 4-5-30.
func askSums3(q *sheet) ([]scene.Exercise, error) {
	sum := func(mark string, h []float64) []float64 {
		w := q.values("w21"+mark, "w22"+mark, "w23"+mark, "w24"+mark)
		return pair(func(i int) float64 { return times(w[2*i], h[0]) + times(w[2*i+1], h[1]) })
	}
	return q.second([]string{"o21'", "o22'"}, []string{"o21", "o22"},
		mistake("old_h", sum("'", q.values("h11", "h12"))...), mistake("old_w", sum("", q.values("h11'", "h12'"))...),
		mistake("o_for_h", sum("'", q.values("o11'", "o12'"))...)), nil
}

func askOut2(q *sheet) ([]scene.Exercise, error) {
	return q.second([]string{"h21'", "h22'"}, []string{"h21", "h22"}, q.squashed(q.values("o21'", "o22'"), q.values("h21'", "h22'"))...), nil
}
