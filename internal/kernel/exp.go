package kernel

import "math"

// eˣ = 2^(n/64)·eʳ with n the nearest integer to 64x/ln 2 and |r| ≤ ln 2/128, after P. T. P. Tang (ACM TOMS 15, 1989).
// ln 2/64 is split in two so that n times the first part is exact; eʳ is its Taylor sum, whose tail r⁸/8! is below 2⁻⁷⁵.
const (
	per      = 64
	toSteps  = 0x1.71547652b82fep+6  // 64/ln 2
	stepHigh = 0x1.62e42fefap-7      // ln 2/64, its first bits
	stepLow  = 0x1.cf79abc9e3b3ap-46 // and the rest
	shifter  = 0x1.8p52              // adding it rounds to an integer, which then stands in the low bits
	expMax   = 0x1.62e42fefa39efp+9  // the largest x with eˣ finite
	expMin   = -0x1.74910d52d3051p+9 // the least x with eˣ > 0
)

// Exp is eˣ. Largest error measured .51 ulp.
//
// Exp(+Inf) = +Inf, Exp(−Inf) = 0, Exp(NaN) = NaN; +Inf above 709.78, 0 below −745.13.
func Exp(x float64) float64 {
	if !(math.Abs(x) < 708) {
		return expEdge(x)
	}
	big := float64(x*toSteps) + shifter
	n := int(int32(math.Float64bits(big)))
	steps := big - shifter
	r := (x - float64(steps*stepHigh)) - float64(steps*stepLow)
	row := &expTable[n&(per-1)]
	s := math.Float64frombits(math.Float64bits(row[0]) + uint64(n>>6)<<52)
	return s + float64(s*(r+(row[1]+expRest(r))))
}

// expRest is eʳ − 1 − r = r²/2! + r³/3! + … + r⁷/7!.
func expRest(r float64) float64 {
	rr := r * r
	high := (1.0/24 + float64(r*(1.0/120))) + float64(rr*(1.0/720+float64(r*(1.0/5040))))
	return float64(rr*(.5+float64(r*(1.0/6)))) + float64(float64(rr*rr)*high)
}

// expEdge is Exp where the result may overflow, underflow or be subnormal.
func expEdge(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > expMax:
		return math.Inf(1)
	case x < expMin:
		return 0
	}
	return ExpSum(x, 0)
}

// ExpSum is e^(hi+lo) for |lo| ≤ ulp(hi): for arguments known to more than a float64, whose rounding alone would cost hi·2⁻⁵³ of the result.
// Special cases as Exp.
func ExpSum(hi, lo float64) float64 {
	if !(math.Abs(hi) < 750) {
		return expEdge(hi)
	}
	e, _, k := expDouble(hi, lo)
	return math.Ldexp(e, k)
}

// expDouble is e^(x+xl) = 2ᵏ(hi+lo), |x| < 750, to about 2⁻⁶⁷.
func expDouble(x, xl float64) (hi, lo float64, k int) {
	return expScale(expReduce(x, xl))
}

// expScale is 2^(n/64)·(1 + r + rest) = 2ᵏ(hi+lo).
func expScale(n int, r, rest float64) (hi, lo float64, k int) {
	row := &expTable[n&(per-1)]
	p, e := Product(row[0], r)
	hi, lo = sumOrdered(row[0], p)
	lo += e + float64(row[0]*(rest+float64(row[1]*(1+r))))
	hi, lo = sumOrdered(hi, lo)
	return hi, lo, n >> 6
}

// expReduce finds n, r and rest with e^(x+xl) = 2^(n/64)·(1 + r + rest).
func expReduce(x, xl float64) (n int, r, rest float64) {
	big := float64(x*toSteps) + shifter
	n = int(int32(math.Float64bits(big)))
	steps := big - shifter
	r, rl := Sum(x-float64(steps*stepHigh), -float64(steps*stepLow))
	rl += xl
	return n, r, expRest(r) + (rl + float64(rl*r))
}

// Expm1 is eˣ − 1, exact also where eˣ is near 1. Largest error measured .51 ulp.
//
// Expm1(±0) = ±0, Expm1(+Inf) = +Inf, Expm1(−Inf) = −1, Expm1(NaN) = NaN; +Inf above 709.78.
func Expm1(x float64) float64 {
	switch {
	case x != x, math.Abs(x) < 0x1p-54:
		return x
	case x > expMax:
		return math.Inf(1)
	case x > 60:
		return Exp(x)
	case x < -40:
		return -1
	}
	m, _ := expm1Double(x)
	return m
}

// expm1Double is eˣ − 1 = hi+lo for |x| ≤ 60.
func expm1Double(x float64) (hi, lo float64) {
	n, r, rest := expReduce(x, 0)
	if n == 0 {
		return sumOrdered(r, rest)
	}
	hi, lo, k := expScale(n, r, rest)
	scale := math.Float64frombits(uint64(1023+k) << 52)
	hi, e := Sum(float64(hi*scale), -1)
	return sumOrdered(hi, e+float64(lo*scale))
}
