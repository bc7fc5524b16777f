package metric

import "math"

// ChiSquareTail is P(X ≥ x) of the chi-square distribution with df degrees of freedom: the p of a test; undefined where x is or df is 0.
func ChiSquareTail(x float64, df int) Number {
	if math.IsNaN(x) || df < 1 {
		return undefined
	}
	return Number(chiTail(x, float64(df)))
}

// chiTail is P(X ≥ x) of the chi-square distribution with df degrees of freedom: Q(df/2, x/2).
func chiTail(x, df float64) float64 { return gammaTail(df/2, x/2) }

// gammaTail is the regularised upper incomplete gamma function Q(a, x): the series of P below a+1, Lentz's continued fraction above
// (Abramowitz and Stegun 6.5.29, 6.5.31).
func gammaTail(a, x float64) float64 {
	if !(x > 0) {
		return 1
	}
	logGamma, _ := math.Lgamma(a)
	front := math.Exp(a*math.Log(x) - x - logGamma)
	if x < a+1 {
		term, sum := 1/a, 1/a
		for n := a + 1; term > sum*1e-17; n++ {
			term *= x / n
			sum += term
		}
		return 1 - front*sum
	}
	b := x + 1 - a
	c, d := math.Inf(1), 1/b
	h := d
	for i := 1.; i < 100000; i++ {
		step := i * (a - i)
		b += 2
		d = 1 / nonzero(b+step*d, 1e-300)
		c = nonzero(b+step/c, 1e-300)
		h *= d * c
		if math.Abs(d*c-1) < 1e-16 {
			break
		}
	}
	return front * h
}
