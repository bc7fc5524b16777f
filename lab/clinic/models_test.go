package clinic

import (
	"math"
	"testing"

	"gradus/internal/kernel"
)

// The ranking hardly moves, the risks are inflated by the odds that the treatment multiplies, and one number brings them back.
func TestImbalance(t *testing.T) {
	b, err := newBench(state(t, imbalance(), ""))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "observed", b.observed, .03, 1e-15)
	plain := b.all[0]
	for i, r := range b.all {
		near(t, r.name+" AUROC", float64(r.area.Value), float64(plain.area.Value), .02)
		ratio := r.mean / b.observed
		if swollen := i > 0 && i < 4; swollen != (ratio > 5) {
			t.Errorf("%s: says %.2f times what happened", r.name, ratio)
		}
		near(t, r.name+" refitted", b.again[i].mean, b.observed, .004)
		near(t, r.name+" AUROC refitted", float64(b.again[i].area.Value), float64(r.area.Value), 1e-12)
	}
	near(t, "events after oversampling", float64(b.all[2].events), float64(b.all[2].rows)/2, 0)
	near(t, "rows after undersampling", float64(b.all[3].rows), 240, 0)
	if b.all[1].gain >= plain.gain || b.again[1].gain <= b.all[1].gain {
		t.Error("net benefit: weights", b.all[1].gain, "untreated", plain.gain, "refitted", b.again[1].gain)
	}
}

// 60 % of a model whose events weigh 19 times: odds 1.5/19, probability 3/41.
func TestOddsTask(t *testing.T) {
	near(t, "risk", exercise(t, imbalance(), "", "imb_task1").Fields[0].Right, 300./41, 1e-9)
}

// What the exercise counts is what the network holds; few patients are learnt by heart, many are not.
func TestOverfit(t *testing.T) {
	z := size{7, 60, 16}
	training := z.training()
	net, err := training.Net.Build()
	if err != nil {
		t.Fatal(err)
	}
	near(t, "numbers learnt", exercise(t, overfit(), "", "fit_task1").Fields[0].Right, float64(len(net.Weights())), 0)
	few, err := z.study()
	if err != nil {
		t.Fatal(err)
	}
	many, err := size{7, 20000, 16}.study()
	if err != nil {
		t.Fatal(err)
	}
	if few.last().Cost > .1 || few.last().Held < 1.5*few.best().Held || few.learnt < .99 || few.held > .8 {
		t.Error("60 patients:", few.last(), few.best(), few.learnt, few.held)
	}
	near(t, "20,000 patients", many.learnt, many.held, .03)
	for _, e := range few.curve {
		if e.Held < few.best().Held {
			t.Error("epoch", e.Epoch, "is lower than the lowest")
		}
	}
	near(t, "corrected", exercise(t, overfit(), "", "fit_task2").Fields[0].Right, .94-.11, 1e-12)
	n := numbers(t, overfit(), "", mostTurn)
	near(t, "optimism", n["optimism"], n["auroc_apparent"]-n["auroc_held"], 1e-15)
	near(t, "cost of the last epoch", n["cost_held"], few.last().Held, 0)
	if !(n["optimism_bootstrap"] > 0 && n["optimism_bootstrap"] < n["optimism"]) {
		t.Error("bootstrap", n["optimism_bootstrap"], "of", n["optimism"])
	}
	if _, there := numbers(t, overfit(), "n=600", 0)["optimism_bootstrap"]; there {
		t.Error("a bootstrap of 600 patients is shown")
	}
}

// The shares add up to the log-odds, the interval is the standard error's, and the fit finds the effects that the cohort was drawn with.
func TestPatient(t *testing.T) {
	d, err := newDoctor(7)
	if err != nil {
		t.Fatal(err)
	}
	n := numbers(t, patient(), "", 0)
	sum := n["average"]
	for _, m := range measures {
		sum += n["part_"+m.key]
	}
	near(t, "log-odds", n["log_odds"], sum, 1e-12)
	near(t, "risk", n["risk"], kernel.Sigmoid(sum), 1e-12)
	row := set(state(t, patient(), ""))
	near(t, "risk by the fit", n["risk"], d.fit.Predict(row), 1e-12)
	near(t, "interval", logit(n["risk_high"])-logit(n["risk_low"]), 2*z95*d.fit.StandardError(row), 1e-9)
	for j, m := range measures {
		near(t, m.key, d.fit.Coefficients[j]*m.spread, m.effect*m.spread, .35)
	}
}

// A value that the cohort does not hold is named, and the reading warns.
func TestOutside(t *testing.T) {
	d, err := newDoctor(7)
	if err != nil {
		t.Fatal(err)
	}
	row := set(state(t, patient(), "lactate=15&age=110"))
	if out := d.card(row).out; len(out) != 2 || out[0] != 0 || out[1] != 3 {
		t.Error("outside are", out)
	}
	inside, outside := d.card(set(state(t, patient(), ""))), d.card(row)
	if len(inside.out) != 0 || outside.high-outside.low <= 0 || outside.se < 2*inside.se {
		t.Error("the interval outside is not wider:", inside.se, outside.se)
	}
}

func TestPatientTasks(t *testing.T) {
	near(t, "sum", exercise(t, patient(), "", "pat_task1").Fields[0].Right, 100/(1+math.Exp(.8)), 1e-9)
	near(t, "odds ratio", exercise(t, patient(), "", "pat_task2").Fields[0].Right, 300./7, 1e-9) // odds .25 · 3 = .75
}
