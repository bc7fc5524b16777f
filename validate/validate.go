package validate

import (
	"context"
	"runtime"
	"sync"

	"gradus/fit"
	"gradus/internal/say"
	"gradus/model"
	"gradus/regression"
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

const (
	ridge    = 1 // λ of the regression, scikit-learn's C = 1
	maxFolds = 1000
)

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
	w.deal()
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
	of       [][]int // fold of each row, by repeat
	slots    []slot
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
}

func (w *work) deal() {
	for r := range w.plan.Repeats {
		w.of = append(w.of, deal(w.y, w.target.Task != table.TaskNumber, w.plan.Folds, w.plan.Seed, r))
	}
	w.slots = make([]slot, w.plan.Repeats*w.plan.Folds)
}

// fold trains and predicts the fold of slot i.
func (w *work) fold(ctx context.Context, i int) error {
	train, test := split(w.of[i/w.plan.Folds], i%w.plan.Folds)
	s := w.settings
	s.Seed = seedOf(w.plan.Seed, i)
	run, err := fit.New(w.tbl, train, w.target, w.y, s)
	if err != nil {
		return err
	}
	m, err := run.Train(ctx)
	if err != nil {
		return err
	}
	all, _, err := m.All(w.tbl.Select(test))
	if err != nil {
		return err
	}
	out := &w.slots[i]
	out.test, out.settings = test, m.Card.Settings
	for r := range all.Rows {
		out.network = append(out.network, all.Row(r))
	}
	if out.regression, err = beside(m, w.tbl, train, test, w.y); err != nil {
		return err
	}
	w.lock.Lock()
	defer w.lock.Unlock()
	if w.done++; w.progress != nil {
		w.progress(w.done, len(w.slots))
	}
	return nil
}

// beside fits the regression of the task to the rows train, prepared as for m, and predicts the rows test (n, outputs of m).
func beside(m *model.Model, tbl *table.Table, train, test []int, y []float64) ([][]float64, error) {
	x, err := m.Features(tbl, train)
	if err != nil {
		return nil, err
	}
	z, err := m.Features(tbl, test)
	if err != nil {
		return nil, err
	}
	ty := make([]float64, len(train))
	for i, r := range train {
		ty[i] = y[r]
	}
	p := make([][]float64, len(test))
	for i := range p {
		p[i] = make([]float64, m.Outputs())
	}
	switch m.Target.Task {
	case table.TaskNumber:
		f, err := regression.Linear(x, ty, ridge)
		for i := 0; i < len(p) && err == nil; i++ {
			p[i][0] = f.Predict(z.Row(i))
		}
		return p, err
	case table.TaskClasses:
		f, err := regression.Softmax(x, classes(ty), m.Outputs(), ridge)
		for i := 0; i < len(p) && err == nil; i++ {
			f.Predict(p[i], z.Row(i))
		}
		return p, err
	}
	f, err := regression.Logistic(x, events(ty), ridge)
	for i := 0; i < len(p) && err == nil; i++ {
		risk := f.Predict(z.Row(i))
		p[i][m.EventIndex()], p[i][1-m.EventIndex()] = risk, 1-risk
	}
	return p, err
}
