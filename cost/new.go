package cost

import (
	"math"
	"slices"

	"gradus/internal/say"
	"gradus/mat"
)

// Params are what a person may say about a cost, in the words of the spec. What is left out (nil, "") has its default; what
// the cost does not have is refused.
type Params struct {
	Delta          *float64  `json:"delta,omitempty"`           // huber, > 0; default 1
	PositiveWeight *float64  `json:"positive_weight,omitempty"` // binary-cross-entropy, > 0; default 1
	ClassWeights   []float64 `json:"class_weights,omitempty"`   // cross-entropy, ≥ 0, one per output; default 1 each
	LabelSmoothing *float64  `json:"label_smoothing,omitempty"` // cross-entropy, 0 … 1; default 0
	On             On        `json:"on,omitempty"`              // both cross-entropies; default probabilities
	Reduction      Reduction `json:"reduction,omitempty"`       // cross-entropy; default rows
}

// ByName returns the cost called name with its default parameters.
func ByName[T mat.Float](name string) (Func[T], error) { return New[T](name, Params{}) }

// New returns the cost called name with parameters p, or says which of them is wrong. What depends on the number of outputs
// is for Check to say.
func New[T mat.Float](name string, p Params) (Func[T], error) {
	var known []string
	for _, f := range All[T]() {
		known = append(known, f.Name())
	}
	if !slices.Contains(known, name) {
		return nil, say.Error("cost.unknown", "name", name, "nearest", say.Nearest(name, known), "known", known)
	}
	if err := p.belong(name); err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	return build[T](name, p), nil
}

// build makes the cost of checked parameters.
func build[T mat.Float](name string, p Params) Func[T] {
	switch name {
	case "huber":
		return Huber[T]{Delta: value(p.Delta)}
	case "binary-cross-entropy":
		return BinaryCrossEntropy[T]{On: p.On, PositiveWeight: value(p.PositiveWeight)}
	case "cross-entropy":
		return CrossEntropy[T]{
			On: p.On, ClassWeights: append([]float64(nil), p.ClassWeights...), LabelSmoothing: value(p.LabelSmoothing), Reduction: p.Reduction,
		}
	}
	for _, f := range All[T]() {
		if f.Name() == name {
			return f
		}
	}
	return nil
}

// options says which parameters a cost has, beside its name.
var options = map[string][]string{
	"huber":                {"delta"},
	"binary-cross-entropy": {"on", "positive_weight"},
	"cross-entropy":        {"on", "class_weights", "label_smoothing", "reduction"},
}

// belong refuses a parameter that the cost does not have.
func (p Params) belong(name string) error {
	for _, o := range []struct {
		name  string
		given bool
	}{
		{"delta", p.Delta != nil},
		{"positive_weight", p.PositiveWeight != nil},
		{"class_weights", len(p.ClassWeights) > 0},
		{"label_smoothing", p.LabelSmoothing != nil},
		{"on", p.On != ""},
		{"reduction", p.Reduction != ""},
	} {
		switch known := options[name]; {
		case !o.given || slices.Contains(known, o.name):
		case len(known) == 0:
			return say.Error("cost.no_options", "name", name, "option", o.name)
		default:
			return say.Error("cost.option", "name", name, "option", o.name, "known", known)
		}
	}
	return nil
}

// check refuses a value out of range.
func (p Params) check() error {
	if d := p.Delta; d != nil && !(*d > 0 && finite(*d)) {
		return say.Error("cost.positive", "option", "delta", "value", *d)
	}
	if w := p.PositiveWeight; w != nil && !(*w > 0 && finite(*w)) {
		return say.Error("cost.positive", "option", "positive_weight", "value", *w)
	}
	if s := p.LabelSmoothing; s != nil && !(*s >= 0 && *s <= 1) {
		return say.Error("cost.smoothing", "value", *s)
	}
	for c, w := range p.ClassWeights {
		if !(w >= 0 && finite(w)) {
			return say.Error("cost.class_weight", "class", c, "value", w)
		}
	}
	if err := oneOf("on", string(p.On), string(Probabilities), string(Logits)); err != nil {
		return err
	}
	return oneOf("reduction", string(p.Reduction), string(Rows), string(Weights))
}

func oneOf(option, value string, known ...string) error {
	if value == "" || slices.Contains(known, value) {
		return nil
	}
	return say.Error("cost.word", "option", option, "value", value, "nearest", say.Nearest(value, known), "known", known)
}

func value(p *float64) float64 {
	if p == nil {
		return 0
	}
	return *p
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
