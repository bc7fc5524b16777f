package train

import (
	"context"
	"math"
	"strconv"

	"gradus/cost"
	"gradus/internal/say"
	"gradus/mat"
)

// Reducer is the ranks of a job, each with a part of every batch. All ranks call the same methods in the same order, and get the same
// answers, those of one rank alone: however the blocks of a batch lie on the ranks.
type Reducer interface {
	// Place is this rank and how many there are.
	Place() (rank, of int)
	// Sum is g := Σ share·gradient over the blocks of all ranks, exactly. also[i] becomes the largest also[i] of any rank, even where
	// the sum fails: with a NotFinite on every rank where a gradient holds such a number. No NaN in also.
	Sum(ctx context.Context, g []float32, own Blocks, also []float64) error
	// Most is v[i] := the largest v[i] of any rank. No NaN in v.
	Most(ctx context.Context, v []float64) error
}

// Blocks are the gradients that a rank computed.
type Blocks struct {
	Gradients [][]float32
	Shares    []float64 // of the batch's rows, by block
	Spans     [][2]int  // [start, end) of the tensors that a gradient consists of
}

// NotFinite is the first tensor of a gradient that holds NaN or an infinity.
type NotFinite struct{ Tensor int }

// Error names the tensor.
func (e NotFinite) Error() string {
	return "the gradient of tensor " + strconv.Itoa(e.Tensor) + " is not finite"
}

// ranks is a trainer's part in a job.
type ranks[T mat.Float] struct {
	Reducer
	blocks  int // that a batch is cut into
	own     Blocks
	also    []float64
	e       []float64
	stopped bool // some rank was asked to stop
}

// Share has the run take its part in the job of r: a batch is cut into blocks pieces, whatever the number of ranks, and the weights that
// come out are the same bytes for any number of them. Call it before the first step, on every rank alike. What cannot be parted is
// refused: float64, batch normalisation, a cost that judges a row against the others of its batch.
func (t *Trainer[T]) Share(r Reducer, blocks int) error {
	if blocks < 1 {
		return say.Error("cluster.blocks", "value", blocks)
	}
	if _, ok := any(t.cfg.Cost).(*cost.Cox[T]); ok {
		return say.Error("cluster.cost", "cost", t.cfg.Cost.Name())
	}
	if _, ok := any(t.net.Weights()).([]float32); !ok {
		return say.Error("cluster.precision")
	}
	k := &ranks[T]{Reducer: r, blocks: blocks}
	cut := k.cut(min(t.cfg.Batch, t.x.Rows))
	pass, err := t.net.NewBlocks(max(cut.rows(), 1), max(len(cut.ends), 1), t.cfg.Seed)
	if err != nil {
		return err
	}
	for _, s := range t.net.Spans() {
		k.own.Spans = append(k.own.Spans, [2]int{s.Start, s.End})
	}
	k.also = make([]float64, 1+min(blocks, t.cfg.Batch))
	t.pass, t.ranks, t.room = pass, k, newRoom(t.x, t.y, max(cut.rows(), 1))
	return nil
}

// piece is a rank's part of a batch.
type piece struct {
	from, first int   // its first row in the batch, its first block
	ends        []int // of its blocks, from its own first row on
	blocks      int   // of the whole batch
}

func (p piece) rows() int {
	if len(p.ends) == 0 {
		return 0
	}
	return p.ends[len(p.ends)-1]
}

// cut is this rank's part of a batch of n rows: blocks as equal as can be, each rank as many as the others or one more.
func (k *ranks[T]) cut(n int) piece {
	rank, of := k.Place()
	b := min(k.blocks, n)
	p := piece{first: rank * b / of, blocks: b}
	p.from = p.first * n / b
	for i := p.first; i < (rank+1)*b/of; i++ {
		p.ends = append(p.ends, (i+1)*n/b-p.from)
	}
	return p
}

// shared is the cost of the batch whose rows of this rank are b, with the gradient summed over all ranks.
func (t *Trainer[T]) shared(ctx context.Context, b Batch[T], n int) (float64, error) {
	k := t.ranks
	p := k.cut(n)
	k.also = k.also[:1+p.blocks]
	for i := range k.also {
		k.also[i] = math.Inf(-1)
	}
	if ctx.Err() != nil {
		k.also[0] = 1
	}
	k.own.Gradients, k.own.Shares = nil, k.own.Shares[:0]
	if b.X.Rows > 0 {
		t.block(b, p, n)
	}
	g, _ := any(t.pass.Gradient()).([]float32)
	err := k.Sum(ctx, g, k.own, k.also)
	k.stopped = k.stopped || k.also[0] > 0
	e := 0.
	for i, v := range k.also[1:] {
		e += float64(v * float64((i+1)*n/p.blocks-i*n/p.blocks))
	}
	e /= float64(n)
	if bad, ok := err.(NotFinite); ok {
		return e, t.divergedApart(ctx, p, t.net.Spans()[bad.Tensor].Layer+1, math.NaN())
	}
	if err == nil && !finite(t.place.Sum+float64(e*float64(n))) {
		return e, t.divergedApart(ctx, p, len(t.net.Layers()), e)
	}
	return e, err
}

// block computes this rank's blocks.
func (t *Trainer[T]) block(b Batch[T], p piece, n int) {
	k := t.ranks
	t.pass.Place(p.from)
	t.pass.Forward(b.X)
	k.e = append(k.e[:0], make([]float64, len(p.ends))...)
	t.pass.LearnBlocks(t.cfg.Cost, b.Y, p.ends, k.e)
	from := 0
	for i, to := range p.ends {
		if k.also[1+p.first+i] = k.e[i]; math.IsNaN(k.e[i]) {
			k.also[1+p.first+i] = math.Inf(1)
		}
		k.own.Shares = append(k.own.Shares, float64(to-from)/float64(n))
		from = to
	}
	k.own.Gradients, _ = any(t.pass.Blocks()).([][]float32)
}

// divergedApart is diverged of a batch that lies on many ranks: the first layer with a number that is not finite, and the first such
// number of it; else what the caller knows.
func (t *Trainer[T]) divergedApart(ctx context.Context, p piece, layer int, value float64) error {
	found := make([]float64, 2*p.blocks) // −layer of each block, and which number
	for i := range found {
		found[i] = math.Inf(-1)
	}
	from := 0
	for i, to := range p.ends {
		found[p.first+i], found[p.blocks+p.first+i] = -math.MaxFloat64, 0
		if at, v, bad := t.notFinite(from, to); bad {
			found[p.first+i], found[p.blocks+p.first+i] = -float64(at), math.Copysign(1, v)
			if math.IsNaN(v) {
				found[p.blocks+p.first+i] = 0
			}
		}
		from = to
	}
	if err := t.ranks.Most(ctx, found); err != nil {
		return err
	}
	first := -math.MaxFloat64
	for i, v := range found[:p.blocks] {
		if v > first {
			first, layer, value = v, int(-v), math.NaN()
			if sign := found[p.blocks+i]; sign != 0 {
				value = math.Inf(int(sign))
			}
		}
	}
	return t.failure(t.place.Iteration+1, layer, value)
}

// notFinite finds the first layer in which a row from … to−1 of the last pass went wrong.
func (t *Trainer[T]) notFinite(from, to int) (layer int, value float64, bad bool) {
	for i := range t.net.Layers() {
		c := t.pass.Cells(i)
		for _, cell := range []mat.Matrix[T]{c.O, c.H} {
			if cell.Rows >= to {
				if v, bad := notFinite(cell.Data[from*cell.Cols : to*cell.Cols]); bad {
					return i + 1, v, true
				}
			}
		}
	}
	return 0, 0, false
}

// costs is the sum of the costs of chunk after chunk of the validation part, in their order; f computes one.
func (k *ranks[T]) costs(ctx context.Context, chunks int, f func(chunk int) float64) (sum float64, err error) {
	rank, of := k.Place()
	v := make([]float64, 2*chunks) // the cost, and whether it is NaN
	for i := range v {
		v[i] = math.Inf(-1)
	}
	for i := rank; i < chunks; i += of {
		if v[i] = f(i); math.IsNaN(v[i]) {
			v[i], v[chunks+i] = 0, 1
		}
	}
	if err := k.Most(ctx, v); err != nil {
		return 0, err
	}
	for i, e := range v[:chunks] {
		if v[chunks+i] > 0 {
			e = math.NaN()
		}
		sum += e
	}
	return sum, nil
}
