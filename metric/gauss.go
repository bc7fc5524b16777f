package metric

import (
	"math"
	"slices"
)

const (
	rowNodes   = 7 // integrates degree 13: tricube's 9 and the 4 of a square of a parabola
	eventNodes = 6 // degree 11: 9 and the 2 of a parabola
)

// measure is weights w at places t.
type measure struct {
	n    int
	t, w [rowNodes]float64
}

// lanczos is the scratch of gauss: the points and the orthonormal vectors over them.
type lanczos struct {
	t, w []float64
	q    [rowNodes][]float64
	d, e [rowNodes]float64
	head [rowNodes]float64
}

func (k *lanczos) clear() { k.t, k.w = k.t[:0], k.w[:0] }

func (k *lanczos) add(t, w float64) {
	if w > 0 {
		k.t, k.w = append(k.t, t), append(k.w, w)
	}
}

// gauss is the measure of at most m places that gives every polynomial of degree 2m−1 the sum that the points give it: Gauss's quadrature of
// a sum (Golub and Welsch 1969). Its weights are positive and its places lie among the points, so nothing cancels.
func (k *lanczos) gauss(m int) (g measure) {
	if len(k.t) <= m {
		g.n = copy(g.t[:], k.t)
		copy(g.w[:], k.w)
		return g
	}
	total := 0.
	for _, w := range k.w {
		total += w
	}
	g.n = k.recur(m, total)
	k.head = [rowNodes]float64{1}
	spectrum(k.d[:g.n], k.e[:g.n], k.head[:g.n])
	for i := range g.n {
		g.t[i], g.w[i] = k.d[i], total*k.head[i]*k.head[i]
	}
	return g
}

// recur fills the recurrence of the polynomials orthonormal under the points, diagonal d and off-diagonal e, and returns how many there are.
func (k *lanczos) recur(m int, total float64) int {
	n, width := len(k.t), 0.
	for i := range m {
		k.q[i] = slices.Grow(k.q[i][:0], n)[:n]
	}
	for i, w := range k.w {
		k.q[0][i] = math.Sqrt(w / total)
		width = math.Max(width, math.Abs(k.t[i]-k.t[0]))
	}
	for j := range m {
		q := k.q[j]
		k.d[j], k.e[j] = 0, 0
		for i, v := range q {
			k.d[j] += v * v * k.t[i]
		}
		if j+1 == m {
			break
		}
		next := k.q[j+1]
		for i, v := range q {
			next[i] = (k.t[i] - k.d[j]) * v
		}
		norm := k.orthogonal(next, j+1)
		if norm <= 1e-15*width {
			return j + 1
		}
		k.e[j] = norm
		for i := range next {
			next[i] /= norm
		}
	}
	return m
}

// orthogonal takes from v, twice, what it shares with the first vectors, and returns what length is left.
func (k *lanczos) orthogonal(v []float64, first int) float64 {
	for range 2 {
		for _, q := range k.q[:first] {
			dot := 0.
			for i, c := range q {
				dot += c * v[i]
			}
			for i, c := range q {
				v[i] -= dot * c
			}
		}
	}
	sum := 0.
	for _, c := range v {
		sum += c * c
	}
	return math.Sqrt(sum)
}

// spectrum turns the symmetric tridiagonal matrix of diagonal d and off-diagonal e into its eigenvalues, in d, by implicit QL steps, and head,
// the first row of the identity, into the first components of its eigenvectors.
func spectrum(d, e, head []float64) {
	for l := range d {
		for range 100 {
			m := l
			for m < len(d)-1 && math.Abs(e[m]) > 1e-16*(math.Abs(d[m])+math.Abs(d[m+1])) {
				m++
			}
			if m == l {
				break
			}
			step(d, e, head, l, m)
		}
	}
}

// step is one QL sweep with Wilkinson's shift over l … m.
func step(d, e, head []float64, l, m int) {
	half := (d[l+1] - d[l]) / (2 * e[l])
	g := d[m] - d[l] + e[l]/(half+math.Copysign(math.Hypot(half, 1), half))
	s, c, p := 1., 1., 0.
	for i := m - 1; i >= l; i-- {
		f, b := s*e[i], c*e[i]
		r := math.Hypot(f, g)
		e[i+1] = r
		if r == 0 {
			d[i+1] -= p
			e[m] = 0
			return
		}
		s, c = f/r, g/r
		g = d[i+1] - p
		turn := (d[i]-g)*s + 2*c*b
		p = s * turn
		d[i+1] = g + p
		g = c*turn - b
		head[i], head[i+1] = c*head[i]-s*head[i+1], s*head[i]+c*head[i+1]
	}
	d[l] -= p
	e[l], e[m] = g, 0
}
