package validate

import (
	"context"
	"math/rand/v2"

	"gradus/fit"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

const (
	optimismStream = 10 << 32
	optimismDraws  = 200 // at most: its noise is far below that of a small table by then
	smallTable     = 1000
	fewEvents      = 100
)

// fewRows tells whether a table is one that a bootstrap judges best: fewer than smallTable rows or fewEvents of the rarer level.
func fewRows(rows, events int) bool { return rows < smallTable || min(events, rows-events) < fewEvents }

// optimism is Harrell's bootstrap of the regression: its AUROC on all rows, less the mean over draws of whole patients of (AUROC on the
// draw − AUROC on all rows) of the regression, preparation included, that was fitted to the draw. nil where no draw has both levels.
func (w *work) optimism(ctx context.Context, draws int) (*model.Optimism, error) {
	group := w.design.Group
	all := make([]int, len(w.y))
	for i := range all {
		all[i] = i
	}
	if group == nil {
		group = all
	}
	members := patients(group)
	apparent, _, err := w.areas(all, all)
	if err != nil {
		return nil, err
	}
	draws = min(draws, optimismDraws)
	over := make([]metric.Number, draws)
	err = fit.Many(ctx, draws, w.plan.Workers, func(_ context.Context, i int) error {
		r := rand.New(rand.NewPCG(w.plan.Seed, optimismStream+uint64(i)))
		var rows []int
		for range members {
			rows = append(rows, members[r.IntN(len(members))]...)
		}
		over[i] = undefined
		if total := total(pick(w.y, rows)); total == 0 || total == float64(len(rows)) {
			return nil
		}
		own, other, err := w.areas(rows, all)
		over[i] = own - other
		return err
	})
	o := &model.Optimism{Apparent: apparent}
	for _, v := range over {
		if v.Defined() {
			o.Draws++
			o.Optimism += v
		}
	}
	if err != nil || o.Draws == 0 {
		return nil, err
	}
	o.Optimism /= metric.Number(o.Draws)
	o.Corrected = o.Apparent - o.Optimism
	return o, nil
}

func total(y []float64) (sum float64) {
	for _, v := range y {
		sum += v
	}
	return sum
}

// areas fits the regression to rows and ranks those rows and the others.
func (w *work) areas(rows, others []int) (own, other metric.Number, err error) {
	s := w.settings
	s.Task, s.Hidden = table.TaskBinary, []int{} // no network is asked for
	if s, err = s.Complete(len(rows)); err != nil {
		return own, other, err
	}
	m, err := model.New(w.tbl, rows, w.target, w.y, s)
	if err != nil {
		return own, other, err
	}
	p, err := beside(m, w.tbl, rows, append(append([]int{}, rows...), others...), w.y)
	if err != nil {
		return own, other, err
	}
	risks := column(p, eventIndex(w))
	a, err := metric.AUROC(events(pick(w.y, rows)), risks[:len(rows)])
	if err != nil {
		return own, other, sentence(err)
	}
	b, err := metric.AUROC(events(pick(w.y, others)), risks[len(rows):])
	return a.Value, b.Value, sentence(err)
}
