package validate

import (
	"context"
	"math"

	"gradus/fit"
	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// Design is a nested validation: how rows are parted, and what is chosen inside each training part.
type Design struct {
	Parting
	Inner   int    // folds inside each training part, on which threshold and settings are chosen
	Trials  int    // settings tried there, the given ones first: 1
	Draws   int    // of the bootstrap
	Rule    Rule   // of the threshold
	Workers int    // folds at a time: as many as Go uses processors
	Journal string // file of finished folds, from which a run that was stopped goes on; empty: none
}

// Nest validates by Design: everything learnt, chosen or stopped by is so inside the training part of each fold, the regression beside the
// network on the same folds and preparation. The same table, settings and design give the same bytes, whatever the number of workers,
// stopped in between or not.
func Nest(ctx context.Context, tbl *table.Table, target *table.Target, y []float64, s model.Settings, d Design,
	progress func(done, total int),
) (*model.Validation, *model.Nested, error) {
	if err := d.Rule.check(); err != nil {
		return nil, nil, err
	}
	if d.Scheme != CrossValidation {
		d.Folds, d.Repeats = 2, 1 // not asked for; what parts the rows is their time or site
	}
	plan, err := Plan{Folds: d.Folds, Repeats: d.Repeats, Seed: d.Seed, Workers: d.Workers}.complete(target, y)
	if err != nil {
		return nil, nil, err
	}
	d.Folds, d.Repeats, d.Trials = plan.Folds, plan.Repeats, max(d.Trials, 1)
	if d.Inner < 2 || d.Inner > maxFolds {
		return nil, nil, say.Error("study.inner", "inner", d.Inner, "most", maxFolds)
	}
	w := &work{tbl: tbl, target: target, y: y, settings: s, plan: plan, design: d, progress: progress}
	if err := w.part(d.Parting); err != nil {
		return nil, nil, err
	}
	w.plan.Repeats = d.Repeats
	w.plan.Folds = len(w.folds) / d.Repeats
	if err := w.resume(); err != nil {
		return nil, nil, err
	}
	if err := fit.Many(ctx, len(w.slots), plan.Workers, w.fold); err != nil {
		return nil, nil, err
	}
	v, err := w.result()
	if err != nil {
		return nil, nil, err
	}
	n, err := w.nested(v)
	if err == nil && d.Scheme == CrossValidation && d.Draws > 0 && v.Binary != nil && fewRows(v.Rows, v.Binary.Events) {
		n.Optimism, err = w.optimism(ctx, d.Draws)
	}
	return v, n, err
}

// nested says what only a nested validation can.
func (w *work) nested(v *model.Validation) (*model.Nested, error) {
	rows, d := w.judged(), w.design
	y, group := pick(w.y, rows), d.Group
	if group == nil {
		group = rows
	} else {
		group = pick(group, rows)
	}
	network, regression := w.mean(func(s *slot) [][]float64 { return s.network }), w.mean(func(s *slot) [][]float64 { return s.regression })
	members := patients(group)
	n := &model.Nested{
		Scheme: string(d.Scheme), Inner: d.Inner, Trials: d.Trials, Rule: d.Rule.name(), Groups: len(members), Tested: len(rows),
		Folds: w.foldResults(), Loss: w.likelihood(y, network, regression, members),
	}
	if v.Binary != nil {
		var err error
		if n.Frozen, err = w.frozen(rows, v.Binary); err != nil {
			return nil, sentence(err)
		}
		if d.Draws > 0 {
			n.Boot = bootstrap(events(y), v.Binary.Network.Risks, v.Binary.Regression.Risks, members, d.Draws, d.Seed)
		}
	}
	n.Verdict = verdict(v, n, len(members) < len(rows))
	return n, nil
}

func (w *work) foldResults() []model.NestedFold {
	list := make([]model.NestedFold, len(w.slots))
	for i := range w.slots {
		s, f := &w.slots[i], &w.folds[i]
		list[i] = model.NestedFold{
			Name: f.Name, Train: len(f.Train), Test: len(f.Test), Settings: s.settings, Threshold: s.cuts[0], Beside: s.cuts[1],
		}
		if w.target.Task == table.TaskBinary {
			y, event := events(pick(w.y, s.test)), eventIndex(w)
			a, _ := metric.AUROC(y, column(s.network, event)) // undefined where the fold has one class
			b, _ := metric.AUROC(y, column(s.regression, event))
			list[i].AUROC, list[i].Regression = &a.Value, &b.Value
		}
	}
	return list
}

// frozen counts the calls at the thresholds that the training parts chose.
func (w *work) frozen(rows []int, b *model.BinaryValidation) (*model.Frozen, error) {
	times, cuts := w.times(), make([][2]float64, len(w.y))
	for i := range w.slots {
		for _, row := range w.slots[i].test {
			for side, cut := range w.slots[i].cuts {
				cuts[row][side] += cut / float64(times[row])
			}
		}
	}
	calls := func(p []float64, side int) (metric.Confusion, error) {
		called := make([]float64, len(p))
		for i, row := range rows {
			if p[i] >= cuts[row][side] {
				called[i] = 1
			}
		}
		return metric.ConfusionAt(events(pick(w.y, rows)), called, 1)
	}
	var f model.Frozen
	var err error
	if f.Network, err = calls(b.Network.Risks, 0); err == nil {
		f.Regression, err = calls(b.Regression.Risks, 1)
	}
	return &f, err
}

// loss of one row: −ln of the probability of what was, or the squared error of a number.
func (w *work) loss(y float64, p []float64) float64 {
	switch w.target.Task {
	case table.TaskNumber:
		return (p[0] - y) * (p[0] - y)
	case table.TaskClasses:
		return -math.Log(max(p[int(y)], 1e-15))
	}
	at := eventIndex(w)
	if y != 1 {
		at = 1 - at
	}
	return -math.Log(max(p[at], 1e-15))
}

// likelihood is the mean difference d of the losses with the standard error of a mean over patients,
// se² = G/(G−1) Σ_g (Σ_{i in g} (d_i − d̄))² / n².
func (w *work) likelihood(y []float64, network, regression [][]float64, members [][]int) (l model.Likelihood) {
	n, d := float64(len(y)), make([]float64, len(y))
	var a, b float64
	for i := range y {
		own, other := w.loss(y[i], network[i]), w.loss(y[i], regression[i])
		d[i] = own - other
		a += own / n
		b += other / n
	}
	mean, sum := a-b, 0.
	for _, rows := range members {
		part := 0.
		for _, i := range rows {
			part += d[i] - mean
		}
		sum += part * part
	}
	g := float64(len(members))
	se := math.Sqrt(g/(g-1)*sum) / n
	l = model.Likelihood{Network: metric.Number(a), Regression: metric.Number(b), Difference: metric.Number(mean), Low: undefined, High: undefined, Z: undefined, P: undefined}
	if se > 0 {
		z := mean / se
		l.Low, l.High = metric.Number(mean-z95*se), metric.Number(mean+z95*se)
		l.Z, l.P = metric.Number(z), metric.Number(math.Erfc(math.Abs(z)/math.Sqrt2))
	}
	return l
}

const z95 = 1.959963984540054

// verdict is who is better: the one whose loss or, in a binary task, whose ranking is better with 95 % confidence while the other is not
// better in the other figure. Where patients repeat, DeLong's interval, which takes rows for independent, gives way to the bootstrap's.
func verdict(v *model.Validation, n *model.Nested, clustered bool) string {
	better := func(low, high metric.Number) int {
		switch {
		case low > 0:
			return 1
		case high < 0:
			return -1
		}
		return 0
	}
	score := better(-n.Loss.High, -n.Loss.Low)
	if v.Binary != nil {
		rank := better(v.Binary.Difference.Low, v.Binary.Difference.High)
		if clustered && n.Boot != nil {
			rank = better(n.Boot.Difference.Low, n.Boot.Difference.High)
		}
		score += rank
	}
	switch {
	case score > 0:
		return "network"
	case score < 0:
		return "regression"
	}
	return "none"
}
