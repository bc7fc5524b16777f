package kernel

import "math"

// The four ranges and their rational coefficients are those of s_erf.c in Sun's fdlibm 5.3 (1993, also FreeBSD's msun):
// "Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Developed at SunPro, a Sun Microsystems, Inc. business.
// Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is preserved."
// What is ours is the tail: its exponent stays in two float64s, which takes erfc's error from five ulp to one.
const (
	erfNear  = .84375                     // below: erf x = x + x·P(x²)/Q(x²)
	erfMid   = 1.25                       // below: erf x = erfOne + P(|x|−1)/Q(|x|−1)
	erfcFar  = 1 / .35                    // where the tail's first rational gives way to its second
	erfcZero = 27.3                       // from here on erfc x is 0
	erfOne   = 8.45062911510467529297e-01 // erf 1 to 24 bits
)

var (
	erfNearP = []float64{1.28379167095512558561e-01, -3.25042107247001499370e-01, -2.84817495755985104766e-02, -5.77027029648944159157e-03, -2.37630166566501626084e-05}
	erfNearQ = []float64{1, 3.97917223959155352819e-01, 6.50222499887672944485e-02, 5.08130628187576562776e-03, 1.32494738004321644526e-04, -3.96022827877536812320e-06}
	erfMidP  = []float64{
		-2.36211856075265944077e-03, 4.14856118683748331666e-01, -3.72207876035701323847e-01, 3.18346619901161753674e-01,
		-1.10894694282396677476e-01, 3.54783043256182359371e-02, -2.16637559486879084300e-03,
	}
	erfMidQ = []float64{
		1, 1.06420880400844228286e-01, 5.40397917702171048937e-01, 7.18286544141962662868e-02,
		1.26171219808761642112e-01, 1.36370839120290507362e-02, 1.19844998467991074170e-02,
	}
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

// Erf is (2/√π)·∫₀ˣ e^(−t²) dt. Largest error measured .8 ulp.
//
// Erf(±0) = ±0, Erf(±Inf) = ±1, Erf(NaN) = NaN.
func Erf(x float64) float64 {
	a := math.Abs(x)
	switch {
	case x != x:
		return x
	case a < erfNear:
		return x + float64(x*erfNearRatio(a))
	case a < erfMid:
		return math.Copysign(erfOne+erfMidRatio(a), x)
	case a >= 6:
		return math.Copysign(1, x)
	}
	return math.Copysign(1-Erfc(a), x)
}

// Erfc is 1 − erf x, exact also where erf x is near 1. Largest error measured .8 ulp.
//
// Erfc(+Inf) = 0, Erfc(−Inf) = 2, Erfc(NaN) = NaN.
func Erfc(x float64) float64 {
	a := math.Abs(x)
	switch {
	case x != x:
		return x
	case a < .25:
		return 1 - (x + float64(x*erfNearRatio(a)))
	case a < erfNear && x > 0:
		return .5 - ((x - .5) + float64(x*erfNearRatio(a)))
	case a < erfMid && x > 0:
		return (1 - erfOne) - erfMidRatio(a)
	case x < 0:
		return 1 + Erf(a)
	case x >= erfcZero:
		return 0
	}
	p, pl := Product(x, x)
	return erfcTail(x, 0, p, pl, 0)
}

func erfNearRatio(a float64) float64 {
	return horner(a*a, erfNearP) / horner(a*a, erfNearQ)
}

func erfMidRatio(a float64) float64 {
	return horner(a-1, erfMidP) / horner(a-1, erfMidQ)
}

// erfcTail is 2ᵏ·erfc(x+xl) = e^(−s − 9/16 + R/S)/(x+xl) for x ≥ 1.25, where s + sl is the square of x+xl.
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
