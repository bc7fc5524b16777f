package trace

import (
	"math"

	"gradus/cost"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
)

// neurons counts the inputs and the outputs of every layer: the cells of one row.
func neurons[T mat.Float](net *network.Network[T]) int {
	n := net.In()
	for _, l := range net.Specs() {
		n += max(l.Units, 1)
	}
	return n
}

// checkBatches checks the shape of every batch against in inputs and out outputs.
// Its cells a row and its weights bound what a run keeps.
func (s Spec) checkBatches(in, out, cells, weights int) error {
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
		if total += len(b.X)*cells + weights; total > maxCells {
			return say.Error("trace.too_many", "batches", i+1, "limit", maxCells)
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
	if o.Name == "" {
		return say.Error("trace.missing", "where", "optimizer.name", "example", `{"name":"descent","alpha":0.5}`)
	}
	if o.Alpha == nil {
		return say.Error("trace.alpha_missing")
	}
	if !(*o.Alpha > 0) {
		return say.Error("trace.range", "where", "optimizer.alpha", "value", float64(*o.Alpha), "allowed", "> 0")
	}
	return nil
}

// checkSingle refuses what float32 cannot hold: it would become infinite, or a learning rate of 0.
func (s Spec) checkSingle() error {
	lists := [][]Number{{*s.Optimizer.Alpha}}
	for _, l := range s.Layers {
		lists = append(append(lists, l.Biases, l.Gamma, l.Beta), l.Weights...)
	}
	for _, b := range s.Batches {
		lists = append(append(lists, b.X...), b.Y...)
	}
	for i, list := range lists {
		for _, v := range list {
			if math.IsInf(float64(float32(v)), 0) || i == 0 && float32(v) == 0 {
				return say.Error("trace.single", "value", float64(v))
			}
		}
	}
	return nil
}
