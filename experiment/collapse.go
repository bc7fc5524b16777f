package experiment

import (
	"context"

	"gradus/internal/picture"
	"gradus/internal/say"
	"gradus/internal/trial"
	"gradus/perceptron"
)

// collapse chains linear layers, turns each chain into the one layer that does the same, and lets chains with and without an
// activation between learn XOR; deck 4-2-1.
func collapse(ctx context.Context, opt Options) (r Result, err error) {
	set := truth(perceptron.Parity(2))
	rows := r.table("rows", "layers", "weights", "collapsed", "w", "b", "difference")
	cure := r.table("cure", "setting", "layers", "cost", "right", "of", "collapses")
	chance := stream(opt.Seed, 3)
	points := make([][]float64, 200)
	for i := range points {
		points[i] = []float64{float64(chance.Float64()*10) - 5, float64(chance.Float64()*10) - 5}
	}
	many := trial.Rows(points, points)
	worst := 0.0
	for _, layers := range []int{1, 2, 3, 5, 10, 30} {
		net, err := trial.Net{In: 2, Hidden: trial.Layers(layers-1, 4), Out: 2, Initial: "xavier", Bias: .5, Seed: opt.Seed}.Build()
		if err != nil {
			return r, err
		}
		w, b, err := trial.Collapsed(net)
		if err != nil {
			return r, err
		}
		weights, _ := trial.Work(net)
		far := trial.Apart(net, w, b, many.X)
		worst = max(worst, far)
		rows.add(layers, weights, len(b)*3, w, b, far)
	}
	for _, f := range []string{"linear", "sigmoid", "tanh", "relu"} {
		for _, layers := range []int{2, 3} {
			if err = learnXOR(ctx, cure, f, layers, set, opt.Seed); err != nil {
				return r, err
			}
		}
	}
	r.text("experiment.collapse_same", "layers", 30, "points", len(points), "difference", number(worst))
	r.text("experiment.collapse_linear", "right", cure.Rows[0][3], "cost", number(cure.Rows[0][2].(float64)))
	r.text("experiment.collapse_cured", "cost", number(cure.Rows[4][2].(float64)))
	r.draw = func(lang say.Lang) []picture.Panel { return drawCollapse(lang, cure) }
	return r, nil
}

// learnXOR trains the chain with f between its layers and says whether it could be one layer.
func learnXOR(ctx context.Context, t *Table, f string, layers int, set trial.Set, seed uint64) error {
	best := trial.Outcome{}
	for k := range uint64(5) { // the luckiest of five starts: a linear chain has no lucky one
		out, err := trial.Training{
			Net:  trial.Net{In: 2, Hidden: trial.Layers(layers-1, 4), Out: 1, Activation: f, Last: "sigmoid", Initial: "xavier", Seed: seed + k},
			Cost: "binary-cross-entropy", Rule: "adam", Alpha: .05, Epochs: 400, Seed: seed,
		}.Run(ctx, set, trial.Set{}, nil)
		if err != nil {
			return err
		}
		if best.Net == nil || out.Last().Cost < best.Last().Cost {
			best = out
		}
	}
	// the sigmoid at the end is the judge, not part of the chain: without it the chain collapses or does not
	chain, err := trial.Net{In: 2, Hidden: trial.Layers(layers-1, 4), Out: 1, Activation: f, Seed: seed}.Build()
	if err != nil {
		return err
	}
	_, _, err = trial.Collapsed(chain)
	t.add(f, layers, best.Last().Cost, trial.Right(best.Net, set), set.Len(), err == nil)
	return nil
}

func drawCollapse(lang say.Lang, cure *Table) []picture.Panel {
	var labels []string
	two := picture.Series{Name: say.Text(lang, "experiment.collapse_layers", "layers", 2), Kind: picture.Bars, Ink: picture.Blue}
	three := picture.Series{Name: say.Text(lang, "experiment.collapse_layers", "layers", 3), Kind: picture.Bars, Ink: picture.Green, Thin: true}
	for i, row := range cure.Rows {
		s := &two
		if i%2 == 1 {
			s = &three
		} else {
			labels = append(labels, row[0].(string))
		}
		s.X, s.Y = append(s.X, float64(i/2)), append(s.Y, row[2].(float64))
	}
	return []picture.Panel{{
		Title: say.Text(lang, "experiment.collapse_panel"), X: picture.Axis{Name: Heading(lang, "activation"), Labels: labels},
		Y: picture.Axis{Name: Heading(lang, "cost")}, Series: []picture.Series{two, three},
		References: []picture.Reference{picture.Horizontal(.6931471805599453, say.Text(lang, "experiment.guessing"))},
	}}
}
