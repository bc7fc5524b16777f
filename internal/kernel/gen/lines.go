package main

// lines writes the routines that add lanes up: softmax by rows, the costs with their gradients, the norm, and what goes by float64.
// A sum has 16 accumulators, element i in number i mod 16, folded at the end in one order (fold, writeTotal).
func lines(a sheet) {
	t := &table{name: "linesTable", of: "pass"}
	a.routine(t, "lanesSoftmaxShort", "(*simd).softmaxShort", 4, (*simd).softmaxShort)
	a.routine(t, "lanesSoftmaxLong", "(*simd).softmaxLong", 4, (*simd).softmaxLong)
	a.routine(t, "lanesBinary", "(*simd).binary", 3, (*simd).binary)
	a.routine(t, "lanesSquares", "(*simd).squares", 3, (*simd).squares)
	a.routine(t, "lanesNorm", "(*simd).norm", 2, (*simd).norm)
	a.routine(t, "lanesScale", "(*simd).scale", 2, (*simd).scale)
	a.routine(t, "lanesAddRow", "(*simd).addRow", 2, (*simd).addRow)
	a.constants(t)
}

// softmaxShort is softmaxLong for rows of 1 … 16, each in one block of lanes:
//
//	for rows: largest, e^(x−largest), their sum, the quotients
//
// Registers: those of simd, and R10 the bytes of a row; vectors from 0: x, then what is folded (AVX2: two halves of each); held from
// the highest down: the least exponent, −∞.
func (s *simd) softmaxShort() {
	low, minus := s.hold(float(leastExp)), s.hold(con(0xff800000))
	s.eachShort("row", func() {
		x, y := s.blockOf16(func() vec { return s.load(1) }), []vec(nil)
		s.eachPart(func(i int) {
			m := s.inTail()
			v := s.take()
			s.choose(v, minus, x[i], m)
			s.dropTail(m)
			y = append(y, v)
		})
		s.foldMax(y...)
		s.putRow(3, y[0])
		s.eachPart(func(i int) {
			s.expOfDifference(x[i], y[0], low)
			s.inside(x[i])
		})
		for i, v := range x {
			s.set(y[i], v)
		}
		s.foldSum(y...)
		s.putRow(2, y[0])
		s.eachPart(func(i int) {
			s.div(x[i], x[i], y[0])
			s.mul(x[i], x[i], coef(0))
			s.store(0, x[i])
		})
		s.drop(x...)
		s.drop(y...)
	})
}

// expOfDifference turns x into e^(x−m), x ≤ m, the difference carried in two float32s: its rounding alone would cost digits.
func (s *simd) expOfDifference(x, m, low vec) {
	d, b, rest := s.take(), s.take(), s.take()
	s.sub(d, x, m)
	s.sub(b, d, x) // what was added
	s.sub(rest, d, b)
	s.sub(rest, x, rest)
	s.add(b, b, m)
	s.sub(rest, rest, b)
	s.drop(b)
	near := s.compare(atLeast, d, low) // −∞ has no rest
	s.only(rest, rest, near)
	s.dropMask(near)
	s.max(x, low, d)
	s.drop(d)
	s.expWithin(x, rest)
	s.drop(rest)
}

// softmaxLong is dst = e^(aᵢ−m)/Σ·k₀ by rows of n, m the largest; c gets each row's m and b its Σ. NaN in a row makes all of it NaN.
//
//	for rows
//	    for columns by 16: the largest
//	    for columns by 16: e^(x−m) and their sum
//	    for columns: the quotients
//
// Registers: those of simd; vectors from 0: the largest, Σ (AVX2: two halves of each), then x; held from the highest down: the least
// exponent, −∞.
func (s *simd) softmaxLong() {
	low, minus := s.hold(float(leastExp)), s.hold(con(0xff800000))
	s.eachRow("row", []int{0, 1}, func() {
		most := s.blockOf16(func() vec { return s.copyOf(minus) })
		s.columns()
		s.each16("largest", func() {
			x := s.load(1)
			if s.masked {
				m := s.inTail()
				s.choose(x, minus, x, m)
				s.dropTail(m)
			}
			s.max(most[s.part], most[s.part], x)
			s.drop(x)
		})
		s.foldMax(most...)
		s.putRow(3, most[0])
		s.drop(most[1:]...)
		sum := s.blockOf16(s.take)
		for _, v := range sum {
			s.zero(v)
		}
		s.columns()
		s.each16("exp", func() {
			x := s.load(1)
			s.expOfDifference(x, most[0], low)
			s.inside(x)
			s.add(sum[s.part], sum[s.part], x)
			s.store(0, x)
			s.drop(x)
		})
		s.foldSum(sum...)
		s.putRow(2, sum[0])
		s.columns()
		s.each("quotient", func() {
			x := s.load(0)
			s.div(x, x, sum[0])
			s.mul(x, x, coef(0))
			s.store(0, x)
			s.drop(x)
		})
		s.drop(sum...)
		s.drop(most[0])
	})
}

// binary is the cost and the gradient of binary cross-entropy on logits a and truth b in 0 … 1: sum = Σ b·softplus(−a) +
// (1−b)·softplus(a), dst = ((1−b)·σ(a) − b·σ(−a))·k₀. With e = e^(−|a|): softplus is max(±a,0) + log(1+e), σ is 1/(1+e) or e/(1+e).
//
//	for blocks of 16: e, the gradient, dst = it, the cost, sum += it in float64
//
// Registers: those of simd; vectors from 0: a, b, e, then what the steps take; held from the highest down: 1, 0, the least exponent, the
// 16 sums of float64 (AVX-512: two registers, AVX2: four).
func (s *simd) binary() {
	ones, zero, exp := s.hold(one), s.hold(float(0)), s.expMinusAbs()
	sum := s.newTotal()
	s.columns()
	s.each16("loop", func() {
		z, y := s.load(1), s.load(2)
		e := s.copyOf(z)
		exp(e)
		s.binarySlope(z, y, e, ones)
		s.log1pOfExp(e)
		no := s.take()
		s.sub(no, ones, y)
		s.addShare(e, no, z, zero)
		s.drop(no)
		s.xor(z, z, signBit)
		s.addShare(e, y, z, zero)
		s.inside(e)
		s.addTo(sum, e)
		s.drop(e, y, z)
	})
	s.writeTotal(sum)
}

// addShare is e += share·max(x, 0), nothing where share is 0 however large x is.
func (s *simd) addShare(e, share, x, zero vec) {
	t := s.take()
	s.max(t, zero, x)
	s.mul(t, t, share)
	some := s.compare(notEqual, share, zero)
	s.only(t, t, some)
	s.dropMask(some)
	s.add(e, e, t)
	s.drop(t)
}

// binarySlope writes the gradient.
func (s *simd) binarySlope(z, y, e, ones vec) {
	negative := s.signOf(z)
	r, q := s.take(), s.take()
	s.add(r, e, ones)
	s.div(r, ones, r)
	s.mul(q, r, e)
	p := s.take()
	s.choose(p, r, q, negative) // σ(z)
	s.choose(q, q, r, negative) // σ(−z)
	s.dropMask(negative)
	s.sub(r, ones, y)
	s.mul(p, p, r)
	s.mul(q, q, y)
	s.sub(p, p, q)
	s.mul(p, p, coef(0))
	s.store(0, p)
	s.drop(p, q, r)
}

// squares is sum = Σ(a−b)², dst = (a−b)·k₀:
//
//	for blocks of 16: subtract, dst = difference·k₀, sum += difference² in float64
//
// Registers: those of simd; vectors 0 the difference, 1 b, then the result, the two after them its halves in float64; held from the
// highest down: the 16 sums.
func (s *simd) squares() {
	sum := s.newTotal()
	s.columns()
	s.each16("loop", func() {
		x, y := s.load(1), s.load(2)
		s.sub(x, x, y)
		s.mul(y, x, coef(0))
		s.store(0, y)
		s.addSquare(sum, x)
		s.drop(y, x)
	})
	s.writeTotal(sum)
}

// norm is sum = Σ a²:
//
//	for blocks of 16: sum += a² in float64
//
// Registers: those of simd; vector 0 is a, the two after it its halves in float64; held from the highest down: the 16 sums.
func (s *simd) norm() {
	sum := s.newTotal()
	s.columns()
	s.each16("loop", func() {
		x := s.load(1)
		s.addSquare(sum, x)
		s.drop(x)
	})
	s.writeTotal(sum)
}

// scale is dst = dst·sum, the product in float64, rounded once:
//
//	for blocks of a register: two halves to float64, multiply, back
//
// Registers: those of simd; vector 0 is dst, 1 and 2 its halves in float64; the highest is sum in every lane.
func (s *simd) scale() {
	factor := s.factor()
	s.columns()
	s.each("loop", func() {
		x := s.load(0)
		low, high := s.pair(x)
		s.timesWide(x, low, high, factor)
		s.store(0, x)
		s.drop(high, low, x)
	})
}

// addRow is every row of dst plus a, a row of n:
//
//	for rows: for columns: add
//
// Registers: those of simd; vector 0 is dst, 1 is a.
func (s *simd) addRow() {
	s.eachRow("row", []int{0}, func() {
		s.columns()
		s.each("column", func() {
			x, y := s.load(0), s.load(1)
			s.add(x, x, y)
			s.store(0, x)
			s.drop(y, x)
		})
	})
}
