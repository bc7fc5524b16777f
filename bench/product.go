package bench

import (
	"fmt"
	"math/rand/v2"

	"gradus/activation"
	"gradus/mat"
	"gradus/optimizer"
)

// forms are the three products of training, by the letters of BLAS: N as it lies, T transposed.
var forms = []struct {
	name string
	run  func(c, a, b mat.Matrix[float32])
}{
	{"NT", mat.MulT[float32]},
	{"TN", mat.MulTA[float32]},
	{"NN", mat.Mul[float32]},
}

// productJobs are gemm-NT-128 … gemm-NN-2048: square products.
func productJobs(r *run, add func(*job)) {
	rng := rand.New(rand.NewPCG(r.Seed, 1))
	for _, n := range []int{128, 256, 512, 1024, 2048} {
		if r.Quick && n > 512 {
			continue
		}
		a, b, c := uniform(rng, n, n), uniform(rng, n, n), mat.New[float32](n, n)
		size := float64(n)
		for _, f := range forms {
			add(&job{
				result: Result{Work: fmt.Sprintf("gemm-%s-%d", f.name, n)}, steps: 1,
				cost:   price{flops: 2 * size * size * size, bytes: 16 * size * size, holds: 12 * size * size},
				repeat: func() error { f.run(c, a, b); return nil },
			})
		}
	}
}

func uniform(rng *rand.Rand, rows, cols int) mat.Matrix[float32] {
	m := mat.New[float32](rows, cols)
	for i := range m.Data {
		m.Data[i] = 8*rng.Float32() - 4
	}
	return m
}

// An elementary function counts as so many operations; the optimizer's are counted.
const (
	elementary  = 20
	adamFlops   = 12
	adamBytes   = 28 // w, m, v read and written, g read
	elements    = 10_000
	manyWeights = 100_000
)

// vectorJobs are activations over 10,000 numbers in rows of 100, and Adam over 100,000 weights; a step is one number, one weight.
func vectorJobs(r *run, add func(*job)) {
	rng := rand.New(rand.NewPCG(r.Seed, 2))
	o, h := uniform(rng, elements/100, 100), mat.New[float32](elements/100, 100)
	for _, f := range activation.All[float32]() {
		switch f.Name() {
		case "sigmoid", "tanh", "gelu", "silu", "softmax", "relu":
			add(&job{
				result: Result{Work: "vector-" + f.Name()}, steps: elements,
				cost:   price{flops: elementary, bytes: 8, holds: 8 * elements},
				repeat: func() error { f.Forward(h, o); return nil },
			})
		}
	}
	w, g := uniform(rng, 1, manyWeights), uniform(rng, 1, manyWeights)
	rule, err := optimizer.NewAdam[float32](manyWeights, optimizer.Reference, optimizer.AdamConfig{})
	add(&job{
		result: Result{Work: "vector-adam", Optimizer: "adam"}, steps: manyWeights,
		cost: price{flops: adamFlops, bytes: adamBytes, holds: 16 * manyWeights},
		repeat: func() error {
			if err == nil {
				rule.Step(1e-6, w.Data, g.Data)
			}
			return err
		},
	})
}
