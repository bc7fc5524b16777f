package kernel

import "math"

// Pow is xʸ = e^(y·log x), the logarithm and the product in two float64s. Largest error measured .52 ulp.
//
// In order: Pow(x, ±0) = 1, Pow(1, y) = 1, NaN of a NaN; Pow(−1, ±Inf) = 1; for y = ±Inf the limit by |x| < 1 or > 1;
// Pow(±0, y) and Pow(±Inf, y) are 0 or Inf by the sign of y, negative where the base is negative (−0 included) and y an odd integer;
// Pow(x < 0, y) = NaN where y is no integer.
func Pow(x, y float64) float64 {
	switch {
	case y == 0 || x == 1:
		return 1
	case x != x || y != y:
		return math.NaN()
	case math.IsInf(y, 0):
		return powInfinite(math.Abs(x), y > 0)
	}
	sign := 1.0
	if math.Signbit(x) {
		whole, odd := integer(y)
		if x < 0 && !whole && !math.IsInf(x, -1) {
			return math.NaN()
		}
		if odd {
			sign = -1
		}
	}
	return sign * powPositive(math.Abs(x), y)
}

// powPositive is xʸ for x ≥ 0 and finite y ≠ 0.
func powPositive(x, y float64) float64 {
	if x == 0 || x > math.MaxFloat64 {
		if (x == 0) == (y > 0) {
			return 0
		}
		return math.Inf(1)
	}
	l, ll := logDouble(x, 0)
	switch p := y * l; {
	case p > 710:
		return math.Inf(1)
	case p < -746:
		return 0
	case math.Abs(p) < 0x1p-60:
		return 1
	}
	p, pl := Product(y, l)
	return ExpSum(p, pl+float64(y*ll))
}

// powInfinite is xʸ for x ≥ 0 and y = +Inf (rising) or −Inf.
func powInfinite(x float64, rising bool) float64 {
	switch {
	case x == 1:
		return 1
	case (x > 1) == rising:
		return math.Inf(1)
	}
	return 0
}

// integer tells whether the finite y is a whole number, and whether an odd one: from 2⁵³ on all are even.
func integer(y float64) (whole, odd bool) {
	y = math.Abs(y)
	whole = math.Floor(y) == y
	return whole, whole && y < 0x1p53 && int64(y)&1 == 1
}
