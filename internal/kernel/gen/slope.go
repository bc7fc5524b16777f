package main

// f′(o) in the place of o; and from h, where f′ is cheaper said by it.

// sigmoidSlope is e/(1+e)², e = e^(−|o|): what h·(1−h) is before h has rounded to 1.
func (s *simd) sigmoidSlope() func(x vec) {
	exp := s.expMinusAbs()
	return func(x vec) {
		exp(x)
		s.overSquare(x)
	}
}

// overSquare turns e into e/(1+e)².
func (s *simd) overSquare(e vec) {
	d := s.take()
	s.add(d, e, one)
	s.mul(d, d, d)
	s.div(e, e, d)
	s.drop(d)
}

// tanhSlope is 4e/(1+e)², e = e^(−2|o|).
func (s *simd) tanhSlope() func(x vec) {
	exp := s.expMinusAbs()
	return func(x vec) {
		s.add(x, x, x)
		exp(x)
		s.mul(x, x, float(4))
		d := s.take()
		s.mul(d, x, float(.25))
		s.add(d, d, one)
		s.mul(d, d, d)
		s.div(x, x, d)
		s.drop(d)
	}
}

// siluSlope is (1+e+x·e)/(1+e)² for x = |o|, e·((1−x)+e)/(1+e)² below 0, e = e⁻ˣ.
func (s *simd) siluSlope() func(x vec) {
	bound, ones := s.hold(float(siluEnd)), s.hold(one)
	return func(x vec) {
		held, sign, negative := s.signed(x, bound)
		e := s.take()
		s.xor(e, held, signBit)
		s.expWithin(e)
		d := s.take()
		s.sub(x, ones, held)
		s.add(x, x, e)
		s.mul(x, x, e) // below 0
		s.add(d, e, ones)
		s.fma(held, e, d) // from 0
		s.choose(x, held, x, negative)
		s.mul(d, d, d)
		s.div(x, x, d)
		s.drop(d, e, held, sign)
		s.dropMask(negative)
	}
}

// geluTanhSlope is p·(1 + o·q·u′), p = σ(u), q = σ(−u), u′ = A + 3B·o².
func (s *simd) geluTanhSlope() func(x vec) {
	bound, low, ones := s.hold(float(geluTanhEnd)), s.hold(float(leastExp)), s.hold(one)
	return func(x vec) {
		held, sign, negative := s.signed(x, bound)
		e := s.geluExp(held, low)
		d := s.take()
		s.add(d, e, ones)
		s.div(d, ones, d) // 1/(1+e)
		s.mul(e, e, d)    // e/(1+e)
		p := s.take()
		s.choose(p, d, e, negative)
		s.choose(e, e, d, negative)
		s.mul(x, held, held)
		s.set(d, float(geluA))
		s.fmaTo(d, x, float(3*geluB))
		s.or(held, held, sign)
		s.mul(x, held, e)
		s.fma(x, d, ones)
		s.mul(x, x, p)
		s.drop(p, d, e, held, sign)
		s.dropMask(negative)
	}
}

// geluSlope is Φ(o) + o·φ(o): 1 − (Q(x) − x·φ(x)) for x = |o|, without the 1 − below 0.
func (s *simd) geluSlope() func(x vec) {
	bound, ones := s.hold(float(geluEnd)), s.hold(one)
	return func(x vec) {
		held, sign, negative := s.signed(x, bound)
		e, q := s.upperTail(held)
		s.mul(e, e, float(density0))
		s.fnmaTo(q, held, e)
		s.sub(x, ones, q)
		s.choose(x, x, q, negative)
		s.drop(q, e, held, sign)
		s.dropMask(negative)
	}
}

// sigmoidOfH is h·(1−h).
func (s *simd) sigmoidOfH() func(x vec) {
	ones := s.hold(one)
	return func(h vec) {
		d := s.take()
		s.sub(d, ones, h)
		s.mul(h, h, d)
		s.drop(d)
	}
}

// tanhOfH is 1 − h².
func (s *simd) tanhOfH() func(x vec) {
	ones := s.hold(one)
	return func(h vec) {
		d := s.copyOf(ones)
		s.fnmaTo(d, h, h)
		s.set(h, d)
		s.drop(d)
	}
}
