package explain

import (
	"math"

	"gradus/mat"
)

// Part is what one column adds to a prediction, beyond a baseline.
type Part struct {
	Column string   `json:"column"`
	Value  string   `json:"value"` // of the row
	Part   float64  `json:"part"`
	SE     *float64 `json:"se,omitempty"`
}

// Parts is a prediction taken apart: Base + ΣParts = F but for Error, which is shown.
type Parts struct {
	Row   int     `json:"row"` // counted from 1
	F     float64 `json:"f"`
	Base  float64 `json:"base"`
	Error float64 `json:"error"` // ΣParts − (F − Base)
	Parts []Part  `json:"parts"`
}

// nodes is how many places of the path from the baseline to the row have their gradient taken.
const nodes = 50

// IntegratedGradients is φ_i = (x_i − b_i)·∫₀¹ ∂f/∂x_i (b + t(x − b)) dt by Gauss–Legendre with 50 nodes, summed over the features
// of each group. Σφ = f(x) − f(b) up to the error of the rule.
func IntegratedGradients(f *Function, groups []Group, x, baseline []float64) (Parts, error) {
	t, w := legendre(nodes)
	path := mat.New[float64](nodes, len(x))
	for k := range nodes {
		for i := range x {
			path.Row(k)[i] = baseline[i] + t[k]*(x[i]-baseline[i])
		}
	}
	phi := make([]float64, len(x))
	err := f.Gradients(path, func(k int, dx []float64) {
		for i, d := range dx {
			phi[i] += w[k] * d
		}
	})
	if err != nil {
		return Parts{}, err
	}
	ends, values := mat.New[float64](2, len(x)), make([]float64, 2)
	copy(ends.Row(0), x)
	copy(ends.Row(1), baseline)
	f.Values(values, ends)
	p := Parts{F: values[0], Base: values[1], Parts: make([]Part, len(groups))}
	for g, group := range groups {
		p.Parts[g].Column = group.Name
		for _, s := range group.Spans {
			for i := s[0]; i < s[1]; i++ {
				p.Parts[g].Part += (x[i] - baseline[i]) * phi[i]
			}
		}
	}
	return p.check(), nil
}

// check sets the error of the sum.
func (p Parts) check() Parts {
	sum := 0.
	for _, part := range p.Parts {
		sum += part.Part
	}
	p.Error = sum - (p.F - p.Base)
	return p
}

// legendre gives the nodes and weights of ∫₀¹ by Gauss–Legendre: the roots of P_n by Newton's method, w = 1/((1 − z²)·P_n′(z)²).
func legendre(n int) (t, w []float64) {
	t, w = make([]float64, n), make([]float64, n)
	for i := range n {
		z := math.Cos(math.Pi * (float64(i) + .75) / (float64(n) + .5))
		slope := 0.
		for range 100 {
			p, before := 1., 0.
			for k := 1; k <= n; k++ {
				p, before = (float64(2*k-1)*z*p-float64(k-1)*before)/float64(k), p
			}
			slope = float64(n) * (z*p - before) / (z*z - 1)
			step := p / slope
			if z -= step; math.Abs(step) < 1e-16 {
				break
			}
		}
		t[i], w[i] = (1-z)/2, 1/((1-z*z)*slope*slope)
	}
	return t, w
}
