package chapter5

import (
	"strings"

	"gradus/deck"
	"gradus/lab/scene"
)

// ledger is every row of the example. Which of them are folded is for the page to say, which knows how much room it has.
func (q *sheet) ledger() *scene.Ledger {
	l := &scene.Ledger{Now: q.step - 1, Deck: q.deckly()}
	for i, r := range q.Rows {
		l.Rows = append(l.Rows, q.entry(i, r))
	}
	return l
}

// entry is one row.
func (q *sheet) entry(i int, r deck.Line) scene.Entry {
	now := i == q.step-1
	e := scene.Entry{
		Page: r.Page, Formula: r.Formula, Short: brief(r.Formula), Numbers: r.Short, Back: r.Backward, Operands: r.Operands, Term: term(r.Symbol),
		Exact: scene.Value(r.Symbol, left(r.Formula), r.Exact),
	}
	if parts := q.parts(r.Symbol); parts != nil {
		e.Numbers = added(parts)
	}
	e.Exact.Plus = strings.HasPrefix(r.Symbol, "dE") && r.Exact > 0
	if now {
		e.Numbers, _, _ = cutLast(r.Numbers, " = ")
		if r.Note != "" {
			e.Note = scene.Say(noted(r.Note), q.Args()...)
		}
		e.Parts = q.parts(r.Symbol)
	}
	if r.Printed != "" {
		q.printed(&e, r)
	}
	if q.state.On("finite") {
		if v, ok := q.Finite(r.Symbol); ok {
			n := scene.Value("", "", v)
			e.Finite = &n
		}
	}
	return e
}

// printed adds what the deck has in the place of a row.
func (q *sheet) printed(e *scene.Entry, r deck.Line) {
	e.Exact.Printed, e.Exact.Slip = r.Printed, !r.Agrees
	e.Verdict = "slip"
	if r.Agrees {
		e.Verdict = "agrees"
	}
	p := number(r.Printed)
	gap := r.Exact - p
	e.Gap = &gap
	e.Sign = !r.Agrees && p*r.Exact < 0
	if q.deckly() {
		if e.Numbers = r.Filled; q.Rows[max(q.step, 1)-1].Symbol != r.Symbol {
			e.Numbers, _, _ = cutLast(r.Filled, " = ")
		}
	}
}

// deckly reports whether what the deck prints is looked at; of other numbers than its own it prints nothing.
func (q *sheet) deckly() bool { return q.Own && q.state.Raw("show") == "deck" }

// term is ① or ② of the two ways back to h₁₁, and ① to ③ of the three factors of w₂₁.
func term(symbol string) int {
	switch symbol {
	case "dE_dh21", "dEy1_dh11":
		return 1
	case "dh21_do21", "dEy2_dh11":
		return 2
	case "do21_dw21":
		return 3
	}
	return 0
}

// parts are what a row adds up, where that is more than one way back.
func (q *sheet) parts(symbol string) []scene.Number {
	switch symbol {
	case "dE_dh11":
		return []scene.Number{q.again("dEy1_dh11", "①"), q.again("dEy2_dh11", "②")}
	case "dE_dh12":
		return []scene.Number{q.again("dEy1_dh12", "①"), q.again("dEy2_dh12", "②")}
	}
	return nil
}

// added is a sum of parts as it is read: −0.0295 + 0.0003.
func added(parts []scene.Number) string {
	var list []string
	for _, p := range parts {
		list = append(list, scene.Round(*p.Value, 4))
	}
	return strings.ReplaceAll(strings.Join(list, " + "), " + −", " − ")
}

// letters write a derivative of the chain by the letter that it has in the picture.
var letters = strings.NewReplacer(
	"∂h₁₁/∂o₁₁", "h′₁₁", "∂h₁₂/∂o₁₂", "h′₁₂", "∂h₂₁/∂o₂₁", "h′₂₁", "∂h₂₂/∂o₂₂", "h′₂₂", "∂o₂₁/∂w₂₁", "h₁₁", "∂o₁₁/∂w₁₁", "x₁",
	"∂E_y₁/∂h₁₁ + ∂E_y₂/∂h₁₁", "① + ②", "∂E_y₁/∂h₁₂ + ∂E_y₂/∂h₁₂", "① + ②",
)

// brief is a formula in the room of one line; empty where it is short as it stands.
func brief(formula string) string {
	name, rest, ok := strings.Cut(formula, " = ")
	if short := letters.Replace(rest); ok && short != rest {
		return name + " = " + short
	}
	return ""
}

// left is what a formula is about: its left side.
func left(formula string) string {
	for _, sign := range []string{" := ", " = "} {
		if name, _, ok := strings.Cut(formula, sign); ok {
			return name
		}
	}
	return formula
}

// cutLast cuts at the last sep.
func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// noted is the sentence about a slip; the one about the lost sign leaves out the number that the page asks for.
func noted(key string) string {
	if key == "deck.sign" {
		return "lab45.p21_sign"
	}
	return key
}
