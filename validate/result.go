package validate

import (
	"math"
	"slices"

	"gradus/internal/blend"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// result puts the slots together, in their order.
func (w *work) result() (*model.Validation, error) {
	rows := w.judged()
	y := pick(w.y, rows)
	v := &model.Validation{
		Gradus: model.Version, Target: *w.target, Rows: len(rows), Columns: len(w.tbl.Columns) - 1, Folds: w.plan.Folds,
		Repeats: w.plan.Repeats, Seed: w.plan.Seed, Settings: w.slots[0].settings, Ridge: blend.Ridge,
	}
	v.Settings.Seed = w.plan.Seed
	network, regression := w.mean(func(s *slot) [][]float64 { return s.network }), w.mean(func(s *slot) [][]float64 { return s.regression })
	var err error
	switch w.target.Task {
	case table.TaskNumber:
		v.Number, err = pair(w, y, network, regression, "r2", measureNumbers, func(r metric.NumberResult) metric.Number { return r.R2 })
	case table.TaskClasses:
		v.Classes, err = pair(w, y, network, regression, "accuracy", measureClasses, func(r metric.ClassesResult) metric.Number { return r.Accuracy })
		v.Levels = w.counts(y)
	default:
		v.Binary, err = w.binary(y, network, regression)
		v.Levels = w.counts(y)
	}
	return v, sentence(err)
}

// counts is how many rows have each level.
func (w *work) counts(y []float64) map[string]int {
	n, other := map[string]int{}, ""
	for _, l := range w.target.Levels {
		if l != w.target.Event {
			other = l
		}
	}
	for _, v := range y {
		switch {
		case w.target.Task == table.TaskClasses:
			n[w.target.Levels[int(v)]]++
		case v == 1:
			n[w.target.Event]++
		default:
			n[other]++
		}
	}
	return n
}

// judged lists the rows that some fold judged, ascending.
func (w *work) judged() []int {
	var rows []int
	for i := range w.slots {
		rows = append(rows, w.slots[i].test...)
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}

// times is how many folds judged each row.
func (w *work) times() []int {
	n := make([]int, len(w.y))
	for i := range w.slots {
		for _, row := range w.slots[i].test {
			n[row]++
		}
	}
	return n
}

// mean is the mean prediction over the repeats of each judged row.
func (w *work) mean(side func(*slot) [][]float64) [][]float64 {
	p, times := make([][]float64, len(w.y)), w.times()
	for i := range w.slots {
		for k, row := range side(&w.slots[i]) {
			at := w.slots[i].test[k]
			if p[at] == nil {
				p[at] = make([]float64, len(row))
			}
			for c, v := range row {
				p[at][c] += v / float64(times[at])
			}
		}
	}
	for _, row := range p {
		for c := range row {
			if w.target.Task != table.TaskNumber {
				row[c] = math.Min(row[c], 1) // rounding of the mean
			}
		}
	}
	return slices.DeleteFunc(p, func(row []float64) bool { return row == nil })
}

// spread is the figure over the folds. A fold where it is undefined is left out and not counted.
func (w *work) spread(name string, side func(*slot) [][]float64, figure func(y []float64, p [][]float64) metric.Number) model.Spread {
	var values []float64
	for i := range w.slots {
		s := &w.slots[i]
		if v := figure(pick(w.y, s.test), side(s)); v.Defined() {
			values = append(values, float64(v))
		}
	}
	return spreadOf(name, values)
}

// spreadOf is the mean and standard deviation of values.
func spreadOf(name string, values []float64) model.Spread {
	out, n, sum, squares := model.Spread{Figure: name, Folds: len(values)}, float64(len(values)), 0., 0.
	for _, v := range values {
		sum += v
	}
	mean := sum / n
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	out.Mean, out.SD = metric.Number(mean), metric.Number(math.Sqrt(squares/(n-1)))
	return out
}

// pair measures both predictions with one metric.
func pair[T any](w *work, y []float64, network, regression [][]float64, name string, measure func([]float64, [][]float64) (T, error),
	figure func(T) metric.Number,
) (*model.Pair[T], error) {
	one := func(y []float64, p [][]float64) metric.Number {
		if r, err := measure(y, p); err == nil {
			return figure(r)
		}
		return undefined
	}
	p := &model.Pair[T]{
		NetworkSpread:    w.spread(name, func(s *slot) [][]float64 { return s.network }, one),
		RegressionSpread: w.spread(name, func(s *slot) [][]float64 { return s.regression }, one),
	}
	var err error
	if p.Network, err = measure(y, network); err != nil {
		return nil, err
	}
	p.Regression, err = measure(y, regression)
	return p, err
}

func measureNumbers(y []float64, p [][]float64) (metric.NumberResult, error) {
	return metric.Numbers(y, column(p, 0))
}

func measureClasses(y []float64, p [][]float64) (metric.ClassesResult, error) {
	return metric.Classes(classes(y), p)
}

func column(p [][]float64, c int) []float64 {
	v := make([]float64, len(p))
	for i := range p {
		v[i] = p[i][c]
	}
	return v
}
