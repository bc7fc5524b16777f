package bench

import (
	"context"
	"math/rand/v2"

	"gradus/cost"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
	"gradus/train"
)

// The bootstrap: a table of 569 rows and 30 columns, as many rows drawn with replacement for each refit.
const (
	manyRows   = 569
	manyEpochs = 40
	manyBatch  = 32
	manyFits   = 1000
	quickFits  = 40
)

// bootstrap is refits of one small network on one table that all share.
type bootstrap struct {
	w      workload
	x, y   mat.Matrix[float32]
	seed   uint64
	losses []float64 // by refit: mean cost of its last epoch
}

func newBootstrap(seed uint64, fits int) *bootstrap {
	w := workloadCalled("S")
	w.Batch, w.Batches = manyRows, 1
	b := &bootstrap{w: w, seed: seed, losses: make([]float64, fits)}
	b.x, b.y = w.data(seed)
	return b
}

// draw is the rows of refit i.
func (b *bootstrap) draw(i int) (x, y mat.Matrix[float32]) {
	rng := rand.New(rand.NewPCG(b.seed, uint64(i)))
	x, y = mat.New[float32](b.x.Rows, b.x.Cols), mat.New[float32](b.x.Rows, 1)
	for k := range x.Rows {
		row := rng.IntN(x.Rows)
		copy(x.Row(k), b.x.Row(row))
		y.Data[k] = b.y.Data[row]
	}
	return x, y
}

// fit is refit i: its rows, its start weights and the order of its rows come from i alone.
func (b *bootstrap) fit(ctx context.Context, i int) error {
	x, y := b.draw(i)
	net := b.w.build(b.seed+uint64(i), "")
	cfg, err := b.config(net, uint64(i))
	if err != nil {
		return err
	}
	for step, err := range train.Run(ctx, net, x, y, cfg) {
		if err != nil {
			return err
		}
		b.losses[i] = step.EpochCost
	}
	return nil
}

func (b *bootstrap) config(net *network.Network[float32], i uint64) (train.Config[float32], error) {
	rule, err := optimizer.NewAdam[float32](len(net.Weights()), optimizer.Reference, optimizer.AdamConfig{})
	return train.Config[float32]{
		Cost: cost.BinaryCrossEntropy[float32]{On: cost.Logits}, Rule: rule, Schedule: optimizer.Constant{Base: b.w.Alpha},
		Epochs: manyEpochs, Batch: manyBatch, Seed: b.seed + i,
	}, err
}

// run does all refits.
func (b *bootstrap) run(ctx context.Context, workers int) error {
	return train.Many(ctx, len(b.losses), workers, b.fit)
}

// mean is the mean cost of the last epoch over the refits.
func (b *bootstrap) mean() (sum float64) {
	for _, e := range b.losses {
		sum += e
	}
	return sum / float64(len(b.losses))
}

// manyJobs is many: bootstrap refits, as many at a time as there are threads, one core each. A step is one refit.
func manyJobs(r *run, add func(*job)) {
	fits := manyFits
	if r.Quick {
		fits = quickFits
	}
	b := newBootstrap(r.Seed, fits)
	row := b.w
	row.Batch = manyBatch
	each := row.price()
	steps := float64((manyRows + manyBatch - 1) / manyBatch * manyEpochs)
	add(&job{
		result: Result{Work: "many", Optimizer: "adam"}, steps: fits, once: true,
		cost:   price{flops: each.flops * steps, bytes: each.bytes * steps, holds: each.holds},
		repeat: func() error { return b.run(r.ctx, r.threads) },
		losses: func() []float64 { return []float64{b.mean()} },
	})
}
