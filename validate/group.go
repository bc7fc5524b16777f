package validate

import (
	"math"

	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// Stratum parts the rows of a table by the values of one column.
type Stratum struct {
	Column string
	Kind   string    // category, number, site, year
	Cuts   []float64 // of a number
	Values []string  // names of the groups
	Of     []int     // group of each row of the table, −1: in none
}

// smallest is the number of rows below which a group is not even counted.
const smallest = 5

// figures are those of one side in a group of rows: y, the predictions and the thresholds of each.
func (w *work) figures(y []float64, p [][]float64, cuts []float64) (g model.GroupFigures, err error) {
	switch w.target.Task {
	case table.TaskNumber:
		g.Number, err = groupNumber(y, column(p, 0))
	case table.TaskClasses:
		var c metric.ClassesResult
		c, err = metric.Classes(classes(y), p)
		g.Classes = &c
	default:
		g.Binary, err = groupBinary(events(y), column(p, eventIndex(w)), cuts)
	}
	return g, err
}

// groupBinary measures risks; what one level leaves undefined is so.
func groupBinary(y []bool, p, cuts []float64) (*model.GroupBinary, error) {
	calls := called(p, cuts)
	f, err := metric.ConfusionAt(y, calls, 1)
	if err != nil {
		return nil, err
	}
	c, err := metric.CalibrateLine(y, p)
	if err != nil {
		return nil, err
	}
	brier, err := metric.Brier(y, p)
	if err != nil {
		return nil, err
	}
	loss, err := metric.LogLoss(y, p)
	if err != nil {
		return nil, err
	}
	area, _ := metric.AUROC(y, p) // undefined with one level
	n := float64(len(y))
	g := &model.GroupBinary{
		Prevalence: metric.Number(float64(f.TP+f.FN) / n), AUROC: area.Estimate, Brier: metric.Number(brier), LogLoss: metric.Number(loss),
		InTheLarge: metric.Wald(c.InTheLarge, c.InTheLargeSE), Slope: metric.Wald(c.Slope, c.SlopeSE), OE: c.OE,
		Selected: metric.Number(float64(f.TP+f.FP) / n), Sensitivity: f.Sensitivity, Specificity: f.Specificity,
	}
	for i, v := range p {
		g.MeanRisk += metric.Number(v / n)
		g.Threshold += cuts[i] / n
	}
	g.NetBenefit = metric.Number(float64(f.TP)/n - float64(f.FP)/n*g.Threshold/(1-g.Threshold))
	return g, nil
}

// groupNumber measures a predicted number: its slope is Σ (h−h̄)(y−ȳ) / Σ (h−h̄)².
func groupNumber(y, h []float64) (*model.GroupNumber, error) {
	r, err := metric.Numbers(y, h)
	if err != nil {
		return nil, err
	}
	n, meanY, meanH, both, own := float64(len(y)), 0., 0., 0., 0.
	for i := range y {
		meanY += y[i] / n
		meanH += h[i] / n
	}
	for i := range y {
		both += (h[i] - meanH) * (y[i] - meanY)
		own += (h[i] - meanH) * (h[i] - meanH)
	}
	return &model.GroupNumber{
		NumberResult: r, Mean: metric.Number(meanY), Bias: metric.Number(meanH - meanY), Slope: metric.Number(both / own),
	}, nil
}

// subgroups measures both predictions in each group of each stratum.
func (w *work) subgroups(j *judgement) (list []model.Subgroups, err error) {
	for _, s := range w.design.Strata {
		of := pick(s.Of, j.rows)
		places := make([][]int, len(s.Values))
		for i, g := range of {
			if g >= 0 {
				places[g] = append(places[g], i)
			}
		}
		out := model.Subgroups{Column: s.Column, Kind: s.Kind, Cuts: s.Cuts}
		for g, at := range places {
			if len(at) < smallest {
				places[g] = nil
				continue
			}
			group, err := w.subgroup(s.Values[g], j, at)
			if err != nil {
				return nil, err
			}
			out.Groups = append(out.Groups, group)
		}
		if len(out.Groups) < 2 {
			continue
		}
		if w.target.Task == table.TaskBinary {
			w.compare(&out, j, places)
			hide(out.Groups)
		}
		list = append(list, out)
	}
	return list, nil
}

// subgroup counts the rows at and, where they are enough, measures them.
func (w *work) subgroup(value string, j *judgement, at []int) (model.Subgroup, error) {
	y := pick(j.y, at)
	g := model.Subgroup{Value: value, N: len(at), Patients: len(patients(pick(j.group, at)))}
	g.TooFew = metric.TooFew(g.N, math.MaxInt)
	if w.target.Task == table.TaskBinary {
		g.Events = int(total(y))
		g.TooFew = metric.TooFew(g.N, min(g.Events, g.N-g.Events))
	}
	if g.TooFew {
		return g, nil
	}
	var both [2]model.GroupFigures
	for side := range both {
		var err error
		if both[side], err = w.figures(y, pick(j.p[side], at), pick(j.cuts[side], at)); err != nil {
			return g, sentence(err)
		}
	}
	g.Network, g.Regression = &both[0], &both[1]
	return g, nil
}

// compare tests each group against the rest and finds the largest differences between groups.
func (w *work) compare(s *model.Subgroups, j *judgement, places [][]int) {
	at := 0
	for g, own := range places {
		if own == nil {
			continue
		}
		var rest []int
		for other, rows := range places {
			if other != g {
				rest = append(rest, rows...)
			}
		}
		group := &s.Groups[at]
		at++
		few := int(total(pick(j.y, rest)))
		if group.TooFew || metric.TooFew(len(rest), min(few, len(rest)-few)) {
			continue
		}
		side := func(at []int) ([]bool, []float64) {
			return events(pick(j.y, at)), column(pick(j.p[0], at), eventIndex(w))
		}
		y, p := side(own)
		z, q := side(rest)
		if test, err := metric.DeLongUnpaired(y, p, z, q); err == nil {
			group.Rest = &test
		}
	}
	s.Network = disparity(s.Groups, func(g *model.Subgroup) *model.GroupFigures { return g.Network })
	s.Regression = disparity(s.Groups, func(g *model.Subgroup) *model.GroupFigures { return g.Regression })
}

// disparity is the largest difference between two groups that have figures; nil where fewer than two have.
func disparity(groups []model.Subgroup, side func(*model.Subgroup) *model.GroupFigures) *model.Disparity {
	var rates []metric.Rates
	for i := range groups {
		if f := side(&groups[i]); f != nil && f.Binary != nil {
			rates = append(rates, metric.Rates{Selection: f.Binary.Selected, TPR: f.Binary.Sensitivity.Value, FPR: 1 - f.Binary.Specificity.Value})
		}
	}
	if len(rates) < 2 {
		return nil
	}
	p := metric.ParityOf(rates)
	return &model.Disparity{Parity: p.Demographic, Odds: p.Odds, Opportunity: p.Opportunity}
}

// hide takes away the number of events where fewer than five rows are of one level, and where that is one group only, of the next
// small one too, so that the total does not tell.
func hide(groups []model.Subgroup) {
	rarer := func(g model.Subgroup) int { return min(g.Events, g.N-g.Events) }
	small, next := []int(nil), -1
	for i, g := range groups {
		switch r := rarer(g); {
		case r > 0 && r < smallest:
			small = append(small, i)
		case next < 0 || r < rarer(groups[next]):
			next = i
		}
	}
	if len(small) == 1 && next >= 0 {
		small = append(small, next)
	}
	for _, i := range small {
		groups[i].Events, groups[i].Hidden = 0, true
	}
}
