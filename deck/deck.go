// Package deck is the deck's own numbers beside the exact ones: the worked example of 4-5-1 to 4-5-31 and every slip of its pages.
//
// What the deck prints is typed from it; everything else is computed by the engine when Ledger is called.
package deck

import (
	"slices"
	"strconv"
	"strings"

	"gradus/internal/say"
)

// Row is one number or one slip of the deck.
type Row struct {
	Page     string   // such as 4-5-21, or front
	Symbol   string   // such as dE_dh11 or w11' (after the update); slip where the slip is no number of the example
	Formula  string   // of the page
	Numbers  string   // the formula, right, with the exact numbers filled in
	Printed  *float64 // what the deck prints; nil: nothing
	Decimals int      // how many decimals it prints
	Exact    *float64 // nil: the claim is no number
	Agrees   *bool    // Exact rounded to Decimals is Printed; false for every slip; nil where nothing is printed

	note string // catalogue key, empty without note
	args []any
}

// Note says in lang what is wrong and what is right; empty where nothing is to be said.
func (r Row) Note(lang say.Lang) string {
	if r.note == "" {
		return ""
	}
	return say.Text(lang, r.note, r.args...)
}

// Slip tells whether the deck is wrong here.
func (r Row) Slip() bool { return r.Agrees != nil && !*r.Agrees }

// Ledger computes every row, in page order.
func Ledger() ([]Row, error) {
	v, err := compute()
	if err != nil {
		return nil, err
	}
	rows := make([]Row, 0, len(lines))
	for _, l := range lines {
		rows = append(rows, l.row(v))
	}
	return rows, nil
}

// Page keeps the rows of one page; a page without a row is refused, the nearest named.
func Page(rows []Row, page string) ([]Row, error) {
	var kept []Row
	var pages []string
	for _, r := range rows {
		if r.Page == page {
			kept = append(kept, r)
		}
		if !slices.Contains(pages, r.Page) {
			pages = append(pages, r.Page)
		}
	}
	if kept == nil {
		return nil, say.Error("deck.page", "page", page, "nearest", say.Nearest(page, pages), "known", pages)
	}
	return kept, nil
}

// agrees reports whether a value, rounded to what is printed, is what is printed.
func (l line) agrees(exact float64) bool {
	_, decimals, _ := strings.Cut(l.printed, ".")
	return strconv.FormatFloat(exact, 'f', len(decimals), 64) == l.printed
}

// row fills a line of the deck with the exact values.
func (l line) row(v values) Row {
	r := Row{Page: l.page, Symbol: l.symbol, Formula: l.formula, Numbers: v.fill(l.numbers)}
	name := l.exact
	if name == "" && l.symbol != "slip" {
		name = l.symbol
	}
	if x, ok := v[name]; ok {
		r.Exact = &x
	}
	if p, err := strconv.ParseFloat(l.printed, 64); err == nil {
		_, decimals, _ := strings.Cut(l.printed, ".")
		r.Printed, r.Decimals = &p, len(decimals)
		agrees := l.symbol != "slip" && l.agrees(*r.Exact)
		r.Agrees = &agrees
	} else if l.symbol == "slip" {
		r.Agrees = new(bool)
	}
	if l.note != "" {
		r.note, r.args = "deck."+l.note, v.args()
	}
	return r
}
