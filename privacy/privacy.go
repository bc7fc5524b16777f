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
func Epsilon(delta float64, work ...Work) float64 {
	least := math.Inf(1)
	for _, a := range orders() {
		rho := 0.
		for _, w := range work {
			rho += float64(w.Steps) * RDP(w.Share, w.Noise, a)
		}
		least = min(least, rho+math.Log1p(-1/a)-(math.Log(delta)+math.Log(a))/(a-1))
	}
	return max(0, least)
}

// RDP is Rényi's divergence of order α > 1 of one use of the Gaussian mechanism with noise σ on a share q of the patients, each taken by
// chance: for q = 1 it is α/(2σ²) (Mironov 2017, Proposition 7), else ln A(α)/(α−1) (Mironov, Talwar and Zhang 2019, section 3.3).
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

// mostTerms ends a series that does not settle; where it does, a few dozen terms are enough.
const mostTerms = 10000

// between is ln A for any other α: the sum of two series over k, with z = ½ + σ²·ln(1/q − 1),
//
//	½·C(α,k)·(1−q)^(α−k)·q^k·exp((k²−k)/(2σ²))·erfc((k−z)/(√2·σ))  and
//	½·C(α,k)·(1−q)^k·q^(α−k)·exp((j²−j)/(2σ²))·erfc((z−j)/(√2·σ)), j = α−k.
//
// The signs are those of C(α,k), which alternate beyond α.
func between(q, sigma, alpha float64) float64 {
	low, high := math.Inf(-1), math.Inf(-1)
	z := sigma*sigma*math.Log(1/q-1) + .5
	choose, sign := 0., 1. // ln |C(α,k)| and its sign
	for k := range mostTerms {
		x := float64(k)
		j := alpha - x
		l := choose + x*math.Log(q) + j*math.Log1p(-q) + (x*x-x)/(2*sigma*sigma) + math.Log(.5) + logErfc((x-z)/(math.Sqrt2*sigma))
		h := choose + j*math.Log(q) + x*math.Log1p(-q) + (j*j-j)/(2*sigma*sigma) + math.Log(.5) + logErfc((z-j)/(math.Sqrt2*sigma))
		if sign > 0 {
			low, high = logAdd(low, l), logAdd(high, h)
		} else {
			low, high = logSub(low, l), logSub(high, h)
		}
		if max(l, h) < -30 {
			return logAdd(low, high)
		}
		factor := (alpha - x) / (x + 1)
		choose += math.Log(math.Abs(factor))
		if factor < 0 {
			sign = -sign
		}
	}
	return math.Inf(1) // says nothing, and so promises nothing
}

func logAdd(a, b float64) float64 {
	a, b = max(a, b), min(a, b)
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// logSub is ln(eᵃ − eᵇ); the series it serves keep a above b.
func logSub(a, b float64) float64 {
	if math.IsInf(b, -1) {
		return a
	}
	if a <= b {
		return math.Inf(-1)
	}
	return a + math.Log1p(-math.Exp(b-a))
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// logErfc is ln erfc(x), by its asymptotic series where erfc itself is 0.
func logErfc(x float64) float64 {
	if x < 25 {
		return math.Log(math.Erfc(x))
	}
	s := 1 / (x * x)
	return -math.Log(math.Pi)/2 - math.Log(x) - x*x + math.Log1p(-s/2+.75*s*s-1.875*s*s*s)
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
