package kernel

import "unsafe"

// pass is what a routine of lanes gets; gen/lanes.go knows the fields by their place.
type pass struct {
	dst, a, b, c, d, _ *float32
	n, rows            int
	sum                float64
	k                  [2]float32
}

// Chunk is the floats that one call of assembly goes through, which nothing can interrupt: less than 0.1 ms. A sum over more is added
// up chunk by chunk, so work that is split over threads keeps its bits when it is split at multiples of Chunk.
const Chunk = 1 << 15

// inLanes reports whether the routines of lanes compute in T.
func inLanes[T Float]() bool { return isa != plainGo && unsafe.Sizeof(T(0)) == 4 }

// inWideLanes is inLanes for the routines that are said to AVX alone: normalisation, dropout, gathering, softmax of many short rows.
func inWideLanes[T Float]() bool { return isa >= avx2 && unsafe.Sizeof(T(0)) == 4 }

// Formula is an elementwise function that the lanes know.
type Formula uint8

// The functions, for Apply and ApplySlope: each instruction set gives the same bits. Largest errors measured, in units of the last
// place: e 1.1, log 2, σ 2.5, tanh 2.5, softplus 2.8, o·σ(o) 3, GELU 5.4 (in its far tail), GELU by tanh 3.1; of the slopes 4.1, of
// SiLU's 5.1, counted by the larger term where two cancel. Where o is so far below 0 that e^(−|o|) is subnormal, the gated ones and
// their slopes are within 1e-42 instead.
const (
	ExpOf Formula = iota
	LogOf
	SigmoidOf
	TanhOf
	SoftplusOf
	ReLUOf // +0 at −0
	SiLUOf
	GELUOf
	GELUTanhOf
)

// The functions whose slope is said by h, for ApplySlope.
const (
	SigmoidOfH Formula = iota + 32 // h·(1−h)
	TanhOfH                        // 1 − h²
)

// Apply is dst = f(src) where the lanes compute in T, and reports whether it was done. dst and src have one length; they are the same
// memory or apart.
func Apply[T Float](f Formula, dst, src []T) bool {
	if !inLanes[T]() {
		return false
	}
	elements([5][]float32{single(dst[:len(src)]), single(src)}, f, false)
	return true
}

// ApplySlope is do = dh · f′(o), or for the functions of h do = dh · f′ said by h in o's place, where the lanes compute in T, and
// reports whether it was done. All have one length; do may be dh or o. ReLUOf takes o or h, and keeps their NaN.
func ApplySlope[T Float](f Formula, do, dh, o []T) bool {
	if !inLanes[T]() {
		return false
	}
	elements([5][]float32{single(do[:len(o)]), single(o), single(dh[:len(o)])}, f, true)
	return true
}

// elements goes through dst, o and, for a slope, dh, piece by piece, of a large layer with the helpers.
func elements(all [5][]float32, f Formula, slope bool) {
	n := len(all[1])
	if n >= 4*piece && share(ceil(n, piece), func(t *task) { t.run, t.formula, t.slope, t.all = elementsChunk, f, slope, all }) {
		return
	}
	for at := 0; at < n; at += piece {
		elementsPart(&all, f, slope, at, min(at+piece, n))
	}
}

func elementsChunk(t *task, i int) {
	elementsPart(&t.all, t.formula, t.slope, i*piece, min((i+1)*piece, len(t.all[1])))
}

func elementsPart(all *[5][]float32, f Formula, slope bool, from, to int) {
	p := pass{dst: &all[0][from], a: &all[1][from], n: to - from}
	if !slope {
		p.function(f)
		return
	}
	p.a, p.b = &all[2][from], &all[1][from]
	p.slope(f)
}

// Times is dst = a·b, element by element: dropout going back, by the mask that Drop drew. dst may be a or b.
func Times[T Float](dst, a, b []T) {
	dst, b = dst[:len(a)], b[:len(a)]
	if !inLanes[T]() {
		for i, x := range a {
			dst[i] = x * b[i]
		}
		return
	}
	to, x, y := single(dst), single(a), single(b)
	for len(x) > 0 {
		n := min(len(x), Chunk)
		p := pass{dst: &to[0], a: &x[0], b: &y[0], n: n}
		lanesMul(&p)
		to, x, y = to[n:], x[n:], y[n:]
	}
}
