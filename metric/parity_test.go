package metric

import (
	"encoding/json"
	"slices"
	"strconv"
	"testing"
)

// The groups of the temporal rows at a threshold of .10 against Python.
func TestParityAgainstPython(t *testing.T) {
	want := decode[map[string]map[string]float64](t, "expected_subgroups.json")
	groups := map[string]set{}
	for _, r := range rows(t, "risk_predictions.csv.gz") {
		if r["split"] != "temporal" {
			continue
		}
		age, old := "age<65", len(r["age"]) > 1 && r["age"] >= "65"
		if old {
			age = "age>=65"
		}
		p, _ := strconv.ParseFloat(r["p_lr"], 64)
		for _, name := range []string{"sex=" + r["sex"], age, "site=" + r["site"]} {
			s := groups[name]
			groups[name] = set{append(s.y, r["y"] == "1"), append(s.p, p)}
		}
	}
	rates := map[string]Rates{}
	for name, s := range groups {
		r, err := Binary(s.y, s.p, Options{Threshold: new(.1)})
		if err != nil {
			t.Fatal(name, err)
		}
		rates[name] = r.Confusion.Rates()
		for key, got := range map[string]Number{
			"n": Number(r.N), "events": Number(r.Events), "prevalence": r.Prevalence, "auroc": r.AUROC.Value, "brier": r.Brier,
			"tp": Number(r.Confusion.TP), "fp": Number(r.Confusion.FP), "fn": Number(r.Confusion.FN), "tn": Number(r.Confusion.TN),
			"selection_rate": rates[name].Selection, "tpr": rates[name].TPR, "fpr": rates[name].FPR,
		} {
			near(t, name+" "+key, got, want[name][key])
		}
	}
	for name, pair := range map[string][]string{"sex=F vs sex=M": {"sex=F", "sex=M"}, "age<65 vs age>=65": {"age<65", "age>=65"}} {
		got := ParityOf([]Rates{rates[pair[0]], rates[pair[1]]})
		near(t, name, got.Demographic, want[name]["demographic_parity_difference"])
		near(t, name, got.Odds, want[name]["equalized_odds_difference"])
		near(t, name, got.Opportunity, want[name]["equal_opportunity_difference"])
	}
}

func TestParityOfWhatIsMissing(t *testing.T) {
	none := ParityOf([]Rates{{.1, .2, .3}})
	half := ParityOf([]Rates{{.1, .2, .3}, {.4, undefined, .1}})
	for _, v := range []Number{none.Demographic, none.Odds, none.Opportunity, half.Odds, half.Opportunity} {
		if v.Defined() {
			t.Error(none, half)
		}
	}
	nearBy(t, "selection", half.Demographic, .3, 1e-15)
	b, err := json.Marshal(none)
	if err != nil || slices.Contains(b, 'N') {
		t.Error(string(b), err)
	}
}
