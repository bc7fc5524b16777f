package metric

import "math"

const exactRows = 2000 // beyond it the limit law, corrected to order 1/n, is as good

// kolmogorovTail is P(Dₙ > d) of Kolmogorov's statistic: twice Smirnov's one-sided sum in the far tail, Marsaglia, Tsang and Wang's (2003)
// matrix power elsewhere, Vrbik's (2018) corrected limit for many rows.
func kolmogorovTail(d, n float64) float64 {
	switch x := d * math.Sqrt(n); {
	case d <= 0:
		return 1
	case d >= 1:
		return 0
	case n > exactRows:
		return limitTail(x + 1/(6*math.Sqrt(n)) + (x-1)/(4*n))
	case x*x > 4:
		return 2 * smirnovTail(d, n)
	}
	return max(0, 1-marsaglia(d, int(n)))
}

// limitTail is 2Σ(−1)ᵏ⁻¹·exp(−2k²x²), or its theta twin where that is slow.
func limitTail(x float64) (sum float64) {
	if x < 1 {
		for k := 1.; k < 40; k += 2 {
			sum += math.Exp(-k * k * math.Pi * math.Pi / (8 * x * x))
		}
		return 1 - sum*math.Sqrt(2*math.Pi)/x
	}
	for k := 1.; k < 40; k += 2 {
		sum += math.Exp(-2*k*k*x*x) - math.Exp(-2*(k+1)*(k+1)*x*x)
	}
	return 2 * sum
}

// smirnovTail is d·Σ C(n,j)·(d+j/n)ʲ⁻¹·(1−d−j/n)ⁿ⁻ʲ over j ≤ n(1−d).
func smirnovTail(d, n float64) (sum float64) {
	whole, _ := math.Lgamma(n + 1)
	for j := 0.; j <= n*(1-d) && 1-d-j/n > 0; j++ {
		a, _ := math.Lgamma(j + 1)
		b, _ := math.Lgamma(n - j + 1)
		sum += math.Exp(whole - a - b + (j-1)*math.Log(d+j/n) + (n-j)*math.Log1p(-d-j/n))
	}
	return d * sum
}

// marsaglia is P(Dₙ < d) = n!/nⁿ·(Hⁿ)ₖₖ.
func marsaglia(d float64, n int) float64 {
	k := int(float64(n)*d) + 1
	m, h := 2*k-1, float64(k)-float64(n)*d
	a := make([]float64, m*m)
	for i := range m {
		for j := range min(i+2, m) {
			a[i*m+j] = 1
		}
	}
	for i := range m {
		a[i*m] -= math.Pow(h, float64(i+1))
		a[(m-1)*m+i] -= math.Pow(h, float64(m-i))
	}
	if 2*h > 1 {
		a[(m-1)*m] += math.Pow(2*h-1, float64(m))
	}
	for i := range m {
		for j := range min(i+2, m) {
			for g := 1; g <= i-j+1; g++ {
				a[i*m+j] /= float64(g)
			}
		}
	}
	p, exponent := power(a, m, n)
	s := p[(k-1)*m+k-1]
	for i := 1; i <= n; i++ {
		if s *= float64(i) / float64(n); s < 1e-140 {
			s, exponent = s*1e140, exponent-140
		}
	}
	return s * math.Pow(10, float64(exponent))
}

// power is aⁿ of the square matrix a (m,m), over 10^exponent.
func power(a []float64, m, n int) (p []float64, exponent int) {
	if n == 1 {
		return a, 0
	}
	half, e := power(a, m, n/2)
	p, exponent = times(half, half, m), 2*e
	if n%2 == 1 {
		p = times(a, p, m)
	}
	if p[m/2*m+m/2] > 1e140 {
		for i := range p {
			p[i] *= 1e-140
		}
		exponent += 140
	}
	return p, exponent
}

func times(a, b []float64, m int) []float64 {
	c := make([]float64, m*m)
	for i := range m {
		for k := range m {
			if v := a[i*m+k]; v != 0 {
				for j, w := range b[k*m : (k+1)*m] {
					c[i*m+j] += v * w
				}
			}
		}
	}
	return c
}
