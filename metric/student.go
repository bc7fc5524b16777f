package metric

import "math"

// studentTails is P(|T| ≥ |t|) of Student's distribution with df degrees of freedom: I(df/2, ½; df/(df+t²)).
func studentTails(t, df float64) float64 {
	return incompleteBeta(df/2, .5, df/(df+t*t), t*t/(df+t*t))
}

// incompleteBeta is the regularised incomplete beta function I(a, b; x), rest = 1 − x without its cancellation, by Lentz's continued fraction
// (Abramowitz and Stegun 26.5.8), on the side of the mean where it converges fast.
func incompleteBeta(a, b, x, rest float64) float64 {
	if x <= 0 || rest <= 0 {
		return math.Max(0, math.Min(1, x))
	}
	if x > (a+1)/(a+b+2) {
		return 1 - incompleteBeta(b, a, rest, x)
	}
	front := math.Exp(a*ln(x, rest) + b*ln(rest, x) - logBeta(a, b))
	return front * betaFraction(a, b, x) / a
}

// logBeta is ln Γ(a)Γ(b)/Γ(a+b); a large argument beside ½ goes by Stirling's series, where the gammas would cancel.
func logBeta(a, b float64) float64 {
	if big := max(a, b); min(a, b) == .5 && big > 1e4 {
		return .5*math.Log(math.Pi) - .5*math.Log(big) + 1/(8*big) - 1/(192*big*big*big)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	return la + lb - lab
}

// ln is ln x where rest = 1 − x.
func ln(x, rest float64) float64 {
	if rest < .5 {
		return math.Log1p(-rest)
	}
	return math.Log(x)
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
		if math.Abs(d*c-1) < 1e-16 {
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
