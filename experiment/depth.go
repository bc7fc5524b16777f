package experiment

import (
	"context"
	"time"

	"gradus/internal/picture"
	"gradus/internal/say"
	"gradus/internal/trial"
)

const (
	sizeWidth = 32 // of the networks that grow deeper
	sizeDepth = 2  // of those that grow wider
	dataDraws = 5
)

// costOfDepth counts what a larger network costs in weights and multiply-adds, times it on this machine, and shows what the data
// are worth: the third obstacle of the deck's front pages.
func costOfDepth(ctx context.Context, opt Options) (r Result, err error) {
	rows := r.table("rows", "depth", "width", "weights", "forward", "training")
	cure := r.table("cure", "rows", "held_out", "right")
	timing := r.table("timing", "depth", "width", "batch", "microseconds_per_row", "multiply_adds_per_second")
	timing.Timing = true
	for _, size := range [][2]int{{1, sizeWidth}, {2, sizeWidth}, {4, sizeWidth}, {8, sizeWidth}, {16, sizeWidth}, {32, sizeWidth}, {sizeDepth, 16}, {sizeDepth, 64}, {sizeDepth, 128}, {sizeDepth, 256}} {
		if err = ctx.Err(); err != nil {
			return r, err
		}
		net := trial.Net{In: 30, Hidden: trial.Layers(size[0], size[1]), Out: 1, Activation: "relu", Last: "sigmoid", Seed: opt.Seed}
		built, err := net.Build()
		if err != nil {
			return r, err
		}
		weights, products := trial.Work(built)
		// backwards each product is done once for ∂E/∂w and once for ∂E/∂x, which the first layer is spared
		training := 3*products - 30*size[1]
		rows.add(size[0], size[1], weights, products, training)
		for _, batch := range []int{1, 32} {
			took, err := clock(ctx, net, batch, opt.Seed)
			if err != nil {
				return r, err
			}
			timing.add(size[0], size[1], batch, took*1e6, float64(training)/took)
		}
	}
	if err = worthOfData(ctx, cure, opt.Seed); err != nil {
		return r, err
	}
	last := func(t *Table) []any { return t.Rows[len(t.Rows)-1] }
	r.text("experiment.cost_grows", "deep", rows.Rows[5][3], "shallow", rows.Rows[0][3], "wide", last(rows)[3], "narrow", rows.Rows[6][3])
	r.text("experiment.cost_data", "few", cure.Rows[0][0], "held_few", number(cure.Rows[0][1].(float64)), "many", last(cure)[0], "held_many", number(last(cure)[1].(float64)))
	r.draw = func(lang say.Lang) []picture.Panel { return drawCost(lang, rows, cure) }
	return r, nil
}

// clock is the seconds that training takes for one row.
func clock(ctx context.Context, net trial.Net, batch int, seed uint64) (float64, error) {
	set, err := cancer(seed, 32)
	if err != nil {
		return 0, err
	}
	start := time.Now()
	out, err := trial.Training{Net: net, Cost: "binary-cross-entropy", Alpha: .01, Epochs: 2, Batch: batch, Seed: seed}.Run(ctx, set.Top(64), trial.Set{}, nil)
	return time.Since(start).Seconds() / float64(out.Updates*batch), err
}

// worthOfData trains one network on more and more rows and looks at the same held-out ones.
func worthOfData(ctx context.Context, t *Table, seed uint64) error {
	for _, n := range []int{10, 20, 40, 80, 160, 320} {
		held, right := 0.0, 0.0
		for draw := range uint64(dataDraws) {
			set, err := cancer(seed+draw, n)
			if err != nil {
				return err
			}
			rest := set.From(overfittingFit)
			out, err := trial.Training{
				Net:  trial.Net{In: 30, Hidden: []int{8}, Out: 1, Activation: "relu", Last: "sigmoid", Seed: seed + draw},
				Cost: "binary-cross-entropy", Alpha: .1, Decay: .01, Epochs: 32 * 320 / n / 8, Batch: 10, Seed: seed + draw,
			}.Run(ctx, set.Top(n), trial.Set{}, nil)
			if err != nil {
				return err
			}
			e, err := trial.Cost(out.Net, "binary-cross-entropy", rest)
			if err != nil {
				return err
			}
			held += e / dataDraws
			right += float64(trial.Right(out.Net, rest)) / float64(rest.Len()) / dataDraws
		}
		t.add(n, held, right)
	}
	return nil
}

func drawCost(lang say.Lang, rows, cure *Table) []picture.Panel {
	deep, wide := picture.Series{Ink: picture.Orange}, picture.Series{Ink: picture.Orange}
	for _, row := range rows.Rows {
		if row[1] == sizeWidth {
			deep.X, deep.Y = append(deep.X, float64(row[0].(int))), append(deep.Y, float64(row[4].(int)))
		} else {
			wide.X, wide.Y = append(wide.X, float64(row[1].(int))), append(wide.Y, float64(row[4].(int)))
		}
	}
	data := picture.Series{Ink: picture.Blue}
	for _, row := range cure.Rows {
		data.X, data.Y = append(data.X, float64(row[0].(int))), append(data.Y, row[1].(float64))
	}
	dotted := func(s picture.Series) []picture.Series {
		dots := s
		dots.Kind = picture.Points
		return []picture.Series{s, dots}
	}
	work := picture.Axis{Name: Heading(lang, "training"), Log: true, Low: 1e3, High: 1e6}
	return []picture.Panel{
		{
			Title: say.Text(lang, "experiment.cost_deeper", "width", sizeWidth), X: picture.Axis{Name: Heading(lang, "depth"), Log: true},
			Y: work, Series: dotted(deep),
		},
		{
			Title: say.Text(lang, "experiment.cost_wider", "depth", sizeDepth), X: picture.Axis{Name: Heading(lang, "width"), Log: true},
			Y: work, Series: dotted(wide),
		},
		{
			Title: say.Text(lang, "experiment.cost_panel_data"), X: picture.Axis{Name: Heading(lang, "rows"), Log: true},
			Y: picture.Axis{Name: Heading(lang, "held_out"), Zero: true}, Series: dotted(data),
		},
	}
}
