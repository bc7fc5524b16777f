package main

import (
	"strings"
	"testing"
)

func TestDeckJSON(t *testing.T) {
	var rows, page, korean []deckRow
	r := gradus("", "deck", "--json")
	r.into(t, &rows)
	gradus("", "deck", "4-5-21", "--json").into(t, &page)
	gradus("", "deck", "4-5-21", "--json", "--lang", "ko").into(t, &korean)
	if len(rows) < 60 || rows[0].Page != "front" || rows[len(rows)-1].Symbol != "drop" {
		t.Errorf("%d rows", len(rows))
	}
	for _, key := range []string{"page", "symbol", "formula", "printed", "exact", "agrees", "note"} {
		if n := strings.Count(r.out, `"`+key+`":`); n != len(rows) {
			t.Errorf("%d rows of %d have %q", n, len(rows), key)
		}
	}
	for _, row := range rows {
		if row.Agrees != nil && !*row.Agrees && row.Note == "" {
			t.Errorf("%s %s: a slip without a note", row.Page, row.Symbol)
		}
		if row.Printed == nil && row.Agrees != nil && row.Symbol != "slip" {
			t.Errorf("%s %s: agrees with nothing", row.Page, row.Symbol)
		}
	}
	if len(page) != 3 || *page[2].Printed != .0106 || *page[2].Exact > -.0105 || *page[2].Agrees {
		t.Errorf("%+v", page)
	}
	if len(korean) != 3 || korean[2].Note == page[2].Note || *korean[2].Exact != *page[2].Exact {
		t.Errorf("%+v", korean)
	}
}

func TestDeckTable(t *testing.T) {
	r := gradus("", "deck", "4-5-30").ok(t)
	for _, w := range []string{"0.64210", "0.64215858", "no", "[1] Follows"} { // the digits of the deck, the last zero too
		if !strings.Contains(r.out, w) {
			t.Errorf("no %q in\n%s", w, r.out)
		}
	}
	if r := gradus("", "deck", "--lang", "ko").ok(t); !strings.Contains(r.out, "아니요") || !strings.Contains(r.out, "까닭") {
		t.Error(r.out)
	}
	gradus("", "deck", "4-5-32").refused(t, 2, "4-5-3")
	gradus("", "deck", "--lang", "ko", "4-5-32").refused(t, 2, "4-5-3", "혹시")
	gradus("", "deck", "1", "2").refused(t, 2)
}
