package experiment

import (
	"context"

	"gradus/internal/picture"
	"gradus/internal/say"
	"gradus/internal/trial"
)

// setting is a way to build and start the same network.
type setting struct {
	name string
	net  trial.Net
}

var (
	depths = []int{2, 3, 4, 5, 6, 8, 10, 12, 16, 20}

	vanishes     = setting{"sigmoid", trial.Net{Activation: "sigmoid"}}
	vanishesNone = []setting{
		{"tanh", trial.Net{Activation: "tanh"}},
		{"relu-he", trial.Net{Activation: "relu", Initial: "he"}},
		{"sigmoid-normalised", trial.Net{Activation: "sigmoid", Normalise: true}},
	}
)

const (
	vanishingRows   = 96
	vanishingWidth  = 12
	vanishingEpochs = 40
)

// vanishing measures the gradient of every layer by real backpropagation as the network grows deeper: ∂E/∂w of the first layer is a
// product of as many σ′ ≤ ¼ as there are layers behind it, deck 4-2-4.
func vanishing(ctx context.Context, opt Options) (r Result, err error) {
	all, err := cancer(opt.Seed, vanishingRows)
	if err != nil {
		return r, err
	}
	set := all.Top(vanishingRows)
	rows := r.table("rows", "setting", "depth", "layer", "gradient", "ratio", "cost")
	cure := r.table("cure", rows.Columns...)
	for _, t := range []*Table{rows, cure} {
		t.Fold = func(i int) bool { return t.Rows[i][2] != 1 }
	}
	if err = measure(ctx, rows, vanishes, set, opt.Seed); err != nil {
		return r, err
	}
	for _, s := range vanishesNone {
		if err = measure(ctx, cure, s, set, opt.Seed); err != nil {
			return r, err
		}
	}
	at := func(t *Table, name string, depth, column int) float64 {
		for _, row := range t.Rows {
			if row[0] == name && row[1] == depth && row[2] == 1 {
				return row[column].(float64)
			}
		}
		return 0
	}
	r.text("experiment.vanishing_falls", "depth", 10, "ratio", number(at(rows, "sigmoid", 10, 4)), "shallow", number(at(rows, "sigmoid", 2, 4)))
	r.text("experiment.vanishing_cured", "depth", 10, "tanh", number(at(cure, "tanh", 10, 4)), "relu", number(at(cure, "relu-he", 10, 4)),
		"normalised", number(at(cure, "sigmoid-normalised", 10, 4)))
	r.text("experiment.vanishing_learns", "depth", 10, "epochs", vanishingEpochs, "sigmoid", number(at(rows, "sigmoid", 10, 5)), "relu", number(at(cure, "relu-he", 10, 5)))
	r.draw = func(lang say.Lang) []picture.Panel { return drawVanishing(lang, rows, cure) }
	return r, nil
}

// measure adds every layer's gradient at every depth, and the cost after training.
func measure(ctx context.Context, t *Table, s setting, set trial.Set, seed uint64) error {
	for _, depth := range depths {
		if err := ctx.Err(); err != nil {
			return err
		}
		net := s.net
		net.In, net.Out, net.Last, net.Hidden, net.Seed = set.X.Cols, 1, "sigmoid", trial.Layers(depth-1, vanishingWidth), seed
		built, err := net.Build()
		if err != nil {
			return err
		}
		g, err := trial.Gradients(built, "binary-cross-entropy", set)
		if err != nil {
			return err
		}
		out, err := trial.Training{
			Net: net, Cost: "binary-cross-entropy", Alpha: .1, Epochs: vanishingEpochs, Batch: 16, Seed: seed,
		}.Run(ctx, set, trial.Set{}, nil)
		if err != nil {
			return err
		}
		for i, v := range g {
			t.add(s.name, depth, i+1, v, v/g[len(g)-1], out.Last().Cost)
		}
	}
	return nil
}

func drawVanishing(lang say.Lang, rows, cure *Table) []picture.Panel {
	ratio := picture.Panel{
		Title:  say.Text(lang, "experiment.vanishing_panel_ratio"),
		X:      picture.Axis{Name: Heading(lang, "depth")},
		Y:      picture.Axis{Name: say.Text(lang, "experiment.vanishing_axis_ratio"), Log: true},
		Height: 280,
	}
	layers := picture.Panel{
		Title: say.Text(lang, "experiment.vanishing_panel_layers"), X: picture.Axis{Name: Heading(lang, "layer")},
		Y: picture.Axis{Name: Heading(lang, "gradient"), Log: true}, Height: 280,
	}
	list := append([]setting{vanishes}, vanishesNone...)
	inks := []picture.Ink{picture.Orange, picture.Green, picture.Blue, picture.Pink}
	for i, s := range list {
		t := cure
		if i == 0 {
			t = rows
		}
		first := picture.Series{Name: Word(lang, s.name), Ink: inks[i]}
		deep := picture.Series{Name: Word(lang, s.name), Ink: inks[i]}
		for _, row := range t.Rows {
			if row[0] == s.name && row[2] == 1 {
				first.X, first.Y = append(first.X, float64(row[1].(int))), append(first.Y, row[4].(float64))
			}
			if row[0] == s.name && row[1] == 12 {
				deep.X, deep.Y = append(deep.X, float64(row[2].(int))), append(deep.Y, row[3].(float64))
			}
		}
		ratio.Series, layers.Series = append(ratio.Series, first), append(layers.Series, deep)
	}
	return []picture.Panel{ratio, layers}
}
