package main

// The numbers of a rule in k; each rule says which it has. The first two change the gradient on its way in: (g + λ·w)·scale.
const (
	kScale coef = iota
	kLambda
	kAlpha
	kGamma
	kShare // of g
	kEpsilon
	kBeta2
	kShare2 // of g²
	kKeep   // of w
	kRoot   // 1/√(1−β2ᵗ); deck: 1−β2ᵗ
	kFirst  // deck: 1−β1ᵗ
	kEnd
)

// The vectors of a rule.
const (
	vW = iota
	vG
	vM
	vV
	vU
)

// update writes one pass over the weights for each rule of package optimizer: every number is read and written once. Nothing is
// fused, so the bits are those of the rule in Go; only Adam and AMSGrad in the reference form multiply by 1/√(1−β2ᵗ) once where Go
// divides by the root.
func update(a sheet) {
	t := &table{name: "updateTable", of: "updatePass"}
	for _, r := range rules {
		a.routine(t, r.name, "(*simd)."+r.rule+" within (*simd).rule", r.vectors, func(s *simd) { s.rule(r.step) })
	}
	a.routine(t, "lanesAhead", "(*simd).ahead", 3, (*simd).ahead)
	a.constants(t)
}

var rules = []struct {
	name, rule string
	vectors    int
	step       func(s *simd, g vec)
}{
	{"lanesDescent", "descent", 2, (*simd).descent},
	{"lanesMomentum", "momentum", 3, (*simd).momentum},
	{"lanesNesterov", "nesterov", 3, (*simd).nesterov},
	{"lanesThrow", "throw", 4, (*simd).throw},
	{"lanesRMSprop", "rmsprop", 3, func(s *simd, g vec) { s.rmsprop(g, s.outside) }},
	{"lanesRMSpropDeck", "rmsprop", 3, func(s *simd, g vec) { s.rmsprop(g, s.within) }},
	{"lanesAdam", "adam", 4, func(s *simd, g vec) { s.adam(g, false, s.reference) }},
	{"lanesAdamDeck", "adam", 4, func(s *simd, g vec) { s.adam(g, false, s.deck) }},
	{"lanesAMSGrad", "adam", 5, func(s *simd, g vec) { s.adam(g, true, s.reference) }},
	{"lanesAMSGradDeck", "adam", 5, func(s *simd, g vec) { s.adam(g, true, s.deck) }},
}

// rule is the two loops around a rule:
//
//	where rows of the struct is not 0: for blocks of a register: g = (g + λ·w)·scale, the rule
//	else:                              for blocks of a register: the rule
//
// Registers: those of simd, the vectors of the struct being w, g and what the rule remembers; vector 0 is g, the rule takes what
// follows. The numbers of the rule stay in memory (kScale …), AVX2 spreads one over a register where it is used.
func (s *simd) rule(step func(s *simd, g vec)) {
	s.ifRows("plain", func() {
		s.columns()
		s.each("changed", func() {
			g, w := s.load(vG), s.load(vW)
			s.mul(w, w, kLambda)
			s.add(g, g, w)
			s.mul(g, g, kScale)
			s.drop(w)
			step(s, g)
			s.drop(g)
		})
	})
	s.columns()
	s.each("loop", func() {
		g := s.load(vG)
		step(s, g)
		s.drop(g)
	})
}

// lower is w := w − d.
func (s *simd) lower(d vec) {
	w := s.load(vW)
	s.sub(w, w, d)
	s.store(vW, w)
	s.drop(w)
}

// descent is w := w − α·g.
func (s *simd) descent(g vec) {
	s.mul(g, g, kAlpha)
	s.lower(g)
}

// momentum is v := γv + c·g, w := w − α·v.
func (s *simd) momentum(g vec) {
	v := s.average(vM, kGamma, kShare, g)
	s.mul(v, v, kAlpha)
	s.lower(v)
	s.drop(v)
}

// average is x := k·x + share·g·power, stored; power is nothing or g once more. It gives x.
func (s *simd) average(x int, k, share coef, g vec, power ...vec) vec {
	v, t := s.load(x), s.take()
	s.mul(v, v, k)
	s.mul(t, g, share)
	for _, p := range power {
		s.mul(t, t, p)
	}
	s.add(v, v, t)
	s.store(x, v)
	s.drop(t)
	return v
}

// nesterov is v := γv + g, w := w − α·(g + γv).
func (s *simd) nesterov(g vec) {
	v := s.load(vM)
	s.mul(v, v, kGamma)
	s.add(v, v, g)
	s.store(vM, v)
	s.mul(v, v, kGamma)
	s.add(v, v, g)
	s.mul(v, v, kAlpha)
	s.lower(v)
	s.drop(v)
}

// throw is v := γv + α·g, w := from − v, from the fourth vector.
func (s *simd) throw(g vec) {
	v := s.average(vM, kGamma, kAlpha, g)
	from := s.load(vV)
	s.sub(from, from, v)
	s.store(vW, from)
	s.drop(from, v)
}

// ahead is saved := w, w := w − γv: w, saved, v:
//
//	for blocks of a register: store, multiply, subtract
//
// Registers: those of simd; vector 0 is w, 1 is v.
func (s *simd) ahead() {
	s.columns()
	s.each("loop", func() {
		w, v := s.load(0), s.load(2)
		s.store(1, w)
		s.mul(v, v, kGamma)
		s.sub(w, w, v)
		s.store(0, w)
		s.drop(v, w)
	})
}

// rmsprop is G := γG + c·g², w := w − α·g/root.
func (s *simd) rmsprop(g vec, root func(x vec)) {
	v := s.average(vM, kGamma, kShare, g, g)
	root(v)
	s.mul(g, g, kAlpha)
	s.div(g, g, v)
	s.lower(g)
	s.drop(v)
}

// outside is √x + ε, within √(x+ε).
func (s *simd) outside(x vec) {
	s.sqrt(x, x)
	s.add(x, x, kEpsilon)
}

func (s *simd) within(x vec) {
	s.add(x, x, kEpsilon)
	s.sqrt(x, x)
}

// adam is m := β1·m + (1−β1)·g, v := β2·v + (1−β2)·g², where largest u := max(u, v) in v's place; then w := keep·w − d with the
// quotient d of the form.
func (s *simd) adam(g vec, largest bool, quotient func(m, v vec)) {
	m := s.average(vM, kGamma, kShare, g)
	v := s.average(vV, kBeta2, kShare2, g, g)
	if largest {
		u := s.load(vU)
		t := s.take()
		s.max(t, u, v)
		s.replace(t, u, s.compare(unordered, u, u)) // max gives v where u is NaN
		s.store(vU, t)
		s.set(v, t)
		s.drop(t, u)
	}
	quotient(m, v)
	w := s.load(vW)
	s.mul(w, w, kKeep)
	s.sub(w, w, m)
	s.store(vW, w)
	s.drop(w, v, m)
}

// reference turns m into step·m/(√v·(1/root) + ε).
func (s *simd) reference(m, v vec) {
	s.mul(m, m, kAlpha)
	s.sqrt(v, v)
	s.mul(v, v, kRoot)
	s.add(v, v, kEpsilon)
	s.div(m, m, v)
}

// deck turns m into α·(m/c1)/√(v/c2+ε).
func (s *simd) deck(m, v vec) {
	s.div(m, m, kFirst)
	s.mul(m, m, kAlpha)
	s.div(v, v, kRoot)
	s.within(v)
	s.div(m, m, v)
}
