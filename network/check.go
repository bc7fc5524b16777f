package network

import (
	"math"

	"gradus/cost"
	"gradus/mat"
)

// Difference is where backpropagation and finite differences part most.
type Difference struct {
	Relative float64 // |finite − backpropagation| ÷ max(|finite|, |backpropagation|, the largest gradient ÷ 1000)
	Weight   int     // index into Weights, for CheckInputs into the inputs row by row
}

// Check compares the gradient of a pass at x (n,in), y with central finite differences of the cost, weight by weight, deck 4-5.
// The difference quotient has five points, E(w±s) and E(w±2s), error O(s⁴). Where the cost has a kink near w (ReLU, MAE) a
// smaller s decides. The weights are left as they were.
func Check(net *Network[float64], c cost.Func[float64], x, y mat.Matrix[float64], seed uint64) Difference {
	p, evaluate := checked(net, c, x, y, seed)
	p.BackwardPlain(c, y, true)
	return compare(net.w, p.Gradient(), evaluate)
}

// CheckInputs is Check of ∂E/∂x, what the first layer would hand to one before it.
func CheckInputs(net *Network[float64], c cost.Func[float64], x, y mat.Matrix[float64], seed uint64) Difference {
	x = x.Clone()
	p, evaluate := checked(net, c, x, y, seed)
	dx := p.BackwardPlain(c, y, false)
	return compare(x.Data, dx.Data, evaluate)
}

// checked is a pass that went forward once, and its cost as a function of whatever changes.
func checked(net *Network[float64], c cost.Func[float64], x, y mat.Matrix[float64], seed uint64) (*Pass[float64], func() float64) {
	p := net.NewPass(x.Rows, seed)
	evaluate := func() float64 {
		p.Iteration(0)
		return c.Forward(p.Forward(x), y)
	}
	evaluate()
	return p, evaluate
}

// compare takes the gradient g of the live values v, which evaluate reads, and returns where it is worst.
func compare(v, g []float64, evaluate func() float64) Difference {
	g = append([]float64(nil), g...)
	largest := 0.
	for _, x := range g {
		largest = max(largest, math.Abs(x))
	}
	var worst Difference
	for i, at := range v {
		best := math.Inf(1)
		for _, step := range []float64{1e-3, 1e-4, 1e-5, 1e-6} {
			finite := slope(&v[i], at, step*max(1, math.Abs(at)), evaluate)
			floor := max(math.Abs(finite), math.Abs(g[i]), largest/1000, 1e-300)
			if d := math.Abs(finite-g[i]) / floor; d < best { // a step out of the cost's domain, NaN, decides nothing
				best = d
			}
			if best < 1e-9 {
				break
			}
		}
		if best > worst.Relative {
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
