package chapter5

import (
	"strings"

	"gradus/deck"
	"gradus/lab/scene"
)

// How many rows stay in view before and behind the row in focus.
const (
	rowsBefore = 4
	rowsBehind = 3
)

// ledger is every row of the example; what is far from the focus and not its operand is folded.
func (q *sheet) ledger() *scene.Ledger {
	l := &scene.Ledger{Now: q.step - 1}
	for i, r := range q.Rows {
		l.Rows = append(l.Rows, q.entry(i, r))
	}
	q.fold(l)
	return l
}

// entry is one row.
func (q *sheet) entry(i int, r deck.Line) scene.Entry {
	now := i == q.step-1
	e := scene.Entry{
		Page: r.Page, Formula: r.Formula, Numbers: r.Short, Back: r.Backward, Operands: r.Operands, Term: term(r.Symbol),
		Exact: scene.Value(r.Symbol, left(r.Formula), r.Exact),
	}
	e.Exact.Plus = r.Backward && !r.Updates && r.Exact > 0
	if now {
		e.Numbers, _, _ = cutLast(r.Numbers, " = ")
		if r.Note != "" {
			e.Note = scene.Say(r.Note, q.Args()...)
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
	if q.state.Raw("show") == "deck" {
		e.Numbers = r.Filled
	}
}

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

// fold numbers the runs of rows that are out of sight: two rows at least, since one takes no more room than its fold.
func (q *sheet) fold(l *scene.Ledger) {
	near := make([]bool, len(l.Rows))
	for i, e := range l.Rows {
		near[i] = i >= l.Now-rowsBefore && i <= max(l.Now, 0)+rowsBehind || e.Page == q.leaf.id()
	}
	if l.Now >= 0 {
		for _, name := range l.Rows[l.Now].Operands {
			if r := q.Row(name); r >= 0 {
				near[r] = true
			}
		}
	}
	id := 0
	for i := 0; i < len(near); {
		end := i
		for end < len(near) && !near[end] {
			end++
		}
		if end-i > 1 {
			id++
			for k := i; k < end; k++ {
				l.Rows[k].Fold = id
			}
		}
		i = max(end, i+1)
	}
}
