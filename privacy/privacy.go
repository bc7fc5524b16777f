// Package privacy tells how much a patient can lose by taking part: Rényi differential privacy of the Gaussian mechanism, alone and with
// random sampling, turned into ε at a δ.
package privacy

import (
	"math"
)

// Work is Gaussian noise used again and again: Steps times on a random share of the patients.
type Work struct {
	Share float64 `json:"share"` // q, the chance of a patient to be taken; 1: all
	Noise float64 `json:"noise"` // σ, in units of the largest part of one patient
	Steps int     `json:"steps"`
}

// orders are the α at which Rényi's divergence is bounded: those of dp-accounting.
func orders() []float64 {
	var list []float64
	for x := 1; x < 100; x++ {
		list = append(list, 1+float64(x)/10)
	}
	for a := 11; a < 64; a++ {
		list = append(list, float64(a))
	}
	return append(list, 128, 256, 512, 1024)
}

// Epsilon is the least ε so that all the work together is (ε, δ)-differentially private for adding or removing one patient.
//
// For each order α the divergences add up: ρ(α) = Σ steps·RDP(q, σ, α). Then
//
//	ε = min over α of ρ(α) + ln(1 − 1/α) − (ln δ + ln α)/(α − 1)
//
// (Canonne, Kamath and Steinke 2020, Proposition 12), never below 0. δ lies between 0 and 1.
func Epsilon(delta float64, work ...Work) float64 { return least(orders(), delta, work) }

func least(orders []float64, delta float64, work []Work) float64 {
	least := math.Inf(1)
	for _, a := range orders {
		rho := 0.
		for _, w := range work {
			rho += float64(w.Steps) * RDP(w.Share, w.Noise, a)
		}
		least = min(least, rho+math.Log1p(-1/a)-(math.Log(delta)+math.Log(a))/(a-1))
	}
	return max(0, least)
}

// RDP is Rényi's divergence of order α > 1 of one use of the Gaussian mechanism with noise σ on a share q of the patients, each taken by
// chance: for q = 1 it is α/(2σ²) (Mironov 2017, Proposition 7), else ln A(α)/(α−1) (Mironov, Talwar and Zhang 2019, section 3).
func RDP(q, sigma, alpha float64) float64 {
	switch {
	case q == 0:
		return 0
	case sigma == 0:
		return math.Inf(1)
	case q == 1:
		return alpha / (2 * sigma * sigma)
	case alpha == math.Trunc(alpha):
		return whole(q, sigma, int(alpha)) / (alpha - 1)
	}
	return between(q, sigma, alpha) / (alpha - 1)
}

// whole is ln A for a whole α: A = Σₖ C(α,k)·(1−q)^(α−k)·q^k·exp((k²−k)/(2σ²)).
func whole(q, sigma float64, alpha int) float64 {
	sum := math.Inf(-1)
	for k := range alpha + 1 {
		x := float64(k)
		sum = logAdd(sum, logChoose(alpha, k)+x*math.Log(q)+float64(alpha-k)*math.Log1p(-q)+(x*x-x)/(2*sigma*sigma))
	}
	return sum
}

// between is ln A for any other α, by the definition that the sum for a whole α comes from:
//
//	A − 1 = E[(1+u)^α − 1 − α·u], u = q·(exp((2x−1)/(2σ²)) − 1), x ~ N(0, σ²),
//
// u having the mean 0. The trapezoidal rule converges faster than any power of its step here: the integrand is smooth and falls like a
// normal density around 0 and around α. Below σ = 0.1 the steps would be too many; then the whole orders have to do.
func between(q, sigma, alpha float64) float64 {
	if sigma < .1 {
		return math.Inf(1)
	}
	v := sigma * sigma
	step := min(sigma, v) / 16
	sum := 0.
	for x := -12 * sigma; x < alpha+12*sigma; x += step {
		u := q * math.Expm1(min((2*x-1)/(2*v), 700))
		power := alpha * math.Log1p(u)
		if power < 30 {
			sum += math.Exp(-x*x/(2*v)) * (math.Expm1(power) - alpha*u)
		} else { // too large by itself: the density goes into the exponent
			sum += math.Exp(power-x*x/(2*v)) - math.Exp(-x*x/(2*v))*(1+alpha*u)
		}
	}
	return math.Log1p(max(0, sum*step/(sigma*math.Sqrt(2*math.Pi))))
}

func logAdd(a, b float64) float64 {
	a, b = max(a, b), min(a, b)
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// Noise is the least σ, to a thousandth, with which steps on a share of the patients stay within ε at δ; 0 where none below 1e6 does.
func Noise(epsilon, delta, share float64, steps int) float64 {
	low, high := 1e-2, 1e6
	if Epsilon(delta, Work{share, high, steps}) > epsilon {
		return 0
	}
	for high/low > 1.0005 {
		if middle := math.Sqrt(low * high); Epsilon(delta, Work{share, middle, steps}) > epsilon {
			low = middle
		} else {
			high = middle
		}
	}
	return math.Ceil(high*1000) / 1000
}
