package report

import (
	"html/template"
	"math"
	"strings"

	"gradus/internal/picture"
	"gradus/metric"
	"gradus/model"
)

// wide is the width of a figure: the 820 of the page and the figure's own margins, which the page's style takes away. Two panels
// fit an A4 sheet in readable print.
const wide = 820 + 2*32

// The two of every picture keep their ink.
const (
	networkInk    = picture.Blue
	regressionInk = picture.Orange
)

// draw makes the figure part of the page. The address that names SVG is not needed there, and a page without any address shows
// at a glance that it fetches nothing.
func (r *writer) draw(f picture.Figure) template.HTML {
	f.Lang, f.Width = string(r.in.Lang), wide
	return template.HTML(strings.ReplaceAll(string(f.Page()), ` xmlns="http://www.w3.org/2000/svg"`, ""))
}

func xy(list []model.Point) (x, y []float64) {
	for _, p := range list {
		x, y = append(x, p.X), append(y, p.Y)
	}
	return x, y
}

// both is the network's line, and the regression's dashes over it: where they are one, both are seen.
func (r *writer) both(points func(*model.BinarySide) []model.Point) []picture.Series {
	a, b := picture.Series{Name: r.text("report.network"), Ink: networkInk}, picture.Series{Name: r.text("report.regression"), Ink: regressionInk}
	a.X, a.Y = xy(points(&r.b.Network))
	b.X, b.Y = xy(points(&r.b.Regression))
	return []picture.Series{a, b}
}

// corner is the stretch of the ROC curve that is drawn again, enlarged, where both curves lie in it.
const corner = .2

func (r *writer) roc() template.HTML {
	series := r.both(func(s *model.BinarySide) []model.Point { return s.ROC })
	x, y := r.text("report.axis_fpr"), r.text("report.axis_tpr")
	whole := picture.ROC{X: x, Y: y, Curves: series, Chance: r.text("report.chance"), Cuts: r.cuts(func(c metric.Confusion) (x, y metric.Number) {
		return 1 - c.Specificity.Value, c.Sensitivity.Value
	})}.Panel()
	whole.Title = r.text("report.roc_whole")
	f := picture.Figure{
		ID: "roc-figure", Description: r.text("report.roc_description", "network", fixed(r.b.Network.AUROC.Value, 4), "regression", fixed(r.b.Regression.AUROC.Value, 4)),
		Panels: []picture.Panel{whole},
	}
	if at(series[0], corner) > 1-corner && at(series[1], corner) > 1-corner {
		f.Panels = append(f.Panels, picture.Panel{
			Title: r.text("report.roc_corner"), Square: true, Height: 340,
			X: picture.Axis{Name: x, High: corner}, Y: picture.Axis{Name: y, Low: 1 - corner, High: 1}, Series: clip(series),
		})
	}
	if len(r.b.Network.PR) > 0 {
		f.Panels = append(f.Panels, r.precisionRecall())
		f.Columns, f.Description = 2, f.Description+". "+r.paper("pr_description", "network", fixed(r.b.Network.AveragePrecision, 4),
			"regression", fixed(r.b.Regression.AveragePrecision, 4))
	}
	return r.draw(f)
}

// at is the largest y of a curve up to x.
func at(s picture.Series, x float64) (most float64) {
	for i := range s.X {
		if s.X[i] <= x {
			most = max(most, s.Y[i])
		}
	}
	return most
}

// clip cuts rising curves to the corner x ≤ corner, y ≥ 1 − corner, at the height they have there.
func clip(list []picture.Series) []picture.Series {
	out := make([]picture.Series, len(list))
	for k, s := range list {
		c := s
		c.X, c.Y = nil, nil
		for i := range s.X {
			if s.X[i] <= corner {
				c.X, c.Y = append(c.X, s.X[i]), append(c.Y, max(s.Y[i], 1-corner))
			}
		}
		c.X, c.Y = append(c.X, corner), append(c.Y, at(s, corner))
		out[k] = c
	}
	return out
}

func (r *writer) calibrationCurves() template.HTML {
	panel := func(name string, s *model.BinarySide, ink picture.Ink) picture.Panel {
		curve, bins := picture.Series{Ink: ink}, picture.Series{Kind: picture.Points, Ink: ink}
		curve.X, curve.Y = xy(s.Curve)
		for _, b := range s.Bins {
			bins.X, bins.Y = append(bins.X, b.Mean), append(bins.Y, float64(b.Observed.Value))
			bins.Low, bins.High = append(bins.Low, float64(b.Observed.Low)), append(bins.High, float64(b.Observed.High))
		}
		p := picture.Calibration{
			X: r.text("report.axis_risk"), Y: r.text("report.axis_observed"), Ideal: r.text("report.ideal"), Curve: curve, Groups: bins, Risks: r.mirror(s),
		}.Panel()
		p.Title = name
		return p
	}
	return r.draw(picture.Figure{
		ID: "calibration-figure", Description: r.text("report.calibration_description", "network", fixed(r.b.Network.Calibration.Slope, 2),
			"regression", fixed(r.b.Regression.Calibration.Slope, 2)),
		Panels: []picture.Panel{
			panel(r.text("report.network"), &r.b.Network, networkInk),
			panel(r.text("report.regression"), &r.b.Regression, regressionInk),
		},
	})
}

func (r *writer) decisionCurve() template.HTML {
	prevalence := float64(r.b.Network.Prevalence)
	floor := -prevalence / 4
	line := func(name string, s *model.BinarySide, ink picture.Ink, all bool) picture.Series {
		out := picture.Series{Name: name, Ink: ink, Thin: all}
		for _, nb := range s.DecisionCurve {
			v := nb.Model
			if all {
				v = nb.All
			}
			y := float64(v)
			if y < floor {
				y = math.NaN()
			}
			out.X, out.Y = append(out.X, float64(nb.Threshold)), append(out.Y, y)
		}
		return out
	}
	return r.draw(picture.Figure{
		ID: "decision-figure", Description: r.text("report.decision_description"),
		Panels: []picture.Panel{{
			Title: r.text("report.decision_title"), Height: 190,
			X: picture.Axis{Name: r.text("report.axis_threshold"), High: 1},
			Y: picture.Axis{Name: r.text("report.axis_benefit"), Low: floor, High: prevalence * 1.1},
			Series: []picture.Series{
				line(r.text("report.network"), &r.b.Network, networkInk, false),
				line(r.text("report.regression"), &r.b.Regression, regressionInk, false),
				line(r.text("report.all", "event", r.event()), &r.b.Network, picture.Grey, true),
			},
			References: []picture.Reference{picture.Horizontal(0, r.text("report.none"))},
		}},
	})
}
