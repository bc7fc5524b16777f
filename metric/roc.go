package metric

import (
	"math"
	"slices"
)

// Point is a point of a curve; a call is p ≥ Threshold (the first point of a ROC curve, with no call, has +Inf).
type Point struct{ Threshold, X, Y float64 }

// ROC is the curve of false positive rate (X) against true positive rate (Y): (0, 0), then a point for each distinct score
// from the highest down. Points on a straight stretch are left out when thin is true: the drawn line is the same.
func ROC(y []bool, p []float64, thin bool) ([]Point, error) {
	calls, err := cuts(y, p)
	if err != nil {
		return nil, err
	}
	last := calls[len(calls)-1]
	curve := []Point{{Threshold: math.Inf(1)}}
	for i, c := range calls {
		if thin && i > 0 && i+1 < len(calls) && straight(calls[i-1], c, calls[i+1]) {
			continue
		}
		curve = append(curve, Point{c.threshold, float64(c.fp) / float64(last.fp), float64(c.tp) / float64(last.tp)})
	}
	return curve, nil
}

func straight(a, b, c cut) bool {
	return (b.fp-a.fp)*(c.tp-b.tp) == (c.fp-b.fp)*(b.tp-a.tp)
}

// PrecisionRecall is the curve of recall (X) against precision (Y), a point for each distinct score from the highest down.
func PrecisionRecall(y []bool, p []float64) ([]Point, error) {
	calls, err := cuts(y, p)
	if err != nil {
		return nil, err
	}
	curve, events := make([]Point, len(calls)), float64(count(y))
	for i, c := range calls {
		curve[i] = Point{c.threshold, float64(c.tp) / events, float64(c.tp) / float64(c.tp+c.fp)}
	}
	return curve, nil
}

// AveragePrecision is Σ (recallᵢ − recallᵢ₋₁)·precisionᵢ over the distinct scores from the highest down. It is not the
// trapezoid area under the precision-recall curve, which draws straight lines where the curve is not straight.
func AveragePrecision(y []bool, p []float64) (float64, error) {
	curve, err := PrecisionRecall(y, p)
	if err != nil {
		return math.NaN(), err
	}
	sum, recall := 0., 0.
	for _, point := range curve {
		sum += (point.X - recall) * point.Y
		recall = point.X
	}
	return sum, nil
}

// cut counts the calls p ≥ threshold.
type cut struct {
	threshold float64
	tp, fp    int64
}

// cuts is one cut for each distinct score, the highest first.
func cuts(y []bool, p []float64) ([]cut, error) {
	if err := checkScores(y, p); err != nil {
		return nil, err
	}
	if events := count(y); events == 0 || events == len(y) {
		return nil, ErrOneClass
	}
	s := ranked(p)
	slices.Reverse(s)
	var list []cut
	var tp, fp int64
	runs(y, s, func(from, to, events int) {
		tp += int64(events)
		fp += int64(to - from - events)
		list = append(list, cut{s[from].p, tp, fp})
	})
	return list, nil
}
