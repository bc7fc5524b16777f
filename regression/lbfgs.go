package regression

import (
	"math"

	"gradus/internal/say"
	"gradus/mat"
)

const memory = 20

// pair is a step of the weights, the change of the gradient along it, and 1/(step·change).
type pair struct {
	step, change []float64
	inverse      float64
}

// minimise is L-BFGS whose first guess of the curvature is the fixed bound, which makes it settle in tens of iterations.
func (m *multi) minimise() (iterations int, err error) {
	const most = 5000
	var past []pair
	var early []float64 // where the gradient was first small
	next, g := make([]float64, len(m.w)), make([]float64, len(m.g))
	value, parted := m.at(m.w, m.g)
	m.value = value
	still := 1e-10 * (1 + math.Sqrt(float64(len(m.y))))
	for iterations = range most {
		if m.ridge == 0 && parted {
			return 0, say.Error("regression.separated")
		}
		steep := largestOf(m.g)
		if early == nil && steep <= 1e4*still {
			early = append(early, m.w...)
		}
		if steep <= still {
			if m.ridge == 0 && m.moved(early) > 1 {
				break // the gradient died away while rows still moved far: parted but for ties
			}
			return iterations, nil
		}
		d := m.direction(past)
		fall, size := dot(m.g, d), 1.
		for ; ; size /= 2 {
			for j, v := range d {
				next[j] = m.w[j] - size*v
			}
			value, parted = m.at(next, g)
			if value <= m.value-1e-4*size*fall+1e-13*m.value || size < 1e-9 {
				break
			}
		}
		past = m.accept(past, next, g, value)
	}
	if m.ridge == 0 {
		return 0, say.Error("regression.separated")
	}
	return 0, say.Failure("regression.unsettled", "steps", most)
}

// moved is the largest change of a row's o since the weights were v.
func (m *multi) moved(v []float64) (most float64) {
	step := make([]float64, len(v))
	for j, w := range m.w {
		step[j] = w - v[j]
	}
	intercepts, w := m.parts(step)
	mat.MulT(m.o, m.z, w)
	for i, o := range m.o.Data {
		most = math.Max(most, math.Abs(o+intercepts[i%m.classes]))
	}
	return most
}

func largestOf(g []float64) (most float64) {
	for _, v := range g {
		most = math.Max(most, math.Abs(v))
	}
	return most
}

// accept moves to next and remembers the way there.
func (m *multi) accept(past []pair, next, g []float64, value float64) []pair {
	p := pair{step: make([]float64, len(next)), change: make([]float64, len(next))}
	for j := range next {
		p.step[j] = next[j] - m.w[j]
		p.change[j] = g[j] - m.g[j]
	}
	copy(m.w, next)
	copy(m.g, g)
	m.value = value
	bend := dot(p.step, p.change)
	if !(bend > 1e-14*math.Sqrt(dot(p.step, p.step)*dot(p.change, p.change))) {
		return past // rounding, not curvature
	}
	p.inverse = 1 / bend
	if len(past) == memory {
		past = past[1:]
	}
	return append(past, p)
}

// direction is the two-loop recursion (Nocedal 1980): the remembered curvature times the gradient.
func (m *multi) direction(past []pair) []float64 {
	d := append([]float64(nil), m.g...)
	along := make([]float64, len(past))
	for i := len(past) - 1; i >= 0; i-- {
		along[i] = past[i].inverse * dot(past[i].step, d)
		for j, v := range past[i].change {
			d[j] -= along[i] * v
		}
	}
	m.precondition(d)
	if len(past) > 0 {
		last := past[len(past)-1]
		bent := append([]float64(nil), last.change...)
		m.precondition(bent)
		shrink := 1 / (last.inverse * dot(last.change, bent))
		for j := range d {
			d[j] *= shrink
		}
	}
	for i, p := range past {
		back := p.inverse * dot(p.change, d)
		for j, v := range p.step {
			d[j] += (along[i] - back) * v
		}
	}
	return d
}
