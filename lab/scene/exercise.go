package scene

import (
	"math"
	"strconv"
	"strings"
)

// Exercise is a question that the engine can judge. Its words are KEY (the question), KEY_hint1, KEY_hint2, KEY_right (why it is so).
// It has Fields to fill, or a Goal that the instrument itself has to reach.
type Exercise struct {
	Key      string
	Args     []any
	Fields   []Field
	Mistakes []Mistake
	Goal     *Goal
}

// Field is one answer.
type Field struct {
	Label   Words   // such as w₁₁; empty where the question says it
	Unit    Words   //
	Right   float64 // of a number
	Within  float64 // how far off is still right
	Options []Words // of a choice: the answer is its number from 1
	Choice  int     // the right one, from 1
	Order   []int   // of an order of Options: the right one, numbers from 1
}

// Mistake is a wrong answer whose cause is known. Its sentence names the cause, not the answer.
type Mistake struct {
	Key    string
	Args   []any
	Values []float64 // one for each field; NaN: any
}

// Goal is something to bring about with the controls.
type Goal struct {
	Now    Number // how far it is
	Target Words  //
	Done   bool   //
	Why    Words  // what is missing, where it is not done
	// Late decides Done and Why where that takes so long that only a verdict waits for it.
	Late  func() (done bool, why Words)
	Solve map[string]string // controls that reach it: for the key and the tests
	Step  *int              // and the step, where it matters
	// Find finds Solve and Step where that takes so long that nobody but the key waits for it.
	Find func() (map[string]string, *int)
}

// Solution is the controls and the step that reach the goal.
func (g *Goal) Solution() (map[string]string, *int) {
	if g.Find != nil {
		return g.Find()
	}
	return g.Solve, g.Step
}

// Settled is whether the goal is reached, and what is missing where it is not.
func (g *Goal) Settled() (done bool, why Words) {
	if g.Late != nil {
		return g.Late()
	}
	return g.Done, g.Why
}

// Verdict is what is said to an answer.
type Verdict struct {
	Pass   bool  `json:"pass"`
	Say    Words `json:"say"`
	Wrong  []int `json:"wrong,omitempty"`  // fields that are wrong, from 1
	Empty  bool  `json:"empty,omitempty"`  // nothing was answered
	Common bool  `json:"common,omitempty"` // no mistake of the exercise's own, one of all exercises
}

// Judge judges answers, one for each field, as they were typed.
func (e Exercise) Judge(answers []string) Verdict {
	if e.Goal != nil {
		done, why := e.Goal.Settled()
		if done {
			return Verdict{Pass: true, Say: Say(e.Key+"_right", e.Args...)}
		}
		return Verdict{Say: why}
	}
	values, bad := e.read(answers)
	if bad != nil {
		return *bad
	}
	var wrong []int
	for i, f := range e.Fields {
		if !f.holds(values[i]) {
			wrong = append(wrong, i+1)
		}
	}
	if wrong == nil {
		return Verdict{Pass: true, Say: Say(e.Key+"_right", e.Args...)}
	}
	for _, m := range e.Mistakes {
		if e.matches(m, values) {
			return Verdict{Say: Say(m.Key, m.Args...), Wrong: wrong}
		}
	}
	return Verdict{Say: e.common(values, wrong), Wrong: wrong, Common: true}
}

// read turns the answers into numbers; of an order the digits in a row.
func (e Exercise) read(answers []string) ([]float64, *Verdict) {
	values := make([]float64, len(e.Fields))
	for i, f := range e.Fields {
		text := ""
		if i < len(answers) {
			text = tidy(answers[i])
		}
		if text == "" {
			return nil, &Verdict{Say: Say("lab.answer_empty"), Wrong: []int{i + 1}, Empty: true}
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, &Verdict{Say: Say("lab.answer_number", "value", clip(answers[i])), Wrong: []int{i + 1}}
		}
		if n := len(f.Options); n > 0 && f.Order == nil && (v < 1 || v > float64(n)) {
			return nil, &Verdict{Say: Say("lab.answer_choice", "n", n), Wrong: []int{i + 1}}
		}
		values[i] = v
	}
	return values, nil
}

// tidy reads what hands type: full-width digits, a true minus sign, a comma for the point, spaces, and the steps of an order.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '−' || r == '－' || r == '–':
			return '-'
		case r == '．':
			return '.'
		case r == ' ' || r == '　' || r == '+' || r == '＋':
			return -1
		}
		return r
	}, strings.TrimSpace(s))
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		return strings.Replace(s, ",", ".", 1)
	}
	return strings.ReplaceAll(s, ",", "")
}

func (f Field) right() float64 {
	switch {
	case f.Order != nil:
		v := 0.
		for _, n := range f.Order {
			v = 10*v + float64(n)
		}
		return v
	case f.Options != nil:
		return float64(f.Choice)
	}
	return f.Right
}

func (f Field) holds(v float64) bool { return near(v, f.right(), f.Within) }

// near allows for the rounding of what is typed: a tolerance of 5e-5 takes the very end of its stretch.
func near(v, right, within float64) bool { return math.Abs(v-right) <= within*(1+1e-9) }

func (e Exercise) matches(m Mistake, values []float64) bool {
	for i, want := range m.Values {
		if !math.IsNaN(want) && !near(values[i], want, e.Fields[i].Within) {
			return false
		}
	}
	return true
}

// common finds the mistakes that any number may have: the sign, the power of ten, too few decimals, two fields exchanged.
func (e Exercise) common(values []float64, wrong []int) Words {
	i := wrong[0] - 1
	f, v := e.Fields[i], values[i]
	right := f.right()
	switch {
	case f.Order != nil:
		return Say("lab.wrong_order")
	case f.Options != nil:
		return Say("lab.wrong_choice")
	case len(wrong) == 2 && e.Fields[wrong[1]-1].holds(v) && f.holds(values[wrong[1]-1]):
		return Say("lab.wrong_exchanged")
	case right != 0 && near(-v, right, f.Within):
		return Say("lab.wrong_sign")
	case right != 0 && v != 0 && powerOfTen(v/right):
		return Say("lab.wrong_point")
	case near(v, right, 50*f.Within):
		return Say("lab.wrong_rounding", "within", f.Within)
	case len(e.Fields) > 1:
		return Say("lab.wrong_field", "n", wrong[0])
	case v > right:
		return Say("lab.wrong_high")
	}
	return Say("lab.wrong_low")
}

// powerOfTen reports whether r is 10, 100, 1000 or their inverse, nearly.
func powerOfTen(r float64) bool {
	for _, p := range []float64{10, 100, 1000, .1, .01, .001} {
		if near(r/p, 1, 1e-3) {
			return true
		}
	}
	return false
}

// Answers are the right answers as they would be typed.
func (e Exercise) Answers() []string {
	list := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		list[i] = number(f.right())
		if f.Options == nil && f.Within > 0 {
			list[i] = strconv.FormatFloat(f.right(), 'f', decimals(f.Within), 64)
		}
	}
	return list
}

// Typical are the answers of the known mistakes as they would be typed; where a mistake leaves a field open it is right.
func (e Exercise) Typical() [][]string {
	var list [][]string
	for _, m := range e.Mistakes {
		answers := e.Answers()
		for i, v := range m.Values {
			if !math.IsNaN(v) {
				answers[i] = number(v)
			}
		}
		list = append(list, answers)
	}
	return list
}

// decimals is how many decimals an answer needs to be within.
func decimals(within float64) int {
	n := 0
	for w := within; w < .49 && n < 12; w *= 10 {
		n++
	}
	return n
}
