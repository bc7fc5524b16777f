package model

import (
	"slices"

	"gradus/mat"
	"gradus/network"
	"gradus/table"
)

// memberStream tells the start weights of the members of an ensemble apart: those of member i come from seed + i·memberStream.
const memberStream = 0x9e3779b97f4a7c15

// MemberSeed is the seed of member i.
func (s Settings) MemberSeed(i int) uint64 { return s.Seed + uint64(i)*memberStream }

// MemberIn is the network of member i to train in T, with its start weights; Join brings back what the members learnt.
func MemberIn[T mat.Float](m *Model, i int) (*network.Network[T], error) {
	s := m.Card.Settings
	n, err := network.Build[T](m.Network.In(), append(m.ramps(), s.layers(m.Logits())...))
	if err != nil {
		return nil, err
	}
	n.Init(s.MemberSeed(i))
	n.Fuse()
	return n, nil
}

// ramps is the layer before the members, or nothing.
func (m *Model) ramps() []network.Spec {
	specs := m.Network.Specs()
	if specs[0].Kind == "ramps" {
		return slices.Clone(specs[:1])
	}
	return nil
}

// Line is a linear function of the features: the weights of output k stand at [k·features, (k+1)·features).
type Line struct{ Weights, Biases []float64 }

// Join makes the model's network o = a·mean of the members + b·line, of the weights of the members, each rounded once.
func Join[T mat.Float](m *Model, members [][]T, a, b float64, line Line) error {
	outputs, last, w := m.Logits(), len(members), m.Network.Weights()
	hidden := m.lastIn()
	for _, member := range members {
		scaled := slices.Clone(member)
		for i := len(scaled) - outputs*(hidden+1); i < len(scaled); i++ {
			scaled[i] = T(float64(scaled[i]) * a / float64(last))
		}
		if err := round(w[:len(scaled)], scaled); err != nil {
			return err
		}
		w = w[len(scaled):]
	}
	width := (len(w) - outputs) / outputs
	features := m.Network.In()
	flat := make([]float64, len(w))
	for k := range outputs {
		for j := range features {
			flat[k*width+j] = b * line.Weights[k*features+j]
		}
		flat[outputs*width+k] = b * line.Biases[k]
	}
	return round(w, flat)
}

// lastIn is how many numbers the last layer of a member is given.
func (m *Model) lastIn() int {
	if h := m.Card.Settings.Hidden; len(h) > 0 {
		return h[len(h)-1]
	}
	in := m.Network.In()
	for _, r := range m.ramps() {
		in += len(r.Ramps)
	}
	return in
}

// ensemble are members networks of the settings and a line, beside each other.
func (s Settings) ensemble(out int) network.Spec {
	sum := network.Spec{Kind: "sum"}
	for range s.Members {
		sum.Chains = append(sum.Chains, s.layers(out))
	}
	sum.Chains = append(sum.Chains, []network.Spec{{Kind: "dense", Units: out}})
	return sum
}

// mostRamps are there in all; columns so many that each would have fewer than leastBins have none.
const (
	mostRamps = 240
	leastBins = 4
)

// rampsOf are bins ramps over each column of numbers of x, between its quantiles; a column of few values has fewer, one of two none.
func rampsOf(p *table.Preparation, x mat.Matrix[float32], bins int) (list []network.Ramp) {
	columns := 0
	for _, f := range p.Features() {
		if f.Part == "" {
			columns++
		}
	}
	if columns*bins > mostRamps {
		if bins = mostRamps / columns; bins < leastBins {
			return nil
		}
	}
	values := make([]float64, x.Rows)
	for j, f := range p.Features() {
		if f.Part != "" {
			continue
		}
		for r := range values {
			values[r] = float64(x.At(r, j))
		}
		slices.Sort(values)
		var cuts []float64
		for b := range bins + 1 {
			if v := values[b*(len(values)-1)/bins]; len(cuts) == 0 || v > cuts[len(cuts)-1] {
				cuts = append(cuts, v)
			}
		}
		if len(cuts) < 3 {
			continue
		}
		for b, from := range cuts[:len(cuts)-1] {
			list = append(list, network.Ramp{Of: j, From: from, To: cuts[b+1]})
		}
	}
	return list
}
