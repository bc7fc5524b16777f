package report

import (
	"html/template"
	"io"
	"strconv"
	"strings"

	"gradus/internal/picture"
	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// SurvivalInput is what a report of survival is written from.
type SurvivalInput struct {
	Lang     say.Lang
	Title    string // of the table, for people
	Study    *model.SurvivalStudy
	Card     *model.Card // of the final networks
	Warnings []string    // what the study knows against itself
	Command  string      // which makes the same again
}

// WriteSurvival writes the report of a study of survival.
func WriteSurvival(w io.Writer, in SurvivalInput) error {
	r := &survivalWriter{in, in.Study}
	d := document{
		Lang: string(in.Lang), Title: in.Title,
		Question: r.text("survival.question", "status", r.v.Target.Status, "event", r.v.Target.Event),
		Strap:    r.text("report.strap"),
		Foot:     r.text("report.foot", "version", r.v.Gradus, "seed", r.v.Seed),
	}
	for _, s := range []section{r.result(), r.data(), r.groups(), r.calibration(), r.hazards(), r.method(), r.limits(), r.card(), r.again()} {
		if len(s.Blocks) > 0 {
			d.Sections = append(d.Sections, s)
		}
	}
	return page.Execute(w, d)
}

// survivalWriter makes the sections.
type survivalWriter struct {
	in SurvivalInput
	v  *model.SurvivalStudy
}

func (r *survivalWriter) text(key string, args ...any) string {
	return say.Text(r.in.Lang, key, args...)
}

// draw makes a figure part of the page.
func (r *survivalWriter) draw(f picture.Figure) template.HTML {
	f.Lang, f.Width = string(r.in.Lang), wide
	return template.HTML(strings.ReplaceAll(string(f.SVG()), ` xmlns="http://www.w3.org/2000/svg"`, ""))
}

// result is the answer: the two side by side and what follows from it.
func (r *survivalWriter) result() section {
	var rows [][]string
	for _, f := range SurvivalFigures(r.in.Lang, r.v) {
		rows = append(rows, []string{f.Name, f.Network, f.Regression, f.Difference})
	}
	return section{ID: "result", Title: r.text("report.result"), Blocks: []block{
		{Lead: SurvivalVerdict(r.in.Lang, r.v)},
		{Table: &grid{
			Caption: r.text("survival.result_caption", "rows", r.v.Rows, "events", r.v.Events, "folds", r.v.Folds, "repeats", r.v.Repeats),
			Head:    []string{r.text("report.figure"), r.text("report.network"), r.text("survival.cox"), r.text("report.difference")},
			Rows:    rows, Text: 1,
		}},
		{Text: Earned(r.in.Lang, r.v)},
		{Note: r.text("survival.result_note")},
	}}
}

// data says what the table holds, with the survival of all rows.
func (r *survivalWriter) data() section {
	v := r.v
	terms := []term{
		{r.text("report.rows"), r.text("survival.rows_text", "rows", v.Rows, "patients", v.Patients)},
		{r.text("survival.outcome"), r.text("survival.outcome_text", "column", v.Target.Column, "status", v.Target.Status, "event", v.Target.Event,
			"events", v.Events, "censored", v.Rows-v.Events)},
		{r.text("report.columns"), strconv.Itoa(v.Columns)},
		{r.text("survival.median_name"), span(r.in.Lang, v.Overall.Median)},
		{r.text("survival.follow_name"), r.text("survival.follow_text", "median", span(r.in.Lang, v.FollowUp.Median), "last", table.Format(v.FollowUp.Last))},
	}
	return section{ID: "data", Title: r.text("survival.data"), Blocks: []block{
		{Terms: terms},
		{SVG: r.curves("overall", r.text("survival.overall_description"), []model.SurvivalGroup{v.Overall}, []string{r.text("survival.all")})},
	}}
}

// groups are the curves by predicted risk, and by the column asked for.
func (r *survivalWriter) groups() section {
	lines := LogRanks(r.in.Lang, r.v)
	s := section{ID: "groups", Title: r.text("survival.groups_title"), Blocks: []block{
		{SVG: r.grouped("risk", &r.v.RiskGroups)}, {Text: lines[0]}, {Note: r.text("survival.risk_note")},
	}}
	if r.v.Groups != nil {
		s.Blocks = append(s.Blocks, block{SVG: r.grouped("group", r.v.Groups)}, block{Text: lines[1]})
	}
	return s
}

func (r *survivalWriter) grouped(id string, g *model.SurvivalGroups) template.HTML {
	var names []string
	for _, one := range g.List {
		names = append(names, groupName(r.in.Lang, g, one.Name))
	}
	return r.curves(id, r.text("survival.groups_description", "groups", strings.Join(names, ", ")), g.List, names)
}

// curves is the chart of Kaplan–Meier curves with the numbers at risk.
func (r *survivalWriter) curves(id, description string, list []model.SurvivalGroup, names []string) template.HTML {
	chart := picture.Survival{X: r.text("survival.axis_time", "column", r.v.Target.Column), Y: r.text("survival.axis_survival"), Height: 230}
	for i, g := range list {
		one := picture.Group{Name: names[i]}
		for _, p := range g.Curve {
			one.Time, one.Value = append(one.Time, p.Time), append(one.Value, float64(p.Value))
			one.Low, one.High = append(one.Low, float64(p.Low)), append(one.High, float64(p.High))
		}
		chart.Groups = append(chart.Groups, one)
		chart.AtRisk.Inks = append(chart.AtRisk.Inks, picture.Nth(i))
	}
	chart.AtRisk.Head = r.text("survival.at_risk")
	chart.AtRisk.Count = func(group int, t float64) int {
		curve := list[group].Curve
		for _, p := range curve {
			if p.Time >= t-1e-9 {
				return p.AtRisk
			}
		}
		return 0
	}
	return r.draw(picture.Figure{ID: id + "-figure", Description: description, Panels: []picture.Panel{chart.Panel()}})
}

// calibration is predicted against observed risk at each horizon, both side by side.
func (r *survivalWriter) calibration() section {
	s := section{ID: "calibration", Title: r.text("report.calibration")}
	for i := range r.v.At {
		h := &r.v.At[i]
		at := table.Format(h.At)
		panel := func(name string, side *model.HorizonSide, ink picture.Ink) picture.Panel {
			x, y := xy(side.Curve)
			groups := picture.Series{Name: r.text("survival.groups_of_risk"), Ink: ink, Thin: true}
			for _, g := range side.Groups {
				groups.X, groups.Y = append(groups.X, g.Predicted), append(groups.Y, float64(g.Observed.Value))
				groups.Low, groups.High = append(groups.Low, float64(g.Observed.Low)), append(groups.High, float64(g.Observed.High))
			}
			p := picture.Calibration{
				X: r.text("survival.axis_predicted"), Y: r.text("survival.axis_observed"), Ideal: r.text("report.ideal"), Height: 228,
				Curve: picture.Series{Name: r.text("survival.smoothed"), X: x, Y: y, Ink: ink}, Groups: groups,
			}.Panel()
			p.Title = name
			return p
		}
		s.Blocks = append(s.Blocks,
			block{Text: r.text("survival.horizon_text", "at", at, "events", h.Events, "rows", h.AtRisk, "observed", interval(r.in.Lang, h.Observed, 3))},
			block{SVG: r.draw(picture.Figure{
				ID: "calibration-" + strconv.Itoa(i+1), Description: r.text("survival.calibration_description", "at", at),
				Panels: []picture.Panel{panel(r.text("report.network"), &h.Network, networkInk), panel(r.text("survival.cox"), &h.Regression, regressionInk)},
			})})
	}
	s.Blocks = append(s.Blocks, block{Note: r.text("survival.calibration_note")})
	return s
}

// hazards are the hazard ratios and whether they stay the same.
func (r *survivalWriter) hazards() section {
	head, rows := HazardRows(r.in.Lang, r.v)
	return section{ID: "hazards", Title: r.text("survival.hazards"), Blocks: []block{
		{Table: &grid{Caption: HazardsTitle(r.in.Lang, r.v), Head: head, Rows: rows, Text: 1}},
		{Text: Proportional(r.in.Lang, r.v)},
		{Note: r.text("survival.hazards_note")},
	}}
}

// method is the way of every row from the table to a figure.
func (r *survivalWriter) method() section {
	v, s := r.v, &r.v.Settings
	return section{ID: "method", Title: r.text("report.method"), Blocks: []block{{Steps: []string{
		r.text("survival.step_folds", "folds", v.Folds, "repeats", v.Repeats, "patients", v.Patients, "seed", v.Seed),
		r.text("report.step_prepare"),
		r.text("survival.step_network", "members", s.Members, "hidden", layers(s.Hidden), "activation", s.Activation, "bins", s.Bins,
			"optimizer", s.Optimizer, "alpha", s.Alpha, "batch", s.Batch, "epochs", s.Epochs, "patience", s.Patience, "decay", decay(s)),
		r.text("survival.step_join"),
		r.text("survival.step_cox", "ridge", v.Ridge),
		r.text("survival.step_figures", "draws", v.Draws),
	}}}}
}

// limits lists what the report itself knows against its figures.
func (r *survivalWriter) limits() section {
	list := append([]string{}, r.in.Warnings...)
	return section{ID: "limits", Title: r.text("report.limits"), Blocks: []block{{List: append(list,
		r.text("survival.limit_censoring"), r.text("survival.limit_competing"), r.text("survival.limit_interval"))}}}
}

// card is the final models.
func (r *survivalWriter) card() section {
	s, c := section{ID: "card", Title: r.text("report.card")}, r.in.Card
	if c == nil {
		return s
	}
	s.Blocks = []block{{Terms: []term{
		{r.text("report.card_file"), "model.gradus, cox.gradus"},
		{r.text("report.card_use"), r.text("survival.card_use", "horizons", horizonList(r.v))},
		{r.text("report.card_rows"), strconv.Itoa(c.Rows)},
		{r.text("report.card_network"), r.text("report.card_network_text", "hidden", layers(c.Settings.Hidden), "activation", c.Settings.Activation,
			"optimizer", c.Settings.Optimizer, "decay", decay(&c.Settings))},
		{r.text("report.card_cost"), fixed(metric.Number(c.Cost), 4)},
		{r.text("report.card_holds"), r.text("survival.card_holds")},
		{r.text("report.card_version"), "gradus " + c.Gradus},
	}}}
	return s
}

func horizonList(v *model.SurvivalStudy) string {
	var list []string
	for _, h := range v.At {
		list = append(list, table.Format(h.At))
	}
	return strings.Join(list, ", ")
}

// again says how to get the same figures.
func (r *survivalWriter) again() section {
	s := section{ID: "again", Title: r.text("report.again")}
	if r.in.Command != "" {
		s.Blocks = append(s.Blocks, block{Code: r.in.Command})
	}
	s.Blocks = append(s.Blocks, block{Text: r.text("report.again_text", "seed", r.v.Seed, "version", r.v.Gradus)},
		block{Lead: r.text("report.disclaimer")})
	return s
}
