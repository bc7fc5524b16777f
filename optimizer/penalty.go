package optimizer

import (
	"math"

	"gradus/internal/kernel"
	"gradus/mat"
)

// Penalty is λ₁·Σ|w| + ½λ₂·Σw² over the weights, what large weights cost, and ½μ·‖w−w₀‖² over all of w, what it costs to leave w₀
// (FedProx: Li et al. 2020). Biases, gamma and beta stay outside Spans and are spared the first two.
type Penalty[T mat.Float] struct {
	L1, L2 T        // λ₁, λ₂: each ≥ 0
	Spans  [][2]int // [from, to) of w that hold weights; nil: all of w
	Mu     T        // μ ≥ 0
	Near   []T      // w₀, as many as w; of no account where μ is 0
}

// Cost is λ₁·Σ|w| + ½λ₂·Σw² + ½μ·‖w−w₀‖².
func (p Penalty[T]) Cost(w []T) float64 {
	var absolute, square float64
	for _, s := range p.spans(w) {
		for _, wi := range w[s[0]:s[1]] {
			x := float64(wi)
			absolute += math.Abs(x)
			square += float64(x * x)
		}
	}
	away := 0.
	if p.Mu > 0 {
		for i, wi := range w {
			x := float64(wi) - float64(p.Near[i])
			away += float64(x * x)
		}
	}
	return float64(float64(p.L1)*absolute) + float64(float64(p.L2)*square/2) + float64(float64(p.Mu)*away/2)
}

// Add is g := g + λ₁·sign(w) + λ₂·w + μ·(w−w₀), with sign(0) = 0: the gradient of Cost, added before the rule's Step. With λ₂ alone it
// is PyTorch's weight_decay.
func (p Penalty[T]) Add(w, g []T) {
	if p.Mu > 0 {
		for i, wi := range w {
			g[i] += T(p.Mu * (wi - p.Near[i]))
		}
	}
	if p.L1 == 0 && p.L2 == 0 {
		return
	}
	for _, s := range p.spans(w) {
		w, g := w[s[0]:s[1]], g[s[0]:s[1]]
		if p.L1 == 0 {
			kernel.AddScaled(g, w, p.L2)
			continue
		}
		for i, wi := range w {
			g[i] += T(p.L2*wi) + T(p.L1*sign(wi))
		}
	}
}

func (p Penalty[T]) spans(w []T) [][2]int {
	if p.Spans == nil {
		return [][2]int{{0, len(w)}}
	}
	return p.Spans
}

// sign is −1, 0 or 1; of NaN it is NaN.
func sign[T mat.Float](x T) T {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

// Decay is w := (1−αλ)·w on the spans (nil: all): decoupled weight decay beside any rule, called before its Step (with a LookAhead
// rule before its Ahead). AdamW has its own inside.
func Decay[T mat.Float](alpha, lambda T, w []T, spans [][2]int) {
	keep := T(1 - float64(float64(alpha)*float64(lambda)))
	for _, s := range (Penalty[T]{Spans: spans}).spans(w) {
		for i := s[0]; i < s[1]; i++ {
			w[i] *= keep
		}
	}
}

// ClipNorm is g := g·min(1, limit/(‖g‖+1e-6)), PyTorch's clipping by norm, and returns ‖g‖ as it was. limit is positive.
//
// ‖g‖ is √Σg² over all of g. A NaN in g makes all of g NaN and ±Inf leaves NaN in its place: neither is hidden.
func ClipNorm[T mat.Float](g []T, limit float64) (norm float64) {
	norm = length(g)
	coefficient := limit / (norm + 1e-6)
	if coefficient >= 1 {
		return norm
	}
	kernel.Scale(g, coefficient)
	return norm
}

// length is √Σg², by the largest element where the squares leave float64.
func length[T mat.Float](g []T) float64 {
	if sum, done := kernel.SquareSum(g); done {
		return math.Sqrt(sum)
	}
	square, largest := 0.0, 0.0
	for _, gi := range g {
		x := float64(gi)
		square += float64(x * x)
		largest = max(largest, math.Abs(x))
	}
	if !math.IsInf(square, 1) || math.IsInf(largest, 1) {
		return math.Sqrt(square)
	}
	square = 0
	for _, gi := range g {
		x := float64(gi) / largest
		square += float64(x * x)
	}
	return largest * math.Sqrt(square)
}
