// Package trial runs one small network on one small set of rows, in the exact float64 path: what an experiment repeats under
// another setting.
package trial

import (
	"context"
	"errors"
	"math"

	"gradus/cost"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
	"gradus/train"
)

// Set is rows with their truth: x (n,in), y (n,out).
type Set struct{ X, Y mat.Matrix[float64] }

// Rows makes a set of rows of equal length.
func Rows(x, y [][]float64) Set { return Set{mat.From(x...), mat.From(y...)} }

// Len is the number of rows.
func (s Set) Len() int { return s.X.Rows }

// Top is the first n rows.
func (s Set) Top(n int) Set { return Set{s.X.Top(n), s.Y.Top(n)} }

// From is the rows from row n on.
func (s Set) From(n int) Set {
	return Set{
		mat.View(s.X.Rows-n, s.X.Cols, s.X.Data[n*s.X.Cols:]),
		mat.View(s.Y.Rows-n, s.Y.Cols, s.Y.Data[n*s.Y.Cols:]),
	}
}

// Training is a network, its start and the way it learns.
type Training struct {
	Net    Net
	Cost   string
	Rule   string             // "": descent
	Values map[string]float64 // of the rule
	Alpha  float64
	Falls  string  // schedule of α, "": constant
	Decay  float64 // λ of L2
	Sparse float64 // λ of L1
	Clip   float64 // largest ‖g‖
	Epochs int
	Batch  int // 0: all rows
	Seed   uint64
	Limit  float64 // a cost above it is a divergence; 0: only what is not finite
}

// Outcome is what a training came to.
type Outcome struct {
	Net        *network.Network[float64]
	Curve      []Epoch
	Updates    int
	DivergedAt int // the iteration; 0: it did not
}

// Epoch is the cost on the training rows during an epoch, and on the held-out ones after it, 0 without any.
type Epoch struct {
	Epoch, Updates int
	Cost, Held     float64
}

// Last is the last complete epoch.
func (o Outcome) Last() Epoch {
	if len(o.Curve) == 0 {
		return Epoch{}
	}
	return o.Curve[len(o.Curve)-1]
}

// Run trains on set; held is looked at after every epoch and never learnt from. until, where not nil, ends the run early after an
// epoch for which it is true. A divergence is an outcome, not an error.
func (t Training) Run(ctx context.Context, set, held Set, until func(Epoch) bool) (Outcome, error) {
	net, err := t.Net.Build()
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Net: net}
	cfg, err := t.config(net, set)
	if err != nil {
		return out, err
	}
	judge := func(Set) float64 { return 0 }
	if held.Len() > 0 {
		judge = Judge(net, cfg.Cost, held.Len())
	}
	for step, err := range train.Run(ctx, net, set.X, set.Y, cfg) {
		switch {
		case diverged(err):
			out.DivergedAt = out.Updates + 1
			return out, nil
		case err != nil:
			return out, err
		}
		out.Updates = step.Iteration
		if t.Limit > 0 && step.Cost > t.Limit {
			out.DivergedAt = step.Iteration
			return out, nil
		}
		if !step.Last {
			continue
		}
		e := Epoch{step.Epoch, step.Iteration, step.EpochCost, judge(held)}
		out.Curve = append(out.Curve, e)
		if until != nil && until(e) {
			return out, nil
		}
	}
	return out, nil
}

// RunEarly is Run with early stopping: after patience epochs without a lower cost on valid it ends with the weights of the best
// epoch. held is looked at once, then; the outcome's last epoch is the best one.
func (t Training) RunEarly(ctx context.Context, set, valid, held Set, patience int) (Outcome, error) {
	net, err := t.Net.Build()
	if err != nil {
		return Outcome{}, err
	}
	cfg, err := t.config(net, set)
	if err != nil {
		return Outcome{}, err
	}
	cfg.ValidX, cfg.ValidY, cfg.Patience = valid.X, valid.Y, patience
	run, err := train.New(net, set.X, set.Y, cfg)
	if err != nil {
		return Outcome{}, err
	}
	for _, err := range run.Steps(ctx) {
		if err != nil {
			return Outcome{}, err
		}
	}
	best := run.Best()
	updates := best.Epoch * run.Counts().PerEpoch
	last := Epoch{best.Epoch, updates, Judge(net, cfg.Cost, set.Len())(set), Judge(net, cfg.Cost, held.Len())(held)}
	return Outcome{Net: net, Curve: []Epoch{last}, Updates: updates}, nil
}

// config is the training in the words of package train.
func (t Training) config(net *network.Network[float64], set Set) (cfg train.Config[float64], err error) {
	cfg = train.Config[float64]{Epochs: t.Epochs, Batch: t.Batch, Seed: t.Seed, ClipNorm: t.Clip}
	if cfg.Batch == 0 {
		cfg.Batch = set.Len()
	}
	if cfg.Cost, err = cost.ByName[float64](t.Cost); err != nil {
		return cfg, err
	}
	name := t.Rule
	if name == "" {
		name = "descent"
	}
	values := map[string]float64{"weight_decay": t.Decay, "l1": t.Sparse}
	for k, v := range t.Values {
		values[k] = v
	}
	cfg.Rule, cfg.Penalty, err = optimizer.NewPenalised[float64](name, len(net.Weights()), optimizer.Reference, values, net.Decaying())
	if err != nil {
		return cfg, err
	}
	falls := t.Falls
	if falls == "" {
		falls = "constant"
	}
	cfg.Schedule, err = optimizer.NewSchedule(falls, t.Alpha, nil)
	return cfg, err
}

// diverged tells train's refusal of a number that is not finite.
func diverged(err error) bool {
	var e *say.Err
	return errors.As(err, &e) && e.Key == "train.diverged"
}

// Judge returns a function that computes the cost of net on up to rows rows.
func Judge(net *network.Network[float64], c cost.Func[float64], rows int) func(Set) float64 {
	look := net.NewPrediction(rows)
	return func(s Set) float64 { return c.Forward(look.Forward(s.X), s.Y) }
}

// Cost is the cost called name of net on s.
func Cost(net *network.Network[float64], name string, s Set) (float64, error) {
	c, err := cost.ByName[float64](name)
	if err != nil {
		return math.NaN(), err
	}
	return Judge(net, c, s.Len())(s), nil
}

// Right is how many rows of s, whose truth is one column of 0 and 1, net puts on the right side of ½.
func Right(net *network.Network[float64], s Set) (n int) {
	return rightOf(net.NewPrediction(s.Len()).Forward(s.X), s.Y)
}

// rightOf is how many rows h and y have on the same side of ½.
func rightOf(h, y mat.Matrix[float64]) (n int) {
	for r := range y.Rows {
		if (h.At(r, 0) >= .5) == (y.At(r, 0) >= .5) {
			n++
		}
	}
	return n
}

// Count is train.Count.
func Count(rows, batch, epochs int) (perEpoch, total, last int, err error) {
	c, err := train.Count(rows, batch, epochs)
	return c.PerEpoch, c.Total, c.Last, err
}
