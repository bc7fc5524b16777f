package validate

import (
	"context"
	"runtime"
	"sync"

	"gradus/fit"
	"gradus/internal/blend"
	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

// Plan says how to validate; a zero field stands for its default.
type Plan struct {
	Folds     int      // parts of each repeat: 10
	Repeats   int      // how often the rows are dealt anew: 1
	Seed      uint64   // of the folds and of every network
	Workers   int      // folds trained at a time: as many as Go uses processors
	Threshold *float64 // of the confusion table: .5
}

const maxFolds = 1000

// Run validates by repeated stratified cross-validation: each fold's network, preparation and regression are fitted to the other
// folds only, and every row is judged by the mean of the predictions that did not know it. The same table, settings and plan give
// the same bytes, whatever the number of workers. progress, if not nil, is told how many of how many folds are done.
func Run(ctx context.Context, tbl *table.Table, target *table.Target, y []float64, s model.Settings, plan Plan,
	progress func(done, total int),
) (*model.Validation, error) {
	plan, err := plan.complete(target, y)
	if err != nil {
		return nil, err
	}
	w := &work{tbl: tbl, target: target, y: y, settings: s, plan: plan, progress: progress}
	if err := w.part(Parting{Scheme: CrossValidation, Folds: plan.Folds, Repeats: plan.Repeats, Seed: plan.Seed}); err != nil {
		return nil, err
	}
	if err := fit.Many(ctx, len(w.slots), plan.Workers, w.fold); err != nil {
		return nil, err
	}
	return w.result()
}

// complete fills in the defaults and refuses what cannot be validated.
func (p Plan) complete(target *table.Target, y []float64) (Plan, error) {
	if p.Folds == 0 {
		p.Folds = 10
	}
	if p.Repeats == 0 {
		p.Repeats = 1
	}
	if p.Workers <= 0 {
		p.Workers = runtime.GOMAXPROCS(0)
	}
	if p.Folds < 2 || p.Folds > maxFolds || p.Repeats < 1 || p.Repeats > maxFolds {
		return p, say.Error("validate.plan", "folds", p.Folds, "repeats", p.Repeats, "most", maxFolds)
	}
	if err := checkThreshold(p.Threshold); err != nil {
		return p, err
	}
	smallest := len(y)
	if target.Task != table.TaskNumber {
		counts := map[float64]int{}
		for _, v := range y {
			counts[v]++
		}
		for _, n := range counts {
			smallest = min(smallest, n)
		}
	}
	if smallest < p.Folds || target.Task == table.TaskNumber && smallest < 2*p.Folds {
		return p, say.Error("validate.few", "column", target.Column, "rows", smallest, "folds", p.Folds)
	}
	return p, nil
}

// work is a run of all folds: each has a slot of its own, so that the order in which they end leaves no trace.
type work struct {
	tbl      *table.Table
	target   *table.Target
	y        []float64
	settings model.Settings
	plan     Plan
	design   Design
	folds    []Fold
	slots    []slot
	hash     string          // of all that the folds depend on
	final    *model.Settings // chosen for all rows, by this run or one before
	together []model.Group   // columns that are exchanged together
	taken
	progress func(done, total int)
	lock     sync.Mutex
	done     int
}

// slot is what one fold gave: predictions (test rows, outputs) of both, and the settings of its network.
type slot struct {
	test       []int
	network    [][]float64
	regression [][]float64
	settings   model.Settings
	cuts       [2]float64 // thresholds of both, chosen inside the training part
	corrected  []Corrected
	moved      []moved
	ready      bool
}

// part deals the rows.
func (w *work) part(p Parting) (err error) {
	w.folds, err = p.Split(w.y, w.levels())
	w.slots = make([]slot, len(w.folds))
	return err
}

// levels tells whether the target has levels.
func (w *work) levels() bool { return w.target.Task != table.TaskNumber }

// fold chooses, trains and predicts the fold of slot i, unless an earlier run did.
func (w *work) fold(ctx context.Context, i int) error {
	if w.slots[i].ready {
		return nil
	}
	out, err := w.judge(ctx, i)
	if err != nil {
		return err
	}
	w.lock.Lock()
	defer w.lock.Unlock()
	w.slots[i] = out
	if err := w.keep(); err != nil {
		return err
	}
	w.tell()
	if w.design.Watch != nil {
		w.design.Watch(i, w.foldResult(i))
	}
	return nil
}

// judge chooses inside the training part of fold i, trains on it and predicts the rows of the fold.
func (w *work) judge(ctx context.Context, i int) (out slot, err error) {
	f, s := w.folds[i], w.settings
	s.Seed = seedOf(w.plan.Seed, i)
	out = slot{test: f.Test, ready: true}
	var in *inner
	if w.design.Inner > 0 {
		if in, err = w.choose(ctx, i, f.Train, s); err != nil {
			return out, err
		}
		s, out.cuts = in.settings, in.cuts
	}
	last, made := w.last[i]
	if made {
		last, err = w.temper(last, f.Test, s)
	} else {
		last, _, err = w.learnLast(ctx, i, s)
	}
	if err != nil {
		return out, err
	}
	out.network, out.regression, out.settings, out.moved = last.Network, last.Regression, last.Settings, last.Moved
	if in != nil {
		out.corrected = w.corrected(in, out.network)
	}
	return out, nil
}

// learnLast trains on the whole training part of fold i with the settings s, and predicts the rows of the fold.
func (w *work) learnLast(ctx context.Context, i int, s model.Settings) (out lastFit, m *model.Model, err error) {
	f := w.folds[i]
	if m, err = w.learn(ctx, i, f.Train, s); err != nil {
		return out, nil, err
	}
	if out.Network, out.Regression, err = w.both(m, f.Train, f.Test); err != nil {
		return out, nil, err
	}
	out.Settings = m.Card.Settings
	if w.design.Inner > 0 {
		out.Moved, err = w.move(m, f.Test, s.Seed)
	}
	return out, m, err
}

// tell counts a fold that is done.
func (w *work) tell() {
	if w.done++; w.progress != nil {
		w.progress(w.done, len(w.slots))
	}
}

// both predicts the rows test, by the network m and by the regression on the same rows train and the same preparation.
func (w *work) both(m *model.Model, train, test []int) (network, regression [][]float64, err error) {
	if network, err = w.says(m, test); err != nil {
		return nil, nil, err
	}
	regression, err = blend.Beside(m, w.tbl, train, test, w.y)
	return network, regression, err
}

// says is what m predicts of the rows test.
func (w *work) says(m *model.Model, test []int) (p [][]float64, err error) {
	all, _, err := m.All(w.tbl.Select(test))
	if err != nil {
		return nil, err
	}
	for r := range all.Rows {
		p = append(p, all.Row(r))
	}
	return p, nil
}

// learn trains a model on rows for fold i. Where patients are known those held for early stopping are whole patients.
func (w *work) learn(ctx context.Context, i int, rows []int, s model.Settings) (*model.Model, error) {
	m, _, err := Watch(ctx, w.tbl, rows, w.design.Group, w.target, w.y, s, w.design.Epoch.Of(i))
	return m, err
}

// pick is the values at rows; nil stays nil.
func pick[T any](values []T, rows []int) []T {
	if values == nil {
		return nil
	}
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = values[r]
	}
	return out
}
