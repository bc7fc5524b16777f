package report

import (
	"math"
	"strconv"

	"gradus/internal/picture"
	"gradus/metric"
	"gradus/model"
)

// subgroups sets the figures of each subgroup beside those of all.
func (r *writer) subgroups() section {
	s := section{ID: "subgroups", Title: r.paper("subgroups")}
	if r.in.Study == nil || len(r.in.Study.Subgroups) == 0 || r.b == nil {
		return s
	}
	overall := r.b.Network.AUROC
	forest := picture.Forest{
		Heads: []string{r.paper("subgroup"), r.paper("n_events"), r.paper("auroc_ci")}, X: "AUROC",
		Overall: float64(overall.Value), Name: r.paper("overall"),
	}
	for _, g := range r.in.Study.Subgroups {
		forest.List = append(forest.List, picture.Row{Name: g.Column, Head: true, Value: nan, Low: nan, High: nan})
		for _, v := range g.Groups {
			forest.List = append(forest.List, r.forestRow(v))
		}
	}
	s.Blocks = append(s.Blocks,
		block{SVG: r.draw(picture.Figure{ID: "subgroup-figure", Description: r.paper("subgroups_description"), Panels: []picture.Panel{forest.Panel()}})},
		block{Table: r.groupTable()})
	if g := r.disparities(); g.Rows != nil {
		s.Blocks = append(s.Blocks, block{Table: g})
	}
	s.Blocks = append(s.Blocks, block{Note: r.paper("subgroups_note") + " " + r.paper("subgroups_p")})
	return s
}

var nan = math.NaN()

func (r *writer) forestRow(v model.Subgroup) picture.Row {
	row := picture.Row{Name: v.Value, Inset: true, Cells: []string{r.counted(v)}, Value: nan, Low: nan, High: nan, Ink: networkInk}
	if v.Network == nil || v.Network.Binary == nil {
		row.Quiet, row.Text = true, r.paper("too_few")
		return row
	}
	a := v.Network.Binary.AUROC
	row.Value, row.Low, row.High, row.Text = float64(a.Value), float64(a.Low), float64(a.High), interval(r.in.Lang, a, 3)
	return row
}

// counted is rows / events, the events hidden where they are few.
func (r *writer) counted(v model.Subgroup) string {
	events := strconv.Itoa(v.Events)
	if v.Hidden {
		events = r.paper("hidden", "least", 5)
	}
	return strconv.Itoa(v.N) + " / " + events
}

func (r *writer) groupTable() *grid {
	g := &grid{
		Plain: true, Caption: r.paper("subgroups_caption"), Text: 1,
		Head: []string{r.paper("subgroup"), r.paper("citl"), r.paper("oe"), r.paper("sens"), r.paper("spec"), r.paper("p_rest")},
	}
	for _, of := range r.in.Study.Subgroups {
		for _, v := range of.Groups {
			line := []string{of.Column + " " + v.Value, "–", "–", "–", "–", "–"}
			if v.Network != nil && v.Network.Binary != nil {
				b := v.Network.Binary
				line = []string{line[0], interval(r.in.Lang, b.InTheLarge, 2), fixed(b.OE, 2), interval(r.in.Lang, b.Sensitivity, 2), interval(r.in.Lang, b.Specificity, 2), "–"}
			}
			if v.Rest != nil {
				line[5] = chance(v.Rest.P)
			}
			g.Rows = append(g.Rows, line)
		}
	}
	return g
}

// byPart reports whether the parts are places or periods, which a reader wants to see one by one.
func (r *writer) byPart() bool {
	return r.in.Nested != nil && r.in.Nested.Scheme != "cross-validation" && r.in.Study != nil && len(r.in.Study.Parts) > 0
}

// parts are the figures of each site or period.
func (r *writer) parts() section {
	s := section{ID: "parts", Title: r.paper("parts")}
	if !r.byPart() {
		return s
	}
	g := &grid{Plain: true, Caption: r.paper("parts_caption"), Text: 1}
	switch {
	case r.b != nil:
		g.Head = []string{r.paper("part"), r.paper("n_events"), r.paper("auroc_ci"), r.text("report.regression"), r.paper("citl"), r.paper("oe"), r.paper("slope")}
	case r.v.Classes != nil:
		g.Head = []string{r.paper("part"), r.text("report.rows"), r.paper("accuracy"), r.text("report.regression"), r.paper("log_loss")}
	default:
		g.Head = []string{r.paper("part"), r.text("report.rows"), r.paper("r2"), r.text("report.regression"), r.paper("rmse")}
	}
	for _, p := range r.in.Study.Parts {
		g.Rows = append(g.Rows, r.partRow(p))
	}
	s.Blocks = []block{{Table: g}}
	if r.in.Opened > 0 {
		s.Blocks = append(s.Blocks, block{Text: r.paper("opened", "n", r.in.Opened)})
	}
	return s
}

func (r *writer) partRow(p model.Part) []string {
	name, n := r.partName(p.Name, p.Fold), strconv.Itoa(p.Test.Rows)
	a, b := p.Network, p.Regression
	switch {
	case a.Binary != nil && b.Binary != nil:
		return []string{
			name, n + " / " + strconv.Itoa(p.Test.Events), interval(r.in.Lang, a.Binary.AUROC, 3), interval(r.in.Lang, b.Binary.AUROC, 3),
			interval(r.in.Lang, a.Binary.InTheLarge, 2), fixed(a.Binary.OE, 2), interval(r.in.Lang, a.Binary.Slope, 2),
		}
	case a.Classes != nil && b.Classes != nil:
		return []string{name, n, fixed(a.Classes.Accuracy, 3), fixed(b.Classes.Accuracy, 3), fixed(a.Classes.LogLoss, 3)}
	case a.Number != nil && b.Number != nil:
		return []string{name, n, fixed(a.Number.R2, 3), fixed(b.Number.R2, 3), short(a.Number.RMSE)}
	}
	return []string{name, n, "–", "–", "–"}
}

// optimism is Harrell's, of the regression.
func (r *writer) optimism() section {
	s := section{ID: "optimism", Title: r.paper("optimism")}
	if r.in.Nested == nil || r.in.Nested.Optimism == nil {
		return s
	}
	o := r.in.Nested.Optimism
	s.Blocks = []block{{Text: r.paper("optimism_text", "draws", o.Draws, "apparent", fixed(o.Apparent, 4), "optimism", fixed(o.Optimism, 4), "corrected", fixed(o.Corrected, 4))}}
	return s
}

// recalibration says whether a correction helps on rows that it had not seen.
func (r *writer) recalibration() section {
	s := section{ID: "recalibration", Title: r.paper("recalibration")}
	if r.in.Study == nil || r.in.Study.Recalibration == nil {
		return s
	}
	c := r.in.Study.Recalibration
	g := &grid{
		Plain: true, Caption: r.paper("recalibration_caption", "rows", c.Rows, "events", c.Events), Text: 1,
		Head: []string{r.paper("method_"), r.paper("log_loss"), r.paper("change"), "AUROC", r.paper("citl"), r.paper("slope"), "ICI"},
	}
	line := func(name string, m model.Recalibrated) []string {
		change := "–"
		if m.Difference.Value.Defined() {
			change = interval(r.in.Lang, m.Difference, 5)
		}
		return []string{r.paper("method_" + name), fixed(m.LogLoss, 4), change, fixed(m.AUROC, 4), fixed(m.InTheLarge, 2), fixed(m.Slope, 2), fixed(m.ICI, 4)}
	}
	g.Rows = append(g.Rows, line("original", c.Original))
	for _, m := range c.Methods {
		g.Rows = append(g.Rows, line(m.Method, m))
	}
	verdict := r.paper("recalibration_keep")
	if c.Best != "" {
		verdict = r.taken(c)
	}
	s.Blocks = []block{{Table: g}, {Lead: verdict}}
	return s
}

// taken names the best correction with what it gains.
func (r *writer) taken(c *model.Recalibration) string {
	gain := ""
	for _, m := range c.Methods {
		if m.Method == c.Best {
			gain = interval(r.in.Lang, m.Difference, 5)
		}
	}
	return r.paper("recalibration_take", "method", r.paper("method_"+c.Best), "gain", gain)
}

// sampleSize holds the rows against what the criteria ask for.
func (r *writer) sampleSize() section {
	s := section{ID: "size", Title: r.paper("size")}
	if r.in.Study == nil || r.in.Study.SampleSize == nil {
		return s
	}
	c := r.in.Study.SampleSize
	s.Blocks = []block{{Text: r.paper("size_has", "rows", c.Rows, "events", c.Events, "parameters", c.Parameters, "per", fixed(metric.Number(c.PerTerm), 1))}}
	if n := c.Needed; n != nil {
		verdict := r.paper("size_short")
		if c.Enough {
			verdict = r.paper("size_enough")
		}
		s.Blocks = append(s.Blocks, block{Text: r.paper("size_needed", "r2", fixed(c.R2, 3), "n", n.N, "a", n.Shrinkage, "b", n.Optimism, "c", n.Overall)}, block{Lead: verdict})
	}
	if c.JudgedEvents > 0 {
		thumb := r.paper("thumb_no")
		if c.Thumb {
			thumb = r.paper("thumb_yes")
		}
		s.Blocks = append(s.Blocks, block{Note: r.paper("size_judged", "rows", c.Judged, "events", c.JudgedEvents, "thumb", thumb)})
	}
	return s
}
