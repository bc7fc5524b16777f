package report

import (
	"html/template"
	"strconv"

	"gradus/internal/picture"
	"gradus/metric"
	"gradus/model"
)

// frozenCut is the mean of the thresholds that the training parts froze; undefined without a study.
func (r *writer) frozenCut(network bool) float64 {
	n := r.in.Nested
	if n == nil || len(n.Folds) == 0 || n.Frozen == nil {
		return nan
	}
	sum := 0.
	for _, f := range n.Folds {
		if network {
			sum += f.Threshold
		} else {
			sum += f.Beside
		}
	}
	return sum / float64(len(n.Folds))
}

// cuts are the frozen thresholds as points of the ROC or the precision–recall plane.
func (r *writer) cuts(place func(metric.Confusion) (x, y metric.Number)) []picture.Note {
	if r.in.Nested == nil || r.in.Nested.Frozen == nil {
		return nil
	}
	x, y := place(r.in.Nested.Frozen.Network)
	if !x.Defined() || !y.Defined() {
		return nil
	}
	return []picture.Note{{X: float64(x), Y: float64(y), Text: r.paper("threshold_frozen") + " " + fixed(metric.Number(r.frozenCut(true)), 3), Ring: true, Drop: true}}
}

// precisionRecall is the plane in which rare events are seen.
func (r *writer) precisionRecall() picture.Panel {
	p := picture.PrecisionRecall{
		X: r.paper("axis_recall"), Y: r.paper("axis_precision"), Curves: r.both(func(s *model.BinarySide) []model.Point { return s.PR }),
		Prevalence: float64(r.b.Network.Prevalence), Name: r.paper("prevalence"),
		Cuts: r.cuts(func(c metric.Confusion) (x, y metric.Number) { return c.Sensitivity.Value, c.PPV.Value }),
	}.Panel()
	p.Title = r.paper("pr")
	return p
}

// mirror is the histogram of one prediction's risks by outcome.
func (r *writer) mirror(s *model.BinarySide) picture.Mirror {
	m := picture.Mirror{UpName: r.event(), DownName: r.other()}
	bins := len(s.Histogram.Events)
	for i := range bins + 1 {
		m.Edges = append(m.Edges, float64(i)/float64(bins))
	}
	for i := range bins {
		m.Up, m.Down = append(m.Up, float64(s.Histogram.Events[i])), append(m.Down, float64(s.Histogram.Others[i]))
	}
	return m
}

// riskSection shows who was given which risk.
func (r *writer) riskSection() section {
	panel := func(name string, s *model.BinarySide, cut float64) picture.Panel {
		p := picture.Risks{X: r.text("report.axis_risk"), Y: r.paper("axis_share"), Groups: r.mirror(s), Cut: cut, Name: r.paper("threshold_frozen")}.Panel()
		p.Title = name
		return p
	}
	return section{ID: "risks", Title: r.paper("risks"), Blocks: []block{
		{SVG: r.draw(picture.Figure{ID: "risks-figure", Description: r.paper("risks_description"), Panels: []picture.Panel{
			panel(r.text("report.network"), &r.b.Network, r.frozenCut(true)), panel(r.text("report.regression"), &r.b.Regression, r.frozenCut(false)),
		}})},
		{Note: r.paper("risks_note", "event", r.event())},
	}}
}

// frozenCalls is the confusion table at the thresholds that were frozen before any row of a fold was judged.
func (r *writer) frozenCalls() *grid {
	f := r.in.Nested.Frozen
	g := &grid{Caption: r.paper("frozen_caption", "rule", r.paper("rule_"+r.in.Nested.Rule)), Head: r.head(), Text: 1}
	for _, v := range calls(r.in.Lang, &f.Network, &f.Regression) {
		g.Rows = append(g.Rows, []string{v.Name, v.Network, v.Regression, v.Difference})
	}
	return g
}

// decisionInterval is the decision curve with the bands of the bootstrap.
func (r *writer) decisionInterval() template.HTML {
	d := r.in.Study.Decision
	line := func(name string, ink picture.Ink, of func(model.DecisionPoint) metric.Estimate) picture.Series {
		s := picture.Series{Name: name, Ink: ink}
		for _, p := range d.Points {
			e := of(p)
			s.X, s.Y = append(s.X, p.Threshold), append(s.Y, float64(e.Value))
			s.Low, s.High = append(s.Low, float64(e.Low)), append(s.High, float64(e.High))
		}
		return s
	}
	all := line(r.text("report.all", "event", r.event()), picture.Grey, func(p model.DecisionPoint) metric.Estimate { return p.All })
	all.Low, all.High = nil, nil
	p := picture.Decision{
		X: r.text("report.axis_threshold"), Y: r.text("report.axis_benefit"), All: all, None: r.text("report.none"),
		Curves: []picture.Series{
			line(r.text("report.network"), networkInk, func(p model.DecisionPoint) metric.Estimate { return p.Network }),
			line(r.text("report.regression"), regressionInk, func(p model.DecisionPoint) metric.Estimate { return p.Regression }),
		},
	}
	if cut := r.frozenCut(true); cut > 0 {
		p.Cut, p.CutName = cut, r.paper("threshold_frozen")
	}
	return r.draw(picture.Figure{ID: "decision-figure", Description: r.text("report.decision_description"), Panels: []picture.Panel{p.Panel()}})
}

// benefits is the net benefit at the thresholds that the study names, per 100 patients.
func (r *writer) benefits() *grid {
	d := r.in.Study.Decision
	g := &grid{Caption: r.paper("decision_caption"), Text: 1, Head: []string{r.paper("threshold"), r.text("report.network"), r.text("report.regression"), r.text("report.difference")}}
	hundred := func(e metric.Estimate) string {
		return interval(r.in.Lang, metric.Estimate{Value: 100 * e.Value, Low: 100 * e.Low, High: 100 * e.High}, 2)
	}
	for _, p := range d.Points {
		for _, named := range d.Named {
			if p.Threshold == named {
				g.Rows = append(g.Rows, []string{strconv.FormatFloat(named, 'g', 4, 64), hundred(p.Network), hundred(p.Regression), hundred(p.Difference)})
			}
		}
	}
	return g
}

// decisions shows what calls at a threshold cost and give.
func (r *writer) decisions() section {
	s := section{ID: "decisions", Title: r.paper("use")}
	if r.in.Nested != nil && r.in.Nested.Frozen != nil {
		s.Blocks = append(s.Blocks, block{Table: r.frozenCalls()}, block{Table: r.details(&r.in.Nested.Frozen.Network, &r.in.Nested.Frozen.Regression)})
	} else {
		g := &grid{Caption: r.text("report.calls_caption", "event", r.event(), "threshold", fixed(metric.Number(r.b.Threshold), 2)), Head: r.head(), Text: 1}
		for _, f := range Calls(r.in.Lang, r.v) {
			g.Rows = append(g.Rows, []string{f.Name, f.Network, f.Regression, f.Difference})
		}
		s.Blocks = append(s.Blocks, block{Table: g}, block{Table: r.details(&r.b.Network.Confusion, &r.b.Regression.Confusion)})
	}
	if r.in.Study == nil || r.in.Study.Decision == nil {
		return section{s.ID, s.Title, append(s.Blocks, block{SVG: r.decisionCurve()}, block{Note: r.text("report.decision_note")})}
	}
	s.Blocks = append(s.Blocks, block{SVG: r.decisionInterval()})
	if g := r.benefits(); g.Rows != nil {
		s.Blocks = append(s.Blocks, block{Table: g})
	}
	s.Blocks = append(s.Blocks, block{Note: r.text("report.decision_note") + " " + r.paper("decision_interval_note", "draws", r.in.Study.Decision.Draws)})
	return s
}
