package validate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

func design() Design {
	return Design{Parting: Parting{Scheme: CrossValidation, Folds: 3, Repeats: 2, Seed: 5}, Inner: 2, Trials: 3, Draws: 50}
}

func nest(t *testing.T, ctx context.Context, d Design, progress func(int, int)) ([]byte, error) {
	t.Helper()
	tbl, target, y := bundled(t, "breast_cancer")
	v, n, st, err := nested(ctx, tbl, target, y, small, d, progress)
	if err != nil {
		return nil, err
	}
	return slices.Concat(encoded(t, v), encoded(t, n), encoded(t, st)), nil
}

// nested is all of a nested validation.
func nested(ctx context.Context, tbl *table.Table, target *table.Target, y []float64, s model.Settings, d Design,
	progress func(done, total int),
) (*model.Validation, *model.Nested, *model.Study, error) {
	n, err := NewNesting(tbl, target, y, s, d, progress)
	if err != nil {
		return nil, nil, nil, err
	}
	return n.Nest(ctx)
}

// Workers, processors and a stop in between leave no trace; a journal of another study or a damaged one is refused.
func TestNestSameBytes(t *testing.T) {
	one := design()
	one.Workers = 1
	want, err := nest(t, context.Background(), one, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	two := design()
	two.Journal, two.Workers = filepath.Join(t.TempDir(), "journal"), 2
	ctx, stop := context.WithCancel(context.Background())
	if _, err := nest(t, ctx, two, func(done, _ int) {
		if done == 2 {
			stop()
		}
	}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	first := 0
	got, err := nest(t, context.Background(), two, func(done, total int) {
		if first++; done != first || total != 6 {
			t.Errorf("progress %d of %d", done, total)
		}
	})
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("stopped, gone on and on two cores it is another result: %v", err)
	}
	other := two
	other.Seed++
	if _, err := nest(t, context.Background(), other, nil); key(err) != "study.journal_other" {
		t.Error(err)
	}
	if err := os.WriteFile(two.Journal, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := nest(t, context.Background(), two, nil); key(err) != "study.journal_damaged" {
		t.Error(err)
	}
}

// noise is a table of rows rows whose columns say nothing of the target.
func noise(t *testing.T, rows, columns int, seed uint64) *table.Table {
	t.Helper()
	r, csv := rand.New(rand.NewPCG(seed, 77)), strings.Builder{}
	for c := range columns {
		fmt.Fprintf(&csv, "x%d,", c)
	}
	csv.WriteString("y\n")
	for range rows {
		for range columns {
			fmt.Fprintf(&csv, "%.4f,", r.NormFloat64())
		}
		fmt.Fprintf(&csv, "%d\n", r.IntN(2))
	}
	tbl, err := table.Read(strings.NewReader(csv.String()), "noise.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return tbl
}

// On pure noise the honest path finds nothing, with settings and threshold tuned: the mean AUROC of 20 seeds is a half.
func TestNoiseStaysNoise(t *testing.T) {
	sum, besides, frozen := 0., 0., 0.
	for seed := range uint64(20) {
		tbl := noise(t, 160, 10, seed)
		target, y, err := table.NewTarget(tbl, "y", table.TaskAuto, "1")
		if err != nil {
			t.Fatal(err)
		}
		d := Design{Parting: Parting{Scheme: CrossValidation, Folds: 5, Seed: seed}, Inner: 3, Trials: 3, Draws: 200}
		v, n, _, err := nested(context.Background(), tbl, target, y, model.Settings{Hidden: []int{8}, Epochs: 10, Seed: seed}, d, nil)
		if err != nil {
			t.Fatal(err)
		}
		var fold float64
		for _, f := range n.Folds { // within folds: pooled out-of-fold ranks of noise lean below a half
			fold += float64(*f.AUROC) / 5
			besides += float64(*f.Regression) / 100
		}
		sum += fold / 20
		frozen += float64(n.Frozen.Network.Sensitivity.Value+n.Frozen.Network.Specificity.Value-1) / 20
		a := v.Binary.Network.AUROC
		t.Logf("seed %d: over the folds %.3f, pooled %.3f (%.3f to %.3f)", seed, fold, a.Value, a.Low, a.High)
	}
	if math.Abs(sum-.5) > .03 || math.Abs(besides-.5) > .03 || math.Abs(frozen) > .06 {
		t.Errorf("mean AUROC %v, regression %v, mean J at the frozen threshold %v", sum, besides, frozen)
	}
}

// Values of the judged rows, moved among them, leave the preparation that was learnt beside them byte for byte what it was.
func TestTestRowsTeachNothing(t *testing.T) {
	tbl, target, y := bundled(t, "breast_cancer")
	folds, err := Parting{Scheme: CrossValidation, Folds: 5, Repeats: 1, Seed: 1}.Split(y, true)
	if err != nil {
		t.Fatal(err)
	}
	order := make([]int, tbl.Rows)
	for i := range order {
		order[i] = i
	}
	test := folds[0].Test
	for k, row := range test {
		order[row] = test[(k+7)%len(test)]
	}
	stored := func(tbl *table.Table, y []float64) []byte {
		m, err := Learn(context.Background(), tbl, folds[0].Train, nil, target, y, small)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := m.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	if !bytes.Equal(stored(tbl, y), stored(tbl.Select(order), pick(y, order))) {
		t.Error("the model knows the rows that it is judged on")
	}
	order[folds[0].Train[0]] = test[0] // a judged row instead of a learnt one
	if bytes.Equal(stored(tbl, y), stored(tbl.Select(order), pick(y, order))) {
		t.Error("the bytes do not depend on the rows at all")
	}
}

// The thresholds: by hand on six rows.
func TestRule(t *testing.T) {
	y, p := []bool{false, false, true, false, true, true}, []float64{.1, .2, .3, .4, .6, .9}
	for _, c := range []struct {
		rule Rule
		want float64
	}{{Rule{}, .6}, {Rule{"harm", 9}, .1}, {Rule{"sensitivity", .9}, .3}, {Rule{"sensitivity", .6}, .6}, {Rule{"fixed", .25}, .25}} {
		if got, err := c.rule.at(y, p); err != nil || math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%v: %v, %v, want %v", c.rule, got, err, c.want)
		}
	}
	for _, bad := range []Rule{{"f1", 0}, {"harm", 0}, {"sensitivity", 1}, {"fixed", math.NaN()}} {
		if key(bad.check()) == "no sentence" {
			t.Errorf("%v is taken", bad)
		}
	}
}

// The AUROC of weighted rows is that of the rows repeated.
func TestWeightedArea(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 50 {
		var y, wide []bool
		var p, widely []float64
		var weight []int
		for range 40 {
			w, v, is := r.IntN(4), math.Round(r.Float64()*10)/10, r.IntN(3) == 0
			y, p, weight = append(y, is), append(p, v), append(weight, w)
			for range w {
				wide, widely = append(wide, is), append(widely, v)
			}
		}
		want, err := metric.AUROC(wide, widely)
		got := weightedArea(y, p, ascending(p), weight)
		if err != nil || math.Abs(got-float64(want.Value)) > 1e-14 {
			t.Fatalf("%v, want %v (%v)", got, want.Value, err)
		}
	}
}

// Rows copied as if they were of other patients narrow the interval; the same patients' rows do not.
func TestLikelihoodByPatient(t *testing.T) {
	_, target, _ := bundled(t, "diabetes")
	w := &work{target: target}
	r := rand.New(rand.NewPCG(9, 9))
	var y []float64
	var a, b [][]float64
	for range 100 {
		y, a, b = append(y, r.NormFloat64()), append(a, []float64{r.NormFloat64()}), append(b, []float64{r.NormFloat64()})
	}
	each := make([]int, 100)
	for i := range each {
		each[i] = i
	}
	once := w.likelihood(y, a, b, patients(each))
	y, a, b = append(y, y...), append(a, a...), append(b, b...)
	twice := w.likelihood(y, a, b, patients(append(each, each...)))
	if math.Abs(float64(once.Low-twice.Low)) > 1e-12 || math.Abs(float64(once.P-twice.P)) > 1e-12 || once.Low >= once.Difference {
		t.Errorf("%+v, twice %+v", once, twice)
	}
}

// Harrell's optimism on the cohort's early patients: R's rms on the same patients, with nine terms of its own and no ridge, found .0229 of .736.
func TestOptimism(t *testing.T) {
	tbl, target, y := bundled(t, "cohort")
	dates, site := tbl.Column("visit_date"), tbl.Column("site")
	first := map[string]string{}
	id := tbl.Column("patient_id")
	for row := range tbl.Rows {
		if day, known := first[id.Text(row)]; !known || dates.Text(row) < day {
			first[id.Text(row)] = dates.Text(row)
		}
	}
	var rows []int
	for row := range tbl.Rows {
		if site.Text(row) != "C" && first[id.Text(row)] < "2022" {
			rows = append(rows, row)
		}
	}
	w := &work{
		tbl: tbl.Select(rows), target: target, y: pick(y, rows), settings: model.Settings{Leave: []string{"patient_id", "visit_date", "site"}},
		plan: Plan{Seed: 1, Workers: 2},
	}
	o, err := w.optimism(context.Background(), 200)
	if err != nil || len(rows) != 1096 || o.Draws != 200 {
		t.Fatal(len(rows), o, err)
	}
	if math.Abs(float64(o.Apparent)-.736) > .02 || math.Abs(float64(o.Optimism)-.0229) > .012 || o.Corrected != o.Apparent-o.Optimism {
		t.Errorf("%+v", o)
	}
	t.Logf("%+v", o)
}

// Values of the judged rows, changed beyond measure, change nothing that was learnt, chosen or corrected beside them.
func TestJudgedRowsTeachNothing(t *testing.T) {
	said := func(by float64, order int) ([]byte, *model.Study) {
		r, csv := rand.New(rand.NewPCG(8, 8)), strings.Builder{}
		csv.WriteString("when,a,b,y\n")
		for row := range 240 {
			a, b := r.NormFloat64(), r.NormFloat64()
			y := 0
			if a+r.NormFloat64() > 0 {
				y = 1
			}
			if row >= 160 {
				a, b = a*by+float64((row*order)%80)*(by-1), -b*by
			}
			fmt.Fprintf(&csv, "%d,%.4f,%.4f,%d\n", row, a, b, y)
		}
		tbl, err := table.Read(strings.NewReader(csv.String()), "t.csv", table.Options{})
		if err != nil {
			t.Fatal(err)
		}
		target, y, err := table.NewTarget(tbl, "y", table.TaskAuto, "1")
		if err != nil {
			t.Fatal(err)
		}
		d := Design{Parting: Parting{Scheme: Temporal, Late: 1. / 3, Time: make([]float64, 240), Seed: 1}, Inner: 3, Trials: 3}
		for i := range d.Time {
			d.Time[i] = float64(i)
		}
		var learnt []float64
		d.Correct = func(y []bool, p, _ []float64) []Corrected {
			for i := range y {
				learnt = append(learnt, p[i])
			}
			return nil
		}
		_, n, s, err := nested(context.Background(), tbl, target, y, model.Settings{Hidden: []int{5}, Epochs: 8, Leave: []string{"when"}}, d, nil)
		if err != nil || len(learnt) != 160 || n.Tested != 80 {
			t.Fatal(err, len(learnt))
		}
		f := n.Folds[0]
		return slices.Concat(encoded(t, f.Settings), encoded(t, []float64{f.Threshold, f.Beside}), encoded(t, learnt)), s
	}
	plain, own := said(1, 1)
	wild, other := said(40, 7)
	if !bytes.Equal(plain, wild) {
		t.Error("what is chosen inside the training part hangs on the rows judged")
	}
	if own.Parts[0].Network.Binary.LogLoss == other.Parts[0].Network.Binary.LogLoss {
		t.Error("the rows judged were not changed at all")
	}
}

// A column that tells the outcome is important, one of noise is not, and two that are nearly the same count together too.
func TestImportance(t *testing.T) {
	r, csv := rand.New(rand.NewPCG(3, 8)), strings.Builder{}
	csv.WriteString("a,twin,noise,y\n")
	for range 400 {
		a := r.NormFloat64()
		y := 0
		if a+.7*r.NormFloat64() > 0 {
			y = 1
		}
		fmt.Fprintf(&csv, "%.4f,%.4f,%.4f,%d\n", a, a+.1*r.NormFloat64(), r.NormFloat64(), y)
	}
	tbl, err := table.Read(strings.NewReader(csv.String()), "t.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	target, y, err := table.NewTarget(tbl, "y", table.TaskAuto, "1")
	if err != nil {
		t.Fatal(err)
	}
	d := Design{Parting: Parting{Scheme: CrossValidation, Folds: 4, Seed: 1}, Inner: 2}
	_, n, s, err := nested(context.Background(), tbl, target, y, model.Settings{Hidden: []int{6}, Epochs: 40}, d, nil)
	if err != nil {
		t.Fatal(err)
	}
	i := s.Importance
	if len(i.Columns) != 4 || i.Columns[0].Column != "a + twin" || !i.Columns[0].Joined || i.Columns[3].Column != "noise" || i.Base != float64(n.Loss.Network) {
		t.Fatalf("%+v", i)
	}
	if both, noise := i.Columns[0], i.Columns[3]; both.Increase < .3 || math.Abs(float64(noise.Increase)) > .05 || both.Folds != 4 || both.SE <= 0 {
		t.Errorf("%+v", i.Columns)
	}
}

// What was chosen for all rows stands in the journal, so that a run that goes on does not choose again.
func TestChoiceInJournal(t *testing.T) {
	tbl, target, y := bundled(t, "breast_cancer")
	d := design()
	d.Journal = filepath.Join(t.TempDir(), "journal")
	choose := func(ctx context.Context) (model.Settings, error) {
		n, err := NewNesting(tbl, target, y, small, d, nil)
		if err != nil {
			return model.Settings{}, err
		}
		return n.chosen(ctx)
	}
	first, err := choose(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	over, stop := context.WithCancel(context.Background())
	stop() // nothing can be trained any more
	again, err := choose(over)
	if err != nil || !bytes.Equal(encoded(t, first), encoded(t, again)) {
		t.Errorf("%v: %+v, then %+v", err, first, again)
	}
	d.Seed++
	if _, err := choose(context.Background()); key(err) != "study.journal_other" {
		t.Error(err)
	}
}
