package kernel

import "math"

// x = 2ᵏ·z with z in [√½, √2), and log x = k·ln 2 − log c + log(1+f) with f = z·c − 1, c a number of ten bits near 1/z from logTable,
// so that z·c is exact in two parts and |f| < 1/62; c is 1 next to z = 1, where the result is log(1+f) alone. Tang's method (ACM TOMS 16, 1990).
// The sum f − f²/2 + f³/3 − … + f¹¹/11 carries its first two terms in two float64s; its tail is below 2⁻⁶⁹ of f.
const (
	rootHalf = 0x3fe6a09e667f3bcd   // the bits of √½
	ln2High  = 0x1.62e42fefa38p-1   // ln 2 to 2⁻⁴², so that k·ln2High is exact
	ln2Low   = 0x1.ef35793c7673p-45 // and the rest
	logFirst = 45                   // the row of √½: floor(64·√½)
)

// Log is the natural logarithm. Largest error measured .51 ulp.
//
// Log(+Inf) = +Inf, Log(±0) = −Inf, Log(x < 0) = NaN, Log(NaN) = NaN.
func Log(x float64) float64 {
	switch {
	case x != x || x > math.MaxFloat64:
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	hi, _ := logDouble(x, 0)
	return hi
}

// Log1p is log(1+x), exact also where x is near 0. Largest error measured .51 ulp.
//
// Log1p(±0) = ±0, Log1p(+Inf) = +Inf, Log1p(−1) = −Inf, Log1p(x < −1) = NaN, Log1p(NaN) = NaN.
func Log1p(x float64) float64 {
	switch {
	case x != x || x > 0x1p60 || x <= -1:
		return Log(1 + x)
	case math.Abs(x) < 0x1p-54:
		return x
	}
	hi, _ := logDouble(Sum(1, x))
	return hi
}

// logDouble is log(x+xl) = hi+lo to about 2⁻⁶⁵ of it, for finite x > 0 and |xl| ≤ ulp(x)/2.
func logDouble(x, xl float64) (hi, lo float64) {
	k := 0.0
	if x < 0x1p-1022 { // subnormal
		x, xl, k = x*0x1p54, xl*0x1p54, -54
	}
	bits := math.Float64bits(x)
	exponent := int64(bits-rootHalf) >> 52
	k += float64(exponent)
	z := math.Float64frombits(bits - uint64(exponent)<<52)
	row := &logTable[int(z*64)-logFirst]
	zh := upper(z)
	f, fl := Sum(float64(zh*row[0])-1, float64((z-zh)*row[0]))
	if xl != 0 {
		f, fl = sumOrdered(f, fl+float64(math.Ldexp(xl, -int(exponent))*row[0]))
	}
	return logSum(float64(k*ln2High)+row[1], float64(k*ln2Low)+row[2], f, fl)
}

// logSum is base + low + log(1+f+fl).
func logSum(base, low, f, fl float64) (hi, lo float64) {
	half, halfLow := Product(.5*f, f)
	hi, e1 := Sum(base, f)
	hi, e2 := Sum(hi, -half)
	ff := f * f
	ffff := ff * ff
	p := (1.0/7 - float64(f*(1.0/8))) + float64(ff*(1.0/9-float64(f*(1.0/10)))) + float64(ffff*(1.0/11))
	p = (1.0/3 - float64(f*.25)) + float64(ff*(1.0/5-float64(f*(1.0/6)))) + float64(ffff*p)
	lo = (fl - float64(f*fl)) - halfLow
	lo += float64(float64(ff*f)*p) + low
	return sumOrdered(hi, lo+(e1+e2))
}
