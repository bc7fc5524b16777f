package bench

import (
	"gradus/mat"
	"gradus/network"
)

// predictions is rows pushed through a network, some at a time.
type predictions struct {
	pass *network.Prediction[float32]
	x    []mat.Matrix[float32]
}

const predicted = 1024 // rows of one repetition

func newPredictions(w workload, seed uint64, at int) *predictions {
	x := w.rows(seed)
	w.Batch, w.Batches = at, predicted/at
	p := &predictions{pass: w.build(seed, w.output()).NewPrediction(at)}
	for i := range w.Batches {
		p.x = append(p.x, w.batch(x, i))
	}
	return p
}

func (p *predictions) run() {
	for _, x := range p.x {
		p.pass.Forward(x)
	}
}

// mean is the mean of the first output over all rows.
func (p *predictions) mean() float64 {
	sum := 0.
	for _, x := range p.x {
		h := p.pass.Forward(x)
		for i := range h.Rows {
			sum += float64(h.Row(i)[0])
		}
	}
	return sum / predicted
}

// inferenceJobs are infer-S and infer-M, one row after the other, and the same with 256 rows at a time.
func inferenceJobs(r *run, add func(*job)) {
	for _, c := range []struct {
		name, work string
		at         int
	}{{"infer-S", "S", 1}, {"infer-M", "M", 1}, {"infer-S-256", "S", 256}, {"infer-M-256", "M", 256}} {
		w := workloadCalled(c.work)
		p := newPredictions(w, r.Seed, c.at)
		add(&job{
			result: Result{Work: c.name}, cost: w.forward(c.at), steps: len(p.x),
			repeat: func() error { p.run(); return nil },
			losses: func() []float64 { return []float64{p.mean()} },
		})
	}
}

// forward is the price of predicting n rows.
func (w workload) forward(n int) (p price) {
	for i, out := range w.Sizes[1:] {
		p.flops += 2 * float64(n) * float64(w.Sizes[i]) * float64(out)
		p.holds += 4 * (float64(w.Sizes[i]) + 1) * float64(out)
	}
	p.bytes = p.holds
	return p
}
