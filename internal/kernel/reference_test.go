package kernel

import (
	"math"
	"math/big"
)

// The references are computed here with math/big from the power series, with so many bits that what a series loses does not show.

const bits = 320

func number(x float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(x) }

func empty(prec uint) *big.Float { return new(big.Float).SetPrec(prec) }

// bigExp is eˣ: the series of x/2^k, squared k times.
func bigExp(x *big.Float) *big.Float {
	prec := x.Prec() + 64
	k := max(0, x.MantExp(nil)+8)
	small := empty(prec).SetMantExp(x, -k)
	sum, term := empty(prec).SetInt64(1), empty(prec).SetInt64(1)
	for n := int64(1); term.Sign() != 0 && term.MantExp(nil) > -int(prec); n++ {
		term.Mul(term, small).Quo(term, empty(prec).SetInt64(n))
		sum.Add(sum, term)
	}
	for range k {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigAtanh is Σ xⁿ/n over odd n, with the sign s of every second term: s = 1 atanh, s = −1 atan.
func bigAtanh(x *big.Float, s int64) *big.Float {
	prec := x.Prec()
	sum, power := empty(prec), empty(prec).Set(x)
	square := empty(prec).Mul(x, x)
	square.Mul(square, empty(prec).SetInt64(s))
	for n := int64(1); power.Sign() != 0 && power.MantExp(nil) > x.MantExp(nil)-int(prec); n += 2 {
		sum.Add(sum, empty(prec).Quo(power, empty(prec).SetInt64(n)))
		power.Mul(power, square)
	}
	return sum
}

var ln2 = func() *big.Float { // 2·atanh(1/3)
	third := empty(2*bits).Quo(empty(2*bits).SetInt64(1), empty(2*bits).SetInt64(3))
	return empty(2*bits).Mul(bigAtanh(third, 1), number(2))
}()

var pi = func() *big.Float { // 16·atan(1/5) − 4·atan(1/239), Machin 1706
	part := func(n, times int64) *big.Float {
		x := empty(4*bits).Quo(empty(4*bits).SetInt64(1), empty(4*bits).SetInt64(n))
		return x.Mul(bigAtanh(x, -1), empty(4*bits).SetInt64(times))
	}
	return empty(4*bits).Sub(part(5, 16), part(239, 4))
}()

// bigLog is log x = k·ln 2 + 2·atanh((z−1)/(z+1)), z in [.7, 1.4).
func bigLog(x *big.Float) *big.Float {
	prec := x.Prec() + 64
	z := empty(prec)
	k := x.MantExp(z)
	if z.Cmp(number(.7)) < 0 {
		z.Mul(z, number(2))
		k--
	}
	one := empty(prec).SetInt64(1)
	z.Quo(empty(prec).Sub(z, one), empty(prec).Add(z, one))
	log := empty(prec).Mul(bigAtanh(z, 1), number(2))
	return log.Add(log, empty(prec).Mul(ln2, empty(prec).SetInt64(int64(k))))
}

// bigErf is (2/√π)·e^(−x²)·Σ 2ⁿx²ⁿ⁺¹/(2n+1)!!, whose terms are all of one sign.
func bigErf(x *big.Float) *big.Float {
	prec := x.Prec()
	square := empty(prec).Mul(x, x)
	twice := empty(prec).Mul(square, number(2))
	sum, term := empty(prec), empty(prec).Set(x)
	for n := int64(3); term.Sign() != 0 && term.MantExp(nil) > x.MantExp(nil)-int(prec); n += 2 {
		sum.Add(sum, term)
		term.Mul(term, twice).Quo(term, empty(prec).SetInt64(n))
	}
	sum.Mul(sum, number(2)).Quo(sum, empty(prec).Sqrt(pi))
	return sum.Mul(sum, bigExp(square.Neg(square)))
}

// bigCos reduces by 2π and sums the series.
func bigCos(x *big.Float) *big.Float {
	turn := empty(2*bits).Mul(pi, number(2))
	turns, _ := empty(2*bits).Quo(x, turn).Int64()
	r := empty(2*bits).Sub(x, turn.Mul(turn, empty(2*bits).SetInt64(turns)))
	square := r.Mul(r, r)
	sum, term := empty(2*bits).SetInt64(1), empty(2*bits).SetInt64(1)
	for n := int64(1); term.Sign() != 0 && term.MantExp(nil) > -2*bits; n += 2 {
		term.Mul(term, square).Quo(term, empty(2*bits).SetInt64(-n*(n+1)))
		sum.Add(sum, term)
	}
	return sum
}

// The functions of float64 whose bits the tests count.

func refExp(x float64) *big.Float { return bigExp(number(x)) }

func refExpm1(x float64) *big.Float {
	e := bigExp(number(x))
	return e.Sub(e, number(1))
}

func refLog(x float64) *big.Float { return bigLog(number(x)) }

func refLog1p(x float64) *big.Float {
	return bigLog(empty(bits).Add(number(x), number(1)))
}

func refTanh(x float64) *big.Float {
	m := refExpm1(2 * x)
	return m.Quo(m, empty(m.Prec()).Add(m, number(2)))
}

func refSigmoid(x float64) *big.Float {
	e := bigExp(number(-x))
	return e.Quo(number(1), e.Add(e, number(1)))
}

func refErf(x float64) *big.Float { return bigErf(number(x)) }

func refErfc(x float64) *big.Float {
	prec := uint(bits + 4*max(0, x)*max(0, x))
	return empty(prec).Sub(number(1), bigErf(empty(prec).SetFloat64(x)))
}

func refPhi(x float64) *big.Float {
	prec := uint(bits + 4*x*x)
	z := empty(prec).Quo(empty(prec).SetFloat64(-x), empty(prec).Sqrt(empty(prec).SetInt64(2)))
	c := empty(prec).Sub(number(1), bigErf(z))
	return c.Quo(c, number(2))
}

func refDensity(x float64) *big.Float {
	square := number(x)
	square.Mul(square, number(-x/2))
	e := bigExp(square)
	return e.Quo(e, empty(bits).Sqrt(empty(bits).Mul(pi, number(2))))
}

func refCos(x float64) *big.Float { return bigCos(number(x)) }

func refPow(x, y float64) *big.Float {
	l := bigLog(number(x))
	return bigExp(l.Mul(l, number(y)))
}

// off is how far got lies from the reference, in units of the last place of the reference rounded.
func off(got float64, want *big.Float) float64 {
	w, _ := want.Float64()
	if got == w && (w == 0 || math.IsInf(w, 0)) {
		return 0
	}
	a := math.Abs(w)
	d, _ := empty(want.Prec()).Sub(want, number(got)).Float64()
	return math.Abs(d) / (math.Nextafter(a, math.Inf(1)) - a)
}
