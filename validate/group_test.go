package validate

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// temporalRisks are the rows of split temporal: what is said of each, the outcome and the regression's risk.
func temporalRisks(t *testing.T) (rows []map[string]string, y, p []float64) {
	t.Helper()
	f, err := os.Open("../metric/testdata/risk_predictions.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range all[1:] {
		row := map[string]string{}
		for i, name := range all[0] {
			row[name] = record[i]
		}
		if row["split"] != "temporal" {
			continue
		}
		risk, err := strconv.ParseFloat(row["p_lr"], 64)
		if err != nil {
			t.Fatal(err)
		}
		outcome, _ := strconv.ParseFloat(row["y"], 64)
		rows, y, p = append(rows, row), append(y, outcome), append(p, risk)
	}
	return rows, y, p
}

// judgedAt is a binary judgement of the risks p at one threshold, the same on both sides.
func judgedAt(y, p []float64, threshold float64) (*work, *judgement) {
	w := &work{target: &table.Target{Task: table.TaskBinary, Levels: []string{"0", "1"}, Event: "1"}, y: y}
	j := &judgement{y: y}
	for i, v := range p {
		j.rows, j.group = append(j.rows, i), append(j.group, i)
		for side := range j.p {
			j.p[side], j.cuts[side] = append(j.p[side], []float64{1 - v, v}), append(j.cuts[side], threshold)
		}
	}
	j.members = patients(j.group)
	return w, j
}

// Every figure of the fixture, and the p of the two sexes that the specification names.
func TestSubgroupsFixture(t *testing.T) {
	type figures struct {
		N, Events, TP, FP, FN, TN          int
		Prevalence, AUROC, Brier, TPR, FPR float64
		Mean                               float64 `json:"mean_p"`
		Selection                          float64 `json:"selection_rate"`
		Parity                             float64 `json:"demographic_parity_difference"`
		Odds                               float64 `json:"equalized_odds_difference"`
		Opportunity                        float64 `json:"equal_opportunity_difference"`
	}
	b, err := os.ReadFile("testdata/expected_subgroups.json")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]figures{}
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	rows, y, p := temporalRisks(t)
	w, j := judgedAt(y, p, .10)
	names := map[string]func(map[string]string) string{
		"sex": func(r map[string]string) string { return "sex=" + r["sex"] }, "site": func(r map[string]string) string { return "site=" + r["site"] },
		"age": func(r map[string]string) string {
			if age, _ := strconv.ParseFloat(r["age"], 64); age < 65 {
				return "age<65"
			}
			return "age>=65"
		},
	}
	for _, column := range []string{"age", "sex", "site"} {
		s := Stratum{Column: column, Kind: "category", Of: make([]int, len(rows))}
		for i, r := range rows {
			v := names[column](r)
			if !slices.Contains(s.Values, v) {
				s.Values = append(s.Values, v)
			}
			s.Of[i] = slices.Index(s.Values, v)
		}
		w.design.Strata = append(w.design.Strata, s)
	}
	got, err := w.subgroups(j)
	if err != nil || len(got) != 3 {
		t.Fatal(got, err)
	}
	met := 0
	near := func(what string, got metric.Number, want float64) {
		if met++; math.Abs(float64(got)-want) > 1e-8*max(1, math.Abs(want)) {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	for _, s := range got {
		for _, g := range s.Groups {
			e, f := want[g.Value], g.Network.Binary
			if g.N != e.N || g.Events != e.Events || g.Patients != e.N || g.TooFew {
				t.Errorf("%s: %+v, want %+v", g.Value, g, e)
			}
			near(g.Value+" prevalence", f.Prevalence, e.Prevalence)
			near(g.Value+" mean risk", f.MeanRisk, e.Mean)
			near(g.Value+" AUROC", f.AUROC.Value, e.AUROC)
			near(g.Value+" Brier", f.Brier, e.Brier)
			near(g.Value+" sensitivity", f.Sensitivity.Value, e.TPR)
			near(g.Value+" specificity", f.Specificity.Value, 1-e.FPR)
			near(g.Value+" selected", f.Selected, e.Selection)
			near(g.Value+" O/E", f.OE, e.Prevalence/e.Mean)
			near(g.Value+" net benefit", f.NetBenefit, float64(e.TP)/float64(e.N)-float64(e.FP)/float64(e.N)/9)
		}
		pair := map[string]string{"sex": "sex=F vs sex=M", "age": "age<65 vs age>=65"}[s.Column]
		if e := want[pair]; pair != "" {
			near(pair+" parity", s.Network.Parity, e.Parity)
			near(pair+" odds", s.Network.Odds, e.Odds)
			near(pair+" opportunity", s.Regression.Opportunity, e.Opportunity)
		}
		if s.Column == "sex" && (math.Abs(float64(s.Groups[0].Rest.P)-.058) > .0005 || s.Groups[0].Rest.P != s.Groups[1].Rest.P) {
			t.Errorf("p of the sexes %v, %v", s.Groups[0].Rest.P, s.Groups[1].Rest.P)
		}
	}
	if met != 6*9+2*3 {
		t.Errorf("%d figures were compared", met)
	}
}

// A group of few rows or events has counts only, one of fewer than five rows is not there, and a count below five is not shown, nor
// one from which it would follow.
func TestSubgroupsSmall(t *testing.T) {
	var y, p []float64
	s := Stratum{Column: "ward", Values: []string{"large", "few", "rare", "tiny", "none"}}
	add := func(group, n, events int) {
		for i := range n {
			outcome := 0.
			if i < events {
				outcome = 1
			}
			y, p, s.Of = append(y, outcome), append(p, float64(i%17)/20), append(s.Of, group)
		}
	}
	add(0, 200, 60)
	add(1, 49, 20)
	add(2, 80, 3)
	add(3, 4, 2)
	add(-1, 10, 5)
	w, j := judgedAt(y, p, .5)
	w.design.Strata = []Stratum{s}
	got, err := w.subgroups(j)
	if err != nil || len(got) != 1 || len(got[0].Groups) != 3 {
		t.Fatal(got, err)
	}
	large, few, rare := got[0].Groups[0], got[0].Groups[1], got[0].Groups[2]
	if large.TooFew || large.Network == nil || large.Rest == nil || large.Events != 60 || got[0].Network != nil {
		t.Errorf("%+v", large)
	}
	if !few.TooFew || few.Network != nil || few.N != 49 || !few.Hidden || few.Events != 0 {
		t.Errorf("%+v", few)
	}
	if !rare.TooFew || rare.Regression != nil || rare.Rest != nil || !rare.Hidden || rare.Events != 0 || rare.N != 80 {
		t.Errorf("%+v", rare)
	}
}

// The net benefit at every threshold is that of package metric, and a draw's is that of its rows repeated.
func TestDecisionInterval(t *testing.T) {
	_, truth, p := temporalRisks(t)
	y, q := events(truth), slices.Clone(p)
	for i := range q {
		q[i] = math.Round(100*p[i]) / 100 // ties at the thresholds
	}
	each := make([]int, len(y))
	for i := range each {
		each[i] = i / 2
	}
	named := []float64{.005, .1, .25}
	d, err := decisionInterval(t.Context(), y, p, q, patients(each), named, sampling{60, 3, 2})
	if err != nil {
		t.Fatal(err)
	}
	var thresholds []float64
	for _, at := range d.Points {
		thresholds = append(thresholds, at.Threshold)
	}
	if len(d.Points) != 100 || thresholds[0] != .005 || !slices.IsSorted(thresholds) {
		t.Fatal(thresholds)
	}
	for side, risks := range [][]float64{p, q} {
		curve, err := metric.DecisionCurve(y, risks, thresholds)
		if err != nil {
			t.Fatal(err)
		}
		for i, at := range d.Points {
			got := []metric.Estimate{at.Network, at.Regression}[side]
			if math.Abs(float64(got.Value-curve[i].Model)) > 1e-14 || math.Abs(float64(at.All.Value-curve[i].All)) > 1e-14 || got.Low > got.High {
				t.Fatalf("at %v: %+v, want %+v", at.Threshold, got, curve[i])
			}
		}
	}
	weight := make([]int, len(y))
	resample(weight, patients(each), 7, 3)
	var wide []bool
	var widely []float64
	for i, n := range weight {
		for range n {
			wide, widely = append(wide, y[i]), append(widely, q[i])
		}
	}
	want, err := metric.DecisionCurve(wide, widely, thresholds)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range newDrawn(len(thresholds)).net(y, weight, reached(q, thresholds), thresholds) {
		if math.Abs(v-float64(want[i].Model)) > 1e-14 {
			t.Errorf("a draw at %v: %v, want %v", thresholds[i], v, want[i].Model)
		}
	}
}

// Risks that are too extreme are recalibrated to advantage; those that are right are kept.
func TestRecalibration(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	var y, right, steep []float64
	for range 2000 {
		o, outcome := 1.5*r.NormFloat64(), 0.
		p := 1 / (1 + math.Exp(-o))
		if r.Float64() < p {
			outcome = 1
		}
		y, right, steep = append(y, outcome), append(right, p), append(steep, 1/(1+math.Exp(-3*o)))
	}
	for best, p := range map[string][]float64{"": right, "line": steep} {
		w, j := judgedAt(y, p, .5)
		w.design.Correct = func([]bool, []float64, []float64) []Corrected { return nil }
		s := slot{test: j.rows, network: j.p[0], corrected: []Corrected{{Method: "line", A: .2, B: 1. / 3, P: make([]float64, len(p))}, {Method: "unfit"}}}
		for i, v := range p {
			s.corrected[0].P[i] = 1 / (1 + math.Exp(-(math.Log(v)-math.Log1p(-v))/3))
		}
		w.slots = []slot{s}
		got, err := w.recalibration(j)
		if err != nil || len(got.Methods) != 2 || got.Rows != 2000 {
			t.Fatal(got, err)
		}
		line, unfit := got.Methods[0], got.Methods[1]
		if got.Best != best || line.Folds != 1 || line.A != .2 || (best != "") != (line.Difference.High < 0) {
			t.Errorf("%+v", got)
		}
		if unfit.Folds != 0 || unfit.LogLoss != got.Original.LogLoss || unfit.Difference.Value != 0 {
			t.Errorf("%+v, original %+v", unfit, got.Original)
		}
		if math.Abs(float64(line.Difference.Value-(line.LogLoss-got.Original.LogLoss))) > 1e-12 {
			t.Errorf("%+v", line)
		}
	}
}

// The curves end where the card says, and the mean is over the members that still train.
func TestWatch(t *testing.T) {
	tbl, target, y := bundled(t, "breast_cancer")
	rows := make([]int, tbl.Rows)
	for i := range rows {
		rows[i] = i
	}
	var told [][]float64
	m, c, err := Watch(t.Context(), tbl, rows, nil, target, y, model.Settings{Epochs: 6, Patience: 2, Members: 3, Seed: 2}, func(first bool, fit, held float64) {
		if first {
			told = append(told, nil)
		}
		told[len(told)-1] = append(told[len(told)-1], fit, held)
	})
	if err != nil || len(c.Members) < 3 || len(c.Members)%3 > 0 || c.Best != m.Card.BestEpoch || c.Mean.Best != c.Best || len(c.Mean.Fit) != m.Card.Epochs {
		t.Fatalf("%+v, %v", c, err)
	}
	cost, held := 0., 0.
	for i, member := range c.Members {
		if n := len(member.Fit); i >= len(told) || len(told[i]) != 2*n || told[i][2*n-2] != member.Fit[n-1] || told[i][1] != member.Held[0] {
			t.Errorf("%v was told of %+v", told, member)
		}
		if len(member.Fit) != len(member.Held) || slices.Index(member.Held, slices.Min(member.Held)) != member.Best-1 {
			t.Errorf("%+v", member)
		}
		n := float64(len(c.Members))
		cost += member.Fit[member.Best-1] / n
		held += member.Held[member.Best-1] / n
	}
	if math.Abs(cost-m.Card.Cost) > 1e-12 || math.Abs(held-*m.Card.HeldCost) > 1e-12 {
		t.Errorf("cost %v, held %v, card %+v", cost, held, m.Card)
	}
	none := 0.
	if _, c, err = Watch(t.Context(), tbl, rows, nil, target, y, model.Settings{Hidden: []int{3}, Epochs: 4, Validation: &none}, nil); err != nil ||
		len(c.Members) != 1 || c.Members[0].Held != nil || c.Members[0].Best != 4 || c.Mean.Held != nil {
		t.Errorf("%+v, %v", c, err)
	}
	if got := means([][]float64{{1, 2, 9}, {3}}); !slices.Equal(got, []float64{2, 2, 9}) {
		t.Error(got)
	}
}
