package report

import (
	"strconv"
	"strings"

	"gradus/metric"
	"gradus/model"
)

// result is the answer: the two side by side and what follows from it.
func (r *writer) result() section {
	var rows [][]string
	for _, f := range Figures(r.in.Lang, r.v) {
		rows = append(rows, []string{f.Name, f.Network, f.Regression, f.Difference})
	}
	note := r.text("report.result_note")
	if n := r.in.Nested; n != nil && n.Groups < n.Tested && r.in.Verdict != "" {
		note += " " + r.text("report.result_patients")
	}
	return section{ID: "result", Title: r.text("report.result"), Blocks: []block{
		{Lead: r.verdict()},
		{SVG: r.ruler()},
		{Table: &grid{
			Caption: r.text("report.result_caption", "rows", r.v.Rows, "events", r.b.Events, "folds", r.v.Folds, "repeats", r.v.Repeats),
			Head:    r.head(), Rows: rows, Text: 1,
		}},
		{Note: note},
	}}
}

func (r *writer) head() []string {
	return []string{r.text("report.figure"), r.text("report.network"), r.text("report.regression"), r.text("report.difference")}
}

// data says what the table holds and where it comes from.
func (r *writer) data() section {
	terms := []term{{r.text("report.rows"), strconv.Itoa(r.v.Rows)}}
	if r.b != nil {
		terms = append(terms, term{r.text("report.event"), r.text("report.event_text", "column", r.v.Target.Column, "event", r.event(), "other", r.other(),
			"events", r.b.Events, "others", r.v.Rows-r.b.Events, "share", fixed(metric.Number(100*r.b.Network.Prevalence), 1))})
	} else {
		terms = append(terms, term{r.text("report.outcome"), r.v.Target.Column})
	}
	terms = append(terms, term{r.text("report.columns"), strconv.Itoa(r.candidates())})
	if r.in.Source != "" {
		terms = append(terms, term{r.text("report.source"), strings.TrimSpace(r.in.Source + " " + r.in.License)})
	}
	return section{ID: "data", Title: r.text("report.data"), Blocks: []block{{Terms: terms}}}
}

// method is the way of every row from the table to a figure.
func (r *writer) method() section {
	s := &r.v.Settings
	stop := r.text("report.no_stop", "epochs", s.Epochs)
	if s.Validation != nil && *s.Validation > 0 {
		stop = r.text("report.stop", "share", fixed(metric.Number(100**s.Validation), 0), "patience", s.Patience, "epochs", s.Epochs)
	}
	steps := []string{
		r.partedHow(),
		r.text("report.step_prepare"),
		r.text("report.step_network", "hidden", layers(s.Hidden), "activation", s.Activation, "optimizer", s.Optimizer, "alpha", s.Alpha,
			"batch", s.Batch, "decay", decay(s), "stop", stop) + " " + r.tuned(),
	}
	switch {
	case s.Members > 0 && s.Beside == "":
		steps = append(steps, r.text("report.step_ensemble_alone", "members", s.Members, "bins", max(s.Bins, 0)))
	case s.Members > 0:
		steps = append(steps, r.text("report.step_ensemble", "members", s.Members, "bins", max(s.Bins, 0)))
	}
	if n := r.in.Nested; n != nil && n.Groups < n.Tested {
		steps = append(steps, r.text("report.step_patients", "groups", n.Groups))
	}
	steps = append(steps, r.text("report.step_regression", "regression", r.beside(), "ridge", r.v.Ridge), r.text("report.step_mean"))
	if r.b != nil {
		call := fixed(metric.Number(r.b.Threshold), 2)
		if n := r.in.Nested; n != nil && n.Frozen != nil {
			call = r.paper("frozen_call", "threshold", fixed(metric.Number(r.frozenCut(true)), 3), "rule", r.paper("rule_"+n.Rule), "inner", n.Inner)
		}
		steps = append(steps, r.text("report.step_figures", "threshold", call))
	}
	out := section{ID: "method", Title: r.text("report.method"), Blocks: []block{{Steps: steps}}}
	if r.in.Nested != nil {
		out.Blocks = append(out.Blocks, block{Table: r.folds()})
	}
	return out
}

func layers(hidden []int) string {
	parts := make([]string, len(hidden))
	for i, n := range hidden {
		parts[i] = strconv.Itoa(n)
	}
	if len(parts) == 0 {
		return "0"
	}
	return strings.Join(parts, " + ")
}

func decay(s *model.Settings) string {
	if s.WeightDecay == nil {
		return "–"
	}
	return strconv.FormatFloat(*s.WeightDecay, 'g', 3, 64)
}

// discrimination shows how the risks rank.
func (r *writer) discrimination() section {
	s := section{ID: "roc", Title: r.text("report.roc"), Blocks: []block{{SVG: r.roc()}, {Note: r.text("report.roc_note", "event", r.event())}}}
	if n := r.in.Nested; n != nil && n.Boot != nil {
		s.Blocks = append(s.Blocks, block{Text: r.paper("auroc_boot", "draws", n.Boot.Draws, "network", interval(r.in.Lang, n.Boot.Network, 4),
			"regression", interval(r.in.Lang, n.Boot.Regression, 4), "difference", interval(r.in.Lang, n.Boot.Difference, 4))})
	}
	return s
}

// calibration shows whether the risks are right as numbers.
func (r *writer) calibration() section {
	return section{ID: "calibration", Title: r.text("report.calibration"), Blocks: []block{
		{SVG: r.calibrationCurves()},
		{Table: r.calibrationFigures()},
		{Note: r.text("report.calibration_note") + " " + r.text("report.histogram_note", "event", r.event(), "other", r.other())},
	}}
}

func (r *writer) explained() section {
	s := section{ID: "explained", Title: r.text("report.explained")}
	if len(r.in.Explained) == 0 {
		return s
	}
	var list []string
	for _, e := range r.in.Explained {
		list = append(list, Sentence(r.in.Lang, r.v, e))
	}
	s.Blocks = []block{{List: list}, {Note: r.text("report.explained_note")}}
	return s
}

// card is the final model.
func (r *writer) card() section {
	s := section{ID: "card", Title: r.text("report.card")}
	c := r.in.Card
	if c == nil {
		return s
	}
	epochs := r.text("report.card_epochs_text", "epochs", c.Epochs, "best", c.BestEpoch)
	if c.Held == 0 {
		epochs = strconv.Itoa(c.Epochs)
	}
	trained := r.text("report.card_rows_text", "rows", c.Rows, "held", c.Held)
	if c.Held == 0 {
		trained = strconv.Itoa(c.Rows)
	}
	s.Blocks = []block{{Terms: []term{
		{r.text("report.card_file"), r.in.File},
		{r.text("report.card_use"), r.use()},
		{r.text("report.card_rows"), trained},
		{r.text("report.card_network"), r.text("report.card_network_text", "hidden", layers(c.Settings.Hidden), "activation", c.Settings.Activation,
			"optimizer", c.Settings.Optimizer, "decay", decay(&c.Settings))},
		{r.text("report.card_epochs"), epochs},
		{r.text("report.card_cost"), strconv.FormatFloat(c.Cost, 'f', 4, 64)},
		{r.text("report.card_expect"), r.text("report.card_expect_text")},
		{r.text("report.card_holds"), r.text("report.card_holds_text")},
		{r.text("report.card_version"), "gradus " + c.Gradus},
	}}}
	return s
}

// use is what the final model answers.
func (r *writer) use() string {
	if r.b == nil {
		return r.text("report.card_use_other", "column", r.v.Target.Column)
	}
	return r.text("report.card_use_text", "column", r.v.Target.Column, "event", r.event())
}

// again says how to get the same figures.
func (r *writer) again() section {
	s := section{ID: "again", Title: r.text("report.again")}
	if r.in.Command != "" {
		s.Blocks = append(s.Blocks, block{Code: r.in.Command})
	}
	s.Blocks = append(s.Blocks, block{Text: r.text("report.again_text", "seed", r.v.Seed, "version", r.v.Gradus)},
		block{Lead: r.text("report.disclaimer")})
	return s
}
