package deck

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gradus/trace"
)

// Example is the network of deck 4-5, two inputs, two hidden neurons and two outputs, with any numbers and functions.
type Example struct {
	X, Y       [2]float64
	W          [8]float64  // w₁₁ … w₁₄, w₂₁ … w₂₄
	B          *[4]float64 // b₁₁, b₁₂, b₂₁, b₂₂; nil: no bias, as in the deck
	Alpha      float64
	Activation string // of both layers
	Cost       string
}

// Worked is the example with the deck's own numbers, 4-5-2 to 4-5-18.
func Worked() Example {
	return Example{
		X: [2]float64{.1, .2}, Y: [2]float64{.8, .6}, W: [8]float64{.6, .4, .1, .3, .3, .8, .5, .3},
		Alpha: .5, Activation: "sigmoid", Cost: "half-sse",
	}
}

// Spec is the worked example as deck 4-5-2 to 4-5-10 gives it: weights, one row, ½Σ, α = .5.
func Spec() trace.Spec { return Worked().Spec() }

// Spec is the example as package trace runs it.
func (e Example) Spec() trace.Spec {
	s := e.second(e.X)
	first := e.layer(0)
	s.Layers = []trace.Layer{first, s.Layers[0]}
	return s
}

// layer is the hidden layer (0) or the output layer (1).
func (e Example) layer(i int) trace.Layer {
	l := trace.Layer{Kind: "dense", Activation: trace.Activation{Name: e.Activation}}
	for r := range 2 {
		l.Weights = append(l.Weights, numbers(e.W[4*i+2*r], e.W[4*i+2*r+1]))
	}
	if e.B != nil {
		l.Biases = numbers(e.B[2*i], e.B[2*i+1])
	}
	return l
}

// second is the output layer alone, h in the place of its input.
func (e Example) second(h [2]float64) trace.Spec {
	alpha := trace.Number(e.Alpha)
	return trace.Spec{
		Layers: []trace.Layer{e.layer(1)}, Cost: trace.Cost{Name: e.Cost}, Optimizer: trace.Optimizer{Name: "descent", Alpha: &alpha},
		Batches: []trace.Batch{{X: [][]trace.Number{numbers(h[0], h[1])}, Y: [][]trace.Number{numbers(e.Y[0], e.Y[1])}}},
	}
}

func numbers(list ...float64) []trace.Number {
	n := make([]trace.Number, len(list))
	for i, v := range list {
		n[i] = trace.Number(v)
	}
	return n
}

// learnt is the example with the weights and biases of layers.
func (e Example) learnt(layers []trace.State) Example {
	for l, s := range layers {
		for i, w := range slices.Concat(s.Weights...) {
			e.W[4*l+i] = w
		}
	}
	if e.B != nil {
		b := [4]float64(slices.Concat(layers[0].Biases, layers[1].Biases))
		e.B = &b
	}
	return e
}

// Descend runs n steps and returns E before each of them. What has been run before a number is no longer finite comes with the error.
func (e Example) Descend(n int) ([]float64, error) {
	s := e.Spec()
	for range n - 1 {
		s.Batches = append(s.Batches, s.Batches[0])
	}
	r, err := trace.Run(context.Background(), s, trace.Options{})
	list := make([]float64, 0, n)
	for _, step := range r.Steps {
		list = append(list, step.Cost)
	}
	return list, err
}

// Work is an example with every number of its step and of the forward pass after it.
type Work struct {
	Example
	Rows []Line
	Own  bool // the numbers are the deck's own
	v    values

	printed values // what the deck prints, exact where it prints nothing
}

// Line is one row of an example's ledger.
type Line struct {
	Page, Symbol      string
	Formula, Numbers  string
	Short             string // Numbers with four decimals, without the result
	Exact             float64
	Operands          []string // the symbols of the numbers that stand in the formula
	Printed, Filled   string   // of the deck's own example: what it prints, and its line as it fills it in
	Agrees            bool     // Exact rounded is Printed
	Note              string   // catalogue key; empty: nothing to be said
	Backward, Updates bool     // of the way back; a new weight
}

// Work computes the example.
func (e Example) Work() (*Work, error) {
	v, err := e.values()
	if err != nil {
		return nil, err
	}
	w := &Work{Example: e, v: v, Own: e.own()}
	if w.Own {
		w.printed = v.asPrinted()
	}
	for _, l := range e.lines() {
		w.Rows = append(w.Rows, w.line(l))
	}
	return w, nil
}

// own reports whether the example is the deck's.
func (e Example) own() bool {
	d := Worked()
	return e.B == nil && e.X == d.X && e.Y == d.Y && e.W == d.W && e.Alpha == d.Alpha && e.Activation == d.Activation && e.Cost == d.Cost
}

// Value is the number called symbol; ok is false where there is none. E! and so on follow the wrong sign of 4-5-21.
func (w *Work) Value(symbol string) (v float64, ok bool) {
	v, ok = w.v[symbol]
	return v, ok
}

// Args are all values as the notes of the catalogue name them.
func (w *Work) Args() []any { return w.v.args() }

// Row is the place of a symbol in Rows; −1 where it has none.
func (w *Work) Row(symbol string) int {
	return slices.IndexFunc(w.Rows, func(l Line) bool { return l.Symbol == symbol })
}

// Row is the place of a symbol among the rows of an example's ledger; −1 where it has none.
func (e Example) Row(symbol string) int {
	return slices.IndexFunc(e.lines(), func(l line) bool { return l.symbol == symbol })
}

// line fills a line of the example.
func (w *Work) line(l line) Line {
	r := Line{
		Page: l.page, Symbol: l.symbol, Formula: l.formula, Numbers: w.v.fill(l.numbers), Exact: w.v[l.symbol], Operands: operands(l),
		Short:   w.v.fillWith(strings.TrimSuffix(l.numbers, " = {"+l.symbol+"}"), short),
		Updates: l.symbol[0] == 'w' || l.symbol[0] == 'b',
	}
	r.Backward = r.Updates || l.symbol[0] == 'd' && l.symbol != "drop" || strings.HasPrefix(l.symbol, "step")
	if w.Own && l.printed != "" {
		r.Printed, r.Agrees = l.printed, l.agrees(r.Exact)
		r.Filled = copied[l.symbol]
		if r.Filled == "" {
			r.Filled = w.printed.fill(l.numbers)
		}
		if l.note != "" {
			r.Note = "deck." + l.note
		}
	}
	return r
}

// operands are the symbols of a line's numbers, without its own.
func operands(l line) []string {
	var list []string
	for rest := l.numbers; ; {
		var ok bool
		if _, rest, ok = strings.Cut(rest, "{"); !ok {
			return list
		}
		name, after, _ := strings.Cut(rest, "}")
		if rest = after; name != l.symbol && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
}

// asPrinted are the values with what the deck prints in the place of those that it does.
func (v values) asPrinted() values {
	p := maps.Clone(v)
	for _, l := range lines {
		if x, err := strconv.ParseFloat(l.printed, 64); err == nil && l.symbol != "slip" {
			p[l.symbol] = x
		}
	}
	return p
}

// DescendWrongly runs n steps with the wrong sign of 4-5-21, the first layer against its gradient, and returns E before each of them.
func (e Example) DescendWrongly(n int) ([]float64, error) {
	list := make([]float64, 0, n)
	for range n {
		r, err := trace.Run(context.Background(), e.Spec(), trace.Options{})
		if err != nil {
			return list, err
		}
		list = append(list, r.Steps[0].Cost)
		e = e.wrong(e.learnt(r.Layers))
	}
	return list, nil
}

// wrong is an example after a step whose first layer went the other way.
func (e Example) wrong(after Example) Example {
	for i := range 4 {
		after.W[i] = float64(2*e.W[i]) - after.W[i]
	}
	if e.B != nil {
		b := *after.B
		b[0], b[1] = float64(2*e.B[0])-b[0], float64(2*e.B[1])-b[1]
		after.B = &b
	}
	return after
}
