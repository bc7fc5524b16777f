package bench

import (
	"fmt"
	"math"

	"gradus/internal/kernel"
)

// forms are the three products of training, by the letters of BLAS: N as it lies, T transposed. They go through the calls that layers
// make, so that large ones are shared with the helpers.
var forms = []struct {
	name string
	run  func(s *kernel.Products[float32], c, a, b []float32, n int)
}{
	{"NT", func(s *kernel.Products[float32], c, a, b []float32, n int) { s.Affine(c, a, b, nil, n, n, n, false) }},
	{"TN", func(s *kernel.Products[float32], c, a, b []float32, n int) { s.MulTA(c, a, b, n, n, n) }},
	{"NN", func(s *kernel.Products[float32], c, a, b []float32, n int) { s.Mul(c, a, b, nil, n, n, n) }},
}

// productJobs are gemm-NT-128 … gemm-NN-2048: square products.
func productJobs(r *run, add func(*job)) {
	for _, n := range []int{128, 256, 512, 1024, 2048} {
		if r.Quick && n > 512 {
			continue
		}
		a, b, c := pattern(n*n, 37, 1021, 256), pattern(n*n, 53, 1013, 256), make([]float32, n*n)
		size := float64(n)
		for _, f := range forms {
			products := new(kernel.Products[float32])
			add(&job{
				result: Result{Work: fmt.Sprintf("gemm-%s-%d", f.name, n)}, steps: 1,
				cost:   price{flops: 2 * size * size * size, bytes: 16 * size * size, holds: 12 * size * size},
				repeat: func() error { f.run(products, c, a, b, n); return nil },
				losses: func() []float64 { return []float64{meanSize(c), float64(c[n-1]), float64(c[n*(n-1)])} },
			})
		}
	}
}

// pattern is n numbers about 0 that every program makes alike, exactly: ((step·i mod period) − ⌊period/2⌋) / scale.
func pattern(n, step, period int, scale float32) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(i*step%period-period/2) / scale
	}
	return v
}

// meanSize is the mean of |v|.
func meanSize(v []float32) (sum float64) {
	for _, x := range v {
		sum += math.Abs(float64(x))
	}
	return sum / float64(len(v))
}
