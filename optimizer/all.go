package optimizer

import (
	"math"
	"slices"

	"gradus/internal/say"
	"gradus/mat"
)

// Row describes one rule: what it is called, where it stands in the deck, its forms (the first is the default) and its values.
type Row[T mat.Float] struct {
	Name  string
	Page  string // the deck's page, or of the rule that it extends
	Forms []Form
	Keys  []Key
	build func(n int, form Form, v map[string]float64) Rule[T]
}

// All lists every rule in the order of the deck. To add one: its file, a row here, a golden trajectory in its test.
func All[T mat.Float]() []Row[T] {
	both := []Form{Reference, Deck}
	throw := []Key{gamma, {Name: "dampening", High: 1, Forms: []Form{Reference}}}
	mean := []Key{gamma, epsilon(1e-8), {Name: "centred", High: 1, Whole: true}, {Name: "momentum", High: 1, Below: true}}
	adams := []Key{beta1, beta2, epsilon(1e-8)}
	return []Row[T]{
		{"descent", "4-4-2", both, nil, buildDescent[T]},
		{"momentum", "4-4-8", both, throw, buildMomentum[T]},
		{"nesterov", "4-4-8", both, []Key{gamma}, buildNesterov[T]},
		{"adagrad", "4-4-9", both, []Key{epsilon(1e-10)}, buildAdagrad[T]},
		{"rmsprop", "4-4-10", both, mean, buildRMSprop[T]},
		{"adam", "4-4-11", []Form{Reference, Deck, Printed}, adams, buildAdam[T]},
		{"amsgrad", "4-4-11", both, adams, buildAMSGrad[T]},
		{"adamw", "4-4-11", both, append(slices.Clone(adams), weightDecay), buildAdamW[T]},
	}
}

var (
	gamma       = Key{Name: "gamma", Default: .9, High: 1, Below: true}
	beta1       = Key{Name: "beta1", Default: .9, High: 1, Below: true}
	beta2       = Key{Name: "beta2", Default: .999, High: 1, Below: true}
	weightDecay = Key{Name: "weight_decay", High: math.Inf(1)}
	absolute    = Key{Name: "l1", High: math.Inf(1)}
)

func epsilon(value float64) Key { return Key{Name: "epsilon", Default: value, High: math.Inf(1)} }

// ByName returns the row of the rule called name.
func ByName[T mat.Float](name string) (Row[T], error) {
	rows := All[T]()
	known := names(rows, func(r Row[T]) string { return r.Name })
	if i := slices.Index(known, name); i >= 0 {
		return rows[i], nil
	}
	return Row[T]{}, say.Error("optimizer.unknown", "name", name, "nearest", say.Nearest(name, known), "known", known)
}

// New makes the rule called name for n weights. An empty form is Reference; a value that is not given has its default.
func New[T mat.Float](name string, n int, form Form, values map[string]float64) (Rule[T], error) {
	row, err := ByName[T](name)
	if err != nil {
		return nil, err
	}
	return row.New(n, form, values)
}

// New makes this row's rule for n weights, as the function New does.
func (r Row[T]) New(n int, form Form, values map[string]float64) (Rule[T], error) {
	rule, _, err := r.construct(n, form, values)
	return rule, err
}

func (r Row[T]) construct(n int, form Form, values map[string]float64) (Rule[T], map[string]float64, error) {
	if form == "" {
		form = Reference
	}
	if !slices.Contains(r.Forms, form) {
		return nil, nil, say.Error("optimizer.form", "owner", r.Name, "form", string(form), "known", words(r.Forms))
	}
	v, err := resolve(r.Name, form, r.Keys, values)
	if err != nil {
		return nil, nil, err
	}
	return r.build(n, form, v), v, nil
}

// NewPenalised makes a rule and the penalty beside it. Every rule then also takes weight_decay (λ₂; inside the formula where the
// rule has it, as adamw) and l1 (λ₁); both touch only the spans of w that hold weights.
func NewPenalised[T mat.Float](name string, n int, form Form, values map[string]float64, spans [][2]int) (Rule[T], Penalty[T], error) {
	row, err := ByName[T](name)
	if err != nil {
		return nil, Penalty[T]{}, err
	}
	inside := slices.ContainsFunc(row.Keys, func(k Key) bool { return k.Name == weightDecay.Name })
	row.Keys = append(slices.Clone(row.Keys), absolute)
	if !inside {
		row.Keys = append(row.Keys, weightDecay)
	}
	rule, v, err := row.construct(n, form, values)
	if err != nil {
		return nil, Penalty[T]{}, err
	}
	p := Penalty[T]{L1: T(v[absolute.Name]), Spans: append([][2]int{}, spans...)}
	if d, ok := rule.(Decayer[T]); ok && inside {
		d.DecayOnly(spans)
	} else {
		p.L2 = T(v[weightDecay.Name])
	}
	return rule, p, nil
}

// Lanes lets a rule of float64 be computed by assembly as one of float32 is: Adam and AdamW in the reference form, which then give the
// very bits of their formulas in Go; for other rules it changes nothing. For training alone, as Network.Fuse is.
func Lanes[T mat.Float](r Rule[T]) {
	if r, ok := r.(interface{ lanes() }); ok {
		r.lanes()
	}
}

// given leaves out the pairs whose value is zero: a config's zero field means the default.
func given(pairs map[string]float64) map[string]float64 {
	for name, x := range pairs {
		if x == 0 {
			delete(pairs, name)
		}
	}
	return pairs
}
