package federate

import (
	"math"

	"gradus/metric"
)

// Pooled is how good the model is on the rows of all sites together, worked out from what each said.
type Pooled struct {
	Sites    int         `json:"sites"`
	Rows     int         `json:"rows"`
	Cost     float64     `json:"cost"`
	Accuracy *float64    `json:"accuracy,omitempty"`
	R2       *float64    `json:"r2_within,omitempty"` // of a number, against each site's own mean
	Risk     *PooledRisk `json:"risk,omitempty"`
}

// PooledRisk is Pooled of a binary target.
//
// AUROC counts pairs of an event and another row. A pair within one site is counted exactly, by the site's own AUROC. A pair across sites
// is exact where its cells lie apart; where they overlap it counts the chance that the event's risk is the higher one, were the risks
// spread evenly over the logits of each cell. Error is the most that the whole can be off by that. The interval is DeLong's, each row at
// the mean risk of its cell. Calibration is that of the cells, O:E exact.
type PooledRisk struct {
	Events     int           `json:"events"`
	AUROC      metric.Area   `json:"auroc"`
	Error      float64       `json:"auroc_error"`
	Brier      metric.Number `json:"brier"`
	InTheLarge metric.Number `json:"in_the_large"`
	Slope      metric.Number `json:"slope"`
	OE         metric.Number `json:"oe"`
}

// Pool works out the figures of all sites together; name is what messages call each.
func Pool(sites []*Judged, name func(i int) string) (*Pooled, error) {
	if err := samePlan(sites, name); err != nil {
		return nil, err
	}
	p := &Pooled{Sites: len(sites)}
	accuracy, variance := 0., 0.
	for _, j := range sites {
		n := float64(j.Rows)
		p.Rows += j.Rows
		p.Cost += n * j.Cost
		if j.Accuracy != nil {
			accuracy += n * *j.Accuracy
		}
		if j.Variance != nil {
			variance += n * *j.Variance
		}
	}
	if sites[0].Variance != nil && variance > 0 {
		r := 1 - p.Cost/variance
		p.R2 = &r
	}
	if sites[0].Accuracy != nil {
		accuracy /= float64(p.Rows)
		p.Accuracy = &accuracy
	}
	p.Cost /= float64(p.Rows)
	if sites[0].Risk == nil {
		return p, nil
	}
	var err error
	p.Risk, err = poolRisk(sites)
	return p, err
}

func poolRisk(sites []*Judged) (*PooledRisk, error) {
	var y []bool
	var risks []float64
	r := &PooledRisk{}
	rows, expected := 0, 0.
	for _, j := range sites {
		rows += j.Rows
		r.Events += j.Risk.Events
		r.Brier += metric.Number(j.Rows) * j.Risk.Brier
		for _, c := range j.Risk.Cells {
			expected += float64(c.Rows) * c.Risk
			for i := range c.Rows {
				y, risks = append(y, i < c.Events), append(risks, c.Risk)
			}
		}
	}
	r.Brier /= metric.Number(rows)
	r.OE = metric.Number(float64(r.Events) / expected)
	c, err := metric.CalibrateLine(y, risks)
	if err != nil {
		return nil, err
	}
	r.InTheLarge, r.Slope = c.InTheLarge, c.Slope
	if r.AUROC, err = metric.AUROC(y, risks); err != nil {
		return nil, err
	}
	value, off := area(sites)
	r.AUROC, r.Error = moved(r.AUROC, value), off
	return r, nil
}

// area is the AUROC of all rows and the most that it can be off.
func area(sites []*Judged) (value, off float64) {
	events, others := 0., 0.
	for _, j := range sites {
		e, o := float64(j.Risk.Events), float64(j.Rows-j.Risk.Events)
		events, others = events+e, others+o
		value += float64(j.Risk.AUROC.Value) * e * o
	}
	for i, j := range sites {
		for k, other := range sites {
			if i != k {
				v, d := across(j.Risk.Cells, other.Risk.Cells)
				value, off = value+v, off+d
			}
		}
	}
	return value / (events * others), off / (events * others)
}

// across counts the pairs of an event in a and another row in b that are ranked rightly, and by how many that can be wrong.
func across(a, b []Cell) (right, off float64) {
	for _, x := range a {
		for _, y := range b {
			pairs := float64(x.Events) * float64(y.Rows-y.Events)
			p := above(float64(x.From), float64(x.To+1), float64(y.From), float64(y.To+1))
			right += pairs * p
			if p > 0 && p < 1 {
				off += pairs * max(p, 1-p)
			}
		}
	}
	return right, off
}

// above is the chance that a number spread evenly over [a, b] lies above one spread evenly over [c, d].
func above(a, b, c, d float64) float64 {
	switch {
	case a >= d:
		return 1
	case b <= c:
		return 0
	}
	low, high := max(a, c), min(b, d)
	within := ((high-c)*(high-c) - (low-c)*(low-c)) / (2 * (d - c))
	return (within + max(0, b-max(a, d))) / (b - a)
}

// moved is an AUROC with another value and the interval of the same variance around it.
func moved(a metric.Area, value float64) metric.Area {
	v := metric.Number(value)
	half := metric.Number(1.959963984540054 * math.Sqrt(float64(a.Variance)))
	a.Value, a.Low, a.High = v, max(0, v-half), min(1, v+half)
	a.LogitLow, a.LogitHigh = metric.Number(math.NaN()), metric.Number(math.NaN())
	return a
}
