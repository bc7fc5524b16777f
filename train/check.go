package train

import (
	"gradus/cost"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
)

// check looks once at everything a run depends on.
func check[T mat.Float](net *network.Network[T], x, y mat.Matrix[T], cfg Config[T]) (Counts, error) {
	if cfg.Cost == nil || cfg.Rule == nil || cfg.Schedule == nil {
		return Counts{}, say.Error("train.config")
	}
	counts, err := Count(x.Rows, cfg.Batch, cfg.Epochs)
	if err != nil {
		return counts, err
	}
	if err := cfg.check(len(net.Weights())); err != nil {
		return counts, err
	}
	if err := cost.Check(cfg.Cost, net.Out()); err != nil {
		return counts, err
	}
	if err := checkRows(net, cfg.Cost, x, y); err != nil {
		return counts, err
	}
	if counts.Last == 1 && hasBatchNorm(net) {
		return counts, say.Error("train.one_row", "rows", x.Rows, "batch", cfg.Batch)
	}
	if cfg.ValidX.Rows == 0 && cfg.ValidY.Rows == 0 {
		return counts, nil
	}
	if err := checkRows(net, cfg.Cost, cfg.ValidX, cfg.ValidY); err != nil {
		return counts, say.Error("train.valid", "cause", err)
	}
	return counts, nil
}

func (c Config[T]) check(weights int) error {
	if !(c.ClipNorm >= 0) {
		return say.Error("train.clip", "value", c.ClipNorm)
	}
	if c.Patience < 0 {
		return say.Error("train.patience", "value", c.Patience)
	}
	for _, v := range []T{c.Penalty.L1, c.Penalty.L2, c.Penalty.Mu} {
		if !(v >= 0) || !finite(float64(v)) {
			return say.Error("train.penalty", "value", float64(v))
		}
	}
	if c.Penalty.Mu > 0 && len(c.Penalty.Near) != weights {
		return say.Error("train.near", "found", len(c.Penalty.Near), "want", weights)
	}
	for _, m := range c.Rule.State().Moments {
		if len(m.Values) != weights {
			return say.Error("train.rule", "rule", c.Rule.Name(), "found", len(m.Values), "want", weights)
		}
	}
	return optimizer.CheckAlpha(c.Schedule.Alpha(1))
}

// checkRows looks at inputs and targets.
func checkRows[T mat.Float](net *network.Network[T], f cost.Func[T], x, y mat.Matrix[T]) error {
	if x.Rows != y.Rows {
		return say.Error("train.pairs", "x", x.Rows, "y", y.Rows)
	}
	if x.Cols != net.In() {
		return say.Error("train.inputs", "found", x.Cols, "want", net.In())
	}
	for i, v := range x.Data {
		if !finite(float64(v)) {
			return say.Error("train.finite", "row", i/x.Cols+1, "column", i%x.Cols+1, "value", float64(v))
		}
	}
	return cost.CheckTargets(f, y, net.Out())
}

func hasBatchNorm[T mat.Float](net *network.Network[T]) bool {
	for _, l := range net.Layers() {
		if _, ok := l.(*network.BatchNorm[T]); ok {
			return true
		}
	}
	return false
}
