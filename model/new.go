package model

import (
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
	if m.Preparation, err = table.Fit(tbl, fit, target.Column, table.PrepareOptions{Leave: s.Leave}); err != nil {
		return nil, err
	}
	if target.Task == table.TaskNumber {
		m.Scale = table.FitScaleOf(y, fit)
	}
	if m.Network, err = network.Build[float32](m.Preparation.Width(), s.layers(m.logits())); err != nil {
		return nil, err
	}
	m.Network.Init(s.Seed)
	return m, nil
}

// logits is the width of the network's output: the logit of the event, of each level, or a standardised number. The sigmoid or
// softmax behind it stands in the cost and in Predictor, where it is computed in float64.
func (m *Model) logits() int {
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

// Matrices prepares rows for training: x (n,width) and ty (n,1): 0 or 1, the place of the level, or the standardised number.
func (m *Model) Matrices(tbl *table.Table, rows []int, y []float64) (x, ty mat.Matrix[float32], err error) {
	if x, _, err = m.Preparation.Apply(tbl, rows); err != nil {
		return x, ty, err
	}
	ty = mat.New[float32](len(rows), 1)
	for i, r := range rows {
		ty.Data[i] = float32(y[r])
		if m.Target.Task == table.TaskNumber {
			ty.Data[i] = float32(m.Scale.Z(y[r]))
		}
	}
	return x, ty, nil
}

// Count is how many of rows have each level; nil for a number.
func (m *Model) Count(rows []int, y []float64) map[string]int {
	if m.Target.Task == table.TaskNumber {
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
