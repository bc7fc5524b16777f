package room

import (
	"math"
	"strconv"
	"strings"

	"gradus/internal/trial"
)

// edits are the weights that a hand has set. The control holds the number of weights of the network that they belong to, then of each
// its iteration, its place among the weights and its value; those of another network are forgotten.
func (p *play) edits() (list []trial.Edit) {
	values := p.s.List("edits")
	n := len(p.walk.Look(trial.Stop{}).Weights())
	if len(values) == 0 || values[0] != float64(n) {
		return nil
	}
	for v := values[1:]; len(v) >= 3; v = v[3:] {
		e := trial.Edit{Iteration: int(v[0]), Index: int(v[1]), Value: v[2]}
		if e.Iteration >= 0 && e.Index >= 0 && e.Index < n {
			list = append(list, e)
		}
	}
	return list
}

// setWeight is a hand on the weight called symbol at the moment that is looked at: the controls that make it so.
func (p *play) setWeight(symbol string, value, _ float64) map[string]string {
	if p.last == nil || math.IsNaN(value) || math.Abs(value) > 1e6 {
		return nil
	}
	m := p.last
	index := -1
	for i := range m.now.Weights {
		if m.symbol(i) == symbol {
			index = i
		}
	}
	if index < 0 {
		return nil
	}
	now := trial.Edit{Iteration: m.now.Iteration, Index: index, Value: value}
	var b strings.Builder
	b.WriteString(strconv.Itoa(len(m.now.Weights)))
	for _, e := range append(p.edits(), now) {
		if e.Iteration == now.Iteration && e.Index == index && e != now {
			continue // set again
		}
		b.WriteString("," + strconv.Itoa(e.Iteration) + "," + strconv.Itoa(e.Index) + "," + strconv.FormatFloat(e.Value, 'g', -1, 64))
	}
	return map[string]string{"edits": b.String()}
}

// symbol is what the weight or bias at a place of the vector is called.
func (p *play) symbol(i int) string {
	in := len(p.features)
	for l := 0; ; l++ {
		out := 1
		if l < len(p.hidden) {
			out = p.hidden[l]
		}
		switch {
		case i < out*in:
			return weightName(l, i/in, i%in)
		case i < out*in+out:
			return biasName(l, i-out*in)
		case l == len(p.hidden):
			return ""
		}
		i -= out*in + out
		in = out
	}
}

// weightName is w of neuron to of layer l, from neuron from of the layer before.
func weightName(l, to, from int) string { return "w" + itoa(l+1) + "_" + itoa(to+1) + itoa(from+1) }

func biasName(l, n int) string { return "b" + itoa(l+1) + itoa(n+1) }
