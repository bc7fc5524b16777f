package train

import (
	"iter"
	"math/rand/v2"

	"gradus/internal/kernel"
	"gradus/mat"
)

// Batch is the rows of one iteration: x (n,in), y (n,out), live until the next one.
type Batch[T mat.Float] struct{ X, Y mat.Matrix[T] }

// orderStream tells the shuffles of a seed from its other draws.
const orderStream = 3 << 32

// Order writes the order in which epoch epoch of seed goes through the rows: every row once, another order each epoch. It depends
// on seed, epoch and row count alone.
func Order(rows []int, seed uint64, epoch int) {
	o := newOrder(0)
	o.rows = rows
	o.shuffle(seed, epoch)
}

// order is the order of the rows and the chance behind it, made once so that no epoch allocates.
type order struct {
	rows   []int
	source *rand.PCG
	r      *rand.Rand
}

func newOrder(rows int) order {
	source := rand.NewPCG(0, 0)
	return order{make([]int, rows), source, rand.New(source)}
}

func (o order) shuffle(seed uint64, epoch int) {
	for i := range o.rows {
		o.rows[i] = i
	}
	o.source.Seed(seed, orderStream|uint64(uint32(epoch)))
	o.r.Shuffle(len(o.rows), func(i, j int) { o.rows[i], o.rows[j] = o.rows[j], o.rows[i] })
}

// Batches goes once through all rows of x (n,in) and y (n,out) in the order of seed, size rows at a time, the last batch with
// what is left. A size below 1 means all rows at once.
func Batches[T mat.Float](x, y mat.Matrix[T], size int, seed uint64) iter.Seq[Batch[T]] {
	return func(yield func(Batch[T]) bool) {
		if size < 1 || size > x.Rows {
			size = x.Rows
		}
		order := make([]int, x.Rows)
		Order(order, seed, 1)
		room := newRoom(x, y, size)
		for start := 0; start < len(order); start += size {
			if !yield(room.gather(x, y, order[start:min(start+size, len(order))])) {
				return
			}
		}
	}
}

// room is the memory of a batch.
type room[T mat.Float] struct{ x, y mat.Matrix[T] }

func newRoom[T mat.Float](x, y mat.Matrix[T], size int) room[T] {
	size = min(size, x.Rows)
	return room[T]{mat.New[T](size, x.Cols), mat.New[T](size, y.Cols)}
}

// gather copies the named rows.
func (r room[T]) gather(x, y mat.Matrix[T], rows []int) Batch[T] {
	b := Batch[T]{r.x.Top(len(rows)), r.y.Top(len(rows))}
	kernel.Gather(b.X.Data, x.Data, x.Cols, rows)
	kernel.Gather(b.Y.Data, y.Data, y.Cols, rows)
	return b
}
