package blend

import (
	"cmp"
	"math"
	"slices"

	"gradus/mat"
	"gradus/network"
	"gradus/regression"
)

// Matrix is mat.Matrix, for those who only pass it on.
type Matrix[T mat.Float] = mat.Matrix[T]

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
	if f, err := regression.Cox(mat.View(x.Rows, x.Cols, widened(x.Data)), time, event, regression.Efron, ridge); err == nil {
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

// weighHazards is Weigh by the partial likelihood, the rows held from each network a risk set of their own, its ties Breslow's.
func (p Parts[T]) weighHazards() (a, b float64) {
	var strata []stratum
	for _, part := range p.List {
		if part.X.Rows > 0 {
			strata = append(strata, newStratum(part))
		}
	}
	return weighStrata(strata)
}

// weighStrata is the two weights that make the order of the rows likeliest, 0 and the regression's own where the networks earn too little.
func weighStrata(strata []stratum) (a, b float64) {
	if len(strata) == 0 {
		return 1, 0
	}
	look := func(w *weighing) {
		for _, s := range strata {
			s.add(w)
		}
	}
	a, b = settle(look)
	alone := slope(look)
	gain := 0.
	for _, s := range strata {
		gain += s.likelihood(a, b) - s.likelihood(0, alone)
	}
	if alone > 0 && gain < earned*float64(len(strata)) {
		return 0, alone
	}
	return a, b
}

// earned is how much likelier, in nats, each network must make the order of the rows held from it for the networks to be part of the
// model at all: each was stopped at the epoch that suits these very rows, a choice worth about as much as a coefficient (AIC), and on
// a straight law networks add nothing but noise.
const earned = 1

// slope is b of the regression alone.
func slope(look func(*weighing)) float64 {
	b := 1.
	for range 50 {
		w := weighing{b: b}
		look(&w)
		step := (w.gb + pull*(b-1)) / (w.bb + pull)
		b -= min(max(step, -1), 1)
		if math.Abs(step) < 1e-9 {
			break
		}
	}
	return max(b, 0)
}

// likelihood is the logarithm of the partial likelihood.
func (s stratum) likelihood(a, b float64) (sum float64) {
	o, largest, e := make([]float64, len(s.net)), math.Inf(-1), 0.
	for i, n := range s.net {
		o[i] = a*n + b*s.line[i]
		largest = max(largest, o[i])
	}
	for from := 0; from < len(s.time); {
		to := from
		for ; to < len(s.time) && s.time[to] == s.time[from]; to++ {
			e += math.Exp(o[to] - largest)
		}
		for i := from; i < to; i++ {
			if s.event[i] {
				sum += o[i] - largest - math.Log(e)
			}
		}
		from = to
	}
	return sum
}

// stratum is what a network and its regression say of the rows held, from the latest time to the first.
type stratum struct {
	net, line, time []float64
	event           []bool
}

func newStratum[T mat.Float](part Part[T]) (s stratum) {
	time, event := truths(part.Y)
	net, line := both(part, part.X)
	order := make([]int, len(time))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Or(cmp.Compare(time[j], time[i]), i-j) })
	for _, i := range order {
		s.net, s.line, s.time, s.event = append(s.net, net[i]), append(s.line, line[i]), append(s.time, time[i]), append(s.event, event[i])
	}
	return s
}

// both is what the network and its regression say of the rows of x.
func both[T mat.Float](part Part[T], x mat.Matrix[T]) (net, line []float64) {
	o := mat.New[float64](x.Rows, 1)
	Of(part.Line, o, x)
	return outputs(part.Net, x), o.Data
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

// add takes the rows into gradient and Hessian: at each event the mean and covariance of net and line among those at risk.
func (s stratum) add(w *weighing) {
	largest := math.Inf(-1)
	for i, n := range s.net {
		largest = max(largest, w.a*n+w.b*s.line[i])
	}
	var e, n, l, nn, nl, ll float64
	for from := 0; from < len(s.time); {
		to := from
		for ; to < len(s.time) && s.time[to] == s.time[from]; to++ {
			x, y := s.net[to], s.line[to]
			v := math.Exp(w.a*x + w.b*y - largest)
			e, n, l, nn, nl, ll = e+v, n+v*x, l+v*y, nn+v*x*x, nl+v*x*y, ll+v*y*y
		}
		for i := from; i < to; i++ {
			if s.event[i] {
				w.ga += n/e - s.net[i]
				w.gb += l/e - s.line[i]
				w.aa += nn/e - n/e*(n/e)
				w.ab += nl/e - n/e*(l/e)
				w.bb += ll/e - l/e*(l/e)
			}
		}
		from = to
	}
}

// Risks is a·network + b·regression of each row held, less its mean over all rows of x (n,d), and the place of the row in x.
func (p Parts[T]) Risks(x mat.Matrix[T], a, b float64) (risk []float64, place []int) {
	for _, part := range p.List {
		if len(part.Held) == 0 {
			continue
		}
		net, line := both(part, x)
		mean := 0.
		for i := range net {
			net[i] = a*net[i] + b*line[i]
			mean += net[i] / float64(len(net))
		}
		for _, at := range part.Held {
			risk, place = append(risk, net[at]-mean), append(place, at)
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

// Baseline is the cumulated hazard of a row of risk 0, by Breslow's estimator with Efron's ties.
func Baseline(risk, time []float64, event []bool) (times, hazard []float64) {
	return regression.Baseline(risk, time, event, regression.Efron)
}
