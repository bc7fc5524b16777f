package validate

import (
	"math"

	"gradus/model"
	"gradus/table"
)

// temperature is the T by which the out-of-fold logits of a training part are divided to advantage, 0 where that is not sure: fitted to
// the rows outside each inner fold and judged on the fold, the log loss must fall by more than its standard error.
func (w *work) temperature(rows []int, y []float64, p [][]float64, folds []Fold) float64 {
	if w.target.Task == table.TaskNumber {
		return 0
	}
	gain, mean := make([]float64, len(y)), 0.
	for _, f := range folds {
		sharpness := w.sharpness(pick(y, f.Train), pick(p, f.Train))
		for _, i := range f.Test {
			gain[i] = w.loss(y[i], tempered(p[i], sharpness)) - w.loss(y[i], p[i])
			mean += gain[i] / float64(len(y))
		}
	}
	group := pick(w.design.Group, rows)
	if group == nil {
		group = rows
	}
	if !(mean+errorOf(gain, mean, patients(group)) < 0) {
		return 0
	}
	return 1 / w.sharpness(y, p)
}

// sharpness is the b = 1/T of the least Σ −ln of the probability of what was, the probabilities being p^b over their sum, by Newton's
// steps: the slope is Σ (mean of ln p under them − ln p of what was), its own slope the variance of ln p. 1 where there is no least.
func (w *work) sharpness(y []float64, p [][]float64) float64 {
	b := 1.
	for range 100 {
		slope, bend := 0., 0.
		for i, row := range p {
			q, mean, square := tempered(row, b), 0., 0.
			for c, v := range row {
				z := logOf(v)
				mean += q[c] * z
				square += q[c] * z * z
			}
			slope += mean - logOf(row[w.place(y[i])])
			bend += square - mean*mean
		}
		if !(bend > 0) {
			return 1
		}
		next := min(max(b-slope/bend, b/2), 2*b)
		done := math.Abs(next-b) <= 1e-12*b
		if b = next; done {
			return b
		}
	}
	return 1
}

// place is where the probability of what was stands.
func (w *work) place(y float64) int {
	if w.target.Task == table.TaskClasses {
		return int(y)
	}
	at := eventIndex(w)
	if y != 1 {
		at = 1 - at
	}
	return at
}

func logOf(p float64) float64 { return math.Log(max(p, 1e-300)) }

// tempered are the probabilities p^b over their sum.
func tempered(p []float64, b float64) []float64 {
	out, most, sum := make([]float64, len(p)), math.Inf(-1), 0.
	for _, v := range p {
		most = max(most, b*logOf(v))
	}
	for c, v := range p {
		out[c] = math.Exp(b*logOf(v) - most)
		sum += out[c]
	}
	for c := range out {
		out[c] /= sum
	}
	return out
}

// Temperature is that of the final model: the geometric mean of what the folds found, 1 where one found none; 0 where none did.
func Temperature(n *model.Nested) float64 {
	sum, any := 0., false
	for _, f := range n.Folds {
		if t := f.Settings.Temperature; t > 0 {
			sum, any = sum+math.Log(t), true
		}
	}
	if !any {
		return 0
	}
	return math.Exp(sum / float64(len(n.Folds)))
}
