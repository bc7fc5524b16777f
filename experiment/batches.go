package experiment

import (
	"context"

	"gradus/internal/picture"
	"gradus/internal/say"
	"gradus/internal/trial"
)

const (
	batchEpochs  = 10
	batchUpdates = 570
	batchGoal    = .1
	batchMost    = 600
	batchAlpha   = .05
)

// batches trains one network on the same rows in batches of 1, 32, 500 and all, and compares it after equal epochs and after equal
// updates; deck 4-4-5 and 4-4-6.
func batches(ctx context.Context, opt Options) (r Result, err error) {
	set, err := cancer(opt.Seed, 569)
	if err != nil {
		return r, err
	}
	counted := r.table("rows", "batch", "per_epoch", "last_batch", "epochs", "updates", "cost", "updates_equal", "cost_equal")
	cure := r.table("cure", "batch", "goal", "epochs", "updates", "rows_seen")
	var curves []trial.Outcome
	for _, size := range []int{set.Len(), 500, 32, 1} {
		equal, err := compare(ctx, counted, set, size, opt.Seed)
		if err != nil {
			return r, err
		}
		curves = append(curves, equal)
		out, err := batched(size, batchMost, opt.Seed).Run(ctx, set, trial.Set{}, func(e trial.Epoch) bool { return e.Cost <= batchGoal })
		if err != nil {
			return r, err
		}
		if end := out.Last(); end.Cost <= batchGoal {
			cure.add(size, batchGoal, end.Epoch, end.Updates, end.Epoch*set.Len())
		} else {
			cure.add(size, batchGoal, nil, nil, nil)
		}
	}
	if err = r.count(); err != nil {
		return r, err
	}
	rows := counted.Rows
	r.text("experiment.batches_epochs", "epochs", batchEpochs, "all", number(rows[0][5].(float64)), "updates_all", rows[0][4], "small", number(rows[2][5].(float64)), "updates_small", rows[2][4])
	r.text("experiment.batches_updates", "updates", batchUpdates, "all", number(rows[0][7].(float64)), "one", number(rows[3][7].(float64)))
	r.text("experiment.batches_last", "rows", set.Len(), "batch", 32, "per_epoch", rows[2][1], "last", rows[2][2])
	r.text("experiment.batches_count")
	r.draw = func(lang say.Lang) []picture.Panel { return drawBatches(lang, rows, curves) }
	return r, nil
}

func batched(size, epochs int, seed uint64) trial.Training {
	return trial.Training{
		Net:  trial.Net{In: 30, Hidden: []int{8}, Out: 1, Activation: "tanh", Last: "sigmoid", Seed: seed},
		Cost: "binary-cross-entropy", Alpha: batchAlpha, Epochs: epochs, Batch: size, Seed: seed,
	}
}

// compare adds the row of one batch size: its cost on all rows after equal epochs and after equal updates.
func compare(ctx context.Context, t *Table, set trial.Set, size int, seed uint64) (out trial.Outcome, err error) {
	perEpoch, total, last, err := trial.Count(set.Len(), size, batchEpochs)
	if err != nil {
		return out, err
	}
	if out, err = batched(size, batchEpochs, seed).Run(ctx, set, trial.Set{}, nil); err != nil {
		return out, err
	}
	if out.Updates != total {
		return out, say.Failure("experiment.count", "found", out.Updates, "want", total)
	}
	// equal updates: whole epochs of this size, as near to batchUpdates as they come
	epochs := max(1, (batchUpdates+perEpoch/2)/perEpoch)
	same, err := batched(size, epochs, seed).Run(ctx, set, trial.Set{}, nil)
	if err != nil {
		return out, err
	}
	ends := [2]float64{}
	for i, o := range []trial.Outcome{out, same} {
		if ends[i], err = trial.Cost(o.Net, "binary-cross-entropy", set); err != nil {
			return out, err
		}
	}
	t.add(size, perEpoch, last, batchEpochs, out.Updates, ends[0], same.Updates, ends[1])
	return out, nil
}

// count is the deck's own example, which page 4-4-6 divides the wrong way round.
func (r *Result) count() error {
	t := r.table("count", "rows", "batch", "epochs", "per_epoch", "total", "last_batch")
	for _, c := range [][3]int{{2000, 500, 5}, {2000, 300, 5}, {569, 32, batchEpochs}} {
		per, total, last, err := trial.Count(c[0], c[1], c[2])
		if err != nil {
			return err
		}
		t.add(c[0], c[1], c[2], per, total, last)
	}
	return nil
}

func drawBatches(lang say.Lang, rows [][]any, curves []trial.Outcome) []picture.Panel {
	inks := []picture.Ink{picture.Orange, picture.Pink, picture.Blue, picture.Green}
	epochs := picture.Panel{
		Title: say.Text(lang, "experiment.batches_panel_epochs"), X: picture.Axis{Name: Heading(lang, "epoch")}, Y: picture.Axis{Name: Heading(lang, "cost"), Zero: true},
	}
	updates := picture.Panel{
		Title: say.Text(lang, "experiment.batches_panel_updates"), X: picture.Axis{Name: Heading(lang, "updates"), Log: true}, Y: picture.Axis{Name: Heading(lang, "cost"), Zero: true},
	}
	for i, o := range curves {
		name := say.Text(lang, "experiment.batch_of", "n", rows[i][0])
		a, b := picture.Series{Name: name, Ink: inks[i]}, picture.Series{Name: name, Ink: inks[i]}
		for _, e := range o.Curve {
			a.X, a.Y = append(a.X, float64(e.Epoch)), append(a.Y, e.Cost)
			b.X, b.Y = append(b.X, float64(e.Updates)), append(b.Y, e.Cost)
		}
		epochs.Series, updates.Series = append(epochs.Series, a), append(updates.Series, b)
	}
	return []picture.Panel{epochs, updates}
}
