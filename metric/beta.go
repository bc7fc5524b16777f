package metric

import "math"

// incompleteBeta is the regularised incomplete beta function I(a, b; x), rest = 1 − x without its cancellation, by Lentz's continued fraction
// (Abramowitz and Stegun 26.5.8), on the side of the mean where it converges fast.
func incompleteBeta(a, b, x, rest float64) float64 {
	if x <= 0 || rest <= 0 {
		return math.Max(0, math.Min(1, x))
	}
	if x > (a+1)/(a+b+2) {
		return 1 - incompleteBeta(b, a, rest, x)
	}
	return betaFront(a, b, x, rest) * betaFraction(a, b, x) / a
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

func betaFraction(a, b, x float64) float64 {
	const tiny = 1e-300
	c, d := 1., 1/nonzero(1-(a+b)*x/(a+1), tiny)
	h := d
	for m := 1.; m < 100000; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d = 1 / nonzero(1+even*d, tiny)
		c = nonzero(1+even/c, tiny)
		h *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d = 1 / nonzero(1+odd*d, tiny)
		c = nonzero(1+odd/c, tiny)
		h *= d * c
		if math.Abs(d*c-1) < 2e-16 {
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
