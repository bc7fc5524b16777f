package main

// Below −104 eˣ rounds to 0 and above 89 it is +Inf; further out the reduction would be wrong.
const (
	leastExp = -104
	mostExp  = 89
	magic    = 0x1.8p23 // adding it rounds to an integer, which then stands in the low bits
	log2e    = 0x1.715476p0
	ln2High  = 0x1.62e43p-1 // ln 2 in float32; times n and taken from x it leaves no rounding
	ln2Low   = -0x1.05c61p-29
	signBit  = con(1 << 31)
	one      = con(0x3f800000)
)

// Coefficients from the lowest power, fitted to the least largest relative error and rounded one after the other.
var (
	// eʳ = 1 + r + r²·q(r) for |r| ≤ ln 2/2; eʳ − 1 is within 2⁻²⁶.
	expFit = []float64{0x1.fffffep-2, 0x1.5554b4p-3, 0x1.5556f2p-5, 0x1.12254ap-7, 0x1.6b9c66p-10}
	// 2·atanh s = 2s + s³·q(s²) for s ≤ 1/3, within 2⁻²⁷.
	logFit = []float64{0x1.555502p-1, 0x1.99d1cap-2, 0x1.1ec07p-2, 0x1.1ec906p-2}
)

// horner is the polynomial of x with these coefficients.
func (s *simd) horner(c []float64, x vec) vec {
	p, last := s.take(), len(c)-1
	s.set(p, float(c[last]))
	for i := last - 1; i >= 0; i-- {
		s.fma(p, x, float(c[i]))
	}
	return p
}

// reduce takes n = round(x/ln 2) and turns x into x − n·ln 2. The low bits of t are n; number is n as a float32.
func (s *simd) reduce(x vec) (t, number vec) {
	t, number = s.take(), s.take()
	s.set(t, float(magic))
	s.fmaTo(t, x, float(log2e))
	s.sub(number, t, float(magic))
	s.fnmaTo(x, number, float(ln2High))
	s.fnmaTo(x, number, float(ln2Low))
	return t, number
}

// expMinus1 turns r into eʳ − 1.
func (s *simd) expMinus1(r vec) {
	q := s.horner(expFit, r)
	z := s.take()
	s.mul(z, r, r)
	s.fmaTo(r, z, q)
	s.drop(z, q)
}

// expWithin turns x, between the bounds or NaN, into eˣ; with low it is e^(x+low).
func (s *simd) expWithin(x vec, low ...vec) {
	t, number := s.reduce(x)
	for _, l := range low {
		s.add(x, x, l)
	}
	s.expMinus1(x)
	s.add(x, x, one)
	s.power(x, number, t)
	s.drop(t, number)
}

// exp is eˣ.
func (s *simd) exp() func(x vec) {
	low, high := s.hold(float(leastExp)), s.hold(float(mostExp))
	return func(x vec) {
		s.max(x, low, x)
		s.min(x, high, x)
		s.expWithin(x)
	}
}

// expMinusAbs is e^(−|x|).
func (s *simd) expMinusAbs() func(x vec) {
	low := s.hold(float(leastExp))
	return func(x vec) {
		s.or(x, x, signBit)
		s.max(x, low, x)
		s.expWithin(x)
	}
}

// sigmoid is 1/(1+e⁻ˣ), as 1/(1+e) for x ≥ 0 and e/(1+e) below, e = e^(−|x|).
func (s *simd) sigmoid() func(x vec) {
	exp, ones := s.expMinusAbs(), s.hold(one)
	return func(x vec) {
		negative := s.signOf(x)
		exp(x)
		d := s.take()
		s.add(d, x, ones)
		s.choose(x, ones, x, negative)
		s.div(x, x, d)
		s.drop(d)
		s.dropMask(negative)
	}
}

// tanh is m/(m+2) with m = e^(2|x|) − 1 = 2ⁿ·q + (2ⁿ−1), under the sign of x; it is 1 long before the bound.
func (s *simd) tanh() func(x vec) {
	high := s.hold(float(20))
	return func(x vec) {
		sign := s.takeSign(x)
		s.add(x, x, x)
		s.min(x, high, x)
		t, u := s.reduce(x)
		s.expMinus1(x)
		s.shiftLeft(t, t, 23)
		s.addInt(t, t, one)
		s.sub(u, t, one)
		s.fma(x, t, u)
		s.add(u, x, float(2))
		s.div(x, x, u)
		s.or(x, x, sign)
		s.drop(u, t, sign)
	}
}

// takeSign turns x into |x| and gives its sign bit.
func (s *simd) takeSign(x vec) (sign vec) {
	sign = s.take()
	s.and(sign, x, signBit)
	s.xor(x, x, sign)
	return sign
}

// logOfRatio turns f and d into log((d+f)/(d−f)) = 2·atanh(f/d), d last to be used.
func (s *simd) logOfRatio(f, d vec) {
	s.div(f, f, d)
	s.mul(d, f, f)
	q := s.horner(logFit, d)
	s.mul(d, d, f)
	s.add(f, f, f)
	s.fmaTo(f, d, q)
	s.drop(q)
}

// log1pOfExp turns e in 0 … 1 into log(1+e).
func (s *simd) log1pOfExp(e vec) {
	d := s.take()
	s.add(d, e, float(2))
	s.logOfRatio(e, d)
	s.drop(d)
}

// softplus is max(x,0) + log(1+e^(−|x|)).
func (s *simd) softplus() func(x vec) {
	exp, zero := s.expMinusAbs(), s.hold(float(0))
	return func(x vec) {
		e := s.copyOf(x)
		exp(e)
		s.log1pOfExp(e)
		s.max(x, zero, x)
		s.add(x, x, e)
		s.drop(e)
	}
}

// log is k·ln 2 + log m, x = 2ᵏ·m with m from √½ to √2; a subnormal x is first made 2²³ times larger.
func (s *simd) log() func(x vec) {
	infinite, nan, minus := s.hold(con(0x7f800000)), s.hold(con(0x7fc00000)), s.hold(con(0xff800000))
	return func(x vec) {
		m, k, f := s.take(), s.take(), s.take()
		s.mul(m, x, float(1<<23))
		tiny := s.compare(less, x, float(0x1p-126))
		s.choose(m, x, m, tiny)
		s.set(f, float(-23))
		s.only(f, f, tiny)
		s.dropMask(tiny)
		s.subInt(k, m, con(0x3f3504f3))
		s.shiftRight(k, k, 23)
		d := s.take()
		s.shiftLeft(d, k, 23)
		s.subInt(m, m, d)
		s.ofInt(k, k)
		s.add(k, k, f)
		s.sub(f, m, one)
		s.add(d, m, one)
		s.logOfRatio(f, d)
		s.fmaTo(f, k, float(ln2Low))
		s.fmaTo(f, k, float(ln2High))
		s.drop(d, k, m)
		s.replace(f, x, s.compare(notLess, x, infinite))
		s.replace(f, nan, s.compare(less, x, float(0)))
		s.replace(f, minus, s.compare(equal, x, float(0)))
		s.set(x, f)
		s.drop(f)
	}
}

// relu is max(0, x), +0 at −0.
func (s *simd) relu() func(x vec) {
	zero := s.hold(float(0))
	return func(x vec) {
		s.max(x, zero, x)
		s.add(x, x, zero)
	}
}
