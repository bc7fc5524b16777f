package scene

import (
	"math"
	"strconv"
	"strings"
)

// Kind is what a control holds.
type Kind string

// The kinds of control.
const (
	Real   Kind = "real"   // a number
	Whole  Kind = "whole"  // a whole number
	Choice Kind = "choice" // one of Options
	Toggle Kind = "toggle" // 0 or 1
	List   Kind = "list"   // real numbers with commas between them, Count of them
	Sizes  Kind = "sizes"  // whole numbers with commas between them, 1 to Count of them
	Free   Kind = "free"   // real numbers with commas between them, up to Count of them or none
	Typed  Kind = "typed"  // a line of letters, digits and signs, up to Count of them
)

// Control is one thing that a person may set. Its key and value stand in the address.
type Control struct {
	Key     string   `json:"key"`
	Label   Words    `json:"label"`
	Kind    Kind     `json:"kind"`
	Default string   `json:"default"`
	Low     float64  `json:"low"`
	High    float64  `json:"high"`
	Step    float64  `json:"step,omitempty"` // of an arrow key
	Log     bool     `json:"log,omitempty"`
	Count   int      `json:"count,omitempty"` // of a list
	Short   bool     `json:"short,omitempty"` // a list may have fewer
	Options []Option `json:"options,omitempty"`
	Place   string   `json:"place,omitempty"` // "" the rail, "bar" above the figure, "figure" in the figure alone, "more" behind a fold, "list" and "margin" under the title
	// Measured says that the page can set it to what it measures: the power of ten of the products that this computer makes in a second.
	Measured bool     `json:"measured,omitempty"`
	When     []string `json:"when,omitempty"` // a key and its values: shown only where that control has one of them
}

// Option is one value of a choice.
type Option struct {
	Value string `json:"value"`
	Label Words  `json:"label"`
}

// RealControl is a slider with its box.
//
//go:noinline
func RealControl(key string, label Words, at, low, high, step float64) Control {
	return Control{Key: key, Label: label, Kind: Real, Default: number(at), Low: low, High: high, Step: step}
}

// WholeControl is a slider over whole numbers.
//
//go:noinline
func WholeControl(key string, label Words, at, low, high int) Control {
	return Control{Key: key, Label: label, Kind: Whole, Default: strconv.Itoa(at), Low: float64(low), High: float64(high), Step: 1}
}

// ChoiceControl is a row of words of which one is chosen: the first, until another is. The label of an option is the sentence
// BASE_VALUE of the catalogue, its hyphens as underscores.
//
//go:noinline
func ChoiceControl(key string, label Words, base string, values ...string) Control {
	c := Control{Key: key, Label: label, Kind: Choice, Default: values[0]}
	for _, v := range values {
		c.Options = append(c.Options, Option{v, Say(base + "_" + strings.ReplaceAll(v, "-", "_"))})
	}
	return c
}

// ToggleControl is off at the beginning, unless on.
//
//go:noinline
func ToggleControl(key string, label Words, on bool) Control {
	c := Control{Key: key, Label: label, Kind: Toggle, Default: "0", High: 1}
	if on {
		c.Default = "1"
	}
	return c
}

// ListControl is a list of numbers.
//
//go:noinline
func ListControl(key string, label Words, low, high, step float64, values ...float64) Control {
	return Control{Key: key, Label: label, Kind: List, Default: join(values), Low: low, High: high, Step: step, Count: len(values)}
}

// SizesControl is a list of whole numbers that may be longer or shorter: the layers of a network.
func SizesControl(key string, label Words, low, high, most int, values ...float64) Control {
	return Control{Key: key, Label: label, Kind: Sizes, Default: join(values), Low: float64(low), High: float64(high), Step: 1, Count: most}
}

// FreeControl is a list of numbers that is empty until the figure itself fills it.
func FreeControl(key string, label Words, most int) Control {
	return Control{Key: key, Label: label, Kind: Free, Low: -1e9, High: 1e9, Count: most, Place: "figure"}
}

// TypedControl is a line that is typed: a formula.
func TypedControl(key string, label Words, at string, most int) Control {
	return Control{Key: key, Label: label, Kind: Typed, Default: at, Count: most}
}

// In returns the control at a place: bar, figure, more or list.
//
//go:noinline
func (c Control) In(place string) Control {
	c.Place = place
	return c
}

// Only returns the control shown only where another one has one of these values.
func (c Control) Only(key string, values ...string) Control {
	c.When = append([]string{key}, values...)
	return c
}

// Logarithmic returns the control with a logarithmic slider.
//
//go:noinline
func (c Control) Logarithmic() Control {
	c.Log = true
	return c
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func join(values []float64) string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = number(v)
	}
	return strings.Join(list, ",")
}

// read checks a value of the address and returns it in its one form; ok is false where it is none of the control's.
func (c Control) read(s string) (value string, ok bool) {
	switch c.Kind {
	case Real:
		v, ok := c.real(s)
		return number(v), ok
	case Whole, Toggle:
		v, err := strconv.Atoi(strings.ReplaceAll(s, "−", "-"))
		return strconv.Itoa(v), err == nil && float64(v) >= c.Low && float64(v) <= c.High
	case Choice:
		for _, o := range c.Options {
			if o.Value == s {
				return s, true
			}
		}
		return "", false
	case Typed:
		return s, s != "" && len(s) <= c.Count && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '&' || r == '%' })
	}
	return c.list(s)
}

// list reads numbers with commas between them.
func (c Control) list(s string) (value string, ok bool) {
	if c.Kind == Free && s == "" {
		return "", true
	}
	parts := strings.Split(s, ",")
	values := make([]float64, len(parts))
	for i, p := range parts {
		if values[i], ok = c.real(p); !ok {
			return "", false
		}
		if c.Kind == Sizes && values[i] != math.Trunc(values[i]) {
			return "", false
		}
	}
	return join(values), len(values) == c.Count || (c.Kind != List || c.Short) && len(values) < c.Count
}

// real reads a finite number within the control's bounds; −0 is 0.
func (c Control) real(s string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(s), "−", "-"), 64)
	if err != nil || math.IsNaN(v) || v < c.Low || v > c.High {
		return 0, false
	}
	return v + 0, true
}
