// Package explain says what a prediction rests on, one column at a time. What it shows is association in the model, not cause.
package explain

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"gradus/mat"
	"gradus/model"
	"gradus/network"
	"gradus/table"
)

// Explainer takes predictions of a binary model apart by occlusion: a column is set to its mean over the rows of a table (a category
// to the share of each level), and the odds before are divided by the odds after. Columns that move together share their effect.
type Explainer struct {
	m    *model.Model
	tbl  *table.Table
	x    mat.Matrix[float32] // the rows as the network sees them
	mean []float64           // of each feature
	net  *network.Prediction[float32]
}

// New prepares the rows of tbl, those the model was trained on.
func New(m *model.Model, tbl *table.Table) (*Explainer, error) {
	x, _, err := m.Preparation.Apply(tbl, nil)
	if err != nil {
		return nil, err
	}
	e := &Explainer{m: m, tbl: tbl, x: x, mean: make([]float64, x.Cols), net: m.Network.NewPrediction(1)}
	for r := range x.Rows {
		for c, v := range x.Row(r) {
			e.mean[c] += float64(v) / float64(x.Rows)
		}
	}
	return e, nil
}

// Pick chooses three rows that stand for many: the middle one of those at or above the threshold, the middle one of those below,
// and the one nearest to it. risks are the rows' out-of-fold probabilities. A kind without a row is -1.
func Pick(risks []float64, threshold float64) (high, low, uncertain int) {
	var above, below []int
	uncertain = -1
	for r, p := range risks {
		if p >= threshold {
			above = append(above, r)
		} else {
			below = append(below, r)
		}
		if uncertain < 0 || math.Abs(p-threshold) < math.Abs(risks[uncertain]-threshold) {
			uncertain = r
		}
	}
	return middle(above, risks), middle(below, risks), uncertain
}

func middle(rows []int, risks []float64) int {
	if len(rows) == 0 {
		return -1
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(risks[a], risks[b]) })
	return rows[len(rows)/2]
}

// Three explains the rows that Pick chooses; y is the target as table.NewTarget codes it.
func (e *Explainer) Three(y, risks []float64, threshold float64, columns int) []model.Explanation {
	high, low, uncertain := Pick(risks, threshold)
	var list []model.Explanation
	for _, c := range []struct {
		kind string
		row  int
	}{{"high", high}, {"low", low}, {"uncertain", uncertain}} {
		if c.row >= 0 {
			x := e.Row(c.row, columns)
			x.Kind, x.OutOfFold, x.Event = c.kind, risks[c.row], y[c.row] == 1
			list = append(list, x)
		}
	}
	return list
}

// Row explains the prediction of one row by the columns that change its odds most.
func (e *Explainer) Row(row, columns int) model.Explanation {
	whole := e.logit(e.x.Row(row))
	x := model.Explanation{Risk: 1 / (1 + math.Exp(-whole))}
	features, at := e.m.Preparation.Features(), 0
	for i := range e.m.Preparation.Inputs {
		in := &e.m.Preparation.Inputs[i]
		changed := slices.Clone(e.x.Row(row))
		for ; at < len(features) && features[at].Column == in.Name; at++ {
			changed[at] = float32(e.mean[at])
		}
		x.Columns = append(x.Columns, model.Contribution{
			Column: in.Name, Value: e.value(in, row), Usual: usual(in), Odds: math.Exp(whole - e.logit(changed)),
		})
	}
	slices.SortStableFunc(x.Columns, func(a, b model.Contribution) int {
		return cmp.Compare(math.Abs(math.Log(b.Odds)), math.Abs(math.Log(a.Odds)))
	})
	x.Columns = x.Columns[:min(columns, len(x.Columns))]
	return x
}

// logit is the log odds of the event for the features of one row.
func (e *Explainer) logit(x []float32) float64 {
	return float64(e.net.Forward(mat.Matrix[float32]{Rows: 1, Cols: len(x), Data: x}).Data[0])
}

// value is the row's own value of an input, rounded to three digits; a level is shown as it is.
func (e *Explainer) value(in *table.Input, row int) string {
	c := e.tbl.Column(in.Name)
	if in.Kind != table.Number || c.Missing(row) {
		return c.Text(row)
	}
	return short(c.Number(row))
}

func usual(in *table.Input) string {
	if in.Kind != table.Number {
		return ""
	}
	return short(in.Mean)
}

// short writes v in three digits.
func short(v float64) string {
	s := strconv.FormatFloat(v, 'g', 3, 64)
	if rounded, err := strconv.ParseFloat(s, 64); err == nil && math.Abs(rounded) >= 1e-4 && math.Abs(rounded) < 1e6 {
		return strconv.FormatFloat(rounded, 'f', -1, 64)
	}
	return s
}
