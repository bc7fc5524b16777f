package metric

import "math"

// kolmogorovTail is P(Dₙ > d) of Kolmogorov's statistic, by the ways that Simard and L'Ecuyer (2011) found best: twice Smirnov's one-sided sum
// in the tail, Marsaglia, Tsang and Wang's (2003) matrix power for few rows or a small d, Pelz and Good's (1976) series between.
func kolmogorovTail(d, n float64) float64 {
	square := n * d * d
	switch {
	case d <= 0:
		return 1
	case d >= 1:
		return 0
	case n > 140 && square >= 2.2 || square > 4:
		return 2 * smirnovTail(d, n)
	case n <= 140, n <= 1e5 && n*math.Pow(d, 1.5) <= 1.4:
		return max(0, 1-marsaglia(d, int(n)))
	}
	return max(0, min(1, 1-pelzGood(d, n)))
}

// pelzGood is K₀(z) + K₁(z)/√n + K₂(z)/n + K₃(z)/n√n at z = d·√n, each a sum of theta terms: those over half odd numbers h = k+½ weigh
// exp(−π²h²/2z²), those over whole ones exp(−π²k²/2z²).
func pelzGood(d, n float64) float64 {
	z := d * math.Sqrt(n)
	z2, z4, z6, z8 := z*z, math.Pow(z, 4), math.Pow(z, 6), math.Pow(z, 8)
	var k0, k1, k2, k3, w2, w3 float64
	for k := 0.; k < 60; k++ {
		a := math.Pi * math.Pi * (k + .5) * (k + .5)
		e := 2 * math.Exp(-a/(2*z2)) // k and −k−1
		k0 += e
		k1 += e * (a - z2)
		k2 += e * (6*z6 + 2*z4 + a*(2*z4-5*z2) + a*a*(1-2*z2))
		k3 += e * (a*a*a*(5-30*z2) + a*a*(212*z4-60*z2) + a*(135*z4-96*z6) - 30*z6 - 90*z8)
		b := math.Pi * math.Pi * k * k
		f := 2 * math.Exp(-b/(2*z2))
		w2 += f * b
		w3 += f * b * (3*z2 - b)
	}
	half := math.Sqrt(math.Pi / 2)
	k0 *= half / z
	k1 *= half / (6 * z4)
	k2 = half * (k2/(72*z6*z) - w2/(36*z2*z))
	k3 = half * (k3/(6480*z8*z2) + w3/(216*z6))
	return k0 + k1/math.Sqrt(n) + k2/n + k3/(n*math.Sqrt(n))
}

// smirnovTail is d·Σ C(n,j)·(d+j/n)ʲ⁻¹·(1−d−j/n)ⁿ⁻ʲ over j ≤ n(1−d).
func smirnovTail(d, n float64) float64 {
	sum := math.Exp(n*math.Log1p(-d)) / d
	for j := 1.; j < n && 1-d-j/n > 0; j++ {
		p, q := d+j/n, 1-d-j/n
		log := stirling(n) - stirling(j) - stirling(n-j) - deviance(j, n*p) - deviance(n-j, n*q)
		sum += math.Sqrt(n/(2*math.Pi*j*(n-j))) * math.Exp(log) / p
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
