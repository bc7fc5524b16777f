package validate

import (
	"context"
	"math/rand/v2"

	"gradus/fit"
	"gradus/internal/blend"
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

// draws is how many of the bootstrap of the regression are asked for.
func (w *work) draws() int {
	if w.design.Scheme != CrossValidation || w.target.Task != table.TaskBinary || !fewRows(len(w.y), int(total(w.y))) {
		return 0
	}
	return min(w.design.Draws, optimismDraws)
}

// optimism is Harrell's bootstrap of the regression: its AUROC on all rows, less the mean over draws of whole patients of (AUROC on the
// draw − AUROC on all rows) of the regression, preparation included, that was fitted to the draw. nil where no draw has both levels.
func (w *work) optimism(ctx context.Context, draws int) (*model.Optimism, error) {
	all := w.everyRow()
	apparent, _, err := w.areas(all, all)
	if err != nil {
		return nil, err
	}
	over, err := w.flatter(ctx, 0, draws)
	if err != nil {
		return nil, err
	}
	o := &model.Optimism{Apparent: apparent}
	for _, v := range over {
		if v.Defined() {
			o.Draws++
			o.Optimism += v
		}
	}
	if o.Draws == 0 {
		return nil, nil
	}
	o.Optimism /= metric.Number(o.Draws)
	o.Corrected = o.Apparent - o.Optimism
	return o, nil
}

// flatter is by how much the draws from … to−1 flatter themselves.
func (w *work) flatter(ctx context.Context, from, to int) ([]metric.Number, error) {
	all := w.everyRow()
	members := patients(all)
	if w.design.Group != nil {
		members = patients(w.design.Group)
	}
	over := make([]metric.Number, to-from)
	return over, fit.Many(ctx, len(over), w.plan.Workers, func(_ context.Context, i int) (err error) {
		made := false
		if over[i], made = w.drawn[from+i]; !made {
			over[i], err = w.over(members, all, from+i)
		}
		return err
	})
}

// over is by how much draw i flatters itself, undefined where it has one level.
func (w *work) over(members [][]int, all []int, i int) (metric.Number, error) {
	r := rand.New(rand.NewPCG(w.plan.Seed, optimismStream+uint64(i)))
	var rows []int
	for range members {
		rows = append(rows, members[r.IntN(len(members))]...)
	}
	if events := total(pick(w.y, rows)); events == 0 || events == float64(len(rows)) {
		return undefined, nil
	}
	own, other, err := w.areas(rows, all)
	return own - other, err
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
	p, err := blend.Beside(m, w.tbl, rows, append(append([]int{}, rows...), others...), w.y)
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
