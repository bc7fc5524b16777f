package validate

import (
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// Corrected is one way of recalibrating, learnt inside a training part, and what it makes of the risks of the rows judged.
type Corrected struct {
	Method string    `json:"method"`
	A      float64   `json:"a"` // logit p' = A + B·logit p; both 0 where it is no line
	B      float64   `json:"b"`
	P      []float64 `json:"p"` // nil: it could not be learnt, and the risks stay as they are
}

// corrected learns the corrections on the out-of-fold risks inside a training part and applies them to the rows judged.
func (w *work) corrected(inner *inner, network [][]float64) []Corrected {
	if w.design.Correct == nil || w.target.Task != table.TaskBinary || inner == nil {
		return nil
	}
	event := eventIndex(w)
	return w.design.Correct(events(inner.y), column(inner.p[0], event), column(network, event))
}

// recalibration judges the corrections on the mean corrected risk of each row, beside the risks as they are.
func (w *work) recalibration(j *judgement) (*model.Recalibration, error) {
	if w.design.Correct == nil || w.target.Task != table.TaskBinary || w.slots[0].corrected == nil {
		return nil, nil
	}
	y, event := events(j.y), eventIndex(w)
	original, err := recalibrated(y, column(j.p[0], event))
	if err != nil {
		return nil, err
	}
	r := &model.Recalibration{Rows: len(y), Events: int(total(j.y)), Original: original}
	least := metric.Number(0)
	for k, first := range w.slots[0].corrected {
		p := w.mean(func(s *slot) [][]float64 {
			out := make([][]float64, len(s.test))
			for i := range out {
				out[i] = []float64{s.network[i][event]}
				if c := s.correction(k).P; c != nil {
					out[i][0] = c[i]
				}
			}
			return out
		})
		c, err := recalibrated(y, column(p, 0))
		if err != nil {
			return nil, err
		}
		c.Method, c.Difference = first.Method, w.gain(j, column(p, 0))
		w.meanMap(&c, k)
		if r.Methods = append(r.Methods, c); c.Difference.High < 0 && c.Difference.Value < least {
			r.Best, least = c.Method, c.Difference.Value
		}
	}
	return r, nil
}

// correction is what method k made of the risks of the fold; nothing where it was not tried.
func (s *slot) correction(k int) (c Corrected) {
	if k < len(s.corrected) {
		c = s.corrected[k]
	}
	return c
}

// gain is by how much the log loss of the risks p differs from that of the network, with an interval by patient.
func (w *work) gain(j *judgement, p []float64) metric.Estimate {
	event, d, mean := eventIndex(w), make([]float64, len(p)), 0.
	for i, v := range p {
		both := [2]float64{1 - v, 1 - v}
		both[event] = v
		d[i] = w.loss(j.y[i], both[:]) - w.loss(j.y[i], j.p[0][i])
		mean += d[i] / float64(len(p))
	}
	return metric.Wald(metric.Number(mean), metric.Number(errorOf(d, mean, j.members)))
}

// meanMap is the mean of the lines that method k learnt.
func (w *work) meanMap(c *model.Recalibrated, k int) {
	for i := range w.slots {
		if m := w.slots[i].correction(k); m.P != nil {
			c.Folds++
			c.A, c.B = c.A+m.A, c.B+m.B
		}
	}
	if c.Folds > 0 {
		c.A, c.B = c.A/float64(c.Folds), c.B/float64(c.Folds)
	}
}

// mostLoess is how many rows a recalibration's loess curve is drawn through; for more its ICI stays undefined.
const mostLoess = 20_000

// recalibrated measures risks.
func recalibrated(y []bool, p []float64) (r model.Recalibrated, err error) {
	calibrate := metric.Calibrate
	if len(y) > mostLoess {
		calibrate = metric.CalibrateLine
	}
	c, err := calibrate(y, p)
	if err != nil {
		return r, err
	}
	loss, err := metric.LogLoss(y, p)
	if err != nil {
		return r, err
	}
	brier, err := metric.Brier(y, p)
	if err != nil {
		return r, err
	}
	area, err := metric.AUROC(y, p)
	return model.Recalibrated{
		LogLoss: metric.Number(loss), Difference: metric.Estimate{Value: undefined, Low: undefined, High: undefined}, Brier: metric.Number(brier),
		AUROC: area.Value, InTheLarge: c.InTheLarge, Slope: c.Slope, OE: c.OE, ICI: c.ICI,
	}, err
}
