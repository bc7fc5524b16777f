package cluster

import (
	"context"
	"math"

	"gradus/internal/kernel"
	"gradus/train"
)

// bits of a sum: |Σ share·g|·scale stays below 2^bits, and what 2²⁰ blocks lose of their fractions fits above it.
const bits = 61

// stretch is how many numbers are turned whole before the next block's: their sums stay in the cache.
const stretch = 1 << 13

// Sum is g := Σ share·gradient over the blocks of all ranks, and exact: each number is put on a grid of 2^−k of its tensor before
// anything is added, and whole numbers have a sum that no order changes. The grid follows from the largest ‖gradient‖₂ that a block of
// any rank has in the tensor, which no number in it exceeds; 61 bits below that are kept, where a float32 has 24.
func (j *Job) Sum(_ context.Context, g []float32, own train.Blocks, also []float64) error {
	most := append(append(j.most[:0], also...), make([]float64, len(own.Spans))...)
	j.most = most
	for i, span := range own.Spans {
		for _, block := range own.Gradients {
			most[len(also)+i] = max(most[len(also)+i], squares(block[span[0]:span[1]]))
		}
	}
	if err := j.Call(func() error { return j.wire.Most(most) }); err != nil {
		return err
	}
	copy(also, most)
	for i, square := range most[len(also):] {
		if math.IsInf(square, 1) {
			return train.NotFinite{Tensor: i}
		}
	}
	grid := most[len(also):]
	return j.Call(func() error {
		return j.wire.Sum(g, func(v []int64, from int) { whole(v, from, own, grid) }, func(to []float32, v []int64, from int) {
			each(own.Spans, from, len(v), func(i, start, end int) {
				kernel.FromWhole(to[start-from:end-from], v[start-from:end-from], math.Ldexp(1, -exponent(grid[i])))
			})
		})
	})
}

// each calls f with the parts of the tensors that lie within n numbers from from on.
func each(spans [][2]int, from, n int, f func(tensor, start, end int)) {
	for i, s := range spans {
		if start, end := max(s[0], from), min(s[1], from+n); start < end {
			f(i, start, end)
		}
	}
}

// squares is Σ x² in float64, where no square overflows; +Inf where a number is not finite.
func squares(x []float32) float64 {
	sum, done := kernel.SquareSum(x)
	if !done {
		for _, v := range x {
			sum += float64(float64(v) * float64(v))
		}
	}
	if math.IsNaN(sum) {
		return math.Inf(1)
	}
	return sum
}

// exponent is k of the grid 2^−k of a tensor whose blocks have at most the given Σ x².
func exponent(square float64) int {
	_, e := math.Frexp(math.Sqrt(square)) // below 2^e
	return bits - e
}

// whole is v = Σ share·gradient on the grids of the tensors, over own blocks, of the numbers from from on.
func whole(v []int64, from int, own train.Blocks, squares []float64) {
	each(own.Spans, from, len(v), func(tensor, first, last int) {
		k := exponent(squares[tensor])
		for start := first; start < last; start += stretch {
			end := min(start+stretch, last)
			sum := v[start-from : end-from]
			clear(sum)
			for i, block := range own.Gradients {
				kernel.AddWhole(sum, block[start:end], math.Ldexp(own.Shares[i], k))
			}
		}
	})
}
