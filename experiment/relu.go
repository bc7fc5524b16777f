package experiment

import (
	"context"
	"time"

	"gradus/internal/picture"
	"gradus/internal/say"
	"gradus/internal/trial"
)

const (
	reluRows   = 200
	reluEpochs = 30
	reluDepth  = 4 // hidden layers
	reluWidth  = 16
	reluGoal   = .1 // the cost that ReLU and sigmoid race to
	reluMost   = 400
)

// reluCase is one network of ReLUs or their cure, with its start and α.
type reluCase struct {
	name, activation string
	hidden           []int
	slope            float64
	alpha, bias      float64
}

var (
	narrow, wide = []int{16, 16}, []int{32}

	dies = []reluCase{
		{"large-alpha", "relu", narrow, 0, 3, 0},
		{"negative-bias", "relu", wide, 0, .1, -8},
		{"less-negative-bias", "relu", wide, 0, .1, -4},
		{"leaky-large-alpha", "leaky-relu", narrow, .1, 3, 0},
	}
	lives = []reluCase{
		{"small-alpha", "relu", narrow, 0, .1, 0},
		{"leaky-negative-bias", "leaky-relu", wide, .1, .1, -8},
		{"leaky-less-negative-bias", "leaky-relu", wide, .1, .1, -4},
		{"he-zero-bias", "relu", wide, 0, .1, 0},
	}
)

// dyingReLU counts the hidden neurons that no row's gradient reaches after training, and which so learn no more; deck 4-2-6. Beside
// it, how much sooner ReLU learns than the sigmoid.
func dyingReLU(ctx context.Context, opt Options) (r Result, err error) {
	set, err := cancer(opt.Seed, reluRows)
	if err != nil {
		return r, err
	}
	set = set.Top(reluRows)
	columns := []string{"setting", "activation", "layers", "alpha", "bias", "dead_before", "dead", "neurons", "cost"}
	rows, cure := r.table("rows", columns...), r.table("cure", columns...)
	for _, c := range dies {
		if err = c.run(ctx, rows, set, opt.Seed); err != nil {
			return r, err
		}
	}
	for _, c := range lives {
		if err = c.run(ctx, cure, set, opt.Seed); err != nil {
			return r, err
		}
	}
	curves, err := raceSigmoid(ctx, &r, set, opt.Seed)
	if err != nil {
		return r, err
	}
	race := r.Table("against_sigmoid")
	r.text("experiment.relu_dies", "alpha", rows.Rows[0][3], "dead", rows.Rows[0][6], "all", rows.Rows[0][7], "bias", rows.Rows[1][4], "dead_bias", rows.Rows[1][6])
	r.text("experiment.relu_cured", "dead", cure.Rows[0][6], "alpha", cure.Rows[0][3], "leaky", cost3(cure.Rows[1][8]), "bias", cost3(rows.Rows[1][8]))
	if rows.Rows[3][8] == nil {
		r.text("experiment.relu_leak_no_cure", "alpha", rows.Rows[3][3])
	}
	if reached := race.Rows[1][3]; reached == nil {
		r.text("experiment.relu_alone", "goal", reluGoal, "depth", reluDepth, "relu", race.Rows[0][3], "most", reluMost, "cost", number(race.Rows[1][4].(float64)))
	} else {
		r.text("experiment.relu_sooner", "goal", reluGoal, "depth", reluDepth, "relu", race.Rows[0][3], "sigmoid", reached)
	}
	r.draw = func(lang say.Lang) []picture.Panel { return drawReLU(lang, rows, cure, curves) }
	return r, nil
}

// run trains the case and adds its row; a cost that is not finite is nil.
func (c reluCase) run(ctx context.Context, t *Table, set trial.Set, seed uint64) error {
	const name = "binary-cross-entropy"
	net := trial.Net{In: set.X.Cols, Hidden: c.hidden, Out: 1, Activation: c.activation, Slope: c.slope, Last: "sigmoid", Bias: c.bias, Seed: seed}
	built, err := net.Build()
	if err != nil {
		return err
	}
	before, _, err := trial.Dead(built, name, set)
	if err != nil {
		return err
	}
	out, err := trial.Training{Net: net, Cost: name, Alpha: c.alpha, Epochs: reluEpochs, Batch: 20, Seed: seed}.Run(ctx, set, trial.Set{}, nil)
	if err != nil {
		return err
	}
	dead, all, err := trial.Dead(out.Net, name, set)
	if err != nil {
		return err
	}
	var cost any
	if out.DivergedAt == 0 {
		cost = out.Last().Cost
	}
	t.add(c.name, c.activation, len(c.hidden), c.alpha, c.bias, before, dead, all, cost)
	return nil
}

// raceSigmoid trains the same network with both activations to the same cost.
func raceSigmoid(ctx context.Context, r *Result, set trial.Set, seed uint64) (curves []trial.Outcome, err error) {
	race := r.table("against_sigmoid", "activation", "alpha", "goal", "epochs", "cost")
	timing := r.table("timing", "activation", "milliseconds", "milliseconds_per_epoch")
	timing.Timing = true
	for _, f := range []string{"relu", "sigmoid"} {
		start := time.Now()
		out, err := trial.Training{
			Net:  trial.Net{In: set.X.Cols, Hidden: trial.Layers(reluDepth, reluWidth), Out: 1, Activation: f, Last: "sigmoid", Seed: seed},
			Cost: "binary-cross-entropy", Alpha: .05, Epochs: reluMost, Batch: 20, Seed: seed,
		}.Run(ctx, set, trial.Set{}, func(e trial.Epoch) bool { return e.Cost <= reluGoal })
		if err != nil {
			return nil, err
		}
		took := float64(time.Since(start).Microseconds()) / 1000
		end := out.Last()
		var epochs any
		if end.Cost <= reluGoal {
			epochs = end.Epoch
		}
		race.add(f, .05, reluGoal, epochs, end.Cost)
		timing.add(f, took, took/float64(end.Epoch))
		curves = append(curves, out)
	}
	return curves, nil
}

func drawReLU(lang say.Lang, rows, cure *Table, curves []trial.Outcome) []picture.Panel {
	trouble := picture.Series{Name: say.Text(lang, "experiment.table_rows"), Kind: picture.Bars, Ink: picture.Orange}
	better := picture.Series{Name: say.Text(lang, "experiment.table_cure"), Kind: picture.Bars, Ink: picture.Blue}
	var labels []string
	for i, pair := range [][2]int{{0, 0}, {1, 1}, {2, 2}} {
		x := float64(i)
		trouble.X, trouble.Y = append(trouble.X, x), append(trouble.Y, float64(rows.Rows[pair[0]][6].(int)))
		better.X, better.Y = append(better.X, x), append(better.Y, float64(cure.Rows[pair[1]][6].(int)))
		labels = append(labels, Word(lang, "pair-"+rows.Rows[pair[0]][0].(string)))
	}
	race := picture.Panel{
		Title: say.Text(lang, "experiment.relu_panel_race"), X: picture.Axis{Name: Heading(lang, "epoch"), Log: true}, Y: picture.Axis{Name: Heading(lang, "cost"), Zero: true},
		References: []picture.Reference{picture.Horizontal(reluGoal, say.Text(lang, "experiment.goal"))},
	}
	for i, name := range []string{"ReLU", "sigmoid"} {
		s := picture.Series{Name: name, Ink: []picture.Ink{picture.Blue, picture.Orange}[i]}
		for _, e := range curves[i].Curve {
			s.X, s.Y = append(s.X, float64(e.Epoch)), append(s.Y, e.Cost)
		}
		race.Series = append(race.Series, s)
	}
	return []picture.Panel{{
		Title: say.Text(lang, "experiment.relu_panel_dead", "neurons", rows.Rows[0][7]), X: picture.Axis{Labels: labels}, Y: picture.Axis{Name: Heading(lang, "dead"), High: 36},
		Series: []picture.Series{trouble, better},
	}, race}
}
