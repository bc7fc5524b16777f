package kernel

import "math"

// x = n·π/2 + r with |r| ≤ π/4 (W. J. Cody and W. Waite, Software Manual for the Elementary Functions, 1980): π/2 in four parts,
// the first three so short that n < 2²⁰ times each is exact. cos r and sin r are their Taylor sums, whose tails are below 2⁻⁶¹.
const (
	toQuarters = 0x1.45f306dc9c883p-1 // 2/π
	quarter1   = 0x1.921fb544p+0      // π/2
	quarter2   = 0x1.0b4611a6p-34
	quarter3   = 0x1.3198a2ep-69
	quarter4   = 0x1.b839a252049c1p-104
	cosMax     = 0x1p20
)

var (
	cosTerms = []float64{1.0 / 24, -1.0 / 720, 1.0 / 40320, -1.0 / 3628800, 1.0 / 479001600, -1.0 / 87178291200, 1.0 / 20922789888000, -1.0 / 6402373705728000}
	sinTerms = []float64{-1.0 / 6, 1.0 / 120, -1.0 / 5040, 1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800, -1.0 / 1307674368000, 1.0 / 355687428096000}
)

// Cos is the cosine of x radians for |x| ≤ 2²⁰. Largest error measured .72 ulp.
//
// Cos(±0) = 1, Cos(NaN) = NaN; NaN also beyond 2²⁰, where an angle of a schedule or of a random draw never lies.
func Cos(x float64) float64 {
	if !(math.Abs(x) <= cosMax) {
		return math.NaN()
	}
	n := math.Floor(float64(x*toQuarters) + .5)
	r, e1 := Sum(x-float64(n*quarter1), -float64(n*quarter2))
	r, e2 := Sum(r, -float64(n*quarter3))
	r, rl := sumOrdered(r, (e1+e2)-float64(n*quarter4))
	switch int(n) & 3 {
	case 0:
		return cosine(r, rl)
	case 1:
		return -sine(r, rl)
	case 2:
		return -cosine(r, rl)
	}
	return sine(r, rl)
}

// cosine is cos(r+rl) = 1 − r²/2 + r⁴/4! − …
func cosine(r, rl float64) float64 {
	half, halfLow := Product(.5*r, r)
	c, e := sumOrdered(1, -half)
	rr := r * r
	return c + (((e - halfLow) - float64(r*rl)) + float64(float64(rr*rr)*horner(rr, cosTerms)))
}

// sine is sin(r+rl) = r − r³/3! + r⁵/5! − …
func sine(r, rl float64) float64 {
	rr := r * r
	return r + (float64(rl*(1-float64(.5*rr))) + float64(float64(rr*r)*horner(rr, sinTerms)))
}
