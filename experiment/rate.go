package experiment

import (
	"context"
	"math"

	"gradus/internal/picture"
	"gradus/internal/say"
	"gradus/internal/trial"
	"gradus/optimizer"
)

const (
	rateSteps  = 500
	rateRows   = 200
	rateEpochs = 200
)

// learningRate walks the quadratic and trains a network with α too small, right and too large, and finds the α from which each
// diverges; deck 4-4-3 and 4-4-4.
func learningRate(ctx context.Context, opt Options) (r Result, err error) {
	surface, err := optimizer.SurfaceByName("quadratic")
	if err != nil {
		return r, err
	}
	columns := []string{"on", "alpha", "share", "steps", "cost", "diverged_at"}
	rows, cure := r.table("rows", columns...), r.table("cure", append([]string{"setting"}, columns...)...)
	descent := optimizer.NewDescent[float64]()
	limit, _, err := optimizer.Course{On: surface}.DivergesAt(descent)
	if err != nil {
		return r, err
	}
	root := math.Sqrt(146.25) // the quadratic's curvatures are 13 ± √(12² + 1.5²)
	low, high := 13-root, 13+root
	walks := map[float64]optimizer.Trajectory{}
	for _, share := range []float64{.001, .01, .1, .5, .9, .99, 1.01, 1.1, 2} {
		if walks[share], err = walk(rows, nil, "quadratic", surface, descent, share*limit, limit); err != nil {
			return r, err
		}
	}
	best := 2 / (low + high)
	if _, err = walk(cure, []any{"best-constant"}, "quadratic", surface, descent, best, limit); err != nil {
		return r, err
	}
	adam, err := optimizer.New[float64]("adam", 2, optimizer.Reference, nil)
	if err != nil {
		return r, err
	}
	if _, err = walk(cure, []any{"adam"}, "quadratic", surface, adam, 2*limit, limit); err != nil {
		return r, err
	}
	r.text("experiment.rate_limit", "limit", limit, "formula", 2/high)
	if err = rateOfNetwork(ctx, &r, rows, cure, opt.Seed); err != nil {
		return r, err
	}
	r.draw = func(lang say.Lang) []picture.Panel { return drawRate(lang, walks, rows) }
	return r, nil
}

// walk adds the end of one walk.
func walk(t *Table, before []any, on string, s optimizer.Surface, rule optimizer.Rule[float64], alpha, limit float64) (optimizer.Trajectory, error) {
	w, err := optimizer.Course{On: s, Steps: rateSteps, Alpha: alpha}.Run(rule)
	if err != nil {
		return w, err
	}
	var cost, diverged any
	if w.DivergedAt > 0 {
		diverged = w.DivergedAt
	} else {
		cost = w.Steps[len(w.Steps)-1].F
	}
	t.add(append(before, on, alpha, alpha/limit, rateSteps, cost, diverged)...)
	return w, nil
}

// rateOfNetwork does the same with a network that learns a number, the progression of diabetes, from all rows at once.
func rateOfNetwork(ctx context.Context, r *Result, rows, cure *Table, seed uint64) error {
	set, err := real("diabetes", "", seed, rateRows)
	if err != nil {
		return err
	}
	n := rated{ctx: ctx, set: set.Top(rateRows), seed: seed}
	if n.limit, err = n.borderline(); err != nil {
		return err
	}
	for _, share := range []float64{.001, .01, .1, .25, .5, 1.01, 2} {
		if err = n.add(rows, nil, share, nil); err != nil {
			return err
		}
	}
	for _, m := range remediesOfRate {
		if err = n.add(cure, []any{m.name}, m.share, m.apply); err != nil {
			return err
		}
	}
	r.text("experiment.rate_network", "limit", number(n.limit), "epochs", rateEpochs)
	small, right := rows.Rows[9], rows.Rows[12]
	r.text("experiment.rate_small", "small", number(small[1].(float64)), "right", number(right[1].(float64)), "epochs", rateEpochs,
		"cost_small", number(small[4].(float64)), "cost_right", number(right[4].(float64)))
	return nil
}

// rated is the network whose learning rate is tried.
type rated struct {
	ctx   context.Context
	set   trial.Set
	seed  uint64
	limit float64
}

func (n rated) train(alpha float64, change func(*trial.Training)) (trial.Outcome, error) {
	t := trial.Training{
		Net:  trial.Net{In: n.set.X.Cols, Hidden: []int{8}, Out: 1, Activation: "tanh", Seed: n.seed},
		Cost: "half-sse", Alpha: alpha, Epochs: rateEpochs, Seed: n.seed, Limit: 1e6,
	}
	if change != nil {
		change(&t)
	}
	return t.Run(n.ctx, n.set, trial.Set{}, nil)
}

// add trains with a share of the limit and adds the row.
func (n rated) add(t *Table, before []any, share float64, change func(*trial.Training)) error {
	out, err := n.train(share*n.limit, change)
	if err != nil {
		return err
	}
	var cost, diverged any
	if out.DivergedAt > 0 {
		diverged = out.DivergedAt
	} else {
		cost = out.Last().Cost
	}
	t.add(append(before, "network", share*n.limit, share, rateEpochs, cost, diverged)...)
	return nil
}

var remediesOfRate = []struct {
	name  string
	share float64
	apply func(*trial.Training)
}{
	{"quarter-of-limit", .25, nil},
	{"clipping", 2, func(t *trial.Training) { t.Clip = .1 }},
	{"adam", .02, func(t *trial.Training) { t.Rule = "adam" }},
}

// borderline is the α from which the network diverges, found by doubling and halving to three digits. Near it the runs are
// chaotic, so this is one point of a ragged border.
func (n rated) borderline() (float64, error) {
	low, high := 0.0, .125
	for {
		out, err := n.train(high, nil)
		if err != nil {
			return 0, err
		}
		if out.DivergedAt > 0 || high > 1e6 {
			break
		}
		low, high = high, 2*high
	}
	for high-low > high/1000 {
		mid := (low + high) / 2
		out, err := n.train(mid, nil)
		if err != nil {
			return 0, err
		}
		if out.DivergedAt == 0 {
			low = mid
		} else {
			high = mid
		}
	}
	return high, nil
}

func drawRate(lang say.Lang, walks map[float64]optimizer.Trajectory, rows *Table) []picture.Panel {
	steps := picture.Panel{
		Title: say.Text(lang, "experiment.rate_panel_steps"), X: picture.Axis{Name: Heading(lang, "step")},
		Y: picture.Axis{Name: "f", Log: true, Low: 1e-9, High: 1e6},
	}
	for i, share := range []float64{.01, .5, .99, 1.01} {
		s := picture.Series{Name: "α = " + picture.Number(share) + " × " + say.Text(lang, "experiment.limit"), Ink: []picture.Ink{picture.Grey, picture.Blue, picture.Pink, picture.Orange}[i]}
		for _, p := range walks[share].Steps {
			s.X, s.Y = append(s.X, float64(p.T)), append(s.Y, p.F)
		}
		steps.Series = append(steps.Series, s)
	}
	net := picture.Series{Ink: picture.Blue}
	border := 0.0
	for _, row := range rows.Rows {
		if cost, ok := row[4].(float64); ok && row[0] == "network" {
			net.X, net.Y = append(net.X, row[1].(float64)), append(net.Y, cost)
		}
		if row[0] == "network" {
			border = row[1].(float64) / row[2].(float64)
		}
	}
	dots := net
	dots.Kind = picture.Points
	return []picture.Panel{steps, {
		Title: say.Text(lang, "experiment.rate_panel_network", "epochs", rateEpochs), X: picture.Axis{Name: "α", Log: true}, Y: picture.Axis{Name: Heading(lang, "cost"), Zero: true},
		Series: []picture.Series{net, dots}, References: []picture.Reference{picture.Vertical(border, say.Text(lang, "experiment.diverges"))},
	}}
}
