package main

// The gated functions o·G(o) and the slopes of all. Each works on |o| held at a bound beyond which the rest is 0 in float32, and puts
// the sign back at the end.

const (
	siluEnd     = 104
	geluEnd     = 14.5
	geluTanhEnd = 11
	geluA       = 0x1.9884533d43651p+0 // 2√(2/π)
	geluB       = 0x1.2444f2a4d8b4bp-4 // .044715·geluA
	centre      = .8
	density0    = 0x1.9884533d43651p-2 // 1/√(2π)
)

// Φ(x) = ½ + x·P(x²) for |x| < .8, within 2⁻²⁸ of the smaller side.
var centreFit = []float64{0x1.988452p-2, -0x1.1057b8p-4, 0x1.46b1eap-7, -0x1.343514p-10, 0x1.9db5e2p-14}

// The upper tail of the normal distribution is Q(x) = e^(−x²/2)·g(x)/(x+3.5), g a polynomial of (x−3.5)/(x+3.5), within 2⁻²⁵.
var tailFit = []float64{
	0x1.7d241ap-1, -0x1.219152p-1, 0x1.42ff04p-2, -0x1.db58aep-4, 0x1.1d1072p-6, 0x1.a8e85ep-8, -0x1.9d9c56p-9,
	-0x1.f055acp-12, 0x1.a9e942p-12, 0x1.8c1738p-14,
}

// signed takes o apart: x = |o|, held = min(x, bound), the sign bit, and the mask of the negative.
func (s *simd) signed(o, bound vec) (held, sign vec, negative mask) {
	negative = s.signOf(o)
	sign = s.takeSign(o)
	held = s.take()
	s.min(held, bound, o)
	return held, sign, negative
}

// gated finishes o·G(o) from x = |o|, held, and e with G(x) = 1/(1+e), G(−x) = e/(1+e).
func (s *simd) gated(x, held, e, ones vec, negative mask) {
	d := s.take()
	s.add(d, e, ones)
	s.choose(e, ones, e, negative)
	s.div(e, e, d)
	s.choose(x, x, held, negative) // ∞·0 must not be
	s.mul(x, x, e)
	s.drop(d)
}

// silu is o·σ(o).
func (s *simd) silu() func(x vec) {
	bound, ones := s.hold(float(siluEnd)), s.hold(one)
	return func(x vec) {
		held, sign, negative := s.signed(x, bound)
		e := s.take()
		s.xor(e, held, signBit)
		s.expWithin(e)
		s.gated(x, held, e, ones, negative)
		s.or(x, x, sign)
		s.drop(e, held, sign)
		s.dropMask(negative)
	}
}

// geluTanh is o·σ(u), u = o·(A + B·o²).
func (s *simd) geluTanh() func(x vec) {
	bound, low, ones := s.hold(float(geluTanhEnd)), s.hold(float(leastExp)), s.hold(one)
	return func(x vec) {
		held, sign, negative := s.signed(x, bound)
		e := s.geluExp(held, low)
		s.gated(x, held, e, ones, negative)
		s.or(x, x, sign)
		s.drop(e, held, sign)
		s.dropMask(negative)
	}
}

// geluExp is e^(−u), u = x·(A + B·x²) carried in two float32s: u is large in the tail, where its rounding alone would cost digits.
func (s *simd) geluExp(x, least vec) (e vec) {
	q, ql, b, bl := s.take(), s.take(), s.take(), s.take()
	high, a := rounded(geluB), rounded(geluA)
	s.mul(q, x, x)
	s.exactRest(ql, x, x, q)
	s.mul(b, q, float(high))
	s.set(bl, float(high))
	s.fms(bl, q, b) // what b leaves out of B·q
	s.fmaTo(bl, ql, float(high))
	s.fmaTo(bl, q, float(geluB-high))
	// c = A + b and its rest; the larger first
	c := s.take()
	s.add(c, b, float(a))
	s.sub(q, c, float(a)) // what was added of b
	s.sub(ql, c, q)       // what was added of A
	s.sub(b, b, q)
	s.xor(ql, ql, signBit)
	s.add(ql, ql, float(a))
	s.add(b, b, ql)
	s.add(bl, bl, b)
	s.add(bl, bl, float(geluA-a))
	s.xor(x, x, signBit)
	s.mul(q, x, c)
	s.exactRest(ql, x, c, q)
	s.fmaTo(ql, x, bl)
	s.xor(x, x, signBit)
	s.max(q, least, q)
	s.drop(c, bl, b)
	s.expWithin(q, ql)
	s.drop(ql)
	return q
}

// exactRest is d = x·y − p, what the product p leaves out.
func (s *simd) exactRest(d, x, y, p vec) {
	s.set(d, x)
	s.fms(d, y, p)
}

func rounded(x float64) float64 { return float64(float32(x)) }

// upperTail gives e = e^(−x²/2) and Q(x) = e·g, for small x ½ − x·P(x²).
func (s *simd) upperTail(x vec) (e, q vec) {
	e, low, h := s.take(), s.take(), s.take()
	s.mul(h, x, float(-.5))
	s.mul(e, h, x)
	s.exactRest(low, h, x, e)
	s.drop(h)
	s.expWithin(e, low)
	r, u := low, s.take()
	s.add(u, x, float(3.5))
	s.set(r, one)
	s.div(r, r, u)
	s.set(u, one)
	s.fnmaTo(u, r, float(7)) // (x−3.5)/(x+3.5)
	q = s.horner(tailFit, u)
	s.mul(q, q, r)
	s.mul(q, q, e)
	s.mul(u, x, x)
	p := s.horner(centreFit, u)
	s.set(r, float(.5))
	s.fnmaTo(r, x, p)
	s.replace(q, r, s.compare(less, x, float(centre)))
	s.drop(p, u, r)
	return e, q
}

// gelu is o·Φ(o): x − x·Q(x) for x = |o|, −x·Q(x) below 0.
func (s *simd) gelu() func(x vec) {
	bound := s.hold(float(geluEnd))
	return func(x vec) {
		held, sign, negative := s.signed(x, bound)
		e, q := s.upperTail(held)
		s.mul(q, q, held)
		s.sub(x, x, q)
		s.choose(x, x, q, negative)
		s.or(x, x, sign)
		s.drop(q, e, held, sign)
		s.dropMask(negative)
	}
}
