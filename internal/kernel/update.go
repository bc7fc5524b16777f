package kernel

// The rules of package optimizer in one pass over the weights, for float32 where there are lanes: w, g and what a rule remembers are
// read and written once. Each reports whether it was done. The bits are those of the rule's formula in Go, except that Adam and
// AMSGrad multiply by 1/√(1−β2ᵗ) where the formula divides: two units in the last place of the step. All vectors have g's length and
// are apart. In float64 Adam alone is done, where AdamStep.Double asks for it, with the very bits of Go (adam64).

// Before is what happens to g on its way into a rule, which leaves the g in memory as it is: (g + L2·w)·Scale. nil leaves it alone.
type Before struct {
	L2    float32 // λ of the penalty ½λ·Σw²
	Scale float32 // of clipping; 1 for none
}

// updatePass begins like pass; k is what gen/update.go numbers.
type updatePass struct {
	w, g, m, v, u, _ *float32
	n, changed       int
	_                float64
	k                numbers
}

// numbers are the constants of a rule.
type numbers struct {
	scale, l2, alpha, gamma, share, epsilon, beta2, share2, keep, root, first float32
	_                                                                         float32
}

// rule is a routine of lanes.
type rule uint8

const (
	descentRule rule = iota
	momentumRule
	nesterovRule
	throwRule
	rmspropRule
	rmspropDeckRule
	adamRule
	adamDeckRule
	amsgradRule
	amsgradDeckRule
)

// update runs a rule over the vectors, chunk by chunk, those of a large network with the helpers.
func update(r rule, b *Before, k numbers, w, g []float32, memory ...[]float32) {
	p := updatePass{k: k}
	if b != nil {
		p.changed, p.k.l2, p.k.scale = 1, b.L2, b.Scale
	}
	all := [5][]float32{w[:len(g)], g}
	for i, m := range memory {
		all[2+i] = m[:len(g)]
	}
	if len(g) >= 2*piece && share(ceil(len(g), piece), func(t *task) { t.run, t.rule, t.update, t.all = updateChunk, r, p, all }) {
		return
	}
	for at := 0; at < len(g); at += piece {
		p.over(&all, at, min(at+piece, len(g)))
		p.rule(r)
	}
}

// piece is the weights of one call: some 5 µs of work.
const piece = Chunk / 2

func updateChunk(t *task, i int) {
	p := t.update
	p.over(&t.all, i*piece, min((i+1)*piece, len(t.all[1])))
	p.rule(t.rule)
}

// over points the pass to the weights from … to−1.
func (p *updatePass) over(all *[5][]float32, from, to int) {
	p.n = to - from
	p.w, p.g = &all[0][from], &all[1][from]
	for i, at := range [...]**float32{&p.m, &p.v, &p.u} {
		if all[2+i] != nil {
			*at = &all[2+i][from]
		}
	}
}

// Descent is w := w − α·g.
func Descent[T Float](b *Before, w, g []T, alpha T) bool {
	if !inLanes[T]() {
		return false
	}
	update(descentRule, b, numbers{alpha: float32(alpha)}, single(w), single(g))
	return true
}

// Momentum is v := γv + share·g, w := w − α·v.
func Momentum[T Float](b *Before, w, g, v []T, gamma, share, alpha T) bool {
	if !inLanes[T]() {
		return false
	}
	k := numbers{gamma: float32(gamma), share: float32(share), alpha: float32(alpha)}
	update(momentumRule, b, k, single(w), single(g), single(v))
	return true
}

// Nesterov is v := γv + g, w := w − α·(g + γv).
func Nesterov[T Float](b *Before, w, g, v []T, gamma, alpha T) bool {
	if !inLanes[T]() {
		return false
	}
	k := numbers{gamma: float32(gamma), alpha: float32(alpha)}
	update(nesterovRule, b, k, single(w), single(g), single(v))
	return true
}

// Ahead is saved := w, w := w − γv.
func Ahead[T Float](w, saved, v []T, gamma T) bool {
	if !inLanes[T]() {
		return false
	}
	a, b, c := single(w), single(saved[:len(w)]), single(v[:len(w)])
	for at := 0; at < len(a); at += Chunk {
		p := updatePass{w: &a[at], g: &b[at], m: &c[at], n: min(len(a)-at, Chunk), k: numbers{gamma: float32(gamma)}}
		lanesAhead(&p)
	}
	return true
}

// Throw is v := γv + α·g, w := from − v; from may be w.
func Throw[T Float](b *Before, w, g, v, from []T, gamma, alpha T) bool {
	if !inLanes[T]() {
		return false
	}
	k := numbers{gamma: float32(gamma), alpha: float32(alpha)}
	update(throwRule, b, k, single(w), single(g), single(v), single(from))
	return true
}

// RMSprop is G := γG + share·g², w := w − α·g/(√G+ε), or with inside √(G+ε). With γ and share 1 it is Adagrad.
func RMSprop[T Float](b *Before, w, g, sum []T, gamma, share, alpha, epsilon T, inside bool) bool {
	if !inLanes[T]() {
		return false
	}
	r := rmspropRule
	if inside {
		r = rmspropDeckRule
	}
	k := numbers{gamma: float32(gamma), share: float32(share), alpha: float32(alpha), epsilon: float32(epsilon)}
	update(r, b, k, single(w), single(g), single(sum))
	return true
}

// AdamStep are the numbers of one step of Adam, AdamW or AMSGrad.
type AdamStep[T Float] struct {
	Beta1, Share1 T // m := Beta1·m + Share1·g
	Beta2, Share2 T // v := Beta2·v + Share2·g²
	Keep          T // of w: 1, or 1−αλ
	Alpha         T // by parts: α/(1−β1ᵗ); whole: α
	Epsilon       T
	First         T // whole: 1−β1ᵗ
	Second        T // by parts: √(1−β2ᵗ); whole: 1−β2ᵗ

	Double bool // lets Adam in float64 be done too; float32 does not ask
}

func (s AdamStep[T]) numbers() numbers {
	return numbers{
		gamma: float32(s.Beta1), share: float32(s.Share1), beta2: float32(s.Beta2), share2: float32(s.Share2),
		keep: float32(s.Keep), alpha: float32(s.Alpha), epsilon: float32(s.Epsilon), first: float32(s.First), root: float32(s.Second),
	}
}

// Adam is the averages of AdamStep, then w := Keep·w − Alpha·m/(√v/Second + Epsilon), the reference form. With u, u := max(u, v) stands
// for v: AMSGrad.
func Adam[T Float](b *Before, w, g, m, v, u []T, s AdamStep[T]) bool {
	if !inLanes[T]() {
		return s.Double && b == nil && u == nil && adam64(w, g, m, v, s)
	}
	k := s.numbers()
	k.root = 1 / k.root
	adam(adamRule, amsgradRule, b, k, single(w), single(g), single(m), single(v), single(u))
	return true
}

// AdamDeck is Adam with w := Keep·w − Alpha·(m/First)/√(v/Second + Epsilon), the deck's form.
func AdamDeck[T Float](b *Before, w, g, m, v, u []T, s AdamStep[T]) bool {
	if !inLanes[T]() {
		return false
	}
	adam(adamDeckRule, amsgradDeckRule, b, s.numbers(), single(w), single(g), single(m), single(v), single(u))
	return true
}

func adam(plain, largest rule, b *Before, k numbers, w, g, m, v, u []float32) {
	if u == nil {
		update(plain, b, k, w, g, m, v)
	} else {
		update(largest, b, k, w, g, m, v, u)
	}
}
