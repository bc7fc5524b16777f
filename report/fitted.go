package report

import (
	"strconv"
	"strings"

	"gradus/internal/picture"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// formula is the regression, so that a reader can compute a risk by hand.
func (r *writer) formula() section {
	s := section{ID: "formula", Title: r.paper("formula")}
	if r.in.Study == nil || r.in.Study.Formula == nil {
		return s
	}
	f := r.in.Study.Formula
	odds := r.v.Target.Task != table.TaskNumber
	caption := r.paper("formula_caption_number", "rows", f.Rows, "ridge", f.Ridge)
	head := []string{r.paper("term"), r.paper("coefficient"), r.paper("per_sd")}
	if odds {
		caption = r.paper("formula_caption", "rows", f.Rows, "ridge", f.Ridge)
		head = append(head, r.paper("odds"), r.paper("odds_sd"))
	}
	for _, e := range f.Equations {
		g := &grid{Plain: true, Caption: caption, Head: head, Text: 1}
		if e.Level != "" && len(f.Equations) > 1 {
			g.Caption = r.v.Target.Column + " = " + e.Level + ". " + caption
		}
		g.Rows = append(g.Rows, pad([]string{r.paper("intercept"), digits(e.Intercept), digits(e.StandardIntercept)}, len(head)))
		for _, t := range e.Terms {
			line := []string{r.termName(t), digits(t.Coefficient), digits(t.Standard)}
			if odds {
				line = append(line, picture.Number(t.OddsRatio), picture.Number(t.OddsRatioSD))
			}
			g.Rows = append(g.Rows, line)
		}
		s.Blocks = append(s.Blocks, block{Table: g})
	}
	if len(f.Equations) > 0 {
		s.Blocks = append(s.Blocks, block{Text: r.byHand(f)})
	}
	s.Blocks = append(s.Blocks, block{Note: r.paper("formula_note")})
	return s
}

func pad(line []string, n int) []string {
	for len(line) < n {
		line = append(line, "")
	}
	return line
}

// digits writes a coefficient with the digits that a sum by hand needs: six.
func digits(v float64) string {
	s := strconv.FormatFloat(v, 'g', 6, 64)
	return strings.Replace(strings.Replace(s, "-", "−", 1), "e-", "e−", 1)
}

func (r *writer) termName(t model.Term) string {
	switch t.Kind {
	case "level":
		return r.paper("term_level", "column", t.Column, "level", t.Part)
	case "missing":
		return r.paper("term_missing", "column", t.Column)
	case "other":
		return r.paper("term_other", "column", t.Column)
	}
	return t.Column
}

// medians are what stands for a missing number, of the columns that ever lack one.
func medians(e model.Equation) string {
	gaps := map[string]bool{}
	for _, t := range e.Terms {
		gaps[t.Column] = gaps[t.Column] || t.Kind == "missing"
	}
	var list []string
	for _, t := range e.Terms {
		if t.Kind == "number" && gaps[t.Column] {
			list = append(list, t.Column+" "+picture.Number(t.Median))
		}
	}
	return strings.Join(list, ", ")
}

// mostBars is how many columns the picture of importance has room for.
const mostBars = 15

// importance is what the prediction rests on.
func (r *writer) importance() section {
	s := section{ID: "importance", Title: r.paper("importance")}
	if r.in.Study == nil || r.in.Study.Importance == nil || len(r.in.Study.Importance.Columns) == 0 {
		return s
	}
	m := r.in.Study.Importance
	p := picture.Importance{X: r.paper("importance_x", "loss", r.lossName())}
	for i, c := range m.Columns {
		if i == mostBars {
			break
		}
		v, se := float64(c.Increase), float64(c.SE)
		row := picture.Row{Name: c.Column, Value: v, Low: v - se, High: v + se, Text: fixed(c.Increase, 4) + " ± " + fixed(c.SE, 4), Ink: networkInk}
		if !c.SE.Defined() {
			row.Low, row.High, row.Text = nan, nan, fixed(c.Increase, 4)
		}
		p.List = append(p.List, row)
	}
	s.Blocks = []block{
		{SVG: r.draw(picture.Figure{ID: "importance-figure", Description: r.paper("importance_description"), Panels: []picture.Panel{p.Panel()}})},
		{Note: r.paper("importance_note")},
	}
	return s
}

func (r *writer) lossName() string { return r.text("study.loss_" + string(r.v.Target.Task)) }

// lossCurves is the course of the final training.
func (r *writer) lossCurves() section {
	s := section{ID: "loss", Title: r.paper("loss_curves")}
	if r.in.Study == nil || r.in.Study.Loss == nil || len(r.in.Study.Loss.Members) == 0 {
		return s
	}
	l := r.in.Study.Loss
	fit, held := picture.Course{Name: r.paper("fit"), Ink: picture.Blue}, picture.Course{Name: r.paper("held"), Ink: picture.Orange}
	for _, m := range l.Members {
		fit.Members = append(fit.Members, m.Fit)
		if len(m.Held) > 0 {
			held.Members = append(held.Members, m.Held)
		}
	}
	p := picture.Losses{X: r.paper("epoch"), Y: r.paper("loss"), Groups: []picture.Course{fit}}
	if len(held.Members) > 0 {
		p.Groups, p.Best, p.Name = append(p.Groups, held), float64(l.Best), r.paper("best")
	}
	s.Blocks = []block{
		{SVG: r.draw(picture.Figure{ID: "loss-figure", Description: r.paper("loss_description"), Panels: []picture.Panel{p.Panel()}})},
		{Note: r.paper("loss_note")},
	}
	return s
}

// using says what the model does with input that is not as it should be.
func (r *writer) using() section {
	s := section{ID: "using", Title: r.paper("using")}
	if r.in.Card != nil {
		s.Blocks = []block{{List: []string{r.paper("using_1"), r.paper("using_2"), r.paper("using_3")}}}
	}
	return s
}

// folds are what was chosen inside each training part.
func (r *writer) folds() *grid {
	n := r.in.Nested
	g := &grid{Plain: true, Caption: r.paper("folds_caption"), Text: 1, Head: []string{r.paper("part"), r.paper("train"), r.paper("test"), r.paper("hidden_layers")}}
	if r.b != nil {
		g.Head = append(g.Head, r.paper("threshold"), "AUROC", r.text("report.regression"))
	}
	for i, f := range n.Folds {
		line := []string{r.partName(f.Name, i+1), strconv.Itoa(f.Train), strconv.Itoa(f.Test), layers(f.Settings.Hidden)}
		if r.b != nil {
			line = append(line, fixed(metric.Number(f.Threshold), 3), optional(f.AUROC), optional(f.Regression))
		}
		g.Rows = append(g.Rows, line)
	}
	return g
}

func optional(v *metric.Number) string {
	if v == nil {
		return "–"
	}
	return fixed(*v, 4)
}
