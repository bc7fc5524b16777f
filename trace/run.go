package trace

import (
	"context"
	"math"

	"gradus/cost"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
)

// Result is every number of a run.
type Result struct {
	Steps  []Step  `json:"steps"`
	Layers []State `json:"layers"` // after the last update
}

// Step is one iteration: the cost before the update, every cell, and the gradient of the cost.
type Step struct {
	Cost   float64     `json:"cost"`
	Layers []Cells     `json:"layers"`
	DX     [][]float64 `json:"dx"`
	Check  *float64    `json:"check,omitempty"` // largest relative difference from central finite differences
}

// Cells are the numbers of one layer in one iteration: o, h and their gradients (n,out); dw (out,in), db (out), or dgamma,
// dbeta of a normalisation.
type Cells struct {
	O      [][]float64 `json:"o"`
	H      [][]float64 `json:"h"`
	DO     [][]float64 `json:"do"`
	DH     [][]float64 `json:"dh"`
	DW     [][]float64 `json:"dw"`
	DB     []float64   `json:"db"`
	DGamma []float64   `json:"dgamma,omitempty"`
	DBeta  []float64   `json:"dbeta,omitempty"`
}

// State is what a layer has learnt: weights (out,in) and biases (null without), or what a normalisation has.
type State struct {
	Kind            string      `json:"kind"`
	Weights         [][]float64 `json:"weights,omitempty"`
	Biases          []float64   `json:"biases"`
	Gamma           []float64   `json:"gamma,omitempty"`
	Beta            []float64   `json:"beta,omitempty"`
	RunningMean     []float64   `json:"running_mean,omitempty"`
	RunningVariance []float64   `json:"running_variance,omitempty"`
}

// Options of a run.
type Options struct {
	Check bool // compare each step's gradient with central finite differences
}

// Run runs every batch of the spec as one iteration.
func Run(ctx context.Context, s Spec, opt Options) (Result, error) {
	switch s.Precision {
	case "", "float64":
		return run[float64](ctx, s, opt)
	case "float32":
		if opt.Check {
			return Result{}, say.Error("trace.check_precision")
		}
		return single(ctx, s, opt)
	}
	return Result{}, say.Error("trace.precision", "value", clip(s.Precision))
}

// maxCells bounds the numbers one run keeps.
const maxCells = 50_000_000

// runner is one run at work.
type runner[T mat.Float] struct {
	net     *network.Network[T]
	cost    cost.Func[T]
	rule    optimizer.Rule[T]
	penalty optimizer.Penalty[T]
	alpha   T
	spec    Spec
	opt     Options
}

func run[T mat.Float](ctx context.Context, s Spec, opt Options) (Result, error) {
	r, err := newRunner[T](s, opt)
	if err != nil {
		return Result{}, err
	}
	var result Result
	for i := range s.Batches {
		if err := ctx.Err(); err != nil {
			return result, err
		}
		step, err := r.step(i)
		if err != nil {
			return result, err
		}
		result.Steps = append(result.Steps, step)
	}
	result.Layers = states(r.net)
	return result, nil
}

func newRunner[T mat.Float](s Spec, opt Options) (*runner[T], error) {
	net, err := build[T](s)
	if err != nil {
		return nil, err
	}
	if err := s.checkBatches(net.In(), net.Out(), neurons(net), len(net.Weights())); err != nil {
		return nil, err
	}
	if s.Cost.Name == "" {
		return nil, say.Error("trace.missing", "where", "cost.name", "example", `{"name":"mse"}`)
	}
	r := &runner[T]{net: net, spec: s, opt: opt}
	if err := r.setCost(s.Cost); err != nil {
		return nil, say.Error("say.inside", "where", "cost", "cause", err)
	}
	if err := s.Optimizer.check(); err != nil {
		return nil, err
	}
	if s.Precision == "float32" {
		if err := s.checkSingle(); err != nil {
			return nil, err
		}
	}
	r.alpha = T(*s.Optimizer.Alpha)
	r.rule, r.penalty, err = optimizer.NewPenalised[T](s.Optimizer.Name, len(net.Weights()), optimizer.Form(s.Optimizer.Form),
		s.Optimizer.Values, net.Decaying())
	if err != nil {
		return nil, say.Error("say.inside", "where", "optimizer", "cause", err)
	}
	return r, nil
}

// setCost makes the cost and lets it look at every batch's y.
func (r *runner[T]) setCost(c Cost) (err error) {
	if r.cost, err = cost.New[T](c.Name, c.params()); err != nil {
		return err
	}
	if err := cost.Check(r.cost, r.net.Out()); err != nil {
		return err
	}
	for i, b := range r.spec.Batches {
		if err := cost.CheckTargets(r.cost, matrix[T](b.Y), r.net.Out()); err != nil {
			return say.Error("trace.batch", "batch", i+1, "cause", err)
		}
	}
	return nil
}

// step runs iteration i: forward, cost, backward, update.
func (r *runner[T]) step(i int) (Step, error) {
	b := r.spec.Batches[i]
	x, y := matrix[T](b.X), matrix[T](b.Y)
	if a, ok := r.rule.(optimizer.LookAhead[T]); ok {
		a.Ahead(r.net.Weights())
	}
	pass := r.net.NewPass(x.Rows, 0)
	h := pass.Forward(x)
	step := Step{Cost: r.cost.Forward(h, y)}
	dx := pass.BackwardPlain(r.cost, y, false)
	if err := r.finite(i, step.Cost, pass); err != nil {
		return step, err
	}
	if v, bad := notFinite(dx.Data); bad {
		return step, r.diverged(i, 1, "∂E/∂x", v)
	}
	step.DX = rows(dx)
	for l := range r.net.Layers() {
		step.Layers = append(step.Layers, cells(r.net, pass, l))
	}
	if r.opt.Check {
		step.Check = r.check(x, y)
	}
	g := pass.Gradient()
	r.penalty.Add(r.net.Weights(), g)
	r.rule.Step(r.alpha, r.net.Weights(), g)
	pass.Settle()
	return step, r.finiteWeights(i)
}

// check compares the float64 gradient with finite differences.
func (r *runner[T]) check(x, y mat.Matrix[T]) *float64 {
	net, ok := any(r.net).(*network.Network[float64])
	if !ok {
		return nil
	}
	d := network.Check(net, any(r.cost).(cost.Func[float64]), any(x).(mat.Matrix[float64]), any(y).(mat.Matrix[float64]), 0)
	return &d.Relative
}

// finite ends the run at the first number that is not finite, going through the network from the input on.
func (r *runner[T]) finite(i int, e float64, pass *network.Pass[T]) error {
	last := len(r.net.Layers())
	for l := range last {
		c := pass.Cells(l)
		for _, cell := range []struct {
			name string
			m    mat.Matrix[T]
		}{{"o", c.O}, {"h", c.H}} {
			if v, bad := notFinite(cell.m.Data); bad {
				return r.diverged(i, l+1, cell.name, v)
			}
		}
	}
	if v, bad := notFinite([]float64{e}); bad {
		return r.diverged(i, last, "E", v)
	}
	for l := last - 1; l >= 0; l-- {
		c := pass.Cells(l)
		if v, bad := notFinite(c.DH.Data); bad {
			return r.diverged(i, l+1, "∂E/∂h", v)
		}
		if v, bad := notFinite(c.DO.Data); bad {
			return r.diverged(i, l+1, "∂E/∂o", v)
		}
	}
	return r.finiteVector(i, pass.Gradient(), "∂E/∂w")
}

func (r *runner[T]) finiteWeights(i int) error {
	if err := r.finiteVector(i, r.net.Weights(), "w"); err != nil {
		return err
	}
	for l, layer := range r.net.Layers() {
		b, ok := layer.(network.Buffered[T])
		if !ok {
			continue
		}
		for _, b := range b.Buffers() {
			if v, bad := notFinite(b.Values); bad {
				return r.diverged(i, l+1, b.Name, v)
			}
		}
	}
	return nil
}

func (r *runner[T]) finiteVector(i int, v []T, name string) error {
	for _, s := range r.net.Spans() {
		if v, bad := notFinite(v[s.Start:s.End]); bad {
			return r.diverged(i, s.Layer+1, name, v)
		}
	}
	return nil
}

func (r *runner[T]) diverged(i, layer int, what string, v float64) error {
	return say.Failure("trace.diverged", "step", i+1, "layer", layer, "what", what, "value", v,
		"alpha", float64(*r.spec.Optimizer.Alpha), "smaller", optimizer.Smaller(float64(*r.spec.Optimizer.Alpha)))
}

func notFinite[T mat.Float](v []T) (float64, bool) {
	for _, x := range v {
		if f := float64(x); math.IsNaN(f) || math.IsInf(f, 0) {
			return f, true
		}
	}
	return 0, false
}
