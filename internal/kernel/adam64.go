package kernel

import "unsafe"

// adamPass64 is what the routines of Adam in float64 get; gen/adam64.go knows the fields by their place.
type adamPass64 struct {
	w, g, m, v *float64
	n          int        // a multiple of adamLanes
	k          [8]float64 // β1, 1−β1, β2, 1−β2, keep, α, root, ε
}

// adamLanes is the weights that a pass is a multiple of.
const adamLanes = 8

// adamTask is a step over all weights.
type adamTask struct {
	w, g, m, v []float64
	k          [8]float64
}

// adam64 is Adam in float64 where the machine has lanes: every product, sum, root and quotient rounds as in Go, so the bits are those
// of the formula. It reports whether it was done.
func adam64[T Float](w, g, m, v []T, s AdamStep[T]) bool {
	if isa < avx2 || unsafe.Sizeof(T(0)) != 8 {
		return false
	}
	a := adamTask{w: double(w[:len(g)]), g: double(g), m: double(m[:len(g)]), v: double(v[:len(g)])}
	for i, x := range [...]T{s.Beta1, s.Share1, s.Beta2, s.Share2, s.Keep, s.Alpha, s.Second, s.Epsilon} {
		a.k[i] = float64(x)
	}
	chunks := ceil(len(g), piece)
	if len(g) >= 2*piece && share(chunks, func(t *task) { t.run, t.adam = adamChunk, a }) {
		return true
	}
	for i := range chunks {
		a.part(i)
	}
	return true
}

func adamChunk(t *task, i int) { t.adam.part(i) }

// part is the step over piece i; what fills no lanes goes through copies that do.
func (a *adamTask) part(i int) {
	from, to := i*piece, min((i+1)*piece, len(a.g))
	if full := (to - from) &^ (adamLanes - 1); full > 0 {
		p := adamPass64{&a.w[from], &a.g[from], &a.m[from], &a.v[from], full, a.k}
		p.run()
		from += full
	}
	if from == to {
		return
	}
	var room [4][adamLanes]float64
	all := [4][]float64{a.w[from:to], a.g[from:to], a.m[from:to], a.v[from:to]}
	for i, x := range all {
		copy(room[i][:], x)
	}
	p := adamPass64{&room[0][0], &room[1][0], &room[2][0], &room[3][0], adamLanes, a.k}
	p.run()
	for i, x := range all {
		if i != 1 { // g is only read
			copy(x, room[i][:])
		}
	}
}

func (p *adamPass64) run() {
	if isa == avx512 {
		adam64wide(p)
	} else {
		adam64narrow(p)
	}
}

// double is s, whose T is float64.
func double[T Float](s []T) []float64 {
	return unsafe.Slice((*float64)(unsafe.Pointer(unsafe.SliceData(s))), len(s))
}
