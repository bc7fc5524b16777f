package kernel

import "math"

// The elementary functions carry what rounding loses in a second float64: a value is the unevaluated sum hi+lo, about 106 bits.
// The exact sum is Knuth's, the exact product is Dekker's (T. J. Dekker, Numerische Mathematik 18, 1971); neither needs a fused operation.

// Sum is a+b as s, rounded, and e, exactly what the rounding lost.
func Sum(a, b float64) (s, e float64) {
	s = a + b
	t := s - a
	return s, (a - (s - t)) + (b - t)
}

// sumOrdered is Sum for |a| ≥ |b|.
func sumOrdered(a, b float64) (s, e float64) {
	s = a + b
	return s, b - (s - a)
}

// Product is a·b as p, rounded, and e, what the rounding lost (exact to 2⁻¹⁰⁶ of p while nothing overflows or underflows).
func Product(a, b float64) (p, e float64) {
	p = float64(a * b)
	ah, bh := upper(a), upper(b)
	al, bl := a-ah, b-bh
	e = float64(ah*bh) - p
	e += float64(ah * bl)
	e += float64(al * bh)
	return p, e + float64(al*bl)
}

// upper keeps the first 26 bits of a: products of two such halves are exact.
func upper(a float64) float64 { return math.Float64frombits(math.Float64bits(a) &^ (1<<27 - 1)) }

// quotient is (ah+al)/(bh+bl) with one rounding and a little: the first quotient's remainder is formed exactly.
func quotient(ah, al, bh, bl float64) float64 {
	q := ah / bh
	p, e := Product(q, bh)
	return q + (((ah-p)-e)+(al-float64(q*bl)))/bh
}

// horner is c₀ + c₁x + c₂x² + …
func horner(x float64, c []float64) float64 {
	s := 0.0
	for i := len(c) - 1; i >= 0; i-- {
		s = float64(s*x) + c[i]
	}
	return s
}
