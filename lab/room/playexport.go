package room

import (
	"gradus/lab/scene"
)

// exported is the specification of `gradus trace`: the network as it stands, its cost and rule, and the batch to learn from next.
type exported struct {
	Layers    []exportedLayer `json:"layers"`
	Cost      exportedCost    `json:"cost"`
	Optimizer exportedRule    `json:"optimizer"`
	Batches   []exportedBatch `json:"batches"`
}

type exportedLayer struct {
	Activation string      `json:"activation"`
	Weights    [][]float64 `json:"weights"`
	Biases     []float64   `json:"biases"`
}

type exportedCost struct {
	Name string `json:"name"`
}

type exportedRule struct {
	Name   string  `json:"name"`
	Form   string  `json:"form"`
	Alpha  float64 `json:"alpha"`
	Decay  float64 `json:"weight_decay,omitempty"`
	Sparse float64 `json:"l1,omitempty"`
}

type exportedBatch struct {
	X [][]float64 `json:"x"`
	Y [][]float64 `json:"y"`
}

// export is the moment as a file that `gradus trace` reads; nil where it holds a number that no file can.
func (m *moment) export() *scene.File {
	e := exported{
		Cost:      exportedCost{m.training.Cost},
		Optimizer: exportedRule{m.training.Rule, "reference", m.training.Alpha, m.training.Decay, m.training.Sparse},
		Batches:   []exportedBatch{m.nextBatch()},
	}
	in := len(m.features)
	for _, span := range m.walk.Look(m.now).Spans() {
		values := m.now.Weights[span.Start:span.End]
		for _, v := range values {
			if v-v != 0 {
				return nil
			}
		}
		if span.Name != "weights" {
			e.Layers[span.Layer].Biases = values
			in = len(values)
			continue
		}
		layer := exportedLayer{Activation: m.training.Net.Activation}
		if span.Layer == len(m.hidden) {
			layer.Activation = m.training.Net.Last
		}
		for i := 0; i < len(values); i += in {
			layer.Weights = append(layer.Weights, values[i:i+in])
		}
		e.Layers = append(e.Layers, layer)
	}
	return &scene.File{Name: "gradus-playground.json", Body: string(scene.Append(nil, e))}
}

// nextBatch is the cases that the next update learns from; behind the last one those of another epoch.
func (m *moment) nextBatch() exportedBatch {
	per, size := m.perEpoch(), m.training.Batch
	epoch, first := m.now.Iteration/per, m.now.Iteration%per*size
	order := m.training.Order(m.train, epoch+1)
	b := exportedBatch{}
	for _, i := range order[first:min(first+size, m.train)] {
		b.X, b.Y = append(b.X, m.rows.X.Row(i)), append(b.Y, m.rows.Y.Row(i))
	}
	return b
}
