package scene

// Tone says what a colour means; every tone has a second code beside its colour.
type Tone string

// The tones.
const (
	Ink      Tone = ""         // neither sign nor direction
	Positive Tone = "pos"      // +, class 1, ▲
	Negative Tone = "neg"      // −, class 0, ○
	Forward  Tone = "forward"  // solid, →
	Backward Tone = "backward" // dashed, ←
	Faint    Tone = "faint"    // not yet, or the past
	Pass     Tone = "pass"
	Warn     Tone = "warn"
	Fail     Tone = "fail"
)

// Signed is the tone of a number whose sign is the point.
//
//go:noinline
func Signed(v float64) Tone {
	switch {
	case v > 0:
		return Positive
	case v < 0:
		return Negative
	}
	return Ink
}

// Number is one number on the screen. Every number of the engine is shown as one: its full value goes with it.
type Number struct {
	Symbol  string   `json:"symbol,omitempty"` // as other programs call it: dE_dh11, w11' after the update
	Of      string   `json:"of,omitempty"`     // the symbol of a number of the scene that is shown here once more, without a symbol of its own
	Label   Words    `json:"label,omitzero"`   // as people read it: ∂E/∂h₁₁
	Value   *float64 `json:"value"`            // nil: not yet, or undefined
	Plus    bool     `json:"plus,omitempty"`   // + is shown
	Places  *int     `json:"places,omitempty"` // fixed decimals: a count has 0; nil: the learner's choice
	Percent bool     `json:"percent,omitempty"`
	Unit    Words    `json:"unit,omitzero"`
	Tone    Tone     `json:"tone,omitempty"`
	Printed string   `json:"printed,omitempty"` // what the deck prints, digit by digit
	Slip    bool     `json:"slip,omitempty"`    // the deck is wrong here
	Edit    string   `json:"edit,omitempty"`    // the control whose value this is
}

// Value is a number with a symbol and a label.
//
//go:noinline
func Value(symbol, label string, v float64) Number {
	return Number{Symbol: symbol, Label: Text(label), Value: &v}
}

// Count is a whole number with a symbol.
//
//go:noinline
func Count(symbol string, label Words, n int) Number {
	v, none := float64(n), 0
	return Number{Symbol: symbol, Label: label, Value: &v, Places: &none}
}

// With returns the number with a tone.
//
//go:noinline
func (n Number) With(t Tone) Number {
	n.Tone = t
	return n
}

// Fixed returns the number shown with a fixed count of decimals.
//
//go:noinline
func (n Number) Fixed(places int) Number {
	n.Places = &places
	return n
}

// Named returns the number with another label.
//
//go:noinline
func (n Number) Named(w Words) Number {
	n.Label = w
	return n
}

// Again returns the number as one that the scene already has elsewhere: it lights with it.
//
//go:noinline
func (n Number) Again() Number {
	n.Of, n.Symbol = n.Symbol, ""
	return n
}

// Editable returns the number as the value of a control.
//
//go:noinline
func (n Number) Editable(key string) Number {
	n.Edit = key
	return n
}

// Scene is one moment of an instrument.
type Scene struct {
	Figures  []Figure `json:"figures"`
	Readings []Number `json:"readings,omitempty"` // the one, two or three numbers that this moment is about
	Summary  Words    `json:"summary"`            // the picture in one sentence, for who hears the page
	// Held are values that controls show at this step in place of the learner's own; a hand goes on from them.
	Held map[string]string `json:"held,omitempty"`
}

// Mark names a step of the step bar.
type Mark struct {
	Step  int   `json:"step"`
	Label Words `json:"label"`
	Minor bool  `json:"minor,omitempty"`
}

// Run is an instrument at work: what it shows at each of its steps. A step depends on nothing but its number, so that going back is
// going there again.
type Run struct {
	Steps int                            // number of the last step; 0: nothing to step through
	Unit  Words                          // what a step is: row, iteration, epoch
	Marks []Mark                         //
	At    func(step int) (*Scene, error) //
	Kept  any                            // what Make has computed, for the exercises
	// Drag answers a pull at a handle of a plot: the controls' new values. nil: the handle's own keys take x and y.
	Drag func(handle string, x, y float64) map[string]string
	// Own is what the page's exercises need of it.
	Own any
}

// Still is a run of one moment.
func Still(s *Scene) *Run {
	return &Run{At: func(int) (*Scene, error) { return s, nil }}
}

// Numbers are the scene's numbers that have a symbol, in the order of the page; each symbol once.
func (s *Scene) Numbers() []Number {
	var list []Number
	seen := map[string]bool{}
	walk(s, func(n Number) {
		if n.Symbol != "" && !seen[n.Symbol] {
			seen[n.Symbol] = true
			list = append(list, n)
		}
	})
	return list
}
