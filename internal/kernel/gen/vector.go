package main

// vector writes the elementwise routines: one loop over the blocks, the tail by mask. dst may be a or b; partly overlapping memory
// gives other numbers, but writes nothing outside dst.
func vector(a sheet) {
	t := &table{name: "vectorTable", of: "pass"}
	for _, f := range functions {
		a.routine(t, f.name, "(*simd)."+f.formula+" within (*simd).function", 2, func(s *simd) { s.function(f.make(s)) })
	}
	for _, f := range slopes {
		a.routine(t, f.name, "(*simd)."+f.formula+" within (*simd).back", 3, func(s *simd) { s.back(f.make(s)) })
	}
	a.routine(t, "lanesReLUBack", "(*simd).reluBack", 3, (*simd).reluBack)
	a.routine(t, "lanesMul", "(*simd).product", 3, (*simd).product)
	a.routine(t, "lanesSubScaled", "(*simd).difference", 3, (*simd).difference)
	a.routine(t, "lanesAddScaled", "(*simd).addScaled", 3, (*simd).addScaled)
	a.constants(t)
}

type formula struct {
	name, formula string
	make          func(s *simd) func(x vec)
}

var functions = []formula{
	{"lanesExp", "exp", (*simd).exp},
	{"lanesLog", "log", (*simd).log},
	{"lanesSigmoid", "sigmoid", (*simd).sigmoid},
	{"lanesTanh", "tanh", (*simd).tanh},
	{"lanesSoftplus", "softplus", (*simd).softplus},
	{"lanesReLU", "relu", (*simd).relu},
	{"lanesSiLU", "silu", (*simd).silu},
	{"lanesGELU", "gelu", (*simd).gelu},
	{"lanesGELUTanh", "geluTanh", (*simd).geluTanh},
}

var slopes = []formula{
	{"lanesSigmoidBack", "sigmoidSlope", (*simd).sigmoidSlope},
	{"lanesTanhBack", "tanhSlope", (*simd).tanhSlope},
	{"lanesSoftplusBack", "sigmoid", (*simd).sigmoid},
	{"lanesSiLUBack", "siluSlope", (*simd).siluSlope},
	{"lanesGELUBack", "geluSlope", (*simd).geluSlope},
	{"lanesGELUTanhBack", "geluTanhSlope", (*simd).geluTanhSlope},
	{"lanesSigmoidBackH", "sigmoidOfH", (*simd).sigmoidOfH},
	{"lanesTanhBackH", "tanhOfH", (*simd).tanhOfH},
}

// function is dst = f(a):
//
//	for blocks of a register: x = a, x = f(x), dst = x
//
// Registers: those of simd; vector 0 is x, the formula takes what follows and holds its constants from the highest down.
func (s *simd) function(f func(x vec)) {
	s.columns()
	s.each("loop", func() {
		x := s.load(1)
		f(x)
		s.store(0, x)
		s.drop(x)
	})
}

// back is dst = a·f′(b): do = dh·f′(o), or f′ said by h:
//
//	for blocks of a register: x = b, x = f′(x), x = x·a, dst = x
//
// Registers: those of simd; vector 0 is x, the formula takes what follows and holds its constants from the highest down, then a.
func (s *simd) back(f func(x vec)) {
	s.columns()
	s.each("loop", func() {
		x := s.load(2)
		f(x)
		dh := s.load(1)
		s.mul(x, x, dh)
		s.store(0, x)
		s.drop(dh, x)
	})
}

// reluBack is dst = a where b > 0, else 0; NaN in b stays:
//
//	for blocks of a register: dh = a, o = b, dh = o > 0 ? dh : 0, dh = o is NaN ? o : dh, dst = dh
//
// Registers: those of simd; vector 0 is dh, 1 is o, the highest 0; AVX2 has the mask in 2, AVX-512 in K2.
func (s *simd) reluBack() {
	zero := s.hold(float(0))
	s.columns()
	s.each("loop", func() {
		dh, o := s.load(1), s.load(2)
		on := s.compare(above, o, zero)
		s.only(dh, dh, on)
		s.dropMask(on)
		s.replace(dh, o, s.compare(unordered, o, o))
		s.store(0, dh)
		s.drop(o, dh)
	})
}

// product is dst = a·b:
//
//	for blocks of a register: multiply
//
// Registers: those of simd; vector 0 is a, then the product, 1 is b.
func (s *simd) product() {
	s.columns()
	s.each("loop", func() {
		x, y := s.load(1), s.load(2)
		s.mul(x, x, y)
		s.store(0, x)
		s.drop(y, x)
	})
}

// difference is dst = (a − b)·k₀:
//
//	for blocks of a register: subtract, multiply
//
// Registers: those of simd; vector 0 is a, then the result, 1 is b; AVX2 has k₀ in 2, AVX-512 takes it from memory.
func (s *simd) difference() {
	s.columns()
	s.each("loop", func() {
		x, y := s.load(1), s.load(2)
		s.sub(x, x, y)
		s.mul(x, x, coef(0))
		s.store(0, x)
		s.drop(y, x)
	})
}

// addScaled is dst = a + k₀·b, both rounded as in Go:
//
//	for blocks of a register
//
// Registers: those of simd; vector 0 a, then the result, 1 b, then k₀·b.
func (s *simd) addScaled() {
	s.columns()
	s.each("loop", func() {
		x, y := s.load(1), s.load(2)
		s.mul(y, y, coef(0))
		s.add(x, x, y)
		s.store(0, x)
		s.drop(y, x)
	})
}
