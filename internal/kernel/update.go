package kernel

// The rules of package optimizer in one pass over the weights, for float32 where there are lanes: w, g and what a rule remembers are
// read and written once. Each reports whether it was done. The bits are those of the rule's formula in Go, except that Adam and
// AMSGrad multiply by 1/√(1−β2ᵗ) where the formula divides: two units in the last place of the step. All vectors have g's length and
// are apart.

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

// update runs a rule over the vectors, chunk by chunk.
func update(r rule, b *Before, k numbers, w, g []float32, memory ...[]float32) {
	p := updatePass{k: k}
	if b != nil {
		p.changed, p.k.l2, p.k.scale = 1, b.L2, b.Scale
	}
	w = w[:len(g)]
	for i := range memory {
		memory[i] = memory[i][:len(g)]
	}
	for at := 0; at < len(g); at += p.n {
		p.n = min(len(g)-at, Chunk/2)
		p.w, p.g = &w[at], &g[at]
		for i, m := range memory {
			switch i {
			case 0:
				p.m = &m[at]
			case 1:
				p.v = &m[at]
			case 2:
				p.u = &m[at]
			}
		}
		p.rule(r)
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
		return false
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
