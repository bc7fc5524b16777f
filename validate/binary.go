package validate

import (
	"math"

	"gradus/metric"
	"gradus/model"
)

// What the pictures are drawn from.
const (
	curvePoints = 101 // of the smooth calibration curve
	riskBins    = 10  // equal stretches of risk
)

var undefined = metric.Number(math.NaN())

// binary measures the risks of both and compares how they rank.
func (w *work) binary(truth []float64, network, regression [][]float64) (*model.BinaryValidation, error) {
	y, event, threshold := events(truth), eventIndex(w), .5
	if w.plan.Threshold != nil {
		threshold = *w.plan.Threshold
	}
	v := &model.BinaryValidation{Threshold: threshold}
	var err error
	if v.Network, err = side(y, column(network, event), threshold); err != nil {
		return nil, err
	}
	if v.Regression, err = side(y, column(regression, event), threshold); err != nil {
		return nil, err
	}
	v.Events = v.Network.Events
	area := func(y []float64, p [][]float64) metric.Number {
		a, _ := metric.AUROC(events(y), column(p, event)) // its only error, one class in the fold, leaves it undefined
		return a.Value
	}
	v.Network.Spread = w.spread("auroc", func(s *slot) [][]float64 { return s.network }, area)
	v.Regression.Spread = w.spread("auroc", func(s *slot) [][]float64 { return s.regression }, area)
	v.Difference, err = difference(y, v.Network, v.Regression)
	return v, err
}

func eventIndex(w *work) int { return (&model.Model{Target: *w.target}).EventIndex() }

// side is every figure of one prediction, and the points of its pictures.
func side(y []bool, p []float64, threshold float64) (s model.BinarySide, err error) {
	s.Risks = p
	if s.BinaryResult, err = metric.Binary(y, p, metric.Options{Threshold: &threshold}); err != nil {
		return s, err
	}
	roc, err := metric.ROC(y, p, true)
	if err != nil {
		return s, err
	}
	pr, err := metric.PrecisionRecall(y, p)
	if err != nil {
		return s, err
	}
	s.PR = thin(points(pr))
	curve, err := metric.CalibrationCurve(y, p, curvePoints)
	if err != nil {
		return s, err
	}
	bins, err := metric.EqualBins(y, p, riskBins)
	if err != nil {
		return s, err
	}
	for _, b := range bins {
		s.Bins = append(s.Bins, model.Bin{N: b.N, Mean: b.Mean, Observed: b.Observed})
	}
	s.ROC, s.Curve, s.Histogram = points(roc), points(curve), histogram(y, p)
	var thresholds []float64
	for t := 1; t < 100; t++ {
		thresholds = append(thresholds, float64(t)/100)
	}
	s.DecisionCurve, err = metric.DecisionCurve(y, p, thresholds)
	return s, err
}

func points(list []metric.Point) []model.Point {
	out := make([]model.Point, len(list))
	for i, p := range list {
		out[i] = model.Point{X: p.X, Y: p.Y}
	}
	return out
}

// thin leaves out points that lie nearer than a thousandth to the last one kept: no picture shows them.
func thin(list []model.Point) []model.Point {
	kept := list[:0]
	for i, p := range list {
		if n := len(kept); n == 0 || i == len(list)-1 || math.Abs(p.X-kept[n-1].X) > .001 || math.Abs(p.Y-kept[n-1].Y) > .001 {
			kept = append(kept, p)
		}
	}
	return kept
}

// histogram counts the risks in riskBins equal stretches, each without its upper end but for the last.
func histogram(y []bool, p []float64) model.Histogram {
	h := model.Histogram{Events: make([]int, riskBins), Others: make([]int, riskBins)}
	for i, v := range p {
		at := min(int(v*riskBins), riskBins-1)
		if y[i] {
			h.Events[at]++
		} else {
			h.Others[at]++
		}
	}
	return h
}

// difference compares the AUROCs by DeLong's paired test; its interval is the one that goes with z.
func difference(y []bool, network, regression model.BinarySide) (model.Difference, error) {
	t, err := metric.DeLong(y, network.Risks, regression.Risks)
	d := model.Difference{Test: t, Low: t.Difference, High: t.Difference, Verdict: "none"}
	if t.Z.Defined() && t.Z != 0 {
		half := 1.959963984540054 * t.Difference / t.Z // difference/z is its standard error
		d.Low, d.High = t.Difference-half, t.Difference+half
	} else if t.Difference != 0 || !t.Z.Defined() {
		d.Low, d.High = undefined, undefined
	}
	switch {
	case !(t.P < .05):
	case t.Difference > 0:
		d.Verdict = "network"
	default:
		d.Verdict = "regression"
	}
	return d, err
}
