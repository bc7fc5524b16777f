package cost

import (
	"cmp"
	"math"
	"slices"

	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/mat"
)

// Ties says how a Cox cost counts events of one time.
type Ties string

// Efron's way (the zero value) is nearer to the exact likelihood; Breslow's lets every event of a time face all who were at risk.
const (
	Efron   Ties = "efron"
	Breslow Ties = "breslow"
)

// Cox is E = −1/n·Σ_events [hᵢ − ln Σ_{j at risk} e^hⱼ], the negative logarithm of Cox's partial likelihood, averaged over the rows; with
// eᵢ = e^hᵢ, ∂E/∂hᵢ = (eᵢ·Σ_{events at risk with i} 1/Σ_{j at risk} eⱼ − [event])/n. No formula of the deck.
//
// h (n,1) is the logarithm of each row's hazard, up to a constant; y (n,2) holds the time and 1 for an event, 0 for a censoring. Who is
// censored at a time was at risk then. Of d events of one time Efron's k-th denominator, k = 0 … d−1, lacks k/d of their Σ e.
//
// A row is judged against the others: the rows of a batch are its risk sets, and only the order of the times counts. Rows without any
// event cost 0. O(n log n), for the order; in float64, relative to the largest h, so that only hazards that differ by e⁷⁰⁰ overflow.
//
// A Cox keeps room for its sums and is not shared between goroutines. It is not in All, whose costs judge each row by itself.
type Cox[T mat.Float] struct {
	Ties  Ties
	order []int     // rows from the latest time to the first
	e     []float64 // e^(h − the largest h), of each row
	up    []float64 // of each place in order where a time with events begins: Σ 1/denominator
	tied  []float64 // and Σ (k/d)/denominator
}

// NewCox makes a Cox cost; "" is Efron's.
func NewCox[T mat.Float](ties Ties) (*Cox[T], error) {
	if err := oneOf("ties", string(ties), string(Efron), string(Breslow)); err != nil {
		return nil, err
	}
	return &Cox[T]{Ties: ties}, nil
}

// Name is "cox".
func (*Cox[T]) Name() string { return "cox" }

// Forward returns E for h (n,1) and y (n,2).
func (f *Cox[T]) Forward(h, y mat.Matrix[T]) float64 {
	sum := f.walk(h, y)
	return sum / float64(h.Rows)
}

// Backward writes dh (n,1) for h (n,1) and y (n,2).
func (f *Cox[T]) Backward(dh, h, y mat.Matrix[T]) {
	same("Cox gradient", dh, h)
	f.walk(h, y)
	n, rise := float64(h.Rows), 0.
	for to := len(f.order); to > 0; {
		from := f.start(y, to)
		rise += f.up[from]
		for _, i := range f.order[from:to] {
			share, event := rise, 0.
			if y.Data[2*i+1] == 1 {
				share, event = rise-f.tied[from], 1
			}
			dh.Data[i] = T((float64(f.e[i]*share) - event) / n)
		}
		to = from
	}
}

// CheckTruth says what keeps y from being times and events of one output.
func (f *Cox[T]) CheckTruth(y mat.Matrix[T], out int) error {
	if out != 1 || y.Cols != 2 {
		return say.Error("cost.cox_columns", "columns", y.Cols, "outputs", out)
	}
	for i := range y.Rows {
		if t := float64(y.Data[2*i]); !(t >= 0 && finite(t)) {
			return say.Error("cost.cox_time", "row", i+1, "value", t)
		}
		if e := float64(y.Data[2*i+1]); e != 0 && e != 1 {
			return say.Error("cost.cox_event", "row", i+1, "value", e)
		}
	}
	return nil
}

// walk goes from the latest time to the first, those at risk only growing, and returns n·E; it leaves e, up and tied behind.
func (f *Cox[T]) walk(h, y mat.Matrix[T]) (sum float64) {
	f.sort(h, y)
	risk := 0.
	for from := 0; from < len(f.order); {
		to, events, top := from, 0, 0.
		for t := y.Data[2*f.order[from]]; to < len(f.order) && y.Data[2*f.order[to]] == t; to++ {
			i := f.order[to]
			risk += f.e[i]
			if y.Data[2*i+1] == 1 {
				events++
				top += f.e[i]
			}
		}
		f.up[from], f.tied[from] = 0, 0
		for k := range events {
			part := 0.
			if f.Ties != Breslow {
				part = float64(k) / float64(events)
			}
			denominator := risk - float64(part*top)
			sum += kernel.Log(denominator)
			f.up[from] += 1 / denominator
			f.tied[from] += part / denominator
		}
		from = to
	}
	return sum - f.events(h, y)
}

// events is Σ (hᵢ − the largest h) over the events; an e holds h relative to it, so walk's sum is relative too.
func (f *Cox[T]) events(h, y mat.Matrix[T]) (sum float64) {
	largest := most(h.Data)
	for i, v := range h.Data {
		if y.Data[2*i+1] == 1 {
			sum += float64(v) - largest
		}
	}
	return sum
}

// sort lays the rows in order, equal times by their place, and computes their e.
func (f *Cox[T]) sort(h, y mat.Matrix[T]) {
	if h.Cols != 1 || y.Cols != 2 || h.Rows != y.Rows || len(h.Data) != h.Rows || len(y.Data) != 2*y.Rows {
		panic("cost: Cox " + size(h) + " against " + size(y) + ": wants (n,1) against (n,2)")
	}
	f.order, f.e = slices.Grow(f.order[:0], h.Rows)[:h.Rows], slices.Grow(f.e[:0], h.Rows)[:h.Rows]
	f.up, f.tied = slices.Grow(f.up[:0], h.Rows)[:h.Rows], slices.Grow(f.tied[:0], h.Rows)[:h.Rows]
	largest := most(h.Data)
	for i, v := range h.Data {
		f.order[i], f.e[i] = i, kernel.Exp(float64(v)-largest)
	}
	slices.SortFunc(f.order, func(a, b int) int { return cmp.Or(cmp.Compare(y.Data[2*b], y.Data[2*a]), a-b) })
}

// start is where the time of the row before place to begins.
func (f *Cox[T]) start(y mat.Matrix[T], to int) int {
	from := to - 1
	for from > 0 && y.Data[2*f.order[from-1]] == y.Data[2*f.order[to-1]] {
		from--
	}
	return from
}

// most is the largest value, NaN if one is.
func most[T mat.Float](values []T) float64 {
	largest := math.Inf(-1)
	for _, v := range values {
		largest = max(largest, float64(v))
	}
	return largest
}
