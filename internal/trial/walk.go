package trial

import (
	"context"
	"errors"
	"slices"

	"gradus/cost"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
	"gradus/train"
)

// Walk is a training that stops to be looked at. The weights of every stop are kept, so that going back is a look and no matter how a
// stop is come to it is the same.
type Walk struct {
	Pace  train.Counts
	set   Set
	held  Set
	run   *train.Trainer[float64]
	live  *network.Network[float64]
	eye   *network.Network[float64]    // the same network without dropout, for looking
	look  *network.Prediction[float64] // of eye
	cost  cost.Func[float64]
	check *network.Pass[float64] // of eye, over all of set
	stops []int
	edits []Edit
	kept  []Stop
	fall  *Fall
	seen  map[int]*network.Pass[float64] // by rows
}

// Stop is where a walk stood.
type Stop struct {
	Iteration  int
	Cost, Held float64 // on all training rows, on all held-out ones
	Right      int     // held-out rows on the right side of ½
	Weights    []float64
}

// Edit is a hand on a weight: from an iteration on it has another value, and the training goes on from there.
type Edit struct {
	Iteration, Index int
	Value            float64
}

// Fall is a divergence: the first number that was not finite.
type Fall struct {
	Iteration, Epoch, Layer int
	Value, Alpha, Smaller   float64
}

// Walk begins a training that can be looked at after each of stops: iterations, ascending, the first may be 0.
func (t Training) Walk(set, held Set, stops []int) (*Walk, error) {
	live, err := t.Net.Build()
	if err != nil {
		return nil, err
	}
	t.Net.Dropout = 0
	eye, err := t.Net.Build()
	if err != nil {
		return nil, err
	}
	cfg, err := t.config(live, set)
	if err != nil {
		return nil, err
	}
	run, err := train.New(live, set.X, set.Y, cfg)
	if err != nil {
		return nil, err
	}
	return &Walk{
		Pace: run.Counts(), set: set, held: held, run: run, live: live, eye: eye, cost: cfg.Cost, stops: stops,
		look: eye.NewPrediction(max(set.Len(), held.Len())), check: eye.NewPass(set.Len(), 1), seen: map[int]*network.Pass[float64]{},
	}, nil
}

// Edit sets weights on the way; called before the walk goes anywhere.
func (w *Walk) Edit(edits []Edit) {
	w.edits = edits
	w.edit(0)
}

// edit sets the weights that change at an iteration.
func (w *Walk) edit(iteration int) {
	for _, e := range w.edits {
		if e.Iteration == iteration {
			w.live.Weights()[e.Index] = e.Value
		}
	}
}

// To is the walk as far as stop i, and the fall that ended it before, if one did. Behind a fall there are fewer stops.
func (w *Walk) To(i int) ([]Stop, *Fall) {
	for len(w.kept) <= i && w.fall == nil {
		w.goOn(w.stops[len(w.kept)])
	}
	return w.kept[:min(i+1, len(w.kept))], w.fallBy(i)
}

// fallBy is the fall where it comes before stop i.
func (w *Walk) fallBy(i int) *Fall {
	if w.fall != nil && i >= len(w.kept) {
		return w.fall
	}
	return nil
}

// goOn trains up to an iteration and keeps what it finds there.
func (w *Walk) goOn(to int) {
	at := 0
	if n := len(w.kept); n > 0 {
		at = w.kept[n-1].Iteration
	}
	if to > at {
		for step, err := range w.run.Steps(context.Background()) {
			if err != nil {
				w.fall = fallOf(err)
				return
			}
			w.edit(step.Iteration)
			if step.Iteration == to {
				break
			}
		}
	}
	s := Stop{Iteration: to, Weights: slices.Clone(w.live.Weights())}
	copy(w.eye.Weights(), s.Weights)
	s.Cost = w.cost.Forward(w.look.Forward(w.set.X), w.set.Y)
	if w.held.Len() > 0 {
		h := w.look.Forward(w.held.X)
		s.Held, s.Right = w.cost.Forward(h, w.held.Y), rightOf(h, w.held.Y)
	}
	w.kept = append(w.kept, s)
}

// fallOf reads the numbers of train's refusal.
func fallOf(err error) *Fall {
	f := &Fall{}
	var e *say.Err
	if !errors.As(err, &e) {
		return f
	}
	for i := 0; i+1 < len(e.Args); i += 2 {
		switch v := e.Args[i+1].(type) {
		case int:
			switch e.Args[i] {
			case "iteration":
				f.Iteration = v
			case "epoch":
				f.Epoch = v
			case "layer":
				f.Layer = v
			}
		case float64:
			switch e.Args[i] {
			case "value":
				f.Value = v
			case "alpha":
				f.Alpha = v
			case "smaller":
				f.Smaller = v
			}
		}
	}
	return f
}

// See passes rows through the network of a stop, without dropout; the cells of its layers are live until as many rows are seen again.
func (w *Walk) See(s Stop, rows Set) []network.Cells[float64] {
	copy(w.eye.Weights(), s.Weights)
	pass := w.seen[rows.Len()]
	if pass == nil {
		pass = w.eye.NewPass(rows.Len(), 1)
		w.seen[rows.Len()] = pass
	}
	pass.Forward(rows.X)
	list := make([]network.Cells[float64], len(w.eye.Layers()))
	for i := range list {
		list[i] = pass.Cells(i)
	}
	return list
}

// Look is the network of a stop; its weights are those of the last stop that was looked at.
func (w *Walk) Look(s Stop) *network.Network[float64] {
	copy(w.eye.Weights(), s.Weights)
	return w.eye
}

// Inside passes the training rows through the network of a stop, forwards and backwards: the mean |∂E/∂w| of every dense layer's
// weights, as Gradients has it, and how its hidden neurons are, layer by layer.
func (w *Walk) Inside(s Stop) (gradients []float64, vitals [][]Vital) {
	copy(w.eye.Weights(), s.Weights)
	w.check.Forward(w.set.X)
	w.check.Backward(w.cost, w.set.Y)
	layers := dense(w.eye)
	for i, d := range layers[:len(layers)-1] {
		vitals = append(vitals, vitalsOf(d, w.check.Cells(i)))
	}
	return meanSizes(w.eye, w.check), vitals
}

// Order is the order in which an epoch, from 1, goes through the training rows.
func (t Training) Order(rows, epoch int) []int {
	order := make([]int, rows)
	train.Order(order, t.Seed, epoch)
	return order
}

// Vital is how a hidden neuron is.
type Vital struct {
	Dead bool    // its slope is 0 on every training row: nothing can change what leads to it
	Flat float64 // share of the training rows on which the slope of a sigmoid or tanh is below 8 % of its steepest
}

// flat is the part of the steepest slope below which a neuron counts as saturated.
const flat = .08

// vitalsOf looks at the neurons of a layer.
func vitalsOf(d *network.Dense[float64], c network.Cells[float64]) []Vital {
	slope, steepest := slopes(d, c)
	row := make([]Vital, slope.Cols)
	for n := range row {
		row[n].Dead = !reached(slope, n)
		for r := range slope.Rows {
			if !row[n].Dead && slope.At(r, n) < flat*steepest {
				row[n].Flat += 1 / float64(slope.Rows)
			}
		}
	}
	return row
}

// slopes are f′(o) of every cell, and the steepest slope of a function that is bounded on both sides, else 0.
func slopes(d *network.Dense[float64], c network.Cells[float64]) (slope mat.Matrix[float64], steepest float64) {
	slope = mat.New[float64](c.O.Rows, c.O.Cols)
	for i := range slope.Data {
		slope.Data[i] = 1
	}
	if d.Activation == nil {
		return slope, 0
	}
	d.Activation.Backward(slope, slope, c.O, c.H)
	switch d.Activation.Name() {
	case "sigmoid":
		return slope, .25
	case "tanh":
		return slope, 1
	}
	return slope, 0
}
