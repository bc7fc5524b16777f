// Package train is deck section 4-4 at work: epochs of iterations over batches, early stopping, checkpoints.
package train

import (
	"context"
	"iter"
	"math"

	"gradus/cost"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
)

// Config says how to train. What has no default is required.
type Config[T mat.Float] struct {
	Cost     cost.Func[T]
	Rule     optimizer.Rule[T]
	Schedule optimizer.Schedule   // α of each iteration
	Penalty  optimizer.Penalty[T] // L1 and L2 on the weights; zero: none
	ClipNorm float64              // largest ‖g‖; 0: no clipping
	Epochs   int
	Batch    int
	Seed     uint64 // order of the rows and dropout

	// Early stopping: after Patience epochs without a lower cost on ValidX, ValidY (n,in) (n,out) the run ends, and in any case
	// the weights of the best epoch are restored. No rows: none. Patience 0: never early, still the best weights.
	ValidX, ValidY mat.Matrix[T]
	Patience       int
}

// Step is what one iteration tells.
type Step struct {
	Iteration int     // from 1, over all epochs
	Epoch     int     // from 1
	Last      bool    // the last iteration of its epoch
	Alpha     float64 // α used
	Cost      float64 // of the batch, before the update, without penalty
	EpochCost float64 // mean over the rows of the epoch so far
	Valid     float64 // cost on the validation part; only where Last and there is one
	Best      bool    // this epoch has the lowest Valid so far
	Stopped   bool    // early stopping ends the run here
}

// Trainer is a run at work: it owns the batch, the pass and the place in the run; the network keeps the weights.
type Trainer[T mat.Float] struct {
	net    *network.Network[T]
	x, y   mat.Matrix[T]
	cfg    Config[T]
	counts Counts
	pass   *network.Pass[T]
	room   room[T]
	order  order
	state  []buffer[T]
	place  place
	best   best[T]
	failed error // what ended the run: it cannot go on, nor be saved
	watch  watch
	ranks  *ranks[T] // nil: this process has the whole batch
}

// buffer is a vector of the network that no gradient trains, and its layer.
type buffer[T mat.Float] struct {
	network.Buffer[T]
	layer int
}

func buffers[T mat.Float](net *network.Network[T]) (list []buffer[T]) {
	for i, l := range net.Layers() {
		if l, ok := l.(network.Buffered[T]); ok {
			for _, b := range l.Buffers() {
				list = append(list, buffer[T]{b, i})
			}
		}
	}
	return list
}

// place is where a run stands.
type place struct {
	Epoch     int     `json:"epoch"`     // running, from 1
	Done      int     `json:"done"`      // iterations of it that are done
	Iteration int     `json:"iteration"` // over all
	Sum       float64 `json:"sum"`       // cost × rows of the epoch so far
	Alpha     float64 `json:"alpha"`     // of the last update, 0 before the first
	Waited    int     `json:"waited"`    // epochs since the best one
	Finished  bool    `json:"finished"`
	Best      Epoch   `json:"best"`
}

// New checks everything once and makes room; x (n,in), y (n,out) stay the caller's and are only read.
func New[T mat.Float](net *network.Network[T], x, y mat.Matrix[T], cfg Config[T]) (*Trainer[T], error) {
	counts, err := check(net, x, y, cfg)
	if err != nil {
		return nil, err
	}
	t := &Trainer[T]{
		net: net, x: x, y: y, cfg: cfg, counts: counts, order: newOrder(x.Rows), room: newRoom(x, y, cfg.Batch),
		state: buffers(net), pass: net.NewPass(min(cfg.Batch, x.Rows), cfg.Seed), place: place{Epoch: 1},
	}
	if t.cfg.Penalty.Spans == nil {
		t.cfg.Penalty.Spans = net.Decaying()
	}
	if cfg.ValidX.Rows > 0 {
		t.best = newBest(net, t.state, cfg.ValidX.Rows)
	}
	return t, nil
}

// Epoch is what an epoch came to.
type Epoch struct {
	Epoch int     `json:"epoch"`
	Cost  float64 `json:"cost"`  // mean over its rows
	Valid float64 `json:"valid"` // on the validation part, 0 without one
}

// Best is the epoch whose weights the network has at the end: the one with the lowest validation cost, without a validation part
// the last that was completed.
func (t *Trainer[T]) Best() Epoch { return t.place.Best }

// Epochs is how many epochs are complete.
func (t *Trainer[T]) Epochs() int { return t.place.Epoch - 1 }

// Counts tells how many iterations the run has.
func (t *Trainer[T]) Counts() Counts { return t.counts }

// Steps runs from where the run stands to its end, one Step an iteration. It ends early when ctx is cancelled (the error is ctx's,
// the state is whole and can be checkpointed), when early stopping says so, or at the first number that is not finite, after which
// it cannot go on. The best weights are restored at the end of the run.
func (t *Trainer[T]) Steps(ctx context.Context) iter.Seq2[Step, error] {
	return func(yield func(Step, error) bool) {
		for !t.place.Finished {
			if err := t.asked(ctx); err != nil {
				yield(Step{}, err)
				return
			}
			if t.failed != nil {
				yield(Step{}, t.failed)
				return
			}
			step, err := t.step(ctx)
			if err != nil {
				t.failed = err
				yield(step, err)
				return
			}
			if !yield(step, nil) {
				return
			}
		}
	}
}

// asked says whether the run is to stop: ctx, of many ranks that of any one, which all learn of in the same iteration.
func (t *Trainer[T]) asked(ctx context.Context) error {
	if t.ranks == nil {
		return ctx.Err()
	}
	if t.ranks.stopped {
		return context.Canceled
	}
	return nil
}

// Run trains net on x (n,in), y (n,out) from the start.
func Run[T mat.Float](ctx context.Context, net *network.Network[T], x, y mat.Matrix[T], cfg Config[T]) iter.Seq2[Step, error] {
	t, err := New(net, x, y, cfg)
	if err != nil {
		return func(yield func(Step, error) bool) { yield(Step{}, err) }
	}
	return t.Steps(ctx)
}

// step is one iteration: gather, forward, cost, backward, update.
func (t *Trainer[T]) step(ctx context.Context) (Step, error) {
	p, cfg := &t.place, &t.cfg
	t.watch.lap(t.watch.between)
	b, n := t.batch()
	alpha := cfg.Schedule.Alpha(p.Iteration + 1)
	w := t.net.Weights()
	if a, ok := cfg.Rule.(optimizer.LookAhead[T]); ok {
		a.Ahead(w)
	}
	t.pass.Iteration(p.Iteration)
	t.watch.lap(t.watch.ready)
	e, err := t.learn(ctx, b, n)
	if err != nil {
		return Step{}, err
	}
	t.update(T(alpha), w)
	p.Done, p.Iteration, p.Sum, p.Alpha = p.Done+1, p.Iteration+1, p.Sum+float64(e*float64(n)), alpha
	if err := t.finiteState(); err != nil {
		return Step{}, err
	}
	t.watch.lap(t.watch.finite)
	t.watch.clock.Step(n)
	return t.advance(ctx, e)
}

// learn is the cost of the batch of n rows, of which b are here, and leaves its gradient in the pass.
func (t *Trainer[T]) learn(ctx context.Context, b Batch[T], n int) (float64, error) {
	if t.ranks != nil {
		return t.shared(ctx, b, n)
	}
	t.pass.Forward(b.X)
	e := t.pass.Learn(t.cfg.Cost, b.Y)
	if !finite(t.place.Sum + float64(e*float64(n))) {
		return e, t.diverged(e)
	}
	return e, nil
}

// batch gathers the rows of the iteration, in an order drawn anew at the start of an epoch: of n, those that are this rank's.
func (t *Trainer[T]) batch() (b Batch[T], n int) {
	p, cfg := &t.place, &t.cfg
	if p.Done == 0 {
		t.order.shuffle(cfg.Seed, p.Epoch)
		t.watch.lap(t.watch.shuffle)
		p.Sum = 0
	}
	start := p.Done * cfg.Batch
	rows := t.order.rows[start:min(start+cfg.Batch, t.x.Rows)]
	if n = len(rows); t.ranks != nil {
		own := t.ranks.cut(n)
		rows = rows[own.from : own.from+own.rows()]
	}
	b = t.room.gather(t.x, t.y, rows)
	t.watch.lap(t.watch.batch)
	return b, n
}

// update takes the gradient with penalty and clipping to the rule, and the batch's statistics to the layers.
func (t *Trainer[T]) update(alpha T, w []T) {
	g := t.pass.Gradient()
	t.cfg.Penalty.Add(w, g)
	if t.cfg.ClipNorm > 0 {
		optimizer.ClipNorm(g, t.cfg.ClipNorm)
	}
	t.watch.lap(t.watch.penalty)
	t.cfg.Rule.Step(alpha, w, g)
	t.pass.Settle()
	t.watch.lap(t.watch.update)
}

// advance tells of the iteration that was done and, at the end of an epoch, looks at the validation part.
func (t *Trainer[T]) advance(ctx context.Context, e float64) (Step, error) {
	p := &t.place
	seen := min(p.Done*t.cfg.Batch, t.x.Rows)
	s := Step{Iteration: p.Iteration, Epoch: p.Epoch, Alpha: p.Alpha, Cost: e, EpochCost: p.Sum / float64(seen)}
	if p.Done < t.counts.PerEpoch {
		return s, nil
	}
	s.Last = true
	if t.cfg.ValidX.Rows > 0 {
		if err := t.validate(ctx, &s); err != nil {
			return s, err
		}
		t.watch.lap(t.watch.validation)
	}
	if s.Best || t.cfg.ValidX.Rows == 0 {
		p.Best = Epoch{s.Epoch, s.EpochCost, s.Valid}
	}
	if p, ok := t.cfg.Schedule.(*optimizer.Plateau); ok {
		p.Observe(s.watched(t.cfg.ValidX.Rows > 0))
	}
	p.Done, p.Epoch = 0, p.Epoch+1
	if s.Stopped || p.Epoch > t.cfg.Epochs {
		p.Finished = true
		t.best.restore(t.state, t.net)
	}
	return s, nil
}

// watched is the cost that a plateau is judged by. An infinite one has not fallen, which Observe is told as NaN: a checkpoint could
// not keep it as the lowest.
func (s Step) watched(valid bool) float64 {
	switch {
	case !valid:
		return s.EpochCost
	case finite(s.Valid):
		return s.Valid
	}
	return math.NaN()
}
