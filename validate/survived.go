package validate

import (
	"context"
	"math"
	"slices"

	"gradus/internal/blend"
	"gradus/metric"
	"gradus/model"
)

// judge holds what is said of each row by both.
type judge struct {
	*survival
	chance  [2][][]float64
	score   [2][]float64
	members [][]int // rows of each patient
	group   []int   // the patient of each row
}

// result puts the slots together.
func (w *survival) result(ctx context.Context) (*model.SurvivalStudy, error) {
	j := &judge{survival: w, group: w.Group}
	for side := range 2 {
		j.chance[side], j.score[side] = w.mean(side)
	}
	if j.group == nil {
		j.group = make([]int, len(w.y))
		for i := range j.group {
			j.group[i] = i
		}
	}
	j.members = patients(j.group)
	v := &model.SurvivalStudy{
		Gradus: model.Version, Target: *w.target, Rows: len(w.y), Patients: len(j.members), Columns: len(w.tbl.Columns) - 1,
		Folds: w.Folds, Repeats: w.Repeats, Inner: w.slots[0].settings.Members, Draws: w.Draws, Seed: w.Seed,
		Ties: blend.Ties, Ridge: w.Ridge, Settings: w.slots[0].settings, Main: w.Main,
	}
	v.Settings.Seed, v.Settings.Horizons = w.Seed, w.Horizons
	for i := range w.slots {
		if !w.slots[i].alone {
			v.Earned++
		}
	}
	for _, step := range []func(context.Context, *model.SurvivalStudy) error{j.describe, j.rank, j.horizons, j.integrate, j.risks} {
		if err := step(ctx, v); err != nil {
			return nil, sentenceOfSurvival(err)
		}
	}
	return v, nil
}

// describe tells of the rows before any prediction.
func (j *judge) describe(_ context.Context, v *model.SurvivalStudy) (err error) {
	if v.Overall, err = j.curve("", nil); err != nil {
		return err
	}
	v.Events = v.Overall.Events
	censored := make([]bool, len(j.event))
	for i, is := range j.event {
		censored[i] = !is
		if v.FollowUp.Last = max(v.FollowUp.Last, j.time[i]); is {
			v.FollowUp.Event = max(v.FollowUp.Event, j.time[i])
		}
	}
	v.FollowUp.Median = metric.Estimate{Value: undefined, Low: undefined, High: undefined}
	if reverse, err := metric.KaplanMeier(j.time, censored, metric.Log); err == nil {
		v.FollowUp.Median = metric.MedianSurvival(reverse)
	}
	if j.Strata == nil {
		return nil
	}
	names := slices.Compact(slices.Sorted(slices.Values(j.Strata)))
	of := make([]int, len(j.Strata))
	for i, name := range j.Strata {
		of[i], _ = slices.BinarySearch(names, name)
	}
	groups, err := j.groups(names, of)
	groups.Column = j.Column
	v.Groups = &groups
	return err
}

const curveSteps = 100 // of a drawn curve; events are those since the step before, so that no step is a single patient's time

// curve is the Kaplan–Meier curve of rows, of all where rows is nil, read at equal steps of time.
func (j *judge) curve(name string, rows []int) (model.SurvivalGroup, error) {
	time, event := j.time, j.event
	if rows != nil {
		time, event = pick(time, rows), pick(event, rows)
	}
	g := model.SurvivalGroup{Name: name, N: len(time), Median: metric.Estimate{Value: undefined, Low: undefined, High: undefined}}
	for _, is := range event {
		if is {
			g.Events++
		}
	}
	var whole []metric.SurvivalPoint
	if g.Events > 0 {
		var err error
		if whole, err = metric.KaplanMeier(time, event, metric.LogLog); err != nil {
			return g, err
		}
		g.Median = metric.MedianSurvival(whole)
	}
	sorted, last, next := slices.Sorted(slices.Values(time)), slices.Max(j.time), 0
	p := metric.SurvivalPoint{SE: undefined, Estimate: metric.Estimate{Value: 1, Low: undefined, High: undefined}}
	for k := range curveSteps + 1 {
		t, events := last*float64(k)/curveSteps, 0
		for ; next < len(whole) && whole[next].Time <= t; next++ {
			p = whole[next]
			events += p.Events
		}
		left, _ := slices.BinarySearch(sorted, t)
		p.Time, p.AtRisk, p.Events = t, len(sorted)-left, events
		g.Curve = append(g.Curve, p)
	}
	return g, nil
}

// groups are the curves of the rows of each name, and the log-rank test.
func (j *judge) groups(names []string, of []int) (g model.SurvivalGroups, err error) {
	for k, name := range names {
		var rows []int
		for i, at := range of {
			if at == k {
				rows = append(rows, i)
			}
		}
		one, err := j.curve(name, rows)
		if err != nil {
			return g, err
		}
		g.List = append(g.List, one)
	}
	g.Test, err = metric.LogRank(j.time, j.event, of, len(names))
	return g, err
}

// rank compares how both order the rows.
func (j *judge) rank(_ context.Context, v *model.SurvivalStudy) (err error) {
	if v.Harrell, err = metric.HarrellPair(j.time, j.event, j.score[0], j.score[1], j.group); err != nil {
		return err
	}
	if v.Uno, err = metric.UnoPair(j.time, j.event, j.score[0], j.score[1], j.group, j.Horizons[len(j.Horizons)-1]); err != nil {
		return err
	}
	v.Network, v.Regression = j.spread(0), j.spread(1)
	return nil
}

// spread is Harrell's C over the folds; a fold without a comparable pair is left out.
func (j *judge) spread(side int) model.Spread {
	var values []float64
	for i := range j.slots {
		s := &j.slots[i]
		if c, err := metric.HarrellC(pick(j.time, s.Test), pick(j.event, s.Test), s.score[side]); err == nil {
			values = append(values, float64(c.Value))
		}
	}
	return spreadOf("harrell_c", values)
}

// risks compares thirds by the predicted risk of the one recommended.
func (j *judge) risks(_ context.Context, v *model.SurvivalStudy) (err error) {
	v.Verdict = survivalVerdict(v)
	side := 1
	if v.Verdict == "network" {
		side = 0
	}
	sorted, of := slices.Sorted(slices.Values(j.score[side])), make([]int, len(j.y))
	for i, s := range j.score[side] {
		for _, q := range []int{1, 2} {
			if s > sorted[q*(len(sorted)-1)/3] {
				of[i]++
			}
		}
	}
	v.RiskGroups, err = j.groups([]string{"low", "middle", "high"}, of)
	return err
}

// survivalVerdict is who is better: in Uno's C or in the Brier score at the main horizon with 95 % confidence, while not worse in the other.
func survivalVerdict(v *model.SurvivalStudy) string {
	score := sign(v.Uno.Difference)
	for _, h := range v.At {
		if h.At == v.Main {
			score -= sign(h.Brier.Difference)
		}
	}
	switch {
	case score > 0:
		return "network"
	case score < 0:
		return "regression"
	}
	return "none"
}

// sign is 1 where the interval lies above 0, −1 below.
func sign(e metric.Estimate) int {
	switch {
	case e.Low > 0:
		return 1
	case e.High < 0:
		return -1
	}
	return 0
}

// clustered is the mean of terms with the interval of a mean over patients.
func (j *judge) clustered(terms []float64) metric.Estimate {
	n, g, mean, square := float64(len(terms)), float64(len(j.members)), 0., 0.
	for _, v := range terms {
		mean += v / n
	}
	for _, rows := range j.members {
		sum := 0.
		for _, i := range rows {
			sum += terms[i] - mean
		}
		square += sum * sum
	}
	half := z95 * math.Sqrt(g/(g-1)*square) / n
	return metric.Estimate{Value: metric.Number(mean), Low: metric.Number(mean - half), High: metric.Number(mean + half)}
}
