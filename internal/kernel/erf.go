package kernel

import "math"

// Below 2 1/16 both are Taylor sums around the nearest eighth, from erfTable. The tail's two rational functions are those of s_erf.c in Sun's
// fdlibm 5.3 (1993, also FreeBSD's msun): "Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun
// Microsystems, Inc. business. Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice
// is preserved." The tail's exponent stays in two float64s, so that erfc is as exact at 26 as at 2.
const (
	erfTail  = 2.0625  // from here on the tail
	erfcFar  = 1 / .35 // where the tail's first rational gives way to its second
	erfcZero = 27.3    // from here on erfc x is 0
)

var (
	erfcNearR = []float64{
		-9.86494403484714822705e-03, -6.93858572707181764372e-01, -1.05586262253232909814e+01, -6.23753324503260060396e+01,
		-1.62396669462573470355e+02, -1.84605092906711035994e+02, -8.12874355063065934246e+01, -9.81432934416914548592e+00,
	}
	erfcNearS = []float64{
		1, 1.96512716674392571292e+01, 1.37657754143519042600e+02, 4.34565877475229228821e+02, 6.45387271733267880336e+02,
		4.29008140027567833386e+02, 1.08635005541779435134e+02, 6.57024977031928170135e+00, -6.04244152148580987438e-02,
	}
	erfcFarR = []float64{
		-9.86494292470009928597e-03, -7.99283237680523006574e-01, -1.77579549177547519889e+01, -1.60636384855821916062e+02,
		-6.37566443368389627722e+02, -1.02509513161107724954e+03, -4.83519191608651397019e+02,
	}
	erfcFarS = []float64{
		1, 3.03380607434824582924e+01, 3.25792512996573918826e+02, 1.53672958608443695994e+03, 3.19985821950859553908e+03,
		2.55305040643316442583e+03, 4.74528541206955367215e+02, -2.24409524465858183362e+01,
	}
)

// Erf is (2/√π)·∫₀ˣ e^(−t²) dt. Largest error measured .6 ulp.
//
// Erf(±0) = ±0, Erf(±Inf) = ±1, Erf(NaN) = NaN.
func Erf(x float64) float64 {
	a := math.Abs(x)
	switch {
	case x != x:
		return x
	case a < 0x1p-28:
		return x + float64(x*.12837916709551257) // 2/√π − 1
	case a >= 6:
		return math.Copysign(1, x)
	case a >= erfTail:
		return math.Copysign(1-Erfc(a), x)
	}
	row, p, rest := erfStep(a, 0)
	hi, e := Sum(row[0], p)
	return math.Copysign(hi+(e+(row[1]+rest)), x)
}

// Erfc is 1 − erf x, exact also where erf x is near 1. Largest error measured .8 ulp.
//
// Erfc(+Inf) = 0, Erfc(−Inf) = 2, Erfc(NaN) = NaN.
func Erfc(x float64) float64 {
	switch {
	case x != x:
		return x
	case x < 0:
		return 1 + Erf(-x)
	case x < erfTail:
		return erfcNear(x, 0)
	case x >= erfcZero:
		return 0
	}
	p, pl := Product(x, x)
	return erfcTail(x, 0, p, pl, 0)
}

// erfcNear is erfc(x+xl) for 0 ≤ x < 2 1/16.
func erfcNear(x, xl float64) float64 {
	row, p, rest := erfStep(x, xl)
	hi, e := Sum(row[2], -p)
	return hi + (e + (row[3] - rest))
}

// erfStep is the row of the eighth x₀ nearest to x and erf(x+xl) − erf x₀ = p + rest.
func erfStep(x, xl float64) (row *[18]float64, p, rest float64) {
	i := int(float64(8*x) + .5)
	row = &erfTable[i]
	s := x - float64(float64(i)*.125)
	c, ss := (*[12]float64)(row[6:]), s*s
	odd, even := c[10], c[11]
	for n := 8; n >= 0; n -= 2 {
		odd = float64(odd*ss) + c[n]
		even = float64(even*ss) + c[n+1]
	}
	p, e := Product(row[4], s)
	rest = e + float64(row[5]*s) + float64(p*(float64(s*odd)+float64(ss*even)))
	return row, p, rest + float64(xl*row[4]*(1+float64(2*c[0]*s)+float64(3*c[1]*ss)))
}

// erfcTail is 2ᵏ·erfc(x+xl) = e^(−s − 9/16 + R/S)/(x+xl) for x ≥ 2 1/16, where s + sl is the square of x+xl.
func erfcTail(x, xl, s, sl float64, k int) float64 {
	inv := 1 / s
	ratio := 0.0
	if x < erfcFar {
		ratio = horner(inv, erfcNearR) / horner(inv, erfcNearS)
	} else {
		ratio = horner(inv, erfcFarR) / horner(inv, erfcFarS)
	}
	hi, lo := Sum(-s, -.5625)
	hi, e := Sum(hi, ratio)
	hi, lo, n := expDouble(hi, (lo+e)-sl)
	return math.Ldexp(quotient(hi, lo, x, xl), n+k)
}
