package metric

import "math"

// incompleteBeta is the regularised incomplete beta function I(a, b; x), rest = 1 − x without its cancellation, by a continued fraction
// in Lentz's way, on the side of the mean where it converges fast.
func incompleteBeta(a, b, x, rest float64) float64 {
	if x <= 0 || rest <= 0 {
		return math.Max(0, math.Min(1, x))
	}
	if x > (a+1)/(a+b+2) {
		return 1 - incompleteBeta(b, a, rest, x)
	}
	return betaFront(a, b, x, rest) / betaFraction(a, b, x, rest)
}

// betaFront is xᵃ(1−x)ᵇ/B(a, b) by the saddle point of the binomial (Loader 2000): logarithms of gammas would lose to their size what
// the deviances keep, at a + b of a million nine digits.
func betaFront(a, b, x, rest float64) float64 {
	n := a + b
	log := stirling(n) - stirling(a) - stirling(b) - deviance(a, n*x) - deviance(b, n*rest)
	return math.Sqrt(a*b/(2*math.Pi*n)) * math.Exp(log)
}

// stirling is ln Γ(n+1) − ln(√(2πn)·(n/e)ⁿ), the error of Stirling's formula.
func stirling(n float64) float64 {
	if n < 16 {
		g, _ := math.Lgamma(n + 1)
		return g - (n+.5)*math.Log(n) + n - .5*math.Log(2*math.Pi)
	}
	v := 1 / (n * n)
	return (1./12 - v*(1./360-v*(1./1260-v*(1./1680-v*(1./1188-v*691./360360))))) / n
}

// deviance is x·ln(x/m) + m − x, by the series in (x−m)/(x+m) where that is small.
func deviance(x, m float64) float64 {
	d := x - m
	v := d / (x + m)
	if math.Abs(v) >= .1 {
		return x*math.Log(x/m) - d
	}
	sum, term := d*v, 2*x*v
	for j := 3.; ; j += 2 {
		term *= v * v
		next := sum + term/j
		if next == sum {
			return sum
		}
		sum = next
	}
}

// betaFraction is the fraction that I(a, b; x) is the front over, by Didonato and Morris (1992): all of it positive, and rest where 1 − x would
// cancel.
func betaFraction(a, b, x, rest float64) float64 {
	const tiny = 1e-300
	term := func(m float64) float64 {
		return m + m*(b-m)*x/(a+2*m-1) + (a+m)*(a*rest-b*x+1+m*(1+rest))/(a+2*m+1)
	}
	h := nonzero(a*(a*rest-b*x+1)/(a+1), tiny) // term(0), which at a = 1 would be 0/0
	c, d := h, 0.
	for m := 1.; m < 100000; m++ {
		up, at := (a+m-1)*(a+b+m-1)*m*(b-m)*x*x/((a+2*m-1)*(a+2*m-1)), term(m)
		d = 1 / nonzero(at+up*d, tiny)
		c = nonzero(at+up/c, tiny)
		h *= c * d
		if math.Abs(c*d-1) < 2e-16 {
			break
		}
	}
	return h
}

func nonzero(v, tiny float64) float64 {
	if math.Abs(v) < tiny {
		return tiny
	}
	return v
}
