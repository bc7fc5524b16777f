package adopt

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"gradus/internal/say"
	"gradus/model"
	"gradus/network"
	"gradus/table"
)

// Meaning says what the numbers of a network stand for.
type Meaning struct {
	Columns []string     // of the inputs, in order
	Rows    *table.Table // rows like those it was trained on, for medians and ranges; nil: none
	Target  string
	Levels  []string // in the order of the outputs; of one output the second is the event; nil: 0, 1, …
	Output  string   // softmax, sigmoid or linear; empty: what the network ends with
	Origin  string   // onnx or safetensors
}

// Outputs are the words of Meaning.Output.
var Outputs = []string{"softmax", "sigmoid", "linear"}

// mostClasses is how many levels a target may have.
const mostClasses = 1000

// Model makes a model of a network of others. Its numbers are the network's: columns go in as they are, and what Meaning does not
// know, such as the range of a column, no row is held against.
func Model(net *network.Network[float32], w Meaning) (*model.Model, error) {
	if len(w.Columns) != net.In() {
		return nil, say.Error("adopt.columns", "found", len(w.Columns), "want", net.In())
	}
	specs, output, err := w.end(net)
	if err != nil {
		return nil, err
	}
	m := &model.Model{Scale: table.Scale{SD: 1}}
	last, err := w.target(m, output, net.Out())
	if err != nil {
		return nil, err
	}
	if m.Preparation, err = w.preparation(net); err != nil {
		return nil, err
	}
	if last != nil {
		specs = append(specs, network.Spec{Kind: "dense", Units: len(last) / net.Out(), NoBias: true})
	}
	if m.Network, err = network.Build[float32](net.In(), specs); err != nil {
		return nil, err
	}
	copy(m.Network.Weights(), net.Weights())
	copy(m.Network.Weights()[len(net.Weights()):], last)
	for i, b := range net.Buffers() {
		copy(m.Network.Buffers()[i].Values, b.Values)
	}
	none := 0.
	m.Card = model.Card{Gradus: model.Version, Imported: w.Origin, Disclaimer: model.Disclaimer, Settings: model.Settings{
		Hidden: []int{}, WeightDecay: &none, Validation: &none, Task: m.Target.Task, Event: m.Target.Event,
	}}
	return m, nil
}

// end is the layers without the function that turns the last numbers into probabilities, and which it is.
func (w Meaning) end(net *network.Network[float32]) (specs []network.Spec, output string, err error) {
	specs = slices.Clone(net.Specs())
	last := &specs[len(specs)-1]
	found := last.Activation
	if found == "softmax" || found == "sigmoid" {
		last.Activation = ""
	} else {
		found = ""
	}
	switch {
	case w.Output != "" && !slices.Contains(Outputs, w.Output):
		return nil, "", say.Error("adopt.output", "value", w.Output, "nearest", say.Nearest(w.Output, Outputs), "known", Outputs)
	case w.Output != "" && found != "" && w.Output != found:
		return nil, "", say.Error("adopt.output_other", "value", w.Output, "found", found)
	}
	return specs, cmp.Or(w.Output, found, "linear"), nil
}

// target fills in the target. Where the outputs are two, or not in the order of their names, it returns the weights (out,outputs) of one more
// layer, which takes the first from the second or puts them in order.
func (w Meaning) target(m *model.Model, output string, outputs int) (last []float32, err error) {
	m.Target = table.Target{Column: w.Target, Kind: table.Number, Task: table.TaskNumber}
	if output == "linear" {
		switch {
		case outputs != 1:
			return nil, say.Error("adopt.outputs", "output", output, "found", outputs, "want", "1")
		case w.Levels != nil:
			return nil, say.Error("adopt.levels_number", "count", len(w.Levels))
		}
		return nil, nil
	}
	levels, want := slices.Clone(w.Levels), outputs
	if output == "sigmoid" {
		if want = 2; outputs != 1 {
			return nil, say.Error("adopt.outputs", "output", output, "found", outputs, "want", "1")
		}
	} else if outputs < 2 || outputs > mostClasses {
		return nil, say.Error("adopt.outputs", "output", output, "found", outputs, "want", "2 … "+strconv.Itoa(mostClasses))
	}
	for i := len(levels); levels == nil || w.Levels == nil && i < want; i++ {
		levels = append(levels, strconv.Itoa(i))
	}
	if len(levels) != want {
		return nil, say.Error("adopt.levels", "found", len(levels), "want", want, "levels", brief(levels))
	}
	return w.order(&m.Target, levels, outputs)
}

// order sorts the levels, numbers as numbers.
func (w Meaning) order(t *table.Target, levels []string, outputs int) (last []float32, err error) {
	compare := func(a, b int) int { return cmp.Compare(number(levels[a]), number(levels[b])) }
	for _, l := range levels {
		if v := number(l); v-v != 0 || table.Format(v) != l {
			t.Kind, compare = table.Category, func(a, b int) int { return cmp.Compare(levels[a], levels[b]) }
			break
		}
	}
	places := make([]int, len(levels))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, compare)
	for _, p := range places {
		t.Levels = append(t.Levels, levels[p])
	}
	t.Task = table.TaskClasses
	if len(levels) == 2 {
		t.Task, t.Event = table.TaskBinary, levels[1]
	}
	if err := t.Valid(); err != nil {
		return nil, say.Error("adopt.levels_names", "levels", brief(levels))
	}
	switch {
	case outputs == 1 || len(levels) > 2 && slices.IsSorted(places):
		return nil, nil
	case len(levels) == 2:
		return []float32{-1, 1}, nil
	}
	last = make([]float32, len(places)*len(places))
	for i, p := range places {
		last[i*len(places)+p] = 1
	}
	return last, nil
}

// number is a level as a number, NaN where it is none.
func number(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

// preparation takes every column as it is. Medians and ranges are those of the rows; without rows a missing value counts as the mean of a
// normalisation at the start, else as 0.
func (w Meaning) preparation(net *network.Network[float32]) (*table.Preparation, error) {
	p := &table.Preparation{Target: w.Target}
	if w.Rows != nil {
		learnt, err := table.Fit(w.Rows, nil, w.Target, table.PrepareOptions{Clip: -1})
		if err != nil {
			return nil, err
		}
		p.Inputs = learnt.Inputs
	}
	seen := map[string]table.Input{}
	for _, in := range p.Inputs {
		seen[in.Name] = in
	}
	p.Inputs = nil
	for i, name := range w.Columns {
		in := table.Input{Name: name, Kind: table.Number, Scale: table.Scale{SD: 1}, Low: -math.MaxFloat64, High: math.MaxFloat64, Median: w.middle(net, i)}
		if known, ok := seen[name]; ok {
			if known.Kind != table.Number {
				return nil, say.Error("adopt.text", "column", shown(name))
			}
			in.Low, in.High, in.Median = known.Low, known.High, known.Median
		}
		p.Inputs = append(p.Inputs, in)
	}
	if err := p.Valid(); err != nil {
		return nil, say.Error("adopt.names", "columns", brief(w.Columns))
	}
	return p, nil
}

// middle is the mean of input i where the network begins with a normalisation by one.
func (w Meaning) middle(net *network.Network[float32], i int) float64 {
	if net.Specs()[0].Kind != "batch-norm" {
		return 0
	}
	return float64(net.Buffers()[0].Values[i])
}
