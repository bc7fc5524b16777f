package chapter5

import (
	"math"
	"strconv"
	"testing"

	"gradus/deck"
	"gradus/lab/scene"
)

// numbers are those of a page at a step, by symbol.
func numbers(t *testing.T, p *scene.Page, query string) map[string]float64 {
	t.Helper()
	s, ignored := p.Read(query)
	run, err := p.Make(s)
	if err != nil || ignored != nil {
		t.Fatal(err, ignored)
	}
	sc, err := run.At(s.Step)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]float64{}
	for _, n := range sc.Numbers() {
		if n.Value != nil {
			m[n.Symbol] = *n.Value
		}
	}
	return m
}

// exact is the worked example, computed apart in 40 digits.
var exact = map[string]float64{
	"o11": .14, "o12": .07, "h11": .53494295, "h12": .51749286, "o21": .57447717, "o22": .42271933, "h21": .63979562, "h22": .60413378,
	"E": .01284127, "dE_dh21": -.16020438, "dh21_do21": .23045719, "do21_dw21": .53494295, "dE_dw21": -.01975023,
	"w21'": .30987511, "w22'": .80955298, "w23'": .49973557, "w24'": .29974420, "dE_dh11": -.01058177, "dE_dh12": -.02923962,
	"dh11_do11": .24877899, "do11_dw11": .1, "w11'": .60013163, "w12'": .40026325, "w13'": .10036505, "w14'": .30073010,
	"o11'": .14006581, "o12'": .07018252, "h11'": .53495932, "h12'": .51753843, "o21'": .58474536, "o22'": .42246734,
	"h21'": .64215858, "h22'": .60407351, "E'": .01246525, "drop": .00037601,
}

// Every page shows every number of the example under the deck's own symbols.
func TestEveryNumberOnEveryPage(t *testing.T) {
	rows, err := deck.Ledger()
	if err != nil {
		t.Fatal(err)
	}
	pages := Pages()
	if len(pages) != 31 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, p := range pages {
		if p.ID != "4-5-"+strconv.Itoa(i+1) {
			t.Errorf("page %d is %s", i+1, p.ID)
		}
		got := numbers(t, p, "seed=7")
		for symbol, want := range exact {
			if v, ok := got[symbol]; !ok || math.Abs(v-want) > 1e-8 {
				t.Errorf("%s: %s = %v, want %v", p.ID, symbol, v, want)
			}
		}
		for _, r := range rows {
			if r.Symbol == "slip" || r.Page < "4-5" || r.Page == "front" {
				continue
			}
			if v, ok := got[r.Symbol]; !ok || v != *r.Exact {
				t.Errorf("%s: %s = %v, want %v", p.ID, r.Symbol, v, *r.Exact)
			}
		}
	}
}

// A page opens at the row before the one that it asks for, and E falls below 1e-4 after 241 steps.
func TestWhereItOpensAndWhatItAsks(t *testing.T) {
	p := Pages()[20]
	if s, _ := p.Read(""); s.Step != 26 {
		t.Errorf("4-5-21 opens at %d", s.Step)
	}
	last := Pages()[30]
	s, _ := last.Read("")
	run, err := last.Make(s)
	if err != nil {
		t.Fatal(err)
	}
	list, err := last.Exercises(s, run)
	if err != nil || list[0].Fields[0].Right != 241 || list[1].Fields[0].Right != 4 {
		t.Error(err, list)
	}
}

// Another seed draws other numbers, and hides what the deck prints.
func TestAnotherSeed(t *testing.T) {
	p := Pages()[20]
	a, b := numbers(t, p, ""), numbers(t, p, "seed=3")
	if a["w11"] == b["w11"] || a["dE_dh11"] == b["dE_dh11"] {
		t.Error("the numbers stay")
	}
}
