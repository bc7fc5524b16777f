package federate

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/fit"
	"gradus/model"
	"gradus/privacy"
	"gradus/table"
)

func read(t *testing.T, p *Plan, text string) *table.Table {
	t.Helper()
	opt := table.Options{}
	if p != nil {
		opt.Kinds = p.Kinds()
	}
	tbl, err := table.Read(strings.NewReader(text), "ward.csv", opt)
	if err != nil {
		t.Fatal(err)
	}
	return tbl
}

// rows writes n rows: the target, a number, a flag of 0 and 1, a category; whatever change makes of them.
func rows(n int, change func(i int, cells []string)) string {
	var b strings.Builder
	b.WriteString("y,x,flag,ward\n")
	for i := range n {
		cells := []string{fmt.Sprint(i % 2), fmt.Sprintf("%d.25", 100+i%37), fmt.Sprint(i / 2 % 2), []string{"east", "west", "north"}[i%3]}
		if change != nil {
			change(i, cells)
		}
		b.WriteString(strings.Join(cells, ",") + "\n")
	}
	return b.String()
}

func smallPlan(t *testing.T) *Plan {
	t.Helper()
	tbl := read(t, nil, rows(200, nil))
	target, _, err := table.NewTarget(tbl, "y", table.TaskAuto, "1")
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(tbl, target, nil, 10)
	if err != nil {
		t.Fatal(err)
	}
	p.Rounds, p.LeastRows, p.Settings = 2, 50, model.Settings{Hidden: []int{4}, Epochs: 1, Task: target.Task}
	if err := p.Valid("plan.json"); err != nil {
		t.Fatal(err)
	}
	return p
}

// Nothing is said of fewer rows than the plan's least count.
func TestSummaryHidesTheFew(t *testing.T) {
	p := smallPlan(t)
	say := func(change func(i int, cells []string)) string {
		s, err := Summarise(p, read(t, p, rows(120, change)))
		if err != nil {
			t.Fatal(err)
		}
		b, _ := json.Marshal(s.Columns)
		return string(b)
	}
	const all = `[{"name":"x","known":120,"mean":117.2,"sd":10.9},{"name":"flag","known":120,"mean":0.5,"sd":0.5},{"name":"ward","levels":[true,true,true]}]`
	if got := say(nil); got != all {
		t.Errorf("%s, want %s", got, all)
	}
	for what, c := range map[string]struct {
		change func(i int, cells []string)
		column int
		want   string
	}{
		"nine rows without x are not told from the others": {func(i int, c []string) {
			if i < 9 {
				c[1] = ""
			}
		}, 0, `{"name":"x","known":120,"mean":118.2,"sd":10.7}`},
		"ten are": {func(i int, c []string) {
			if i < 10 {
				c[1] = ""
			}
		}, 0, `{"name":"x","known":110,"mean":118.3,"sd":10.7,"missing":true}`},
		"nine rows with x have no mean": {func(i int, c []string) {
			if i >= 9 {
				c[1] = ""
			}
		}, 0, `{"name":"x","missing":true}`},
		"the mean of a flag would be a count of nine": {func(i int, c []string) { c[2] = map[bool]string{true: "1", false: "0"}[i < 9] }, 1, `{"name":"flag"}`},
		"a count of ten may be told":                  {func(i int, c []string) { c[2] = map[bool]string{true: "1", false: "0"}[i < 10] }, 1, `{"name":"flag","known":120,"mean":0.083,"sd":0.276}`},
		"a level of nine is not there": {
			func(i int, c []string) { c[3] = map[bool]string{true: "west", false: "east"}[i < 9] }, 2,
			`{"name":"ward","levels":[true,false,false]}`,
		},
		"levels that the plan does not know are others": {
			func(i int, c []string) { c[3] = map[bool]string{true: fmt.Sprint("w", i), false: "east"}[i < 30] }, 2,
			`{"name":"ward","levels":[true,false,false],"other":true}`,
		},
	} {
		var list []json.RawMessage
		_ = json.Unmarshal([]byte(say(c.change)), &list)
		if got := string(list[c.column]); got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
}

func TestSiteRefuses(t *testing.T) {
	p := smallPlan(t)
	_, err := Summarise(p, read(t, p, rows(49, nil)))
	refused(t, "too few rows", err, "federate.few_rows", "49", "50", "ward.csv")
	_, err = Summarise(p, read(t, p, rows(200, func(i int, c []string) { c[0] = map[bool]string{true: "1", false: "0"}[i < 9] })))
	refused(t, "too few events", err, "federate.few_level", "10", "y")
	_, err = Summarise(p, read(t, p, "y,x,flag\n"+strings.Repeat("1,2,0\n0,3,1\n", 100)))
	refused(t, "no column ward", err, "table.no_column", "ward")
	if _, err = table.Read(strings.NewReader(rows(60, func(i int, c []string) { c[1] = "abc" })), "ward.csv", table.Options{Kinds: p.Kinds()}); err == nil {
		t.Error("text where the plan says numbers")
	}
	m := begin(t, p, read(t, p, rows(120, nil)))
	tbl := read(t, p, rows(100, nil))
	for _, round := range []int{0, 3, -1} {
		_, err = Step(context.Background(), p, m, tbl, round, nil)
		refused(t, "round", err, "federate.round", fmt.Sprint(round))
	}
	other := smallPlan(t)
	other.Mu = .5
	_, err = Step(context.Background(), other, m, tbl, 1, nil)
	refused(t, "another plan", err, "federate.other_plan", brief(other.Hash()), brief(p.Hash()))
	m.Card.Federation = nil
	_, err = Judge(p, m, tbl)
	refused(t, "a model of no federation", err, "federate.other_plan")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	m = begin(t, p, read(t, p, rows(120, nil)))
	if _, err = Step(ctx, p, m, tbl, 1, nil); err == nil {
		t.Error("a cancelled step goes on")
	}
}

// The common preparation is what one table of all rows would give, to the digits that were sent and but
// for what stands in where a value is missing: the mean, not the median.
func TestStartIsThePreparationOfAll(t *testing.T) {
	p := plan(t, nil)
	m := begin(t, p, wards(t, p, training)...)
	whole, err := table.Fit(ward(t, nil, training("ABC")), nil, "died_30d", table.PrepareOptions{Leave: []string{"site", "visit_date", "patient_id"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Preparation.Inputs) != len(whole.Inputs) {
		t.Fatalf("%v, want %v", m.Preparation.Inputs, whole.Inputs)
	}
	for i, in := range m.Preparation.Inputs {
		w := whole.Inputs[i]
		if in.Name != w.Name || !slices.Equal(in.Levels, w.Levels) || in.Missing != w.Missing || in.Other != w.Other {
			t.Errorf("%+v, want %+v", in, w)
		}
		if math.Abs(in.Mean-w.Mean) > .05*w.SD || math.Abs(in.SD-w.SD) > .02*w.SD {
			t.Errorf("%s: mean %v sd %v, want %v %v", in.Name, in.Mean, in.SD, w.Mean, w.SD)
		}
	}
}

// With a scale in the plan a site says nothing of the column but whether values are missing.
func TestGivenScale(t *testing.T) {
	p := smallPlan(t)
	p.Columns[0].Scale = &table.Scale{Mean: 120, SD: 15}
	s, err := Summarise(p, read(t, p, rows(120, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := json.Marshal(s.Columns[0]); string(b) != `{"name":"x"}` {
		t.Errorf("%s", b)
	}
	m, err := Start(p, []*Summary{s})
	if err != nil || m.Preparation.Inputs[0].Mean != 120 || m.Preparation.Inputs[0].SD != 15 {
		t.Errorf("%+v %v", m.Preparation.Inputs[0], err)
	}
}

// What a site's noise hides: the same seed gives the same weights, the system's source never, and no cost is told.
func TestPrivacyOfPatients(t *testing.T) {
	p := plan(t, func(p *Plan) { p.Privacy = &Privacy{Patient, 1, 1, 1e-5} })
	tbl := ward(t, p, training("C"))
	start := begin(t, p, tbl)
	weights := func(random fit.Random) []float32 {
		m := copied(t, start)
		said, err := Step(context.Background(), p, m, tbl, 1, random)
		if err != nil {
			t.Fatal(err)
		}
		if said.Cost != nil {
			t.Error("a cost is told beside the noise")
		}
		return m.Network.Weights()
	}
	one := weights(privacy.Seeded(5))
	if !slices.Equal(one, weights(privacy.Seeded(5))) || slices.Equal(one, weights(privacy.Seeded(6))) {
		t.Error("the noise does not follow its seed")
	}
	if slices.Equal(weights(nil), weights(nil)) {
		t.Error("the secure source drew the same twice")
	}
	n := len(p.patients(tbl))
	if n >= tbl.Rows {
		t.Fatalf("%d patients of %d rows: the test needs some with several", n, tbl.Rows)
	}
	w := p.Work(n)
	if w.Share != 32/float64(n) || w.Steps != 5*((n+31)/32) {
		t.Errorf("%+v", w)
	}
	c, err := p.Cost(n, 3)
	if err != nil || c.Steps != w.Steps*p.Rounds || !(c.Epsilon > 1 && c.Epsilon < 30) || !(c.Needed > 1) {
		t.Errorf("%+v %v", c, err)
	}
}

// The update of a site is cut to C and blurred by σ·C.
func TestPrivacyOfSites(t *testing.T) {
	p := plan(t, func(p *Plan) { p.Privacy = &Privacy{Site, .25, 1e-9, 1e-5} })
	tbl := ward(t, p, training("A"))
	m := begin(t, p, tbl)
	before := slices.Clone(m.Network.Weights())
	if _, err := Step(context.Background(), p, m, tbl, 1, nil); err != nil {
		t.Fatal(err)
	}
	d := 0.
	for i, w := range m.Network.Weights() {
		d += math.Pow(float64(w)-float64(before[i]), 2)
	}
	if math.Abs(math.Sqrt(d)-.25) > 1e-5 {
		t.Errorf("‖Δ‖ = %v, want .25", math.Sqrt(d))
	}
	w := make([]float32, 20000)
	hide(w, make([]float32, len(w)), 2, 3, privacy.Seeded(1))
	square := 0.
	for _, v := range w {
		square += float64(v) * float64(v)
	}
	if sd := math.Sqrt(square / float64(len(w))); math.Abs(sd-6) > .1 {
		t.Errorf("noise of %v, want σ·C = 6", sd)
	}
	if got, want := p.Work(1000), (privacy.Work{Share: 1, Noise: 1e-9, Steps: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// The figures of all sites against those of their rows in one table.
func TestPoolAgainstOneTable(t *testing.T) {
	p := plan(t, func(p *Plan) { p.Rounds = 4 })
	m := run(t, p, wards(t, p, training)...)
	var list []*Judged
	for _, tbl := range wards(t, p, judging) {
		j, err := Judge(p, m, tbl)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range j.Risk.Cells {
			if c.Rows < p.LeastCount {
				t.Errorf("a cell of %d rows", c.Rows)
			}
		}
		b, _ := json.Marshal(j)
		if j, err = ReadJudged(b, "a.json"); err != nil {
			t.Fatal(err)
		}
		list = append(list, j)
	}
	pooled, err := Pool(list, name)
	if err != nil {
		t.Fatal(err)
	}
	one, err := Judge(p, m, ward(t, p, judging("ABC")))
	if err != nil {
		t.Fatal(err)
	}
	r, want := pooled.Risk, one.Risk
	if pooled.Rows != one.Rows || r.Events != want.Events {
		t.Errorf("%+v, want %+v", pooled, one)
	}
	if d := math.Abs(float64(r.AUROC.Value - want.AUROC.Value)); d > r.Error || d > .01 || r.Error > .06 {
		t.Errorf("AUROC %v ± %v, want %v", r.AUROC.Value, r.Error, want.AUROC.Value)
	}
	for what, pair := range map[string][3]float64{
		"O:E": {float64(r.OE), float64(want.OE), 1e-9}, "Brier": {float64(r.Brier), float64(want.Brier), 1e-12},
		"cost": {pooled.Cost, one.Cost, 1e-12}, "slope": {float64(r.Slope), float64(want.Slope), .06},
		"in the large": {float64(r.InTheLarge), float64(want.InTheLarge), .02},
	} {
		if math.Abs(pair[0]-pair[1]) > pair[2] {
			t.Errorf("%s: %v, want %v", what, pair[0], pair[1])
		}
	}
	alone, err := Pool(list[:1], name)
	if err != nil || math.Abs(float64(alone.Risk.AUROC.Value-list[0].Risk.AUROC.Value)) > 1e-12 || alone.Risk.Error != 0 {
		t.Errorf("of one site the AUROC is its own: %+v %v", alone.Risk, err)
	}
	list[1].Round++
	_, err = Pool(list, name)
	refused(t, "another round", err, "federate.other_round", "site 2")
}

// above against counting on a fine lattice.
func TestAbove(t *testing.T) {
	for _, c := range [][4]float64{{0, 1, 0, 1}, {0, 4, 1, 2}, {1, 2, 0, 4}, {0, 3, 2, 5}, {2, 5, 0, 3}, {3, 4, 0, 3}, {0, 3, 3, 4}} {
		const n = 500
		right := 0.
		for i := range n {
			for j := range n {
				x, y := c[0]+(c[1]-c[0])*(float64(i)+.5)/n, c[2]+(c[3]-c[2])*(float64(j)+.5)/n
				switch {
				case x > y:
					right++
				case x == y:
					right += .5
				}
			}
		}
		if got := above(c[0], c[1], c[2], c[3]); math.Abs(got-right/n/n) > 1e-3 {
			t.Errorf("%v: %v, want %v", c, got, right/n/n)
		}
	}
}

// Classes and numbers are federated too.
func TestOtherTasks(t *testing.T) {
	for _, target := range []string{"smoking", "bmi"} {
		raw := ward(t, nil, func(s, p string) bool { return s == "A" })
		raw = raw.Select(complete(raw, target))
		goal, _, err := table.NewTarget(raw, target, table.TaskAuto, "")
		if err != nil {
			t.Fatal(err)
		}
		p, err := New(raw, goal, []string{"site", "visit_date", "patient_id"}, 10)
		if err != nil {
			t.Fatal(err)
		}
		p.Rounds, p.LeastRows, p.Settings = 2, 50, model.Settings{Hidden: []int{}, Epochs: 1, Task: goal.Task}
		if err := p.Valid("plan.json"); err != nil {
			t.Fatal(err)
		}
		halves := []*table.Table{half(raw, 0), half(raw, 1)}
		m := run(t, p, halves...)
		var list []*Judged
		for _, tbl := range halves {
			j, err := Judge(p, m, tbl)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, j)
		}
		pooled, err := Pool(list, name)
		if err != nil || pooled.Rows != raw.Rows || (pooled.Accuracy == nil) != (goal.Task == table.TaskNumber) || (pooled.R2 == nil) != (goal.Task != table.TaskNumber) {
			t.Errorf("%s: %+v %v", target, pooled, err)
		}
		if whole, err := Judge(p, m, raw); err != nil || math.Abs(whole.Cost-pooled.Cost) > 1e-9 {
			t.Errorf("%s: cost %v, want %v (%v)", target, pooled.Cost, whole.Cost, err)
		}
	}
}

func complete(tbl *table.Table, column string) (rows []int) {
	for r := range tbl.Rows {
		if !tbl.Column(column).Missing(r) {
			rows = append(rows, r)
		}
	}
	return rows
}

func half(tbl *table.Table, which int) *table.Table {
	var rows []int
	for r := which; r < tbl.Rows; r += 2 {
		rows = append(rows, r)
	}
	return tbl.Select(rows)
}

func TestPlanFiles(t *testing.T) {
	p := plan(t, func(p *Plan) { p.Privacy = &Privacy{Patient, 1, 1, 1e-5} })
	b, _ := json.MarshalIndent(p, "", "  ")
	again, err := Read(b, "plan.json")
	if err != nil || again.Hash() != p.Hash() {
		t.Fatalf("%v: another plan after reading", err)
	}
	edit := func(from, to string) error {
		text := strings.Replace(string(b), from, to, 1)
		if text == string(b) {
			t.Fatalf("%q is not in the plan", from)
		}
		_, err := Read([]byte(text), "plan.json")
		return err
	}
	for _, c := range [][4]string{
		{`"rounds": 15`, `"rounds": 0`, "federate.plan_value", "rounds"},
		{`"least_rows": 100`, `"least_rows": 1`, "federate.plan_value", "least_rows"},
		{`"least_count": 10`, `"least_count": 1`, "federate.plan_value", "least_count"},
		{`"unit": "patient"`, `"unit": "nobody"`, "federate.plan_value", "privacy.unit"},
		{`"delta": 0.00001`, `"delta": 1`, "federate.plan_value", "privacy.delta"},
		{`"name": "bmi"`, `"name": "age"`, "federate.plan_column", "age"},
		{`"name": "bmi"`, `"name": "died_30d"`, "federate.plan_column", "died_30d"},
		{`"format": "gradus-plan-1"`, `"format": "gradus-plan-9"`, "federate.format", "gradus-plan-9"},
		{`"rounds": 15`, `"rounds": 15, "send_rows": true`, "federate.json", "send_rows"},
		{`"rounds": 15`, `"rounds": 1e999`, "federate.json", "plan.json"},
		{`"activation": "tanh"`, `"activation": "step"`, "model.hidden_activation", "step"},
	} {
		refused(t, c[1], edit(c[0], c[1]), c[2], c[3])
	}
	_, err = Read(append(b, '{'), "plan.json")
	refused(t, "goes on", err, "federate.json_more", "plan.json")
	_, err = Read(bytes.Repeat([]byte(" "), largestText+1), "plan.json")
	refused(t, "large", err, "federate.large")
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"format":"gradus-plan-1","target":{"column":"y","kind":"number","task":"binary","levels":["0","1"],"event":"1"},` +
		`"columns":[{"name":"x","kind":"number"}],"settings":{"hidden":[4]},"rounds":2,"least_rows":50,"least_count":10}`))
	f.Add([]byte(`{"format":"gradus-judged-1","plan":"","round":1,"rows":20,"cost":1,"risk":{"events":3,"auroc":{"value":1},"cells":[{"from":0,"to":255,"rows":20,"events":3,"risk":0.1}]}}`))
	f.Add([]byte(`{"format":"gradus-summary-1","plan":"","rows":100,"columns":[{"name":"x","known":100,"mean":1,"sd":2}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := Read(b, "f"); err == nil {
			if s, err := ReadSummary(b, "f", p); err == nil {
				_, _ = Start(p, []*Summary{s})
			}
		}
		if j, err := ReadJudged(b, "f"); err == nil && j.Rows < 1<<16 {
			_, _ = Pool([]*Judged{j, j}, name)
		}
		_, _ = ReadWeights(b, "f", "")
	})
}

func TestLedger(t *testing.T) {
	p := smallPlan(t)
	l := NewLedger()
	for n := range p.Rounds {
		b, _ := json.Marshal(l)
		var err error
		if l, err = ReadLedger(b, "ledger.json"); err != nil {
			t.Fatal(err)
		}
		if rounds, err := l.Spend(p); err != nil || rounds != n+1 {
			t.Errorf("round %d: %d %v", n+1, rounds, err)
		}
	}
	_, err := l.Spend(p)
	refused(t, "a round too many", err, "federate.spent_all", "2")
	_, err = ReadLedger([]byte(`{"format":"gradus-ledger-1","rounds":{"x":-1}}`), "ledger.json")
	refused(t, "a debt", err, "federate.ledger", "ledger.json")
	_, err = ReadLedger([]byte(`{"format":"else"}`), "ledger.json")
	refused(t, "something else", err, "federate.format", "else")
}
