package activation

import "gradus/mat"

// DefaultSlope is the slope of a LeakyReLU that names none.
const DefaultSlope = .01

// LeakyReLU is f(o) = o for o > 0, else Slope·o; f′(o) = 1 for o > 0, else Slope, deck 4-2-6. At 0, where no derivative exists, f′ = Slope.
type LeakyReLU[T mat.Float] struct {
	Slope float64 // of the negative side; 0 stands for DefaultSlope
}

// Name is "leaky-relu".
func (LeakyReLU[T]) Name() string { return "leaky-relu" }

func (f LeakyReLU[T]) slope() float64 {
	if f.Slope == 0 {
		return DefaultSlope
	}
	return f.Slope
}

// Forward writes h = o where o > 0, else Slope·o: −0 at −0, ∓Inf at −Inf by the sign of Slope.
func (f LeakyReLU[T]) Forward(h, o mat.Matrix[T]) {
	slope, out := f.slope(), h.Data[:len(o.Data)]
	for i, x := range o.Data {
		if !(x > 0) {
			x = T(slope * float64(x))
		}
		out[i] = x
	}
}

// Backward writes do = dh where o > 0, else Slope·dh.
func (f LeakyReLU[T]) Backward(do, dh, o, _ mat.Matrix[T]) {
	slope, out, d := f.slope(), do.Data[:len(o.Data)], dh.Data[:len(o.Data)]
	for i, x := range o.Data {
		switch {
		case x > 0:
			out[i] = d[i]
		case x == x:
			out[i] = T(slope * float64(d[i]))
		default:
			out[i] = x
		}
	}
}
