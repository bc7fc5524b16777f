// Package scene is what an instrument of the lab shows: numbers, figures, exercises and the words beside them, without a line about
// how they are drawn. An instrument computes scenes with the engine; the page in the browser, the command line and the tests read
// the same ones.
//
// The builders of numbers, cells, words and controls are kept out of line: pages call them hundreds of times, and copies of them would
// weigh on the engine that the browser loads.
package scene

import "strconv"

// Words are a sentence of the catalogue with its arguments, or, where Key is empty, text that is the same in every language.
type Words struct {
	Key  string   `json:"key,omitempty"`
	Args []string `json:"args,omitempty"` // name, value, name, value …
	Text string   `json:"text,omitempty"`
}

// Say names a sentence of the catalogue. args are name, value pairs; a number is written in the shortest form that gives it back,
// with a leading zero and a true minus sign.
//
//go:noinline
func Say(key string, args ...any) Words {
	w := Words{Key: key}
	for _, a := range args {
		w.Args = append(w.Args, show(a))
	}
	return w
}

// Text is words that need no translation, such as a formula.
//
//go:noinline
func Text(s string) Words { return Words{Text: s} }

// Empty reports whether nothing is said.
func (w Words) Empty() bool { return w.Key == "" && w.Text == "" }

func show(a any) string {
	switch v := a.(type) {
	case string:
		return v
	case int:
		return sign(strconv.Itoa(v))
	case float64:
		return sign(strconv.FormatFloat(v, 'g', -1, 64))
	}
	return ""
}

// sign puts U+2212 in the place of a hyphen.
func sign(s string) string {
	if s != "" && s[0] == '-' {
		return "−" + s[1:]
	}
	return s
}

// Round writes v with n decimals, a leading zero and a true minus sign; a value that rounds to nothing has no sign.
func Round(v float64, n int) string {
	s := strconv.FormatFloat(v, 'f', n, 64)
	for _, c := range s {
		if c >= '1' && c <= '9' {
			return sign(s)
		}
	}
	if s[0] == '-' {
		return s[1:]
	}
	return s
}
