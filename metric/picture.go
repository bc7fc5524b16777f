package metric

import "math"

// CalibrationCurve is the loess curve for a picture: points of p (X) spread evenly over the rows from the lowest to the
// highest prediction, Y clipped to [0, 1] (the figures of Calibration are not).
func CalibrationCurve(y []bool, p []float64, points int) ([]Point, error) {
	if err := checkProbabilities(y, p); err != nil {
		return nil, err
	}
	l := newLoess(y, p)
	var curve []Point
	for i := range points {
		z := quantile(l.sorted, float64(i)/float64(max(1, points-1)))
		if n := len(curve); n == 0 || curve[n-1].X != z {
			curve = append(curve, Point{math.NaN(), z, math.Max(0, math.Min(1, l.at(z)))})
		}
	}
	return curve, nil
}

// Bin is a group of rows with like predictions: their mean prediction and the share of events among them.
type Bin struct {
	N, Events int
	Mean      float64
	Observed  Estimate
}

// QuantileBins groups the rows by the k-quantiles of p (linear between order statistics; a prediction on an edge belongs to
// the lower group); groups without a row are left out.
func QuantileBins(y []bool, p []float64, k int) ([]Bin, error) {
	if err := checkProbabilities(y, p); err != nil {
		return nil, err
	}
	s := ranked(p)
	sorted := make([]float64, len(s))
	for i, row := range s {
		sorted[i] = row.p
	}
	edges := make([]float64, 0, k)
	for i := 1; i < k; i++ {
		edges = append(edges, quantile(sorted, float64(i)/float64(k)))
	}
	return bins(y, s, edges), nil
}

// EqualBins groups the rows by k equal stretches of [0, 1]; groups without a row are left out.
func EqualBins(y []bool, p []float64, k int) ([]Bin, error) {
	if err := checkProbabilities(y, p); err != nil {
		return nil, err
	}
	edges := make([]float64, 0, k)
	for i := 1; i < k; i++ {
		edges = append(edges, float64(i)/float64(k))
	}
	return bins(y, ranked(p), edges), nil
}

func bins(y []bool, s []scored, edges []float64) []Bin {
	list := make([]Bin, len(edges)+1)
	at := 0
	for _, row := range s {
		for at < len(edges) && row.p > edges[at] {
			at++
		}
		list[at].N++
		list[at].Events += side(y[row.row])
		list[at].Mean += row.p
	}
	kept := list[:0]
	for _, b := range list {
		if b.N > 0 {
			b.Mean /= float64(b.N)
			b.Observed = Wilson(b.Events, b.N)
			kept = append(kept, b)
		}
	}
	return kept
}
