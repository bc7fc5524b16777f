package deck

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gradus/internal/say"
)

func ledger(t *testing.T) []Row {
	t.Helper()
	rows, err := Ledger()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// The symbols are a contract with other programs.
func TestEverySymbolOnce(t *testing.T) {
	count := map[string]int{}
	for _, r := range ledger(t) {
		count[r.Symbol]++
	}
	for _, s := range strings.Fields("o11 o12 h11 h12 o21 o22 h21 h22 E dE_dh21 dh21_do21 do21_dw21 dE_dw21 w21' dE_dh22 dE_dw22 w22' dE_dw23 w23' " +
		"dE_dw24 w24' dEy1_dh11 dEy2_dh11 dE_dh11 dh11_do11 do11_dw11 dE_dw11 w11' dE_dh12 dE_dw12 w12' dE_dw13 w13' dE_dw14 w14' " +
		"o11' o12' h11' h12' o21' o22' h21' h22' E' drop") {
		if count[s] != 1 {
			t.Errorf("%s stands %d times", s, count[s])
		}
	}
	for s, n := range count {
		if n > 1 && s != "slip" {
			t.Errorf("%s stands %d times", s, n)
		}
	}
}

// place turns 4-5-21 into a number that grows with the pages; the front page is 0.
func place(page string) (at int) {
	for _, part := range strings.Split(page, "-") {
		n, _ := strconv.Atoi(part)
		at = at*100 + n
	}
	return at
}

func TestPageOrder(t *testing.T) {
	if !slices.IsSortedFunc(ledger(t), func(a, b Row) int { return place(a.Page) - place(b.Page) }) {
		t.Error("the rows are not in page order")
	}
}

// Which symbols and pages the deck has wrong; all else that it prints agrees.
func TestSlips(t *testing.T) {
	want := strings.Fields("front 4-2-1 4-2-6 4-3-2 4-3-4 4-4-5 4-4-6 4-4-9 4-4-11 4-5-3 4-5-9 4-5-15 dEy1_dh11 dEy2_dh11 dE_dh11 w11' w12' dE_dh12 " +
		"w13' w14' o11' 4-5-27 o12' h11' h12' 4-5-29 o21' o22' h21' h22' drop")
	var got []string
	for _, r := range ledger(t) {
		name := r.Symbol
		if name == "slip" {
			name = r.Page
		}
		switch {
		case r.Slip():
			got = append(got, name)
		case r.Printed == nil && r.Agrees != nil:
			t.Errorf("%s: agrees with nothing", name)
		case r.Printed != nil && math.Abs(*r.Printed-*r.Exact) > .5*math.Pow10(-r.Decimals)+1e-12:
			t.Errorf("%s: %v is called %v at %d decimals", name, *r.Exact, *r.Printed, r.Decimals)
		}
		if r.Symbol != "slip" && r.Exact == nil {
			t.Errorf("%s has no exact value", name)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("slips %v\nwant  %v", got, want)
	}
}

// Every slip has its reason in both languages, every placeholder filled.
func TestNotes(t *testing.T) {
	for _, r := range ledger(t) {
		for _, lang := range []say.Lang{say.English, say.Korean} {
			note := r.Note(lang)
			if r.Slip() && note == "" || strings.ContainsAny(note, "{}") || strings.HasPrefix(note, "[") {
				t.Errorf("%s %s, %s: %q", r.Page, r.Symbol, lang, note)
			}
		}
		if note := r.Note(say.English); note != "" && note == r.Note(say.Korean) {
			t.Errorf("%s %s: one note for both languages", r.Page, r.Symbol)
		}
		if strings.ContainsAny(r.Numbers, "{}") || r.Formula == "" || r.Numbers == "" && r.Exact != nil {
			t.Errorf("%s %s: %q, %q", r.Page, r.Symbol, r.Formula, r.Numbers)
		}
	}
}

// A {symbol} that no value has would show as 0.
func TestEveryPlaceholderHasAValue(t *testing.T) {
	v, err := compute()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		for rest := l.numbers; ; {
			var ok bool
			if _, rest, ok = strings.Cut(rest, "{"); !ok {
				break
			}
			name, _, _ := strings.Cut(rest, "}")
			if _, ok := v[name]; !ok {
				t.Errorf("%s %s: nothing is called %q", l.page, l.symbol, name)
			}
		}
	}
}

// What the notes claim about pages before 4-5, computed by hand.
func TestClaims(t *testing.T) {
	v, err := compute()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]float64{
		"collapsed_w": 6, "collapsed_b": -1, // 3(2x+1) − 4
		"relu_left": 0, "relu_right": 1, "mae_above": 1, "mae_below": -1, "max_sigmoid_slope": .25,
		"cross_entropy":        0.35667494393873245, // −ln .7
		"iterations_per_epoch": 4, "iterations": 20, "500/2000": .25,
		"much_1": 1, "much_10": math.Sqrt(.1), "little_1": 10, "little_10": math.Sqrt(10),
		// (1−.9)⁻¹(1−.9ᵗ)/√…: the ratio is (1−β₁ᵗ)/(1−β₁) · √((1−β₂)/(1−β₂ᵗ))
		"adam_1": 1, "adam_12": (1 - math.Pow(.9, 12)) / .1 * math.Sqrt(.001/(1-math.Pow(.999, 12))), "adam_last": math.Sqrt(.1),
	} {
		if math.Abs(v[name]-want) > 1e-7 {
			t.Errorf("%s = %v, want %v", name, v[name], want)
		}
	}
	if math.Abs(v["adam_12"]-2.08) > .005 || v["mse_1"] != 2*v["half_1"] || v["mse_2"] != v["half_2"] {
		t.Error(v["adam_12"], v["mse_1"], v["half_1"], v["mse_2"], v["half_2"])
	}
}

func TestPage(t *testing.T) {
	rows := ledger(t)
	kept, err := Page(rows, "4-5-8")
	if err != nil || len(kept) != 2 || kept[0].Symbol != "h21" {
		t.Error(kept, err)
	}
	if _, err := Page(rows, "4-5-211"); err == nil || !strings.Contains(err.Error(), "did you mean 4-5-21?") {
		t.Error(err)
	}
}

func TestFill(t *testing.T) {
	v := values{"a": -.5, "b": 2, "c": -1}
	if got := v.fill("{b} − {a} = {c}, f({b})"); got != "2 − (−0.5) = −1, f(2)" {
		t.Error(got)
	}
}
