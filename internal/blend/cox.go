package blend

import (
	"cmp"
	"math"
	"slices"

	"gradus/mat"
	"gradus/network"
	"gradus/regression"
)

// Regress fits the regression of the task to x (n,d) and y: Fit, or of survival Cox's with y (n,2) of times and events.
func (p Parts[T]) Regress(x, y mat.Matrix[T]) Line {
	if !p.Survival {
		return Fit(x, y.Data, p.Outputs, p.Binary)
	}
	l := Line{make([]float64, x.Cols), make([]float64, 1)}
	if float64(x.Rows)*float64(x.Cols)*float64(x.Cols) > most {
		return l
	}
	time, event := truths(y)
	if f, err := regression.Cox(mat.View(x.Rows, x.Cols, widened(x.Data)), time, event, regression.Efron, Ridge); err == nil {
		l.Weights = f.Coefficients
	}
	return l
}

// truths parts y (n,2) into times and events.
func truths[T mat.Float](y mat.Matrix[T]) (time []float64, event []bool) {
	time, event = make([]float64, y.Rows), make([]bool, y.Rows)
	for i := range y.Rows {
		time[i], event[i] = float64(y.Data[2*i]), y.Data[2*i+1] == 1
	}
	return time, event
}

// weighHazards is Weigh by the partial likelihood, the rows held from each member a risk set of their own, its ties Breslow's.
func (p Parts[T]) weighHazards() []float64 {
	var strata []stratum
	for _, part := range p.List {
		if part.X.Rows > 0 {
			strata = append(strata, newStratum(part))
		}
	}
	return weighStrata(strata, p.Forms+1)
}

// earned is how much likelier, in nats, each network must make the order of the rows held from it, for the networks to be part of the
// model at all: each was stopped at the epoch that suits these very rows, a choice worth about as much as a coefficient (AIC), and on
// a straight law networks add nothing but noise.
const earned = 1

// weighStrata is the k shares that make the order of the rows likeliest, or the regression's own, the last, and nothing else where the
// networks earn too little.
func weighStrata(strata []stratum, k int) []float64 {
	share := shares(strata, k)
	if len(strata) == 0 {
		return share
	}
	alone, lines := make([]float64, k), make([]stratum, len(strata))
	for i, s := range strata {
		lines[i] = stratum{s.says[k-1:], s.time, s.event}
	}
	alone[k-1] = shares(lines, 1)[0]
	gain := 0.
	for _, s := range strata {
		gain += s.likelihood(share) - s.likelihood(alone)
	}
	if alone[k-1] > 0 && gain < earned*float64(len(strata)*(k-1)) {
		return alone
	}
	return share
}

// shares are the k likeliest.
func shares(strata []stratum, k int) []float64 {
	w := newWeighing(k, 0)
	if len(strata) == 0 {
		return w.a
	}
	return w.settle(func() {
		for _, s := range strata {
			s.add(w)
		}
	})
}

// stratum is what the networks and the regression of a member say of the rows held, (says, rows), from the latest time to the first.
type stratum struct {
	says  [][]float64
	time  []float64
	event []bool
}

func newStratum[T mat.Float](part Part[T]) (s stratum) {
	time, event := truths(part.Y)
	order := make([]int, len(time))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Or(cmp.Compare(time[j], time[i]), i-j) })
	for _, i := range order {
		s.time, s.event = append(s.time, time[i]), append(s.event, event[i])
	}
	for _, said := range part.says(part.X) {
		var sorted []float64
		for _, i := range order {
			sorted = append(sorted, said[i])
		}
		s.says = append(s.says, sorted)
	}
	return s
}

// sum is Σ a·says of each row, less the largest.
func (s stratum) sum(a []float64) []float64 {
	o, largest := make([]float64, len(s.time)), math.Inf(-1)
	for i := range o {
		for k, said := range s.says {
			o[i] += a[k] * said[i]
		}
		largest = max(largest, o[i])
	}
	for i := range o {
		o[i] -= largest
	}
	return o
}

// moments calls each, from the latest time to the first, with the rows [from, to) of that time.
func (s stratum) moments(each func(from, to int)) {
	for from := 0; from < len(s.time); {
		to := from
		for to < len(s.time) && s.time[to] == s.time[from] {
			to++
		}
		each(from, to)
		from = to
	}
}

// likelihood is the logarithm of the partial likelihood.
func (s stratum) likelihood(a []float64) (sum float64) {
	o, e := s.sum(a), 0.
	s.moments(func(from, to int) {
		for _, v := range o[from:to] {
			e += math.Exp(v)
		}
		for i := from; i < to; i++ {
			if s.event[i] {
				sum += o[i] - math.Log(e)
			}
		}
	})
	return sum
}

// add takes the rows into gradient and Hessian: at each event the mean and covariance of what is said among those at risk.
func (s stratum) add(w *weighing) {
	o, k, e := s.sum(w.a), len(s.says), 0.
	first, second := make([]float64, k), mat.New[float64](k, k)
	s.moments(func(from, to int) {
		for i := from; i < to; i++ {
			v := math.Exp(o[i])
			e += v
			for a, x := range s.says {
				first[a] += v * x[i]
				for b, y := range s.says {
					second.Row(a)[b] += v * x[i] * y[i]
				}
			}
		}
		for i := from; i < to; i++ {
			if s.event[i] {
				w.event(s, i, e, first, second)
			}
		}
	})
}

// event takes in the event of row i, first and second being the weighted sums of what is said, e that of the weights.
func (w *weighing) event(s stratum, i int, e float64, first []float64, second mat.Matrix[float64]) {
	for a, m := range first {
		w.g[a] += m/e - s.says[a][i]
		for b, n := range first {
			w.h.Row(a)[b] += second.At(a, b)/e - m/e*(n/e)
		}
	}
}

// says is what the networks, and last the regression, say of the rows of x.
func (part Part[T]) says(x mat.Matrix[T]) (list [][]float64) {
	for _, net := range part.Nets {
		list = append(list, outputs(net, x))
	}
	o := mat.New[float64](x.Rows, 1)
	Of(part.Line, o, x)
	return append(list, o.Data)
}

// outputs is the one number that net says of each row of x, a thousand rows at a time.
func outputs[T mat.Float](net *network.Network[T], x mat.Matrix[T]) []float64 {
	const chunk = 1024
	list, p := make([]float64, 0, x.Rows), net.NewPrediction(min(chunk, x.Rows))
	for start := 0; start < x.Rows; start += chunk {
		n := min(chunk, x.Rows-start)
		for _, v := range p.Forward(mat.View(n, x.Cols, x.Data[start*x.Cols:(start+n)*x.Cols])).Data {
			list = append(list, float64(v))
		}
	}
	return list
}

// Risks is Σ share·says of each row held, less its mean over all rows of x (n,d), and the place of the row in x.
func (p Parts[T]) Risks(x mat.Matrix[T], share []float64) (risk []float64, place []int) {
	for _, part := range p.List {
		if len(part.Held) == 0 {
			continue
		}
		sum, mean := make([]float64, x.Rows), 0.
		for k, said := range part.says(x) {
			for i, v := range said {
				sum[i] += share[k] * v
			}
		}
		for _, v := range sum {
			mean += v / float64(len(sum))
		}
		for _, at := range part.Held {
			risk, place = append(risk, sum[at]-mean), append(place, at)
		}
	}
	return risk, place
}

// Centred is what net says of the rows of x, less its mean, and the mean.
func Centred[T mat.Float](net *network.Network[float32], x mat.Matrix[T]) (risk []float64, mean float64) {
	narrow := mat.New[float32](x.Rows, x.Cols)
	for i, v := range x.Data {
		narrow.Data[i] = float32(v)
	}
	risk = outputs(net, narrow)
	for _, v := range risk {
		mean += v / float64(len(risk))
	}
	for i := range risk {
		risk[i] -= mean
	}
	return risk, mean
}
