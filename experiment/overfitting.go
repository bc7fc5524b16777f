package experiment

import (
	"context"

	"gradus/internal/picture"
	"gradus/internal/say"
	"gradus/internal/trial"
)

const (
	fewRows        = 40
	overEpochs     = 150
	overDraws      = 3 // of rows, labels and start weights; shown is their mean
	noisy          = 5 // one label in five is wrong
	overHidden     = 64
	overfittingFit = 320 // rows that may be learnt from; the rest is held out
)

// remedy is one cure of overfitting, as a change of the training.
type remedy struct {
	name  string
	rows  int
	apply func(*trial.Training)
	early bool
}

var remedies = []remedy{
	{"none", fewRows, nil, false},
	{"more-data", 80, nil, false},
	{"more-data", 160, nil, false},
	{"more-data", 320, nil, false},
	{"smaller-network", fewRows, func(t *trial.Training) { t.Net.Hidden = []int{2} }, false},
	{"weight-decay", fewRows, func(t *trial.Training) { t.Decay = .1 }, false},
	{"dropout", fewRows, func(t *trial.Training) { t.Net.Dropout = .8 }, false},
	{"early-stopping", fewRows, nil, true},
}

// overfitting trains a large network on few rows of which some labels are wrong, and looks after every epoch at rows it never learns
// from; front pages of the deck. More data cure it: there the deck says the opposite.
func overfitting(ctx context.Context, opt Options) (r Result, err error) {
	rows := r.table("rows", "epoch", "cost", "held_out")
	cure := r.table("cure", "setting", "rows", "epochs", "cost", "held_out")
	var best trial.Epoch
	for i, m := range remedies {
		curve, err := m.mean(ctx, opt.Seed)
		if err != nil {
			return r, err
		}
		end := curve[len(curve)-1]
		if i == 0 {
			for _, e := range curve {
				rows.add(e.Epoch, e.Cost, e.Held)
				if best.Epoch == 0 || e.Held < best.Held {
					best = e
				}
			}
			r.text("experiment.overfitting_rises", "epoch", best.Epoch, "best", number(best.Held), "epochs", end.Epoch, "held", number(end.Held), "cost", number(end.Cost))
		}
		cure.add(m.name, m.rows, end.Epoch, end.Cost, end.Held)
	}
	rows.Fold = func(i int) bool { e := i + 1; return e != 1 && e != best.Epoch && (e > 5 && e%10 != 0) }
	r.text("experiment.overfitting_data", "few", fewRows, "held_few", number(cure.Rows[0][4].(float64)), "many", overfittingFit, "held_many", number(cure.Rows[3][4].(float64)))
	r.text("experiment.overfitting_slip")
	r.draw = func(lang say.Lang) []picture.Panel { return drawOverfitting(lang, rows, cure, best) }
	return r, nil
}

// mean is the mean curve over some draws of rows, labels and start weights.
func (m remedy) mean(ctx context.Context, seed uint64) (curve []trial.Epoch, err error) {
	for draw := range uint64(overDraws) {
		set, err := cancer(seed+draw, overfittingFit)
		if err != nil {
			return nil, err
		}
		held := set.From(overfittingFit)
		mislabel(set.Top(overfittingFit), seed+draw)
		out, err := m.run(ctx, set, held, seed+draw)
		if err != nil {
			return nil, err
		}
		if draw == 0 {
			curve = make([]trial.Epoch, len(out.Curve))
		}
		for i := range curve {
			e := out.Curve[i]
			curve[i].Epoch += e.Epoch // of early stopping, which ends elsewhere in each draw
			curve[i].Cost += e.Cost / overDraws
			curve[i].Held += e.Held / overDraws
		}
	}
	for i := range curve {
		curve[i].Epoch = (curve[i].Epoch + overDraws/2) / overDraws
	}
	return curve, nil
}

// mislabel turns one label in every five rows, so that any number of them has the same share.
func mislabel(s trial.Set, seed uint64) {
	chance := stream(seed, 2)
	for from := 0; from+noisy <= s.Len(); from += noisy {
		r := from + chance.IntN(noisy)
		s.Y.Row(r)[0] = 1 - s.Y.At(r, 0)
	}
}

func (m remedy) run(ctx context.Context, set, held trial.Set, seed uint64) (trial.Outcome, error) {
	t := trial.Training{
		Net:  trial.Net{In: set.X.Cols, Hidden: []int{overHidden}, Out: 1, Activation: "relu", Last: "sigmoid", Seed: seed},
		Cost: "binary-cross-entropy", Rule: "adam", Alpha: .003, Epochs: overEpochs * fewRows / m.rows, Batch: 20, Seed: seed,
	}
	if m.apply != nil {
		m.apply(&t)
	}
	learn := set.Top(m.rows)
	if !m.early {
		return t.Run(ctx, learn, held, nil)
	}
	// a quarter of the few rows is kept to stop by; the held-out ones stay untouched until the end
	part := m.rows * 3 / 4
	return t.RunEarly(ctx, learn.Top(part), learn.From(part), held, 10)
}

func drawOverfitting(lang say.Lang, rows, cure *Table, best trial.Epoch) []picture.Panel {
	learnt, held := twoCosts(lang, rows)
	var more picture.Series
	for _, row := range cure.Rows[:4] {
		more.X, more.Y = append(more.X, float64(row[1].(int))), append(more.Y, row[4].(float64))
	}
	more.Ink = picture.Blue
	dots := more
	dots.Kind = picture.Points
	bars := picture.Series{Kind: picture.Bars, Ink: picture.Blue}
	bare := picture.Series{Kind: picture.Bars, Ink: picture.Orange, X: []float64{0}, Y: more.Y[:1]}
	var names []string
	for i, row := range cure.Rows {
		if i > 0 && i < 3 {
			continue
		}
		if i > 0 {
			bars.X, bars.Y = append(bars.X, float64(len(names))), append(bars.Y, row[4].(float64))
		}
		names = append(names, Word(lang, row[0].(string)))
	}
	return []picture.Panel{
		{
			Title: say.Text(lang, "experiment.overfitting_panel_epochs"), X: picture.Axis{Name: Heading(lang, "epoch")},
			Y: picture.Axis{Name: Heading(lang, "cost_axis"), Zero: true}, Series: []picture.Series{learnt, held},
			Notes: []picture.Note{{X: float64(best.Epoch), Y: best.Held, Text: say.Text(lang, "experiment.overfitting_best"), Ring: true, Side: picture.Above}},
		},
		{
			Title: say.Text(lang, "experiment.overfitting_panel_rows"), X: picture.Axis{Name: Heading(lang, "rows"), Log: true},
			Y: picture.Axis{Name: Heading(lang, "held_out"), Zero: true}, Series: []picture.Series{more, dots},
		},
		{
			Title: say.Text(lang, "experiment.overfitting_panel_cures"), X: picture.Axis{Labels: names},
			Y: picture.Axis{Name: Heading(lang, "held_out"), Zero: true}, Series: []picture.Series{bare, bars},
		},
	}
}

// twoCosts are the costs by epoch: on the rows it learns, on the held-out ones.
func twoCosts(lang say.Lang, rows *Table) (learnt, held picture.Series) {
	learnt = picture.Series{Name: Heading(lang, "learnt_rows"), Ink: picture.Blue}
	held = picture.Series{Name: Heading(lang, "held_out"), Ink: picture.Orange}
	for _, row := range rows.Rows {
		e := float64(row[0].(int))
		learnt.X, learnt.Y = append(learnt.X, e), append(learnt.Y, row[1].(float64))
		held.X, held.Y = append(held.X, e), append(held.Y, row[2].(float64))
	}
	return learnt, held
}
