package blend

import (
	"math"

	"gradus/mat"
	"gradus/model"
	"gradus/regression"
	"gradus/table"
)

// Formula is the regression that stands beside m, fitted to all rows of tbl with the preparation of m, in the units of the table.
func Formula(m *model.Model, tbl *table.Table, y []float64) (*model.Formula, error) {
	rows := make([]int, tbl.Rows)
	for i := range rows {
		rows[i] = i
	}
	x, err := m.Features(tbl, rows)
	if err != nil {
		return nil, err
	}
	f := &model.Formula{Ridge: Ridge, Rows: tbl.Rows}
	switch m.Target.Task {
	case table.TaskNumber:
		r, err := regression.Linear(x, y, Ridge)
		if err != nil {
			return nil, err
		}
		f.Equations = []model.Equation{equation(m, x, "", r.Intercept, r.StandardIntercept, r.Coefficients, r.StandardCoefficients)}
	case table.TaskClasses:
		r, err := regression.Softmax(x, classes(y), m.Outputs(), Ridge)
		if err != nil {
			return nil, err
		}
		for c, level := range m.Target.Levels {
			f.Equations = append(f.Equations, equation(m, x, level, r.Intercept[c], r.StandardIntercept[c], r.Coefficients[c], r.StandardCoefficients[c]))
		}
	default:
		r, err := regression.Logistic(x, events(y), Ridge)
		if err != nil {
			return nil, err
		}
		f.Equations = []model.Equation{equation(m, x, m.Target.Event, r.Intercept, r.StandardIntercept, r.Coefficients, r.StandardCoefficients)}
	}
	return f, nil
}

// equation undoes the preparation of m: a number stands there as (x − mean)/sd.
func equation(m *model.Model, x mat.Matrix[float64], level string, intercept, standardIntercept float64, w, standard []float64) model.Equation {
	e := model.Equation{Level: level, Intercept: intercept, StandardIntercept: standardIntercept}
	for i := range m.Preparation.Inputs {
		in := &m.Preparation.Inputs[i]
		for _, t := range terms(in) {
			at := len(e.Terms)
			t.Coefficient, t.Standard = w[at], standard[at]
			t.Mean, t.SD = spreadOf(x, at)
			if t.Kind == "number" {
				t.Coefficient /= in.SD
				e.Intercept -= t.Coefficient * in.Mean
				t.Mean, t.SD, t.Median = in.X(t.Mean), t.SD*in.SD, in.Median
				t.Low, t.High = in.X(-m.Preparation.Clip), in.X(m.Preparation.Clip)
				if m.Preparation.Clip == 0 {
					t.Low, t.High = 0, 0
				}
			}
			if m.Target.Task != table.TaskNumber {
				t.OddsRatio, t.OddsRatioSD = math.Exp(t.Coefficient), math.Exp(t.Standard)
			}
			e.Terms = append(e.Terms, t)
		}
	}
	return e
}

// terms are the features of a column, in the order of table.Preparation.Features.
func terms(in *table.Input) (list []model.Term) {
	add := func(kind, part string) { list = append(list, model.Term{Column: in.Name, Kind: kind, Part: part}) }
	if in.Kind == table.Number && in.SD > 0 {
		add("number", "")
	}
	for _, l := range in.Levels {
		add("level", l)
	}
	if in.Other {
		add("other", "")
	}
	if in.Missing {
		add("missing", "")
	}
	return list
}

// spreadOf is the mean of feature j and its standard deviation over n.
func spreadOf(x mat.Matrix[float64], j int) (mean, sd float64) {
	values := make([]float64, x.Rows)
	for r := range values {
		values[r] = x.At(r, j)
	}
	s := table.FitScale(values)
	return s.Mean, s.SD
}
