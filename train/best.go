package train

import (
	"context"
	"math"
	"slices"

	"gradus/mat"
	"gradus/network"
)

// best keeps the weights of the epoch with the lowest validation cost.
type best[T mat.Float] struct {
	cost    float64
	w       []T
	buffers [][]T
	predict *network.Prediction[T]
	rows    int // rows predicted at once
}

// chunk is how many validation rows go through the network at once.
const chunk = 1024

func newBest[T mat.Float](net *network.Network[T], state []buffer[T], rows int) best[T] {
	b := best[T]{cost: math.Inf(1), rows: min(rows, chunk), w: slices.Clone(net.Weights())}
	b.predict = net.NewPrediction(b.rows)
	for _, f := range state {
		b.buffers = append(b.buffers, slices.Clone(f.Values))
	}
	return b
}

func (b *best[T]) keep(state []buffer[T], net *network.Network[T]) {
	copy(b.w, net.Weights())
	for i, f := range state {
		copy(b.buffers[i], f.Values)
	}
}

// restore puts the best weights back, where some were kept.
func (b *best[T]) restore(state []buffer[T], net *network.Network[T]) {
	if b.w == nil || math.IsInf(b.cost, 1) {
		return
	}
	copy(net.Weights(), b.w)
	for i, f := range state {
		copy(f.Values, b.buffers[i])
	}
}

// validate computes the cost on the validation part and keeps the weights if it is the lowest so far. An infinite cost, as of a sure
// and wrong answer, is no divergence; NaN is.
func (t *Trainer[T]) validate(ctx context.Context, s *Step) (err error) {
	if s.Valid, err = t.validationCost(ctx); err != nil {
		return err
	}
	if math.IsNaN(s.Valid) {
		return t.failure(s.Iteration, len(t.net.Layers()), s.Valid)
	}
	if s.Valid < t.best.cost {
		t.best.cost, t.place.Waited, s.Best = s.Valid, 0, true
		t.best.keep(t.state, t.net)
		return nil
	}
	t.place.Waited++
	s.Stopped = t.cfg.Patience > 0 && t.place.Waited >= t.cfg.Patience
	return nil
}

// validationCost is the mean over the rows of the validation part, chunk by chunk; many ranks share the chunks.
func (t *Trainer[T]) validationCost(ctx context.Context) (sum float64, err error) {
	t.best.predict.Refresh()
	rows := t.cfg.ValidX.Rows
	chunks := (rows-1)/t.best.rows + 1
	if t.ranks != nil {
		sum, err = t.ranks.costs(ctx, chunks, t.chunkCost)
		return sum / float64(rows), err
	}
	for i := range chunks {
		sum += t.chunkCost(i)
	}
	return sum / float64(rows), nil
}

// chunkCost is the cost of a chunk of the validation part, times its rows.
func (t *Trainer[T]) chunkCost(i int) float64 {
	x, y, start := t.cfg.ValidX, t.cfg.ValidY, i*t.best.rows
	n := min(t.best.rows, x.Rows-start)
	h := t.best.predict.Forward(mat.View(n, x.Cols, x.Data[start*x.Cols:(start+n)*x.Cols]))
	return float64(float64(n) * t.cfg.Cost.Forward(h, mat.View(n, y.Cols, y.Data[start*y.Cols:(start+n)*y.Cols])))
}
