package validate

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"gradus/fit"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// cohort is the rows of one split of the synthetic cohort, every column of the fixture read as the fixture has it.
func cohort(t *testing.T, split string) *table.Table {
	t.Helper()
	f, err := os.Open("../metric/testdata/risk_cohort.csv.gz")
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
	records := slices.DeleteFunc(all[1:], func(r []string) bool { return r[len(r)-1] != split })
	kinds := map[string]table.Kind{"sex": table.Category, "smoking": table.Category, "diabetes": table.Category, "died_30d": table.Number}
	for _, n := range []string{"age", "bmi", "sbp", "creatinine", "crp"} {
		kinds[n] = table.Number
	}
	tbl, err := table.FromRecords("cohort", all[0], records, table.Options{Kinds: kinds})
	if err != nil {
		t.Fatal(err)
	}
	return tbl
}

// learnt is a model of the training rows, with its summary.
func learnt(t *testing.T) *model.Model {
	t.Helper()
	tbl := cohort(t, "train")
	target, y, err := table.NewTarget(tbl, "died_30d", "", "")
	if err != nil {
		t.Fatal(err)
	}
	run, err := fit.New(tbl, nil, target, y, model.Settings{Epochs: 3, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	m, err := run.Train(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Summarise(tbl); err != nil {
		t.Fatal(err)
	}
	return m
}

// From what the model file keeps alone: PSI, SMD, missing shares and the chi-square tests of numpy and scipy; D of Kolmogorov and
// Smirnov from below.
func TestDriftFixture(t *testing.T) {
	var file bytes.Buffer
	if err := learnt(t).Write(&file); err != nil {
		t.Fatal(err)
	}
	m, err := model.Read(file.Bytes(), "m")
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("../metric/testdata/expected_drift.json")
	if err != nil {
		t.Fatal(err)
	}
	var fixture map[string]map[string]struct {
		PSI     *float64 `json:"psi10"`
		KS      float64
		SMD     float64
		Missing float64 `json:"missing_train"`
		Now     float64 `json:"missing_new"`
		Chi     float64 `json:"chi2"`
		DF      int
		V       float64 `json:"cramers_v"`
	}
	if err := json.Unmarshal(b, &fixture); err != nil {
		t.Fatal(err)
	}
	close := func(what string, got metric.Number, want float64) {
		if !(math.Abs(float64(got)-want) <= 1e-8*math.Max(1, math.Abs(want))) {
			t.Error(what, got, want)
		}
	}
	for split, columns := range fixture {
		d, err := Compare(m, cohort(t, split), "died_30d")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range d.Columns {
			want, ok := columns[c.Name]
			switch {
			case !ok:
				t.Error("no fixture of", c.Name)
			case want.PSI == nil:
				close(c.Name+" chi²", c.ChiSquare.ChiSq, want.Chi)
				close(c.Name+" V", c.ChiSquare.CramerV, want.V)
				if c.ChiSquare.DF != want.DF || c.Verdict != "stable" {
					t.Error(c)
				}
			default:
				close(c.Name+" PSI", c.PSI, *want.PSI)
				close(c.Name+" SMD", c.SMD, want.SMD)
				close(c.Name+" missing", c.Missing.Training, want.Missing)
				close(c.Name+" missing now", c.Missing.Now, want.Now)
				if float64(c.KS) > want.KS+1e-12 || float64(c.KS) < want.KS-.06 {
					t.Error(split, c.Name, "KS", c.KS, want.KS)
				}
				if (c.Verdict == "moderate") != (*want.PSI >= .1) {
					t.Error(c.Name, c.Verdict)
				}
			}
		}
		if o := d.Outcome; o.N != d.Rows || o.Events != map[string]int{"temporal": 47, "external": 79}[split] || math.Abs(float64(o.Prevalence.Training)-98./1096) > 1e-12 || !o.InTheLarge.Defined() {
			t.Error(o)
		}
	}
}

// The training rows themselves have not drifted, but for what rounding the edges does not do.
func TestDriftOfTheTrainingRows(t *testing.T) {
	m, tbl := learnt(t), cohort(t, "train")
	d, err := Compare(m, tbl, "")
	if err != nil || d.Outcome != nil || d.Largest != 0 || d.Predictions.PSI != 0 || d.Predictions.Mean.Training != d.Predictions.Mean.Now {
		t.Error(d, err)
	}
	for _, c := range d.Columns {
		if c.Verdict != "stable" || c.Missing.Training != c.Missing.Now || c.OutOfRange > 0 || c.Unknown.Now > 0 {
			t.Error(c)
		}
	}
	m.Card.Training = nil
	if _, err := Compare(m, tbl, ""); err == nil {
		t.Error("an old model is compared")
	}
}

// A new ward, a shifted number and a lost one are told.
func TestDriftIsTold(t *testing.T) {
	m, tbl := learnt(t), cohort(t, "temporal")
	var records [][]string
	names := tbl.Names()
	for r := range tbl.Rows {
		record := make([]string, len(names))
		for i := range names {
			switch v := tbl.Columns[i].Text(r); names[i] {
			case "age":
				record[i] = table.Format(tbl.Columns[i].Number(r) + 60)
			case "sex":
				record[i] = "X"
			case "crp":
			default:
				record[i] = v
			}
		}
		records = append(records, record)
	}
	kinds := m.Preparation.Kinds()
	moved, err := table.FromRecords("moved", names, records, table.Options{Kinds: kinds})
	if err != nil {
		t.Fatal(err)
	}
	d, err := Compare(m, moved, "")
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]Change{}
	for _, c := range d.Columns {
		by[c.Name] = c
	}
	if c := by["age"]; c.Verdict != "large" || c.OutOfRange < .5 || c.SMD < 2 || c.KS < .9 {
		t.Error(c)
	}
	if c := by["sex"]; c.Verdict != "large" || c.Unknown.Now != 1 || c.Unknown.Training != 0 {
		t.Error(c)
	}
	if c := by["crp"]; c.Missing.Now != 1 || c.Verdict != "unknown" || c.PSI.Defined() {
		t.Error(c)
	}
	if d.Where != "sex" && d.Where != "age" || d.Largest < .25 {
		t.Error(d.Where, d.Largest)
	}
}
