package validate

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gradus/fit"
	"gradus/internal/blend"
	"gradus/metric"
	"gradus/model"
)

// at is what side says of the rows at a time of the grid.
func (j *judge) at(side int, t float64) []float64 {
	k, _ := slices.BinarySearch(j.times, t)
	s := make([]float64, len(j.y))
	for i := range s {
		s[i] = j.chance[side][i][k]
	}
	return s
}

// horizons judges the chances at each horizon.
func (j *judge) horizons(ctx context.Context, v *model.SurvivalStudy) error {
	for _, t := range j.Horizons {
		h, err := metric.NewHorizon(j.time, j.event, t)
		if err != nil {
			return err
		}
		km, err := metric.SurvivalAt(j.time, j.event, t, metric.LogLog)
		if err != nil {
			return err
		}
		p := model.HorizonPair{At: t, AtRisk: km.AtRisk, Observed: metric.Estimate{Value: 1 - km.Value, Low: 1 - km.High, High: 1 - km.Low}}
		for i, is := range j.event {
			if is && j.time[i] <= t {
				p.Events++
			}
		}
		s := [2][]float64{j.at(0, t), j.at(1, t)}
		if p.Brier, _, err = j.brier(h, s, km.Value); err != nil {
			return err
		}
		if err := j.resample(ctx, &p, s); err != nil {
			return err
		}
		for side, to := range []*model.HorizonSide{&p.Network, &p.Regression} {
			if err := j.calibrate(to, s[side], t); err != nil {
				return err
			}
		}
		v.At = append(v.At, p)
	}
	return nil
}

// brier compares the Brier scores of survival chances s, and returns the terms of both.
func (j *judge) brier(h *metric.Horizon, s [2][]float64, km metric.Number) (p model.PairOfScores, terms [2][]float64, err error) {
	for side := range s {
		if _, terms[side], err = h.Brier(s[side]); err != nil {
			return p, terms, err
		}
	}
	same := make([]float64, len(j.y))
	for i := range same {
		same[i] = float64(km)
	}
	if p.Reference, _, err = h.Brier(same); err != nil {
		return p, terms, err
	}
	p.Network, p.Regression, p.Difference = j.clustered(terms[0]), j.clustered(terms[1]), j.clustered(minus(terms[0], terms[1]))
	return p, terms, nil
}

func minus(a, b []float64) []float64 {
	d := make([]float64, len(a))
	for i, v := range a {
		d[i] = v - b[i]
	}
	return d
}

// integrate is the Brier score on average over time, by straight lines between the times of the grid from 0, where it is 0.
func (j *judge) integrate(_ context.Context, v *model.SurvivalStudy) error {
	var sums [2][]float64
	for side := range sums {
		sums[side] = make([]float64, len(j.y))
	}
	last, reference := j.times[len(j.times)-1], 0.
	for k, t := range j.times {
		h, err := metric.NewHorizon(j.time, j.event, t)
		if err != nil {
			return err
		}
		km, err := metric.SurvivalAt(j.time, j.event, t, metric.Log)
		if err != nil {
			return err
		}
		p, terms, err := j.brier(h, [2][]float64{j.at(0, t), j.at(1, t)}, km.Value)
		if err != nil {
			return err
		}
		width := j.width(k) / last
		reference += width * float64(p.Reference)
		for side := range terms {
			for i, term := range terms[side] {
				sums[side][i] += width * term
			}
		}
	}
	v.Integrated = model.PairOfScores{
		Network: j.clustered(sums[0]), Regression: j.clustered(sums[1]), Difference: j.clustered(minus(sums[0], sums[1])), Reference: metric.Number(reference),
	}
	return nil
}

// width is the weight of time k in the trapezoid rule from 0.
func (j *judge) width(k int) float64 {
	before, after := 0., j.times[k]
	if k > 0 {
		before = j.times[k-1]
	}
	if k+1 < len(j.times) {
		after = j.times[k+1]
	}
	return (after - before) / 2
}

// calibrate compares predicted risks with what was observed until t: in groups of like risk, smoothed, and as a whole.
func (j *judge) calibrate(to *model.HorizonSide, s []float64, t float64) error {
	risk := make([]float64, len(s))
	for i, v := range s {
		risk[i] = 1 - v
	}
	order := ascending(risk)
	for _, part := range split10(order, j.event) {
		km, err := metric.SurvivalAt(pick(j.time, part), pick(j.event, part), t, metric.LogLog)
		if err != nil {
			return err
		}
		g := model.CalibratedGroup{N: len(part), Observed: metric.Estimate{Value: 1 - km.Value, Low: 1 - km.High, High: 1 - km.Low}}
		for _, i := range part {
			g.Predicted += risk[i] / float64(len(part))
		}
		to.Groups = append(to.Groups, g)
	}
	to.ICI, to.E50, to.E90, to.Emax = undefined, undefined, undefined, undefined
	smooth, err := blend.SmoothRisk(risk, j.time, j.event, t)
	if err != nil {
		return nil // of risks that part the events perfectly there is no curve
	}
	gaps, sum := make([]float64, len(risk)), 0.
	for i := range gaps {
		gaps[i] = math.Abs(smooth[i] - risk[i])
		sum += gaps[i]
	}
	slices.Sort(gaps)
	to.ICI = metric.Number(sum / float64(len(gaps)))
	to.E50, to.E90, to.Emax = quantileOf(gaps, .5), quantileOf(gaps, .9), quantileOf(gaps, 1)
	const points = 60
	for k := range points {
		i := order[k*(len(order)-1)/(points-1)]
		to.Curve = append(to.Curve, model.Point{X: risk[i], Y: smooth[i]})
	}
	return nil
}

// split10 parts rows in order into at most ten groups of equal size with some ten events each; a group without an event joins the one before.
func split10(order []int, event []bool) (parts [][]int) {
	n := min(max(countTrue(event)/10, 2), 10)
	for k := range n {
		part := order[k*len(order)/n : (k+1)*len(order)/n]
		if !slices.ContainsFunc(part, func(i int) bool { return event[i] }) && len(parts) > 0 {
			last := len(parts) - 1
			parts[last] = append(slices.Clip(parts[last]), part...)
			continue
		}
		parts = append(parts, part)
	}
	for len(parts) > 1 && !slices.ContainsFunc(parts[0], func(i int) bool { return event[i] }) {
		parts[1] = append(slices.Clip(parts[0]), parts[1]...)
		parts = parts[1:]
	}
	return parts
}

// drawnAt are the figures of one draw of patients, NaN where one is undefined.
type drawnAt struct{ network, regression, oe, oeToo float64 }

// resample gives AUROC and O/E at the horizon their percentile intervals over draws of whole patients.
func (j *judge) resample(ctx context.Context, p *model.HorizonPair, s [2][]float64) error {
	rows := make([]int, len(j.y))
	for i := range rows {
		rows[i] = i
	}
	whole := j.figures(rows, s, p.At)
	list := make([]drawnAt, j.Draws)
	err := fit.Many(ctx, len(list), j.Workers, func(_ context.Context, k int) error {
		r := rand.New(rand.NewPCG(j.Seed, survivalStream+uint64(k)))
		var rows []int
		for range j.members {
			rows = append(rows, j.members[r.IntN(len(j.members))]...)
		}
		list[k] = j.figures(rows, s, p.At)
		return nil
	})
	if err != nil {
		return err
	}
	over := func(value func(drawnAt) float64) metric.Estimate {
		var values []float64
		for _, d := range list {
			if v := value(d); !math.IsNaN(v) && !math.IsInf(v, 0) {
				values = append(values, v)
			}
		}
		return percentile(value(whole), values)
	}
	p.AUROC = model.PairOfScores{
		Network: over(func(d drawnAt) float64 { return d.network }), Regression: over(func(d drawnAt) float64 { return d.regression }),
		Difference: over(func(d drawnAt) float64 { return d.network - d.regression }), Reference: .5,
	}
	p.Network.OE, p.Regression.OE = over(func(d drawnAt) float64 { return d.oe }), over(func(d drawnAt) float64 { return d.oeToo })
	return nil
}

const survivalStream = 11 << 32

// figures of the rows given, some more than once.
func (j *judge) figures(rows []int, s [2][]float64, t float64) drawnAt {
	time, event, nan := pick(j.time, rows), pick(j.event, rows), math.NaN()
	d := drawnAt{nan, nan, nan, nan}
	h, err := metric.NewHorizon(time, event, t)
	if err != nil {
		return d
	}
	km, err := metric.SurvivalAt(time, event, t, metric.Log)
	if err != nil {
		return d
	}
	for side, to := range [][2]*float64{{&d.network, &d.oe}, {&d.regression, &d.oeToo}} {
		risk, mean := make([]float64, len(rows)), 0.
		for i, row := range rows {
			risk[i] = 1 - s[side][row]
			mean += risk[i] / float64(len(rows))
		}
		if a, err := h.AUROC(risk); err == nil {
			*to[0] = float64(a)
		}
		*to[1] = float64(1-km.Value) / mean
	}
	return d
}
