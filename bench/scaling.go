package bench

import (
	"context"
	"math"
	"slices"
	"time"

	"gradus/cluster"
	"gradus/internal/kernel"
	"gradus/mat"
	"gradus/optimizer"
	"gradus/train"
)

// Scaling is how long a step of L takes on one rank and on all ranks of a job, what it consists of, and what that makes of more ranks.
type Scaling struct {
	Ranks   int    `json:"ranks"`
	Threads int    `json:"threads"` // of each rank
	Weights int    `json:"weights"`
	Batch   int    `json:"batch"`
	Blocks  int    `json:"blocks"`
	One     Timing `json:"one"`    // Batch rows in Blocks blocks on one rank
	Strong  Timing `json:"strong"` // the same on all
	Weak    Timing `json:"weak"`   // as many rows and blocks for each rank
	Plain   Timing `json:"plain"`  // one rank, no blocks: gradus train

	Costs Costs `json:"costs"`
}

// Timing is nanoseconds a step, the shortest and the median.
type Timing struct {
	Min    float64 `json:"min"`
	Median float64 `json:"median"`
}

// Costs are what a step is made of, in nanoseconds by the shortest times: t(p) = Update + rows/p·Row + blocks/p·Block + 2(p−1)/p·8·weights/
// Bandwidth + 4·log₂p·Latency, a step having two collectives, one of them small.
type Costs struct {
	Update    float64 `json:"update"`
	Row       float64 `json:"row"`
	Block     float64 `json:"block"`
	Latency   float64 `json:"latency"`   // of a message of one number
	Bandwidth float64 `json:"bandwidth"` // bytes a nanosecond of MPI_Allreduce
	Sum       float64 `json:"sum"`       // what the exact sum over the ranks took in a step of Strong
}

// Step is the time of a step of rows rows in blocks blocks on p ranks, with the messages of a fabric of the given latency (ns) and bandwidth
// (bytes a ns).
func (c Costs) Step(p, rows, blocks, weights int, latency, bandwidth float64) float64 {
	n := float64(p)
	t := c.Update + math.Ceil(float64(blocks)/n)*(c.Block+c.Row*float64(rows)/float64(blocks))
	if p == 1 {
		return t
	}
	return t + 2*(n-1)/n*8*float64(weights)/bandwidth + 4*math.Log2(n)*latency
}

// The steps of each kind in a round: the kinds take turns, so that what else the machine does meets all.
const (
	scalingSteps  = 6
	scalingBlocks = 8
	large         = 1 << 21 // numbers of the message that tells the bandwidth
)

// kind is one way to train L.
type kind struct {
	batch, blocks int
	all           bool // on all ranks, not on the first alone
	trainer       *train.Trainer[float32]
	times         []float64
}

// Scale measures the job j in so many rounds, of which the first warms the caches and does not count.
func Scale(ctx context.Context, j *cluster.Job, rounds int, seed uint64) (*Scaling, error) {
	rank, of := j.Place()
	w := workloadCalled("L")
	kinds := []*kind{
		{batch: w.Batch, blocks: scalingBlocks},
		{batch: w.Batch, blocks: scalingBlocks, all: true},
		{batch: w.Batch * of, blocks: scalingBlocks * of, all: true},
		{batch: w.Batch / 4, blocks: scalingBlocks},
		{batch: w.Batch, blocks: 1},
		{batch: w.Batch},
	}
	for _, k := range kinds {
		if err := k.start(j, w, rounds, seed); err != nil {
			return nil, err
		}
	}
	for range rounds {
		for _, k := range kinds {
			if err := k.run(ctx, j, rank); err != nil {
				return nil, err
			}
		}
	}
	s := &Scaling{Ranks: of, Threads: kernel.Cores(), Batch: w.Batch, Blocks: scalingBlocks}
	for i, size := range w.Sizes[1:] {
		s.Weights += (w.Sizes[i] + 1) * size
	}
	s.One, s.Strong, s.Weak, s.Plain = kinds[0].timing(), kinds[1].timing(), kinds[2].timing(), kinds[5].timing()
	return s, s.conclude(ctx, j, kinds[3].timing().Min, kinds[4].timing().Min)
}

// conclude works out the costs, of the shortest steps with a quarter of the rows and with one block.
func (s *Scaling) conclude(ctx context.Context, j *cluster.Job, fewer, whole float64) error {
	rows := float64(s.Batch)
	c := &s.Costs
	c.Row = (s.One.Min - fewer) / (rows * 3 / 4)
	c.Block = max(s.One.Min-whole, 0) / float64(s.Blocks-1)
	c.Update = max(s.One.Min-rows*c.Row-float64(s.Blocks)*c.Block, 0)
	if s.Ranks == 1 {
		return nil
	}
	n := float64(s.Ranks)
	small, err := message(ctx, j, 1)
	if err != nil {
		return err
	}
	big, err := message(ctx, j, large)
	c.Latency = small / 2 / math.Log2(n)
	c.Bandwidth = 2 * (n - 1) / n * 8 * large / (big - small)
	c.Sum = s.Strong.Min - c.Update - math.Ceil(float64(s.Blocks)/n)*(c.Block+c.Row*rows/float64(s.Blocks))
	return err
}

// message is the shortest time of an MPI_Allreduce of n numbers.
func message(ctx context.Context, j *cluster.Job, n int) (float64, error) {
	v, least := make([]float64, n), math.Inf(1)
	for range 40 {
		if err := j.Most(ctx, v[:1]); err != nil { // everybody is here
			return 0, err
		}
		began := time.Now()
		if err := j.Most(ctx, v); err != nil {
			return 0, err
		}
		least = min(least, float64(time.Since(began)))
	}
	return least, nil
}

// start makes the trainer.
func (k *kind) start(j *cluster.Job, w workload, rounds int, seed uint64) error {
	w.Batches = max(1, k.batch/w.Batch) * 2
	x, y := w.data(seed)
	net := w.build(seed, "")
	rule, err := optimizer.NewAdam[float32](len(net.Weights()), optimizer.Reference, optimizer.AdamConfig{})
	if err != nil {
		return err
	}
	x, y = mat.View(2*k.batch, x.Cols, x.Data[:2*k.batch*x.Cols]), mat.View(2*k.batch, y.Cols, y.Data[:2*k.batch*y.Cols])
	k.trainer, err = train.New(net, x, y, train.Config[float32]{
		Cost: w.cost(), Rule: rule, Schedule: optimizer.Constant{Base: w.Alpha}, Epochs: rounds * scalingSteps, Batch: k.batch, Seed: seed,
	})
	if err != nil || k.blocks == 0 {
		return err
	}
	if !k.all {
		j = cluster.Join(cluster.Alone{}, time.Hour)
	}
	return k.trainer.Share(j, k.blocks)
}

// run does the steps of a round; the ranks begin together, and those without work wait.
func (k *kind) run(ctx context.Context, j *cluster.Job, rank int) error {
	if err := j.Most(ctx, []float64{0}); err != nil || !k.all && rank > 0 {
		return err
	}
	done, began := 0, time.Now()
	for _, err := range k.trainer.Steps(ctx) {
		if err != nil {
			return err
		}
		k.times = append(k.times, float64(time.Since(began)))
		if done++; done == scalingSteps {
			break
		}
		began = time.Now()
	}
	return nil
}

// timing leaves out the first round, which warms the caches.
func (k *kind) timing() Timing {
	if len(k.times) <= scalingSteps {
		return Timing{}
	}
	times := slices.Sorted(slices.Values(k.times[scalingSteps:]))
	return Timing{times[0], times[len(times)/2]}
}
