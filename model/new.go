package model

import (
	"math"

	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
	"gradus/table"
)

// Version is the version of gradus; the linker may set another.
var Version = "0.1.0"

// New makes an untrained model: the preparation fitted to the rows fit of tbl, the network of the settings with its start weights.
// y holds the target's values as table.NewTarget gave them.
func New(tbl *table.Table, fit []int, target *table.Target, y []float64, s Settings) (*Model, error) {
	m := &Model{Target: *target, Card: Card{Gradus: Version, Settings: s, Disclaimer: Disclaimer}}
	var err error
	if m.Preparation, err = table.Fit(tbl, fit, target.Column, table.PrepareOptions{Leave: s.Leave, Constant: s.Constant}); err != nil {
		return nil, err
	}
	if target.Task == table.TaskNumber {
		m.Scale = table.FitScaleOf(y, fit)
	}
	specs, err := m.specs(tbl, fit)
	if err != nil {
		return nil, err
	}
	if m.Network, err = network.Build[float32](m.Preparation.Width(), specs); err != nil {
		return nil, err
	}
	m.Network.Init(s.Seed)
	return m, nil
}

// Plain makes an untrained model of one network without ramps around a preparation that is there, the start of a federation: the layers of
// the settings, which are complete, and its start weights.
func Plain(target table.Target, p *table.Preparation, scale table.Scale, s Settings) (*Model, error) {
	m := &Model{Target: target, Preparation: p, Scale: scale, Card: Card{Gradus: Version, Settings: s, Disclaimer: Disclaimer}}
	var err error
	if m.Network, err = network.Build[float32](p.Width(), s.layers(m.Logits())); err != nil {
		return nil, err
	}
	m.Network.Init(s.Seed)
	return m, nil
}

// specs are the layers of the settings: ramps where there are bins, then one network, or the sum of several.
func (m *Model) specs(tbl *table.Table, fit []int) (specs []network.Spec, err error) {
	s := m.Card.Settings
	if s.Bins > 0 {
		x, _, err := m.Preparation.Apply(tbl, fit)
		if err != nil {
			return nil, err
		}
		if ramps := rampsOf(m.Preparation, x, s.Bins); len(ramps) > 0 {
			specs = append(specs, network.Spec{Kind: "ramps", Ramps: ramps})
		}
	}
	if s.Members > 1 {
		return append(specs, s.ensemble(m.Logits(), m.Preparation.Width(), len(specs) > 0)), nil
	}
	return append(specs, s.layers(m.Logits())...), nil
}

// Logits is the width of the network's output: the logit of the event, of each level, a standardised number, or the logarithm of a hazard. The sigmoid or
// softmax behind it stands in the cost and in Predictor, where it is computed in float64.
func (m *Model) Logits() int {
	if m.Target.Task == table.TaskClasses {
		return len(m.Target.Levels)
	}
	return 1
}

// layers are the hidden layers of the settings and a linear one of out neurons.
func (s Settings) layers(out int) []network.Spec {
	var specs []network.Spec
	for _, units := range s.Hidden {
		specs = append(specs, network.Spec{Kind: "dense", Units: units, Activation: s.Activation})
		if s.Dropout > 0 {
			specs = append(specs, network.Spec{Kind: "dropout", Rate: s.Dropout})
		}
	}
	return append(specs, network.Spec{Kind: "dense", Units: out})
}

// NetworkIn is the network to train in T: the model's own, or, in float64, another of the same layers with start weights from the
// same draws and products by assembly; Take brings back what it learnt.
func NetworkIn[T mat.Float](m *Model) (*network.Network[T], error) {
	if own, ok := any(m.Network).(*network.Network[T]); ok {
		return own, nil
	}
	n, err := network.Build[T](m.Network.In(), m.Network.Specs())
	if err != nil {
		return nil, err
	}
	n.Init(m.Card.Settings.Seed)
	n.Fuse()
	return n, nil
}

// Take makes w, the weights of a network of NetworkIn, the model's, rounded once. One that no float32 holds is an error.
func Take[T mat.Float](m *Model, w []T) error { return round(m.Network.Weights(), w) }

// round writes w to own, each rounded once.
func round[T mat.Float](own []float32, w []T) error {
	for i, x := range w {
		if own[i] = float32(x); math.IsInf(float64(own[i]), 0) {
			return say.Failure("model.weight_size", "value", float64(x))
		}
	}
	return nil
}

// Matrices prepares rows for training: x (n,width), the numbers that a prediction sees, and ty (n,1): 0 or 1, the place of the level,
// or the standardised number; of survival ty (n,2), the place of the time among those of the rows and 1 for an event.
func Matrices[T mat.Float](m *Model, tbl *table.Table, rows []int, y []float64) (x, ty mat.Matrix[T], err error) {
	seen, _, err := m.Preparation.Apply(tbl, rows)
	if err != nil {
		return x, ty, err
	}
	x, ty = mat.New[T](seen.Rows, seen.Cols), mat.New[T](len(rows), 1)
	for i, v := range seen.Data {
		x.Data[i] = T(v)
	}
	if m.isSurvival() {
		return x, survivalTruth[T](rows, y), nil
	}
	for i, r := range rows {
		ty.Data[i] = T(y[r])
		if m.Target.Task == table.TaskNumber {
			ty.Data[i] = T(m.Scale.Z(y[r]))
		}
	}
	return x, ty, nil
}

// Count is how many of rows have each level; nil for a number and for survival.
func (m *Model) Count(rows []int, y []float64) map[string]int {
	if m.Target.Task == table.TaskNumber || m.isSurvival() {
		return nil
	}
	n := map[string]int{}
	for _, r := range rows {
		n[m.level(y[r])]++
	}
	return n
}

// level is the name of a coded target: the event is 1 in a binary one.
func (m *Model) level(y float64) string {
	if m.Target.Task != table.TaskBinary {
		return m.Target.Levels[int(y)]
	}
	if y == 1 {
		return m.Target.Event
	}
	return m.Target.Levels[1-m.EventIndex()]
}
