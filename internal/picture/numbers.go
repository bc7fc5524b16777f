package picture

import "math"

// Agreement is the plot of Bland and Altman: the difference of prediction and truth against their mean, on cells that hide the
// single patient, with the mean difference and the limits of agreement.
type Agreement struct {
	X, Y                        string
	Cells                       Cells
	Mean, Low, High             float64
	MeanName, LowName, HighName string
	Height                      int
}

// Panel is the chart.
func (g Agreement) Panel() Panel {
	return Panel{
		X: Axis{Name: g.X}, Y: Axis{Name: g.Y}, Height: g.Height,
		Series:     []Series{g.Cells.series(Blue)},
		References: []Reference{Horizontal(g.High, g.HighName), Horizontal(g.Mean, g.MeanName), Horizontal(g.Low, g.LowName)},
	}
}

// Observed is the truth against the prediction, on cells that hide the single patient, with the line of equality and, where
// given, a smooth curve.
type Observed struct {
	X, Y, Ideal string
	Cells       Cells
	Curve       Series
	Height      int
}

// Panel is the chart.
func (o Observed) Panel() Panel {
	low, high := math.Inf(1), math.Inf(-1)
	for _, list := range [][]float64{o.Cells.X, o.Cells.Y} {
		for _, v := range list {
			low, high = min(low, v), max(high, v)
		}
	}
	a := Axis{}
	if low <= high {
		s := scale{to: 240}
		s.low, s.high = extent(Axis{}, []float64{low, high})
		s.from, s.to = s.to, s.from // widened as an upright axis is
		s.even(Axis{}, 7)
		a.Low, a.High = s.low, s.high
	}
	p := Panel{
		X: a, Y: a, Square: true, Height: o.Height,
		Series: []Series{o.Cells.series(Blue)}, References: []Reference{{o.Ideal, a.Low, a.Low, a.High, a.High}},
	}
	p.X.Name, p.Y.Name = o.X, o.Y
	if len(o.Curve.X) > 0 {
		p.Series = append(p.Series, o.Curve)
	}
	return p
}

// Dependence is the mean prediction by the value of one column, with its band, over the lines of single rows.
type Dependence struct {
	X, Y   string
	Mean   Series
	Rows   [][]float64 // on the values of Mean.X
	Rug    []float64   // where the data lie, such as their deciles
	Labels []string    // of a category: its levels
	Height int
}

// Panel is the chart. A category's levels have points, which no line connects.
func (d Dependence) Panel() Panel {
	p := Panel{X: Axis{Name: d.X, Labels: d.Labels}, Y: Axis{Name: d.Y}, Height: d.Height}
	mean := d.Mean
	mean.Kind = Line
	if len(d.Labels) > 0 {
		mean.Kind = Points
	}
	for _, y := range d.Rows {
		p.Series = append(p.Series, Series{Kind: mean.Kind, X: mean.X, Y: y, Ink: Grey, Thin: true, Faint: true})
	}
	if mean.Kind == Line && len(mean.Low) > 0 {
		p.Series = append(p.Series, Series{Kind: Band, X: mean.X, Low: mean.Low, High: mean.High, Ink: mean.Ink})
		mean.Low, mean.High = nil, nil
	}
	p.Series = append(p.Series, mean)
	if len(d.Rug) > 0 {
		p.Under = []Under{rug(d.Rug)}
	}
	return p
}

// rug is short strokes on the level axis.
type rug []float64

func (r rug) names() []string { return nil }

func (r rug) under(c *canvas, a *area, _ []tick, y float64) float64 {
	for _, v := range r {
		if x := a.x.at(v); x >= a.left-1 && x <= a.right+1 {
			c.line(x, a.bottom-1, x, a.bottom-9, stroke(Black, 1.5, false))
		}
	}
	return y
}

// Odds is the rows of a model's coefficients: odds ratios with intervals on a logarithmic axis, held against 1.
type Odds struct {
	Heads []string
	X     string
	None  string // names the line at 1
	List  []Row
}

// Panel is the chart.
func (o Odds) Panel() Panel {
	return Panel{Body: Rows{Heads: o.Heads, X: Axis{Name: o.X, Log: true}, List: o.List, References: []Reference{Vertical(1, o.None)}}}
}

// Forest is a figure of each subgroup with its interval, held against that of all.
type Forest struct {
	Heads     []string
	X         string
	Low, High float64 // of the axis; both 0: what the rows need
	Overall   float64
	Name      string // of the line of all
	List      []Row
}

// Panel is the chart.
func (f Forest) Panel() Panel {
	return Panel{Body: Rows{Heads: f.Heads, X: Axis{Name: f.X, Low: f.Low, High: f.High}, List: f.List, References: []Reference{Vertical(f.Overall, f.Name)}}}
}

// Importance is bars from zero with an interval each.
type Importance struct {
	Heads []string
	X     string
	List  []Row
}

// Panel is the chart.
func (m Importance) Panel() Panel {
	return Panel{Body: Rows{Heads: m.Heads, X: Axis{Name: m.X, Zero: true}, List: m.List, Bars: true}}
}

// The customary limits of the population stability index: from the first on a column has moved, from the second on it has much.
const (
	PSIMoved = .1
	PSIMuch  = .25
)

// Drift is the population stability index of each column.
type Drift struct {
	Heads       []string
	X           string
	Moved, Much string // name the two limits
	List        []Row  // the ink is the chart's
}

// Panel is the chart: grey below the first limit, blue from it on, hollow from the second on.
func (d Drift) Panel() Panel {
	list := make([]Row, len(d.List))
	for i, row := range d.List {
		switch row.Ink = Grey; {
		case row.Value >= PSIMuch:
			row.Ink = Orange
		case row.Value >= PSIMoved:
			row.Ink = Blue
		}
		list[i] = row
	}
	return Panel{Body: Rows{
		Heads: d.Heads, X: Axis{Name: d.X, Zero: true}, List: list, Bars: true,
		References: []Reference{Vertical(PSIMoved, d.Moved), Vertical(PSIMuch, d.Much)},
	}}
}
