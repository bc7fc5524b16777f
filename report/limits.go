package report

import "gradus/metric"

// enough is the number of events, and of non-events, below which the figures are called unsteady.
const enough = 100

// limits lists what the report itself knows against its figures.
func (r *writer) limits() section {
	n, others := &r.b.Network, r.v.Rows-r.b.Events
	list := r.parted()
	if r.in.Source != "" {
		list = append(list, r.text("report.limit_bundled"))
	}
	if r.b.Events < enough || others < enough {
		list = append(list, r.text("report.limit_few", "events", r.b.Events, "others", others))
	}
	if n.AUROC.Value > .99 || r.b.Regression.AUROC.Value > .99 {
		list = append(list, r.text("report.limit_leak"))
	}
	for _, c := range []struct {
		key string
		bad bool
		v   metric.Number
	}{
		{"report.limit_steep", n.Calibration.Slope < .8, n.Calibration.Slope},
		{"report.limit_flat", n.Calibration.Slope > 1.25, n.Calibration.Slope},
		{"report.limit_oe", n.Calibration.OE < .8 || n.Calibration.OE > 1.2, n.Calibration.OE},
	} {
		if c.bad {
			list = append(list, r.text(c.key, "value", fixed(c.v, 2)))
		}
	}
	list = append(list,
		r.text("report.limit_interval"),
		r.text("report.limit_prevalence", "share", fixed(100*n.Prevalence, 1)),
		r.text("report.limit_threshold", "threshold", fixed(metric.Number(r.b.Threshold), 2)),
		r.text("report.limit_subgroups"))
	return section{ID: "limits", Title: r.text("report.limits"), Blocks: []block{{List: list}}}
}

// parted is what the way in which the rows were parted leaves open.
func (r *writer) parted() (list []string) {
	n := r.in.Nested
	if n == nil || n.Scheme == "cross-validation" {
		list = append(list, r.text("report.limit_internal"), r.text("report.limit_centre"))
	}
	if n == nil || n.Groups == n.Tested {
		list = append(list, r.text("report.limit_independent"))
	}
	return list
}
