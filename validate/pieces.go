package validate

import (
	"context"

	"gradus/fit"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// Nesting is a nested validation and the training on all rows that follows it. Its units of work hang on nothing but the rows and the
// settings, so that each may be made elsewhere: what was is taken, the rest is made where a result asks for it.
type Nesting struct {
	*work
	units
}

// taken is what was made elsewhere.
type taken struct {
	tried  map[place]sides       // of inner folds
	last   map[int]lastFit       // of outer folds
	drawn  map[int]metric.Number // of the bootstrap
	whole  *model.Model          // trained on all rows, without a temperature of the folds
	curves *model.LossCurves
}

// place is an inner fold of an outer one.
type place struct{ fold, inner int }

// lastFit is the training on the whole training part of a fold.
type lastFit struct {
	sides
	Settings model.Settings `json:"settings"`
	Moved    []moved        `json:"moved"`
	Model    []byte         `json:"model,omitempty"`
}

// finalFit is the training on all rows.
type finalFit struct {
	Model  []byte            `json:"model"`
	Curves *model.LossCurves `json:"curves"`
}

// NewNesting checks the design and parts the rows.
func NewNesting(tbl *table.Table, target *table.Target, y []float64, s model.Settings, d Design, progress func(done, total int)) (*Nesting, error) {
	w, err := newNest(tbl, target, y, s, d, progress)
	if err != nil {
		return nil, err
	}
	w.taken = taken{tried: map[place]sides{}, last: map[int]lastFit{}, drawn: map[int]metric.Number{}}
	n := &Nesting{work: w}
	for i := range w.folds {
		if w.design.Trials > 1 { // one choice hangs on another
			n.add(n.foldUnit(i))
			continue
		}
		for k := range w.design.Inner {
			n.add(n.innerUnit(i, k))
		}
		n.add(n.lastUnit(i))
	}
	n.add(n.finalUnit())
	for from, draws := 0, n.draws(); from < draws; from += drawsTogether {
		n.add(n.drawUnit(from, min(from+drawsTogether, draws)))
	}
	return n, nil
}

// Nest validates by Design: everything learnt, chosen or stopped by is so inside the training part of each fold, the regression beside the
// network on the same folds and preparation. The same table, settings and design give the same bytes, whatever the number of workers,
// stopped in between or not, and wherever its units were made.
func (n *Nesting) Nest(ctx context.Context) (*model.Validation, *model.Nested, *model.Study, error) {
	w := n.work
	if err := fit.Many(ctx, len(w.slots), w.plan.Workers, w.fold); err != nil {
		return nil, nil, nil, err
	}
	v, err := w.result()
	if err != nil {
		return nil, nil, nil, err
	}
	j := w.judgement()
	nested, err := w.nested(ctx, v, j)
	if draws := w.draws(); err == nil && draws > 0 {
		nested.Optimism, err = w.optimism(ctx, draws)
	}
	if err != nil {
		return nil, nil, nil, err
	}
	study, err := w.collect(ctx, v, j)
	return v, nested, study, err
}

// Final trains on all rows with the settings chosen there as in each training part, divided by the temperature that the folds of nested
// found where none was chosen.
func (n *Nesting) Final(ctx context.Context, nested *model.Nested) (*model.Model, *model.LossCurves, error) {
	m, curves := n.whole, n.curves
	if m == nil {
		var err error
		if m, curves, err = n.finalFit(ctx); err != nil {
			return nil, nil, err
		}
	}
	if n.design.Trials > 1 {
		return m, curves, nil
	}
	if t := Temperature(nested); t > 0 {
		m.Temper(t)
		m.Card.Settings.Temperature = t
	}
	return m, curves, nil
}

const finalName = "final"

// finalFit trains on all rows.
func (w *work) finalFit(ctx context.Context) (*model.Model, *model.LossCurves, error) {
	s, err := w.chosen(ctx)
	if err != nil {
		return nil, nil, err
	}
	if w.design.Trials <= 1 {
		s.Temperature = 0
	}
	return Watch(ctx, w.tbl, w.everyRow(), w.design.Group, w.target, w.y, s, w.design.Epoch.Of(allRows))
}

// Identity is the hash of all that the units depend on, but for the number of draws.
func (n *Nesting) Identity() (string, error) { return n.identity() }

// temper is what a training made elsewhere says under the temperature of s.
func (w *work) temper(p lastFit, test []int, s model.Settings) (lastFit, error) {
	if s.Temperature == 0 {
		return p, nil
	}
	m, err := model.Read(p.Model, "fold")
	if err != nil {
		return p, err
	}
	m.Temper(s.Temperature)
	p.Settings.Temperature = s.Temperature
	if p.Network, err = w.says(m, test); err != nil {
		return p, err
	}
	p.Moved, err = w.move(m, test, s.Seed)
	return p, err
}
