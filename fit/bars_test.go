package fit

import (
	"bufio"
	"compress/gzip"
	"context"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// folds reads testdata/cv_folds.csv: data set → the fold of each row, one digit each (StratifiedKFold or KFold of scikit-learn,
// 10 folds, shuffled, seed 0, on its own order of rows).
func folds(t *testing.T) map[string]string {
	f, err := os.Open("testdata/cv_folds.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	list, lines := map[string]string{}, bufio.NewScanner(f)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), ",")
		list[cells[0]] = cells[len(cells)-1]
	}
	return list
}

// crossed is the mean over the folds of AUROC, accuracy or R², with default settings.
func crossed(t *testing.T, name, fold string, seed uint64) (mean float64) {
	tbl, target := bundled(t, name)
	goal, y, err := table.NewTarget(tbl, target, table.TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(fold) != tbl.Rows {
		t.Fatalf("%s: %d folds of %d rows", name, len(fold), tbl.Rows)
	}
	figures := make([]float64, 10)
	err = Many(t.Context(), 10, 0, func(ctx context.Context, k int) error {
		var train, test []int
		for r := range tbl.Rows {
			if int(fold[r]-'0') == k {
				test = append(test, r)
			} else {
				train = append(train, r)
			}
		}
		run, err := New(tbl, train, goal, y, model.Settings{Seed: seed})
		if err != nil {
			return err
		}
		m, err := run.Train(ctx)
		if err != nil {
			return err
		}
		out, _, err := m.All(tbl)
		if err != nil {
			return err
		}
		figures[k], err = figure(m, y, out.Row, test)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range figures {
		mean += v / 10
	}
	return mean
}

// figure is the one that the data set is judged by.
func figure(m *model.Model, y []float64, row func(int) []float64, test []int) (float64, error) {
	var p []float64
	var events []bool
	right, square, spread, mean := 0., 0., 0., 0.
	for _, r := range test {
		mean += y[r] / float64(len(test))
	}
	for _, r := range test {
		p, events = append(p, row(r)[m.EventIndex()]), append(events, y[r] == 1)
		if m.Target.Task == table.TaskClasses && slices.Index(row(r), slices.Max(row(r))) == int(y[r]) {
			right += 1 / float64(len(test))
		}
		square += math.Pow(row(r)[0]-y[r], 2)
		spread += math.Pow(mean-y[r], 2)
	}
	switch m.Target.Task {
	case table.TaskBinary:
		a, err := metric.AUROC(events, p)
		return float64(a.Value), err
	case table.TaskClasses:
		return right, nil
	}
	return 1 - square/spread, nil
}

// bar fails where the default settings, mean of 3 seeds on the folds, fall below it.
func bar(t *testing.T, name string, least float64) {
	t.Helper()
	mean, fold := 0., folds(t)[name]
	for seed := range uint64(3) {
		mean += crossed(t, name, fold, seed) / 3
	}
	t.Logf("%s: %.4f", name, mean)
	if mean < least {
		t.Errorf("%s: %.4f, below %v", name, mean, least)
	}
}

// The small bundled sets; TestSlowBars, behind the tag compare, has the others.
func TestBars(t *testing.T) {
	bar(t, "wine", .978)
	bar(t, "iris", .95)
	bar(t, "diabetes", .49)
}

// Trained on the early visits of two sites, the defaults rank the later visits and those of a third site, whose risks are higher.
// The file stands in metric/testdata, whose README says how it was made.
func TestRiskCohort(t *testing.T) {
	f, err := os.Open("../metric/testdata/risk_cohort.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	tbl, err := table.Read(text, "risk_cohort.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	goal, y, err := table.NewTarget(tbl, "died_30d", table.TaskAuto, "")
	if err != nil {
		t.Fatal(err)
	}
	parts, split := map[string][]int{}, tbl.Column("split")
	for r := range tbl.Rows {
		name := split.Text(r)
		parts[name] = append(parts[name], r)
	}
	mean := map[string]float64{}
	for seed := range uint64(3) {
		run, err := New(tbl, parts["train"], goal, y, model.Settings{Seed: seed, Leave: []string{"patient_id", "visit_date", "site", "true_p", "split"}})
		if err != nil {
			t.Fatal(err)
		}
		m, err := run.Train(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		out, _, err := m.All(tbl)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"temporal", "external"} {
			a, err := figure(m, y, out.Row, parts[part])
			if err != nil {
				t.Fatal(err)
			}
			mean[part] += a / 3
		}
	}
	t.Logf("temporal %.4f, external %.4f", mean["temporal"], mean["external"])
	if mean["temporal"] < .74 || mean["external"] < .75 {
		t.Errorf("%v", mean)
	}
}
