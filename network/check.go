package network

import (
	"math"

	"gradus/cost"
	"gradus/mat"
)

// Difference is where backpropagation and finite differences part most.
type Difference struct {
	Relative float64 // |finite − backpropagation| ÷ max(|finite|, |backpropagation|, the largest gradient ÷ 1000)
	Weight   int     // index into Weights
}

// Check compares the gradient of a pass at x (n,in), y with central finite differences of the cost, weight by weight, deck 4-5.
// The difference quotient has five points, E(w±s) and E(w±2s), error O(s⁴). Where the cost has a kink near w (ReLU, MAE) a
// smaller s decides. The weights are left as they were.
func Check(net *Network[float64], c cost.Func[float64], x, y mat.Matrix[float64], seed uint64) Difference {
	p := net.NewPass(x.Rows, seed)
	evaluate := func() float64 {
		p.Iteration(0)
		return c.Forward(p.Forward(x), y)
	}
	evaluate()
	p.BackwardPlain(c, y, true)
	g, largest := append([]float64(nil), p.Gradient()...), 0.
	for _, v := range g {
		largest = max(largest, math.Abs(v))
	}
	var worst Difference
	for i, w := range net.w {
		best := math.Inf(1)
		for _, step := range []float64{1e-3, 1e-4, 1e-5, 1e-6} {
			finite := slope(&net.w[i], w, step*max(1, math.Abs(w)), evaluate)
			floor := max(math.Abs(finite), math.Abs(g[i]), largest/1000, 1e-300)
			best = min(best, math.Abs(finite-g[i])/floor)
			if best < 1e-9 {
				break
			}
		}
		if best > worst.Relative || math.IsNaN(best) {
			worst = Difference{best, i}
		}
	}
	return worst
}

// slope is (E(w−2s) − 8E(w−s) + 8E(w+s) − E(w+2s)) / 12s, and puts w back.
func slope(at *float64, w, s float64, evaluate func() float64) float64 {
	value := func(shift float64) float64 {
		*at = w + shift
		return evaluate()
	}
	near := value(s) - value(-s)
	far := value(2*s) - value(-2*s)
	*at = w
	return (float64(8*near) - far) / (12 * s)
}
