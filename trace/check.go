package trace

import (
	"gradus/cost"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
)

func neurons[T mat.Float](net *network.Network[T]) int {
	n := net.In()
	for _, l := range net.Specs() {
		n += max(l.Units, 1)
	}
	return n
}

// checkBatches checks the shape of every batch against in inputs and out outputs.
func (s Spec) checkBatches(in, out, cells int) error {
	if len(s.Batches) == 0 {
		return say.Error("trace.no_batches")
	}
	total := 0
	for i, b := range s.Batches {
		if err := b.check(i+1, in, out); err != nil {
			return err
		}
		if len(b.X) == 1 && s.has("batch-norm") {
			return say.Error("trace.one_row", "batch", i+1)
		}
		if total += len(b.X); total > maxCells/cells {
			return say.Error("trace.too_many", "rows", total, "cells", cells, "limit", maxCells)
		}
	}
	return nil
}

func (s Spec) has(kind string) bool {
	for _, l := range s.Layers {
		if l.Kind == kind {
			return true
		}
	}
	return false
}

func (b Batch) check(n, in, out int) error {
	if len(b.X) == 0 {
		return say.Error("trace.batch_rows", "batch", n, "what", "x")
	}
	if len(b.X) != len(b.Y) {
		return say.Error("trace.batch_pairs", "batch", n, "x", len(b.X), "y", len(b.Y))
	}
	for _, row := range b.X {
		if len(row) != in {
			return say.Error("trace.batch_x", "batch", n, "found", len(row), "want", in)
		}
	}
	for _, row := range b.Y {
		if len(row) != out {
			return say.Error("trace.batch_y", "batch", n, "found", len(row), "want", out)
		}
	}
	return nil
}

// params are the cost's parameters as the cost package takes them.
func (c Cost) params() cost.Params {
	p := cost.Params{
		On: cost.On(c.On), Delta: (*float64)(c.Delta), PositiveWeight: (*float64)(c.PositiveWeight),
		LabelSmoothing: (*float64)(c.LabelSmoothing),
	}
	for _, w := range c.ClassWeights {
		p.ClassWeights = append(p.ClassWeights, float64(w))
	}
	return p
}

// check looks at α; the values of the rule are the rule's to check.
func (o Optimizer) check() error {
	if o.Alpha == nil {
		return say.Error("trace.alpha_missing")
	}
	if !(*o.Alpha > 0) {
		return say.Error("trace.range", "where", "optimizer.alpha", "value", float64(*o.Alpha), "allowed", "> 0")
	}
	return nil
}
