package validate

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"gradus/internal/say"
	"gradus/internal/shard"
	"gradus/metric"
	"gradus/model"
)

// piece is a unit of work that can be made apart: take gets what do gave, in its JSON form.
type piece struct {
	shard.Unit
	do   func(ctx context.Context) (any, error)
	take func(record json.RawMessage) error
}

// units are the pieces of a work, in an order that hangs on nothing but its design.
type units struct {
	list []piece
	at   map[string]int
}

func (u *units) add(one piece) {
	if u.at == nil {
		u.at = map[string]int{}
	}
	u.at[one.Name] = len(u.list)
	u.list = append(u.list, one)
}

// Units lists the work.
func (u *units) Units() []shard.Unit {
	list := make([]shard.Unit, len(u.list))
	for i, one := range u.list {
		list[i] = one.Unit
	}
	return list
}

// Do makes the unit called name, one of Units.
func (u *units) Do(ctx context.Context, name string) (any, error) { return u.list[u.at[name]].do(ctx) }

// Take takes the unit called name, one of Units, as it was made elsewhere.
func (u *units) Take(name string, record json.RawMessage) error {
	return u.list[u.at[name]].take(record)
}

// unfit is a record that does not fit its unit.
var unfit = say.Error("shard.unfit")

// fits tells whether p says outputs numbers of each of n rows.
func (w *work) fits(p sides, n int) error {
	uneven := func(row []float64) bool { return len(row) != w.outputs() }
	if len(p.Network) != n || len(p.Regression) != n || slices.ContainsFunc(p.Network, uneven) || slices.ContainsFunc(p.Regression, uneven) {
		return unfit
	}
	return nil
}

// innerUnit is the training on an inner fold where there is one trial.
func (n *Nesting) innerUnit(i, k int) piece {
	w, rows := n.work, n.folds[i].Train
	parts := func() (train, test []int, seed uint64, err error) {
		seed = seedOf(w.plan.Seed, i)
		_, folds, err := w.innerFolds(rows, seed)
		if err != nil {
			return nil, nil, 0, err
		}
		return pick(rows, folds[k].Train), pick(rows, folds[k].Test), seed, nil
	}
	cost := float64(len(rows)) * (1 - 1/float64(w.design.Inner))
	return piece{shard.Unit{Name: fmt.Sprintf("fold %d inner %d", i, k), Cost: cost}, func(ctx context.Context) (any, error) {
		train, test, seed, err := parts()
		if err != nil {
			return nil, err
		}
		s := w.settings
		s.Seed = seed
		return w.try(ctx, i, train, test, s)
	}, func(record json.RawMessage) error {
		var p sides
		if err := json.Unmarshal(record, &p); err != nil {
			return err
		}
		_, test, _, err := parts()
		if err != nil {
			return err
		}
		w.tried[place{i, k}] = p
		return w.fits(p, len(test))
	}}
}

// lastUnit is the training on the training part of fold i where there is one trial. A temperature may come from its inner folds later, so
// the model goes along.
func (n *Nesting) lastUnit(i int) piece {
	w, f := n.work, n.folds[i]
	return piece{shard.Unit{Name: fmt.Sprintf("fold %d", i), Cost: float64(len(f.Train))}, func(ctx context.Context) (any, error) {
		s := w.settings
		s.Seed, s.Temperature = seedOf(w.plan.Seed, i), 0
		out, m, err := w.learnLast(ctx, i, s)
		if err != nil || !w.levels() {
			return out, err
		}
		out.Model, err = written(m)
		return out, err
	}, func(record json.RawMessage) error {
		var p lastFit
		if err := json.Unmarshal(record, &p); err != nil {
			return err
		}
		w.last[i] = p
		return w.fits(p.sides, len(f.Test))
	}}
}

func written(m *model.Model) ([]byte, error) {
	var b bytes.Buffer
	err := m.Write(&b)
	return b.Bytes(), err
}

// foldUnit is all of fold i where there are several trials.
func (n *Nesting) foldUnit(i int) piece {
	w, f := n.work, n.folds[i]
	cost := float64(len(f.Train)) * (1 + trainings(w.design.Trials, w.design.Inner))
	return piece{shard.Unit{Name: fmt.Sprintf("fold %d", i), Cost: cost}, func(ctx context.Context) (any, error) {
		s, err := w.judge(ctx, i)
		return s.record(), err
	}, func(b json.RawMessage) error {
		var r record
		if err := json.Unmarshal(b, &r); err != nil {
			return err
		}
		return w.fill(i, r)
	}}
}

// trainings is how many inner folds are trained on in one choice, each on a share of the rows.
func trainings(trials, inner int) (sum float64) {
	before := 0
	for upTo := 1; ; upTo *= halving {
		if trials == 1 {
			upTo = inner
		}
		now := min(upTo, inner)
		sum += float64(trials * (now - before))
		if before = now; now == inner {
			return sum * (1 - 1/float64(inner))
		}
		trials = (trials + halving - 1) / halving
	}
}

// finalUnit is the training on all rows, and the choice of its settings.
func (n *Nesting) finalUnit() piece {
	w, cost := n.work, float64(len(n.y))
	if w.design.Trials > 1 {
		cost *= 1 + trainings(w.design.Trials, w.design.Inner)
	}
	return piece{shard.Unit{Name: finalName, Cost: cost}, func(ctx context.Context) (any, error) {
		m, curves, err := w.finalFit(ctx)
		if err != nil {
			return nil, err
		}
		b, err := written(m)
		return finalFit{b, curves}, err
	}, func(record json.RawMessage) (err error) {
		var f finalFit
		if err := json.Unmarshal(record, &f); err != nil {
			return err
		}
		if f.Curves == nil {
			return unfit
		}
		w.curves = f.Curves
		w.whole, err = model.Read(f.Model, finalName)
		return err
	}}
}

const (
	drawsTogether = 10
	drawCost      = .01 // of a regression, beside the training of a network
)

// drawUnit is the draws from … to−1 of the bootstrap of the regression.
func (n *Nesting) drawUnit(from, to int) piece {
	w := n.work
	cost := drawCost * float64((to-from)*len(w.y))
	return piece{shard.Unit{Name: fmt.Sprintf("draws %d", from), Cost: cost}, func(ctx context.Context) (any, error) {
		return w.flatter(ctx, from, to)
	}, func(record json.RawMessage) error {
		var list []metric.Number
		if err := json.Unmarshal(record, &list); err != nil {
			return err
		}
		if len(list) != to-from {
			return unfit
		}
		for i, v := range list {
			w.drawn[from+i] = v
		}
		return nil
	}}
}
