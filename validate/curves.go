package validate

import (
	"context"

	"gradus/fit"
	"gradus/model"
	"gradus/table"
)

// Learn trains a model on rows of tbl. Where group says whose each row is, the rows held for early stopping are whole patients.
func Learn(ctx context.Context, tbl *table.Table, rows, group []int, target *table.Target, y []float64, s model.Settings) (*model.Model, error) {
	m, _, err := Watch(ctx, tbl, rows, group, target, y, s, nil)
	return m, err
}

// Epoch is told of each epoch of the trainings of a fold, one training after the other: first says that one begins, fit and held are the
// costs on the rows fitted and on those that stop the training. Fold −1 trains on all rows. Folds tell at the same time.
type Epoch func(fold int, first bool, fit, held float64)

// Of is what the trainings of one fold tell, nil where nobody is told.
func (e Epoch) Of(fold int) func(first bool, fit, held float64) {
	if e == nil {
		return nil
	}
	return func(first bool, fit, held float64) { e(fold, first, fit, held) }
}

// Watch is Learn with the costs of every epoch, of which told, if not nil, is told as they come.
func Watch(ctx context.Context, tbl *table.Table, rows, group []int, target *table.Target, y []float64, s model.Settings,
	told func(first bool, fit, held float64),
) (*model.Model, *model.LossCurves, error) {
	run, err := fit.Grouped(tbl, rows, group, target, y, s)
	if err != nil {
		return nil, nil, err
	}
	c, last := &model.LossCurves{}, 0
	for step, err := range run.Steps(ctx) {
		if err != nil {
			return nil, nil, err
		}
		if !step.Last {
			continue
		}
		first := len(c.Members) == 0 || step.Epoch <= last // the next member begins
		if first {
			c.Members = append(c.Members, model.LossCurve{})
		}
		last = step.Epoch
		now := &c.Members[len(c.Members)-1]
		now.Fit, now.Held = append(now.Fit, step.EpochCost), append(now.Held, step.Valid)
		if step.Best {
			now.Best = step.Epoch
		}
		if told != nil {
			told(first, step.EpochCost, step.Valid)
		}
	}
	m := run.Model()
	if s.Temperature > 0 {
		m.Temper(s.Temperature)
	}
	settle(c, &m.Card)
	return m, c, nil
}

// settle ends the curves of a model: one that held no rows has no cost on them.
func settle(c *model.LossCurves, card *model.Card) {
	for i := range c.Members {
		if now := &c.Members[i]; card.Held == 0 {
			now.Held, now.Best = nil, len(now.Fit)
		}
	}
	c.Best, c.Mean = card.BestEpoch, meanCurve(c.Members)
	c.Mean.Best = c.Best
}

// meanCurve is the mean in each epoch over the curves that have it.
func meanCurve(list []model.LossCurve) (mean model.LossCurve) {
	fits, helds := make([][]float64, len(list)), make([][]float64, len(list))
	for i, c := range list {
		fits[i], helds[i] = c.Fit, c.Held
	}
	mean.Fit, mean.Held = means(fits), means(helds)
	return mean
}

func means(lists [][]float64) (out []float64) {
	for at := 0; ; at++ {
		sum, n := 0., 0.
		for _, l := range lists {
			if at < len(l) {
				sum += l[at]
				n++
			}
		}
		if n == 0 {
			return out
		}
		out = append(out, sum/n)
	}
}
