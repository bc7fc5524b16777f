package validate

import (
	"context"
	"math"

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

	// What is looked at beside the figures; no fold depends on it.
	Strata     []Stratum `json:"-"`
	Thresholds []float64 `json:"-"` // named by the study, for net benefit
	// Correct learns corrections of risks from y and p and applies each to the risks other; nil: no recalibration is tried.
	Correct func(y []bool, p, other []float64) []Corrected `json:"-"`
	Watch   func(i int, f model.NestedFold)                `json:"-"` // is told of each fold that is done; nil: nobody is
	Epoch   Epoch                                          `json:"-"` // is told of each epoch; nil: nobody is
}

// newNest checks the design, parts the rows and takes up what a stopped run has done.
func newNest(tbl *table.Table, target *table.Target, y []float64, s model.Settings, d Design, progress func(done, total int)) (*work, error) {
	if err := d.Rule.check(); err != nil {
		return nil, err
	}
	if d.Scheme != CrossValidation {
		d.Folds, d.Repeats = 2, 1 // not asked for; what parts the rows is their time or site
	}
	plan, err := Plan{Folds: d.Folds, Repeats: d.Repeats, Seed: d.Seed, Workers: d.Workers}.complete(target, y)
	if err != nil {
		return nil, err
	}
	d.Folds, d.Repeats, d.Trials = plan.Folds, plan.Repeats, max(d.Trials, 1)
	if d.Inner < 2 || d.Inner > maxFolds {
		return nil, say.Error("study.inner", "inner", d.Inner, "most", maxFolds)
	}
	w := &work{tbl: tbl, target: target, y: y, settings: s, plan: plan, design: d, progress: progress}
	if err := w.part(d.Parting); err != nil {
		return nil, err
	}
	w.plan.Repeats = d.Repeats
	w.plan.Folds = len(w.folds) / d.Repeats
	if w.together, err = joint(tbl, target, s); err != nil {
		return nil, err
	}
	return w, w.resume()
}

// judgement is what the folds say of the rows judged: truth, mean predictions of network and regression, mean thresholds, patients.
type judgement struct {
	rows    []int
	y       []float64
	p       [2][][]float64
	cuts    [2][]float64
	group   []int
	members [][]int // places of each patient's rows
}

func (w *work) judgement() *judgement {
	j := &judgement{rows: w.judged()}
	j.y, j.group = pick(w.y, j.rows), pick(w.design.Group, j.rows)
	if j.group == nil {
		j.group = j.rows
	}
	j.members = patients(j.group)
	j.p = [2][][]float64{w.mean(func(s *slot) [][]float64 { return s.network }), w.mean(func(s *slot) [][]float64 { return s.regression })}
	times := w.times()
	var cuts [2][]float64
	for side := range cuts {
		cuts[side] = make([]float64, len(w.y))
		for i := range w.slots {
			for _, row := range w.slots[i].test {
				cuts[side][row] += w.slots[i].cuts[side] / float64(times[row])
			}
		}
		j.cuts[side] = pick(cuts[side], j.rows)
	}
	return j
}

// nested says what only a nested validation can.
func (w *work) nested(ctx context.Context, v *model.Validation, j *judgement) (*model.Nested, error) {
	d := w.design
	n := &model.Nested{
		Scheme: string(d.Scheme), Inner: d.Inner, Trials: d.Trials, Rule: d.Rule.name(), Groups: len(j.members), Tested: len(j.rows), Rows: j.rows,
		Folds: w.foldResults(), Loss: w.likelihood(j.y, j.p[0], j.p[1], j.members),
	}
	if v.Binary != nil {
		var err error
		if n.Frozen, err = frozen(j, v.Binary); err != nil {
			return nil, sentence(err)
		}
		if d.Draws > 0 {
			if n.Boot, err = bootstrap(ctx, events(j.y), v.Binary.Network.Risks, v.Binary.Regression.Risks, j.members, w.sampling()); err != nil {
				return nil, err
			}
		}
	}
	n.Verdict = verdict(v, n, len(j.members) < len(j.rows))
	return n, nil
}

func (w *work) foldResults() []model.NestedFold {
	list := make([]model.NestedFold, len(w.slots))
	for i := range w.slots {
		list[i] = w.foldResult(i)
	}
	return list
}

// foldResult says what fold i, which is done, gave.
func (w *work) foldResult(i int) model.NestedFold {
	s, f := &w.slots[i], &w.folds[i]
	out := model.NestedFold{
		Name: f.Name, Train: len(f.Train), Test: len(f.Test), Settings: s.settings, Threshold: s.cuts[0], Beside: s.cuts[1],
		TrainEvents: w.size(f.Train).Events, TestEvents: w.size(f.Test).Events,
	}
	if w.target.Task == table.TaskBinary {
		y, event := events(pick(w.y, s.test)), eventIndex(w)
		a, _ := metric.AUROC(y, column(s.network, event)) // undefined where the fold has one class
		b, _ := metric.AUROC(y, column(s.regression, event))
		out.AUROC, out.Regression = &a.Value, &b.Value
	}
	return out
}

// frozen counts the calls at the thresholds that the training parts chose.
func frozen(j *judgement, b *model.BinaryValidation) (*model.Frozen, error) {
	var f model.Frozen
	var err error
	if f.Network, err = metric.ConfusionAt(events(j.y), called(b.Network.Risks, j.cuts[0]), 1); err == nil {
		f.Regression, err = metric.ConfusionAt(events(j.y), called(b.Regression.Risks, j.cuts[1]), 1)
	}
	return &f, err
}

// called is 1 where a risk reaches its threshold.
func called(p, cuts []float64) []float64 {
	calls := make([]float64, len(p))
	for i, v := range p {
		if v >= cuts[i] {
			calls[i] = 1
		}
	}
	return calls
}

// loss of one row: −ln of the probability of what was, or the squared error of a number.
func (w *work) loss(y float64, p []float64) float64 {
	if w.target.Task == table.TaskNumber {
		return (p[0] - y) * (p[0] - y)
	}
	return -math.Log(max(p[w.place(y)], 1e-15))
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
	mean := a - b
	se := errorOf(d, mean, members)
	l = model.Likelihood{Network: metric.Number(a), Regression: metric.Number(b), Difference: metric.Number(mean), Low: undefined, High: undefined, Z: undefined, P: undefined}
	if se > 0 {
		z := mean / se
		l.Low, l.High = metric.Number(mean-z95*se), metric.Number(mean+z95*se)
		l.Z, l.P = metric.Number(z), metric.Number(math.Erfc(math.Abs(z)/math.Sqrt2))
	}
	return l
}

// errorOf is the standard error of the mean of d over patients.
func errorOf(d []float64, mean float64, members [][]int) float64 {
	sum, g := 0., float64(len(members))
	for _, rows := range members {
		part := 0.
		for _, i := range rows {
			part += d[i] - mean
		}
		sum += part * part
	}
	return math.Sqrt(g/(g-1)*sum) / float64(len(d))
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
