package main

import (
	"maps"
	"slices"

	"gradus/internal/say"
	"gradus/metric"
	"gradus/table"
)

// mostDraws bounds --bootstrap: beyond it the ends no longer move in a digit that anyone prints.
const mostDraws = 100_000

// draws is the bootstrap intervals of the first prediction, rows or whole patients drawn with replacement, and of its AUROC less the second's.
type draws struct {
	Draws            int               `json:"draws"`
	Seed             uint64            `json:"seed"`
	AUROC            metric.Resampled  `json:"auroc"`
	AveragePrecision metric.Resampled  `json:"average_precision"`
	Brier            metric.Resampled  `json:"brier"`
	LogLoss          metric.Resampled  `json:"log_loss"`
	Difference       *metric.Resampled `json:"auroc_difference,omitempty"`
	NetBenefit       []metric.Benefit  `json:"net_benefit"`
}

// resample draws rows, or patients where they are known.
func (d outcomes) resample(opt metric.Options, n int, seed uint64) (*draws, error) {
	plan := metric.Plan{Patient: d.patient, Draws: n, Seed: seed}
	b, p := &draws{Draws: n, Seed: seed}, d.p[0]
	area := metric.AUROCOf(d.y, p)
	for _, one := range []struct {
		to *metric.Resampled
		of func([]int) float64
	}{
		{&b.AUROC, area},
		{&b.AveragePrecision, metric.AveragePrecisionOf(d.y, p)},
		{&b.Brier, metric.MeanOf(metric.SquaredErrors(d.y, p))},
		{&b.LogLoss, metric.MeanOf(metric.Losses(d.y, p))},
	} {
		r, err := metric.Bootstrap(len(d.y), plan, one.of)
		if err != nil {
			return nil, err
		}
		*one.to = r
	}
	if len(d.p) == 2 {
		other := metric.AUROCOf(d.y, d.p[1])
		r, err := metric.Bootstrap(len(d.y), plan, func(weight []int) float64 { return area(weight) - other(weight) })
		if err != nil {
			return nil, err
		}
		b.Difference = &r
	}
	var err error
	b.NetBenefit, err = metric.DecisionBand(d.y, p, opt.Thresholds, plan)
	return b, err
}

// patients numbers the values of --patient.
func (f metricsFlags) patients(tbl *table.Table) ([]int, error) {
	if f.patient == "" {
		return nil, nil
	}
	c, err := whole(tbl, f.patient)
	if err != nil {
		return nil, err
	}
	ids := make([]int, tbl.Rows)
	for r := range ids {
		ids[r] = c.Code(r)
	}
	return ids, nil
}

func (f metricsFlags) checkDraws() error {
	switch {
	case f.draws != 0 && (f.draws < 100 || f.draws > mostDraws):
		return say.Error("metrics.draws", "value", f.draws, "most", mostDraws)
	case f.patient != "" && f.draws == 0:
		return say.Error("metrics.patient_alone")
	}
	return nil
}

// groupTest is the AUROC of the first of two groups less that of the second, rows of other patients.
type groupTest struct {
	First  string `json:"first"`
	Second string `json:"second"`
	metric.Unpaired
}

// compareGroups fills how far the groups are apart at the threshold, and of two the test of their AUROCs.
func (m *measurement) compareGroups(d outcomes) error {
	names := slices.Sorted(maps.Keys(m.Groups))
	var rates []metric.Rates
	for _, name := range names {
		g := m.Groups[name]
		rates = append(rates, *g.Rates)
	}
	parity := metric.ParityOf(rates)
	m.Parity = &parity
	if len(names) != 2 {
		return nil
	}
	parts := d.parts()
	one, two := parts[names[0]], parts[names[1]]
	t, err := metric.DeLongUnpaired(one.y, one.p[0], two.y, two.p[0])
	if err == nil {
		m.GroupTest = &groupTest{names[0], names[1], t}
	}
	return notOneClass(err)
}
