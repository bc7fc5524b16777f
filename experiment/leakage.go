package experiment

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gradus/internal/picture"
	"gradus/internal/say"
	"gradus/internal/trial"
	"gradus/metric"
	"gradus/regression"
)

const (
	noiseDraws = 20
	noiseRows  = 80
	noiseWide  = 400 // columns, of which chosen are kept
	chosen     = 10
	noiseFolds = 5
	visitsEach = 4  // of a patient, nearly alike
	visitWide  = 40 // columns of a visit
)

// leakage finds signal where there is none: columns that are chosen by all rows, those judged too, and patients with rows on both sides
// of a fold. The truth is an AUROC of one half in every row of both tables, and the cure finds it.
func leakage(ctx context.Context, opt Options) (r Result, err error) {
	rows := r.table("rows", "setting", "auroc", "low", "high", "truth")
	cure := r.table("cure", "setting", "auroc", "low", "high", "truth")
	for _, c := range []struct {
		table *Table
		name  string
		run   func(*rand.Rand) (float64, error)
	}{
		{rows, "chosen-outside", func(r *rand.Rand) (float64, error) { return choosing(r, false) }},
		{rows, "by-row", func(r *rand.Rand) (float64, error) { return visiting(r, false) }},
		{cure, "chosen-inside", func(r *rand.Rand) (float64, error) { return choosing(r, true) }},
		{cure, "by-patient", func(r *rand.Rand) (float64, error) { return visiting(r, true) }},
	} {
		var list []float64
		for draw := range uint64(noiseDraws) {
			if err := ctx.Err(); err != nil {
				return r, err
			}
			v, err := c.run(stream(opt.Seed, 80+draw))
			if err != nil {
				return r, err
			}
			list = append(list, v)
		}
		mean, half := around(list)
		c.table.add(c.name, mean, mean-half, mean+half, .5)
	}
	cell := func(t *Table, row int) string { return number(t.Rows[row][1].(float64)) }
	r.text("experiment.leakage_chosen", "outside", cell(rows, 0), "inside", cell(cure, 0), "kept", chosen, "columns", noiseWide)
	r.text("experiment.leakage_patients", "row", cell(rows, 1), "patient", cell(cure, 1))
	r.draw = func(lang say.Lang) []picture.Panel { return drawLeakage(lang, rows, cure) }
	return r, nil
}

// around is the mean and half its 95 % interval, Student's t of 19 degrees of freedom.
func around(list []float64) (mean, half float64) {
	n := float64(len(list))
	for _, v := range list {
		mean += v / n
	}
	square := 0.
	for _, v := range list {
		d := v - mean
		square += float64(d * d)
	}
	return mean, 2.093024054408263 * math.Sqrt(square/(n-1)/n)
}

// choosing keeps the columns that go most with a coin's tosses, by the rows learnt from (inside) or by all.
func choosing(r *rand.Rand, inside bool) (float64, error) {
	x, y, of := make([][]float64, noiseRows), make([]bool, noiseRows), make([]int, noiseRows)
	for i := range x {
		x[i] = normals(r, noiseWide)
		y[i], of[i] = i%2 == 0, i/2%noiseFolds
	}
	return folded(x, y, of, func(train []int) []int {
		if !inside {
			train = all(len(x))
		}
		return likeliest(x, y, train)
	})
}

// visiting judges patients by their likeness to themselves (by row) or by others (by patient): a label is a coin's toss for each.
func visiting(r *rand.Rand, whole bool) (float64, error) {
	var x [][]float64
	var y []bool
	var of []int
	for patient := range noiseRows {
		self := normals(r, visitWide)
		for visit := range visitsEach {
			row := normals(r, visitWide)
			for c := range row {
				row[c] = self[c] + float64(.2*row[c])
			}
			x, y = append(x, row), append(y, patient%2 == 0)
			if whole {
				of = append(of, patient/2%noiseFolds)
			} else {
				of = append(of, (patient+visit)%noiseFolds)
			}
		}
	}
	return folded(x, y, of, func([]int) []int { return all(visitWide) })
}

func normals(r *rand.Rand, n int) []float64 {
	row := make([]float64, n)
	for c := range row {
		row[c] = r.NormFloat64()
	}
	return row
}

func all(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// likeliest are the columns whose means differ most between the labels.
func likeliest(x [][]float64, y []bool, rows []int) []int {
	differ := make([]float64, len(x[0]))
	for _, i := range rows {
		for c, v := range x[i] {
			if y[i] {
				differ[c] += v
			} else {
				differ[c] -= v
			}
		}
	}
	list := all(len(differ))
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(math.Abs(differ[b]), math.Abs(differ[a])) })
	return list[:chosen]
}

// folded is the mean AUROC over the folds of a logistic regression on the columns that pick names.
func folded(x [][]float64, y []bool, of []int, pick func(train []int) []int) (float64, error) {
	mean := 0.
	for fold := range noiseFolds {
		var train []int
		for i, f := range of {
			if f != fold {
				train = append(train, i)
			}
		}
		columns := pick(train)
		var learn, judge [][]float64
		var labels, truth []bool
		for i, row := range x {
			some := make([]float64, len(columns))
			for k, c := range columns {
				some[k] = row[c]
			}
			if of[i] == fold {
				judge, truth = append(judge, some), append(truth, y[i])
			} else {
				learn, labels = append(learn, some), append(labels, y[i])
			}
		}
		f, err := regression.Logistic(trial.Rows(learn, learn).X, labels, 1)
		if err != nil {
			return 0, err
		}
		p := make([]float64, len(judge))
		for i, row := range judge {
			p[i] = f.Predict(row)
		}
		a, err := metric.AUROC(truth, p)
		if err != nil {
			return 0, err
		}
		mean += float64(a.Value) / noiseFolds
	}
	return mean, nil
}

func drawLeakage(lang say.Lang, rows, cure *Table) []picture.Panel {
	var names []string
	bad, good := picture.Series{Kind: picture.Bars, Ink: picture.Orange}, picture.Series{Kind: picture.Bars, Ink: picture.Blue}
	for i := range rows.Rows {
		for side, t := range []*Table{rows, cure} {
			s := []*picture.Series{&bad, &good}[side]
			s.X, s.Y = append(s.X, float64(len(names))), append(s.Y, t.Rows[i][1].(float64))
			names = append(names, Word(lang, t.Rows[i][0].(string)))
		}
	}
	return []picture.Panel{{
		Title: say.Text(lang, "experiment.leakage_panel"), X: picture.Axis{Labels: names}, Y: picture.Axis{Name: Heading(lang, "auroc"), Zero: true},
		Series: []picture.Series{bad, good},
	}}
}
