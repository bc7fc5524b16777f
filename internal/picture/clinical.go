package picture

import "math"

// The charts of a validation: numbers and words in, a panel out. Words come in the reader's language.

// ROC is sensitivity against 1 − specificity; Cuts are the frozen thresholds on the curves.
type ROC struct {
	X, Y   string
	Curves []Series
	Chance string // names the diagonal
	Cuts   []Note
	Height int
}

// Panel is the chart.
func (r ROC) Panel() Panel {
	return Panel{
		X: Axis{Name: r.X, High: 1}, Y: Axis{Name: r.Y, High: 1}, Square: true, Height: r.Height,
		Series: r.Curves, References: []Reference{{r.Chance, 0, 0, 1, 1}}, Notes: dropped(r.Cuts),
	}
}

// dropped gives every note its ring and its lines to the axes.
func dropped(list []Note) []Note {
	out := make([]Note, len(list))
	for i, n := range list {
		n.Ring, n.Drop = true, true
		out[i] = n
	}
	return out
}

// PrecisionRecall is the positive predictive value against sensitivity, held against the prevalence, which guessing reaches.
type PrecisionRecall struct {
	X, Y       string
	Curves     []Series
	Prevalence float64
	Name       string // of the prevalence line
	Cuts       []Note
	Height     int
}

// Panel is the chart.
func (p PrecisionRecall) Panel() Panel {
	return Panel{
		X: Axis{Name: p.X, High: 1}, Y: Axis{Name: p.Y, High: 1}, Square: true, Height: p.Height,
		Series: p.Curves, References: []Reference{Horizontal(p.Prevalence, p.Name)}, Notes: dropped(p.Cuts),
	}
}

// Calibration is the observed share against the predicted risk: a smooth curve with its band (Low, High), groups with their
// intervals, the ideal line, and below them who has which risk. What lies outside 0 … 1 is cut off.
type Calibration struct {
	X, Y, Ideal string
	Curve       Series
	Groups      Series
	Risks       Mirror
	Height      int
}

// Panel is the chart. Where all risks are small, it shows the part of the square in which they lie.
func (k Calibration) Panel() Panel {
	k.Curve.Kind, k.Groups.Kind = Line, Points
	high := k.reach()
	list := []Series{}
	if len(k.Curve.Low) > 0 {
		list = append(list, Series{Kind: Band, X: k.Curve.X, Low: unit(k.Curve.Low), High: unit(k.Curve.High), Ink: k.Curve.Ink})
	}
	p := Panel{
		X: Axis{Name: k.X, High: high}, Y: Axis{Name: k.Y, High: high}, Square: true, Height: k.Height,
		Series: append(list, k.Curve, k.Groups), References: []Reference{{k.Ideal, 0, 0, high, high}},
	}
	if len(k.Risks.Edges) > 1 {
		p.Under = []Under{k.Risks}
	}
	return p
}

// reach is the end of both axes: 1, or less where all risks lie far below.
func (k Calibration) reach() float64 {
	high := 0.0
	for _, v := range append(append([]float64{}, k.Curve.X...), k.Groups.X...) {
		if finite(v) {
			high = max(high, v)
		}
	}
	for _, counts := range [][]float64{k.Risks.Up, k.Risks.Down} {
		for i, n := range counts {
			if n > 0 && i+1 < len(k.Risks.Edges) {
				high = max(high, k.Risks.Edges[i+1])
			}
		}
	}
	for _, v := range k.Groups.Y {
		if finite(v) {
			high = max(high, v)
		}
	}
	return roundUp(high)
}

// roundUp is the next of 1 1.5 2 3 4 5 6 8 by a power of ten; 1 beyond 0.8, for nothing, and 0.001 at least.
func roundUp(v float64) float64 {
	for power := .001; v > 0 && power < .5; power *= 10 {
		for _, f := range []float64{1, 1.5, 2, 3, 4, 5, 6, 8} {
			if v <= f*power*(1+1e-9) {
				return f * power
			}
		}
	}
	return 1
}

// unit cuts values to 0 … 1.
func unit(list []float64) []float64 {
	out := make([]float64, len(list))
	for i, v := range list {
		out[i] = min(max(v, 0), 1)
	}
	return out
}

// Risks is who has which risk: events upwards, others downwards, each as a share of its own, and the threshold.
type Risks struct {
	X, Y   string
	Groups Mirror
	Cut    float64 // NaN: none
	Name   string  // of the threshold
	Height int
}

// Panel is the chart.
func (r Risks) Panel() Panel {
	p := Panel{
		X: Axis{Name: r.X}, Y: Axis{Name: r.Y, Format: percent}, Height: r.Height,
		Series: r.Groups.series(),
	}
	if finite(r.Cut) {
		p.References = []Reference{Vertical(r.Cut, r.Name)}
	}
	return p
}

// percent writes a share without its sign.
func percent(v float64) string { return Number(math.Round(1e4*math.Abs(v))/100) + "%" }

// Decision is net benefit by threshold: the models with their bands (Low, High), treating all, treating none.
type Decision struct {
	X, Y      string
	Curves    []Series
	All       Series
	None      string  // names the zero line
	Low, High float64 // of the thresholds; both 0: what the curves have
	Cut       float64 // 0: none
	CutName   string
	Height    int
}

// Panel is the chart. Treating all falls without end, so the curves of the models decide what is seen: it leaves the axes at a
// quarter of their height below zero.
func (d Decision) Panel() Panel {
	top := d.top()
	floor := -top / 4
	p := Panel{
		X: Axis{Name: d.X, Low: d.Low, High: d.High}, Y: Axis{Name: d.Y, Low: floor, High: top}, Height: d.Height,
		References: []Reference{Horizontal(0, d.None)},
	}
	for _, s := range d.Curves {
		if len(s.Low) > 0 {
			p.Series = append(p.Series, Series{Kind: Band, X: s.X, Low: s.Low, High: s.High, Ink: s.Ink})
		}
	}
	for _, s := range d.Curves {
		p.Series = append(p.Series, above(s, floor))
	}
	all := d.All
	all.Ink, all.Thin = Grey, true
	p.Series = append(p.Series, above(all, floor))
	if d.Cut > 0 {
		p.References = append(p.References, Vertical(d.Cut, d.CutName))
	}
	return p
}

// top is the upper end of the axis: a little more than the largest benefit.
func (d Decision) top() float64 {
	high := 0.0
	for _, s := range append(append([]Series{}, d.Curves...), d.All) {
		for _, v := range s.Y {
			if finite(v) {
				high = max(high, v)
			}
		}
	}
	if high == 0 {
		return 1
	}
	return high * 1.1
}

// above is the part of a line not below a floor, ending on it.
func above(s Series, floor float64) Series {
	out := s
	out.X, out.Y, out.Low, out.High = nil, nil, nil, nil
	for i := range min(len(s.X), len(s.Y)) {
		x, y := s.X[i], s.Y[i]
		if i > 0 && (y < floor) != (s.Y[i-1] < floor) {
			f := (floor - s.Y[i-1]) / (y - s.Y[i-1])
			out.X, out.Y = append(out.X, s.X[i-1]+f*(x-s.X[i-1])), append(out.Y, floor)
		}
		if y < floor {
			y = math.NaN()
		}
		out.X, out.Y = append(out.X, x), append(out.Y, y)
	}
	return out
}
