package study

import (
	"math"

	"gradus/internal/blend"
	"gradus/metric"
	"gradus/model"
	"gradus/recalibrate"
	"gradus/table"
	"gradus/validate"
)

// collect adds to what the validation gathered what the table and the final model say.
func (r *Result) collect(tbl *table.Table, target *table.Target, curves *model.LossCurves) (err error) {
	s, p := r.Study, &r.Plan
	s.Loss = curves
	s.Flow.Records, s.Flow.Excluded = p.Records, p.Excluded
	if p.Records == 0 {
		s.Flow.Records = tbl.Rows
	}
	if p.Excluded == nil {
		s.Flow.Excluded = []model.Excluded{}
	}
	if s.Formula, err = blend.Formula(r.Model, tbl, r.Y); err != nil {
		return err
	}
	s.TableOne = tableOne(tbl, target, r.Y, r.Model.Preparation, p.Site)
	s.SampleSize = r.sampleSize(tbl.Rows)
	return nil
}

// sampleSize holds rows rows against the criteria for a model of as many parameters as the regression has.
func (r *Result) sampleSize(rows int) *model.SampleCheck {
	terms := parameters(r.Model.Preparation)
	c := &model.SampleCheck{Rows: rows, Parameters: terms, Judged: r.Validation.Rows, R2: metric.Number(math.NaN())}
	b := r.Validation.Binary
	if b == nil {
		return c
	}
	c.Events, c.JudgedEvents = r.Study.Flow.Events, b.Events
	c.PerTerm = float64(min(c.Events, rows-c.Events)) / float64(terms)
	c.Thumb = min(b.Events, c.Judged-b.Events) >= 100
	share := float64(b.Events) / float64(c.Judged)
	null := -share*math.Log(share) - (1-share)*math.Log1p(-share)
	c.R2 = metric.Number(-math.Expm1(2 * (float64(r.Nested.Loss.Regression) - null)))
	if need, err := metric.SizeBinary(float64(c.R2), terms, float64(c.Events)/float64(rows)); err == nil {
		c.Needed, c.Enough = &need, rows >= need.N
	}
	return c
}

// parameters are those that a regression without a ridge could tell apart: a feature each, but of a category one less, for its
// indicators add up to 1.
func parameters(p *table.Preparation) int {
	n := p.Width()
	for i := range p.Inputs {
		if p.Inputs[i].Kind == table.Category {
			n--
		}
	}
	return n
}

// correct learns every correction of package recalibrate from y and p and applies it to other.
func correct(y []bool, p, other []float64) (list []validate.Corrected) {
	for _, method := range []recalibrate.Method{recalibrate.Intercept, recalibrate.Logistic, recalibrate.Temperature, recalibrate.Isotonic} {
		c := validate.Corrected{Method: string(method)}
		if m, err := recalibrate.Fit(method, y, p); err == nil {
			c.A, c.B, c.P = m.A, m.B, make([]float64, len(other))
			for i, v := range other {
				c.P[i] = m.Apply(v)
			}
		}
		list = append(list, c)
	}
	return list
}
