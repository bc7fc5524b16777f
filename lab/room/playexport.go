package room

import (
	"strconv"

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

// files are what can be taken along of a moment; a network with a number that no file can hold goes nowhere.
func (m *moment) files() *scene.Files {
	name := func(key string) scene.Words { return scene.Say("labroom.play_take_" + key) }
	f := &scene.Files{}
	if m.whole() {
		f.Items = []scene.File{
			{Name: "playground.gradus", Title: name("model"), Way: "program"},
			{Name: "playground-trace.json", Title: name("trace"), Write: m.traceFile},
		}
	}
	f.Items = append(f.Items, scene.File{Name: "playground-cases.csv", Title: name("cases"), Write: m.casesFile},
		scene.File{Name: "playground.svg", Title: name("svg"), Way: "svg"}, scene.File{Name: "playground.png", Title: name("png"), Way: "png"})
	return f
}

// whole tells whether every weight is finite.
func (m *moment) whole() bool {
	for _, w := range m.now.Weights {
		if w-w != 0 {
			return false
		}
	}
	return true
}

// traceFile is the specification of gradus trace: the network as it stands, its cost and rule, and the batch to learn from next.
func (m *moment) traceFile() []byte {
	e := exported{
		Cost:      exportedCost{m.training.Cost},
		Optimizer: exportedRule{m.training.Rule, "reference", m.training.Alpha, m.training.Decay, m.training.Sparse},
		Batches:   []exportedBatch{m.nextBatch()},
	}
	in := len(m.features)
	for _, span := range m.walk.Look(m.now).Spans() {
		values := m.now.Weights[span.Start:span.End]
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
	return scene.Append(nil, e)
}

// casesFile is the cases as a table: what the network sees of each, whether it learnt from it, and how it ended.
func (m *moment) casesFile() []byte {
	b := []byte("case,part")
	for _, f := range m.features {
		b = append(append(b, ','), m.column(f).Name...)
	}
	b = append(b, ",class\n"...)
	for i, at := range m.at {
		part := ",train"
		if i >= m.train {
			part = ",test"
		}
		b = append(strconv.AppendInt(b, int64(i+1), 10), part...)
		for _, f := range m.features {
			c := m.column(f)
			b = strconv.AppendFloat(append(b, ','), c.Mean+float64(c.SD*f.of(at[0], at[1])), 'g', -1, 64)
		}
		b = append(strconv.AppendInt(append(b, ','), int64(m.class[i]), 10), '\n')
	}
	return b
}

// column is a feature as a column of a table: a finding in its own unit, of which the network sees how many SD it is from the mean.
func (p *play) column(f playFeature) Column {
	axis := playAxis{}
	switch f.key {
	case "x1":
		axis = p.set.x
	case "x2":
		axis = p.set.y
	}
	if axis.words == "" {
		return Column{f.key, 0, 1}
	}
	return Column{axis.words, axis.mid, axis.sd}
}

// Column is a feature as a column of a table: the network sees (value − Mean) / SD.
type Column struct {
	Name     string
	Mean, SD float64
}

// Trained is a network of the playground at one moment with all that a model of it needs.
type Trained struct {
	Cases      []byte // a table; class is the target, case and part are no features
	Train      int    // its first rows, which were learnt from
	Columns    []Column
	Hidden     []int
	Activation string
	Rule       string
	Alpha      float64
	Decay      float64
	Dropout    float64
	Batch      int
	Epochs     int // as far as the moment
	Seed       uint64
	Weights    []float64
	Cost, Held float64
}

// TrainedAt is the network of a run at a step; nil where the run has none, or one with a number that no file can hold.
func TrainedAt(run *scene.Run, step int) *Trained {
	p, ok := run.Own.(*play)
	if !ok {
		return nil
	}
	m, err := p.moment(step)
	if err != nil || !m.whole() {
		return nil
	}
	t := &Trained{
		Cases: m.casesFile(), Train: m.train, Hidden: m.hidden, Activation: m.training.Net.Activation, Rule: m.training.Rule,
		Alpha: m.training.Alpha, Decay: m.training.Decay, Dropout: m.training.Net.Dropout, Batch: m.training.Batch,
		Epochs: m.now.Iteration / m.perEpoch(), Seed: m.training.Seed, Weights: m.now.Weights, Cost: m.now.Cost, Held: m.now.Held,
	}
	for _, f := range m.features {
		t.Columns = append(t.Columns, m.column(f))
	}
	return t
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
