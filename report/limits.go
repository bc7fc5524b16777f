package report

import (
	"strings"

	"gradus/metric"
)

// enough is the number of events, and of non-events, below which the figures are called unsteady.
const enough = 100

// limits lists what the report itself knows against its figures.
func (r *writer) limits() section {
	return section{ID: "limits", Title: r.text("report.limits"), Blocks: []block{{List: r.limitList()}}}
}

func (r *writer) limitList() []string {
	list := r.parted()
	if r.in.Source != "" {
		list = append(list, r.text("report.limit_bundled"))
	}
	if r.b != nil {
		list = append(list, r.binaryLimits()...)
	}
	list = append(list, r.groupLimits()...)
	list = append(list, r.text("report.limit_interval"))
	if r.b != nil {
		list = append(list, r.text("report.limit_prevalence", "share", fixed(100*r.b.Network.Prevalence, 1)))
		if r.in.Nested == nil || r.in.Nested.Frozen == nil {
			list = append(list, r.text("report.limit_threshold", "threshold", fixed(metric.Number(r.b.Threshold), 2)))
		}
	}
	return append(list, r.paper("limit_outcome"))
}

// binaryLimits are what the counts of events, the ranking and the calibration say.
func (r *writer) binaryLimits() (list []string) {
	n, others := &r.b.Network, r.v.Rows-r.b.Events
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
	return list
}

// muchMissing is the share of a column from which its gaps are named as a limit.
const muchMissing = .2

// groupLimits are what a study knows of its groups, its size and its gaps.
func (r *writer) groupLimits() (list []string) {
	s := r.in.Study
	if s == nil || len(s.Subgroups) == 0 {
		list = append(list, r.paper("limit_no_subgroups"))
	}
	if s == nil {
		return list
	}
	var few []string
	for _, of := range s.Subgroups {
		for _, g := range of.Groups {
			if g.TooFew {
				few = append(few, of.Column+" "+g.Value)
			}
		}
	}
	if few != nil {
		list = append(list, r.paper("limit_subgroup_few", "groups", strings.Join(few, ", ")))
	}
	if c := s.SampleSize; c != nil && c.Needed != nil && !c.Enough {
		list = append(list, r.paper("limit_size", "rows", c.Rows, "n", c.Needed.N))
	}
	if t := s.TableOne; t != nil {
		for _, row := range t.Columns {
			if row.Feature && row.Total.Share > muchMissing && !row.Total.Hidden {
				list = append(list, r.paper("limit_missing", "column", row.Column, "share", fixed(100*row.Total.Share, 0)))
			}
		}
	}
	return list
}

// parted is what the way in which the rows were parted leaves open.
func (r *writer) parted() (list []string) {
	n := r.in.Nested
	if n == nil || n.Scheme == "cross-validation" {
		list = append(list, r.text("report.limit_internal"), r.text("report.limit_centre"))
	} else {
		list = append(list, r.paper("limit_"+n.Scheme))
	}
	if n == nil || n.Groups == n.Tested {
		list = append(list, r.text("report.limit_independent"))
	}
	return list
}
