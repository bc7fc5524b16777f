package deck

import (
	"context"

	"gradus/activation"
	"gradus/optimizer"
	"gradus/trace"
	"gradus/train"
)

// claims computes the numbers that test what pages before 4-5 say.
func (v values) claims() error {
	v.slopes()
	for _, claim := range []func() error{v.collapse, v.costs, v.count, v.adagrad, v.adam} {
		if err := claim(); err != nil {
			return err
		}
	}
	return nil
}

// slopes are derivatives of 4-2.
func (v values) slopes() {
	sigmoid, relu := activation.Sigmoid[float64]{}, activation.ReLU[float64]{}
	_, v["max_sigmoid_slope"] = activation.At(sigmoid, 0)
	_, v["relu_left"] = activation.At(relu, -1)
	_, v["relu_right"] = activation.At(relu, 1)
}

// collapse runs two linear layers, 2x + 1 and then 3x − 4, at 0 and at 1: their one line, deck 4-2-1.
func (v values) collapse() error {
	s := trace.Spec{
		Layers: []trace.Layer{
			{Weights: [][]trace.Number{{2}}, Biases: []trace.Number{1}},
			{Weights: [][]trace.Number{{3}}, Biases: []trace.Number{-4}},
		},
		Cost: trace.Cost{Name: "mse"}, Optimizer: Spec().Optimizer,
		Batches: []trace.Batch{{X: [][]trace.Number{{0}, {1}}, Y: [][]trace.Number{{0}, {0}}}},
	}
	r, err := trace.Run(context.Background(), s, trace.Options{})
	if err != nil {
		return err
	}
	h := r.Steps[0].Layers[1].H
	v["collapsed_b"], v["collapsed_w"] = h[0][0], h[1][0]-h[0][0]
	return nil
}

// Loss is a cost of h against y with ∂E/∂h: one linear layer that passes h on.
func Loss(name string, h, y []float64) (e float64, dh []float64, err error) {
	l := trace.Layer{}
	for i := range h {
		row := make([]trace.Number, len(h))
		row[i] = 1
		l.Weights = append(l.Weights, row)
	}
	s := trace.Spec{
		Layers: []trace.Layer{l}, Cost: trace.Cost{Name: name}, Optimizer: Spec().Optimizer,
		Batches: []trace.Batch{{X: [][]trace.Number{numbers(h...)}, Y: [][]trace.Number{numbers(y...)}}},
	}
	r, err := trace.Run(context.Background(), s, trace.Options{})
	if err != nil {
		return 0, nil, err
	}
	return r.Steps[0].Cost, r.Steps[0].Layers[0].DH[0], nil
}

// costs tests 4-3-2 (MAE has a slope off 0), 4-3-4 (the sign of the cross-entropy) and 4-5-9 (MSE against ½Σ).
func (v values) costs() error {
	_, up, err := Loss("mae", []float64{1.5}, []float64{1})
	if err != nil {
		return err
	}
	_, down, err := Loss("mae", []float64{.5}, []float64{1})
	if err != nil {
		return err
	}
	v["mae_above"], v["mae_below"] = up[0], down[0]
	if v["cross_entropy"], _, err = Loss("cross-entropy", []float64{.7, .3}, []float64{1, 0}); err != nil {
		return err
	}
	h1, h2 := v["h21"], v["h22"]
	for _, c := range []struct {
		symbol, cost string
		h, y         []float64
	}{
		{"mse_1", "mse", []float64{h1}, []float64{.8}},
		{"half_1", "half-sse", []float64{h1}, []float64{.8}},
		{"mse_2", "mse", []float64{h1, h2}, []float64{.8, .6}},
		{"half_2", "half-sse", []float64{h1, h2}, []float64{.8, .6}},
	} {
		if v[c.symbol], _, err = Loss(c.cost, c.h, c.y); err != nil {
			return err
		}
	}
	v["y1-h21"] = v["y1"] - v["h21"]
	v["first_product"] = v["w11"] * v["x1"]
	return nil
}

// count is 4-4-6: 2000 rows in batches of 500, 5 epochs.
func (v values) count() error {
	c, err := train.Count(2000, 500, 5)
	v["iterations_per_epoch"], v["iterations"] = float64(c.PerEpoch), float64(c.Total)
	v["500/2000"] = 500. / 2000
	return err
}

// strides returns the length of each step of a rule, over α, under a constant gradient g.
func strides(name string, form optimizer.Form, g float64, n int) ([]float64, error) {
	rule, err := optimizer.New[float64](name, 1, form, nil)
	if err != nil {
		return nil, err
	}
	list, w := make([]float64, n), []float64{0}
	for i := range list {
		w[0] = 0
		rule.Step(1, w, []float64{g})
		list[i] = -w[0]
	}
	return list, nil
}

// adagrad tests 4-4-9: the rate α/√(G+ε), over α, of a weight that has learnt much (g = 1) and one that has learnt little (g = .1).
func (v values) adagrad() error {
	for _, c := range []struct {
		symbol string
		g      float64
	}{{"much", 1}, {"little", .1}} {
		s, err := strides("adagrad", optimizer.Deck, c.g, 10)
		if err != nil {
			return err
		}
		v[c.symbol+"_1"], v[c.symbol+"_10"] = s[0]/c.g, s[9]/c.g
	}
	return nil
}

// adam tests 4-4-11: how much longer a step is without the powers t, under a constant gradient.
func (v values) adam() error {
	const last = 20_000
	printed, err := strides("adam", optimizer.Printed, 1, last)
	if err != nil {
		return err
	}
	right, err := strides("adam", optimizer.Deck, 1, last)
	if err != nil {
		return err
	}
	v["adam_1"], v["adam_12"], v["adam_last"] = printed[0]/right[0], printed[11]/right[11], printed[last-1]/right[last-1]
	return nil
}
