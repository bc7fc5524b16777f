package cluster

import (
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"gradus/train"
)

// summed is the sum of blocks, dealt out to ranks in that order.
func summed(t *testing.T, ranks int, blocks [][]float32, shares []float64, spans [][2]int, order []int) ([]float32, error) {
	t.Helper()
	var lock sync.Mutex
	var results [][]float32
	var failure error
	everywhere(t, ranks, func(j *Job) {
		rank, _ := j.Place()
		own := train.Blocks{Spans: spans}
		for i := rank * len(order) / ranks; i < (rank+1)*len(order)/ranks; i++ {
			own.Gradients, own.Shares = append(own.Gradients, blocks[order[i]]), append(own.Shares, shares[order[i]])
		}
		g, also := make([]float32, len(blocks[0])), []float64{float64(rank)}
		err := j.Sum(t.Context(), g, own, also)
		lock.Lock()
		defer lock.Unlock()
		if results, failure = append(results, g), err; also[0] != float64(ranks-1) {
			t.Errorf("also: %v of %d ranks", also, ranks)
		}
	})
	for _, g := range results[1:] {
		if failure == nil && !same(g, results[0]) {
			t.Errorf("%d ranks do not agree", ranks)
		}
	}
	return results[0], failure
}

func same(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
}

// numbers draws gradients of one kind: ordinary ones, of all sizes, with denormals, with the largest.
func numbers(r *rand.Rand, kind string, n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		x := r.NormFloat64()
		switch kind {
		case "all sizes":
			x *= math.Ldexp(1, r.IntN(60)-30)
		case "denormal":
			x *= 0x1p-149 * float64(r.IntN(9))
		case "largest":
			x = math.MaxFloat32 * float64(r.IntN(3)-1)
		case "one":
			x = map[bool]float64{true: math.MaxFloat32, false: 0x1p-149}[i == 0]
		case "zero":
			x = math.Copysign(0, x)
		}
		v[i] = float32(x)
	}
	return v
}

// The sum has the same bits for any number of ranks and any order of the blocks, and is that of the numbers as nearly as a float tells.
func TestExactSum(t *testing.T) {
	const n = 301
	spans := [][2]int{{0, 100}, {100, 101}, {101, 101}, {101, n}}
	for _, kind := range []string{"ordinary", "all sizes", "denormal", "largest", "one", "zero"} {
		for _, count := range []int{1, 3, 8, 64} {
			r := rand.New(rand.NewPCG(uint64(count), 5))
			var blocks [][]float32
			shares := make([]float64, count)
			for i := range count {
				blocks = append(blocks, numbers(r, kind, n))
				shares[i] = float64((i+1)*1000/count-i*1000/count) / 1000
			}
			order := r.Perm(count)
			want, err := summed(t, 1, blocks, shares, spans, order)
			if err != nil {
				t.Fatal(err)
			}
			check(t, kind, want, blocks, shares, spans)
			for _, ranks := range []int{2, 3, 4, 7, 65} {
				if got, err := summed(t, ranks, blocks, shares, spans, r.Perm(count)); err != nil || !same(got, want) {
					t.Errorf("%s: %d blocks on %d ranks: other bits, %v", kind, count, ranks, err)
				}
			}
		}
	}
}

// check compares with the sum in 200 bits: within half a last place of float32, and 2^−50 of the largest block's norm in the tensor.
func check(t *testing.T, kind string, got []float32, blocks [][]float32, shares []float64, spans [][2]int) {
	t.Helper()
	for _, s := range spans {
		norm := 0.
		for _, b := range blocks {
			square := 0.
			for _, v := range b[s[0]:s[1]] {
				square += float64(v) * float64(v)
			}
			norm = max(norm, math.Sqrt(square))
		}
		for i := s[0]; i < s[1]; i++ {
			sum := new(big.Float).SetPrec(200)
			for k, b := range blocks {
				sum.Add(sum, new(big.Float).SetPrec(200).Mul(big.NewFloat(float64(b[i])), big.NewFloat(shares[k])))
			}
			want, _ := sum.Float64()
			if e := math.Abs(float64(got[i]) - want); e > math.Abs(want)*0x1p-24+norm*0x1p-50+0x1p-150 {
				t.Fatalf("%s: number %d is %v, not %v", kind, i, got[i], want)
			}
		}
	}
}

// NaN and infinities of any one block are told to every rank, the first tensor named.
func TestNotFinite(t *testing.T) {
	spans := [][2]int{{0, 10}, {10, 20}, {20, 30}}
	for _, bad := range []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))} {
		for block := range 4 {
			r := rand.New(rand.NewPCG(1, 2))
			var blocks [][]float32
			for range 4 {
				blocks = append(blocks, numbers(r, "ordinary", 30))
			}
			blocks[block][25], blocks[3-block][13] = bad, bad
			_, err := summed(t, 3, blocks, []float64{.25, .25, .25, .25}, spans, []int{0, 1, 2, 3})
			if e, ok := errors.AsType[train.NotFinite](err); !ok || e.Tensor != 1 || e.Error() == "" {
				t.Errorf("%v in block %d: %v", bad, block, err)
			}
		}
	}
}
