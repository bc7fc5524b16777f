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

// Forms is how many networks a member of an ensemble has: one behind the ramps, where there are any, and, of the settings' other
// activation, one that sees the columns alone.
func (m *Model) Forms() int { return m.Card.Settings.forms() }

func (s Settings) forms() int {
	if s.Beside == "" {
		return 1
	}
	return 2
}

// MemberIn is network i of an ensemble to train in T, with its start weights: of member i/forms, in its form i mod forms. Join brings
// back what they learnt.
func MemberIn[T mat.Float](m *Model, i int) (*network.Network[T], error) {
	s, specs := m.Card.Settings, m.ramps()
	form := i % m.Forms()
	if form == 1 {
		specs = nil
	}
	n, err := network.Build[T](m.Network.In(), append(specs, s.form(form).layers(m.Logits())...))
	if err != nil {
		return nil, err
	}
	n.Init(s.MemberSeed(i))
	n.Fuse()
	return n, nil
}

// form is the settings of the networks of a form.
func (s Settings) form(i int) Settings {
	if i == 1 {
		s.Activation = s.Beside
	}
	return s
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

// Join makes the model's network o = Σ_f a_f·mean of the networks of form f + b·line, where share is (a_0 … b), of the weights of the
// networks, each rounded once.
func Join[T mat.Float](m *Model, networks [][]T, share []float64, line Line) error {
	outputs, forms, w := m.Logits(), len(share)-1, m.Network.Weights()
	b := share[forms]
	for i, member := range networks {
		scaled, part := slices.Clone(member), share[i%forms]*float64(forms)/float64(len(networks))
		for k := len(scaled) - outputs*(m.lastIn(i%forms)+1); k < len(scaled); k++ {
			scaled[k] = T(float64(scaled[k]) * part)
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

// lastIn is how many numbers the last layer of a network of a form is given.
func (m *Model) lastIn(form int) int {
	if h := m.Card.Settings.Hidden; len(h) > 0 {
		return h[len(h)-1]
	}
	in := m.Network.In()
	if form == 0 {
		for _, r := range m.ramps() {
			in += len(r.Ramps)
		}
	}
	return in
}

// ensemble are the networks of the members and a line, beside each other; behind ramps all but those of the first form see the first
// columns columns alone.
func (s Settings) ensemble(out, columns int, ramps bool) network.Spec {
	sum, alone := network.Spec{Kind: "sum"}, []network.Spec(nil)
	if ramps && s.forms() > 1 {
		alone = []network.Spec{{Kind: "first", Units: columns}}
	}
	for range s.Members {
		sum.Chains = append(sum.Chains, s.layers(out))
		if s.forms() > 1 {
			sum.Chains = append(sum.Chains, slices.Concat(alone, s.form(1).layers(out)))
		}
	}
	sum.Chains = append(sum.Chains, append(alone, network.Spec{Kind: "dense", Units: out}))
	return sum
}

// mostRamps are there in all; columns so many that each would have fewer than leastBins have none.
const (
	mostRamps = 640
	leastBins = 3
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
