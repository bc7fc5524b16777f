package kernel

import "math"

// Tanh is m/(m+2) with m = e²ˣ − 1 in two float64s. Largest error measured .51 ulp.
//
// Tanh(±0) = ±0, Tanh(±Inf) = ±1, Tanh(NaN) = NaN; ±1 from |x| = 22 on.
func Tanh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case x != x || a < 0x1p-28:
		return x
	case a >= 22:
		return math.Copysign(1, x)
	}
	m, ml := expm1Double(2 * a)
	d, dl := Sum(m, 2)
	return math.Copysign(quotient(m, ml, d, dl+ml), x)
}

// Sigmoid is 1/(1+e⁻ˣ), deck 4-2-3, in the form whose exponential cannot overflow. Largest error measured 2 ulp.
//
// Sigmoid(+Inf) = 1, Sigmoid(−Inf) = 0, Sigmoid(NaN) = NaN.
func Sigmoid(x float64) float64 {
	e := Exp(-math.Abs(x))
	if x < 0 {
		return e / (1 + e)
	}
	return 1 / (1 + e)
}

// SigmoidSum is Sigmoid(hi+lo) for an argument known to more than a float64, |lo| ≤ ulp(hi).
func SigmoidSum(hi, lo float64) float64 {
	if hi < 0 {
		e := ExpSum(hi, lo)
		return e / (1 + e)
	}
	return 1 / (1 + ExpSum(-hi, -lo))
}
