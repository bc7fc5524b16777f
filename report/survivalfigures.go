package report

import (
	"strconv"

	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// SurvivalFigures is the headline table of a study of survival: the network, Cox's regression on the same folds, and their difference.
func SurvivalFigures(lang say.Lang, v *model.SurvivalStudy) []Figure {
	test := func(key string, t metric.ConcordanceTest) Figure {
		return Figure{say.Text(lang, key), interval(lang, t.A, 3), interval(lang, t.B, 3), interval(lang, t.Difference, 3)}
	}
	spread := func(s model.Spread) string { return fixed(s.Mean, 3) + " ± " + fixed(s.SD, 3) }
	list := []Figure{
		test("survival.row_harrell", v.Harrell), test("survival.row_uno", v.Uno),
		{say.Text(lang, "survival.row_spread"), spread(v.Network), spread(v.Regression), fixed(v.Network.Mean-v.Regression.Mean, 3)},
		scores(lang, say.Text(lang, "survival.row_integrated"), v.Integrated),
	}
	for i := range v.At {
		list = append(list, horizonFigures(lang, &v.At[i])...)
	}
	return list
}

func scores(lang say.Lang, name string, p model.PairOfScores) Figure {
	return Figure{name, interval(lang, p.Network, 3), interval(lang, p.Regression, 3), interval(lang, p.Difference, 3)}
}

// horizonFigures are those of one time.
func horizonFigures(lang say.Lang, h *model.HorizonPair) []Figure {
	at := table.Format(h.At)
	named := func(key string) string { return say.Text(lang, key, "at", at) }
	scaled := func(e metric.Estimate) metric.Number { return 1 - e.Value/h.Brier.Reference }
	a, b := &h.Network, &h.Regression
	return []Figure{
		scores(lang, named("survival.row_auroc"), h.AUROC),
		scores(lang, named("survival.row_brier"), h.Brier),
		{
			named("survival.row_scaled"), fixed(scaled(h.Brier.Network), 3), fixed(scaled(h.Brier.Regression), 3),
			fixed(scaled(h.Brier.Network)-scaled(h.Brier.Regression), 3),
		},
		{named("survival.row_oe"), interval(lang, a.OE, 2), interval(lang, b.OE, 2), fixed(a.OE.Value-b.OE.Value, 2)},
		{named("survival.row_ici"), fixed(a.ICI, 3), fixed(b.ICI, 3), fixed(a.ICI-b.ICI, 3)},
	}
}

// SurvivalVerdict is one plain sentence: which of the two to use.
func SurvivalVerdict(lang say.Lang, v *model.SurvivalStudy) string {
	var h model.HorizonPair
	for _, at := range v.At {
		if at.At == v.Main {
			h = at
		}
	}
	d, b := v.Uno.Difference, h.Brier.Difference
	args := []any{
		"difference", fixed(d.Value, 3), "low", fixed(d.Low, 3), "high", fixed(d.High, 3), "at", table.Format(v.Main),
		"brier", fixed(b.Value, 4), "brier_low", fixed(b.Low, 4), "brier_high", fixed(b.High, 4),
	}
	switch v.Verdict {
	case "network":
		return say.Text(lang, "survival.verdict_network", args...)
	case "regression":
		return say.Text(lang, "survival.verdict_regression", args...)
	}
	return say.Text(lang, "survival.verdict_none", args...)
}

// Earned says in how many folds the networks had a part.
func Earned(lang say.Lang, v *model.SurvivalStudy) string {
	return say.Text(lang, "survival.earned", "earned", v.Earned, "folds", v.Folds*v.Repeats)
}

// SurvivalMedian says how long half of the rows live without the event, and how long they were followed.
func SurvivalMedian(lang say.Lang, v *model.SurvivalStudy) string {
	key := "survival.median"
	if !v.Overall.Median.Value.Defined() {
		key = "survival.no_median"
	}
	return say.Text(lang, key, "median", span(lang, v.Overall.Median), "follow", span(lang, v.FollowUp.Median), "last", table.Format(v.FollowUp.Last))
}

// span is a time with its interval; a bound that was not reached is a dash.
func span(lang say.Lang, e metric.Estimate) string {
	if !e.Low.Defined() && !e.High.Defined() {
		return days(e.Value)
	}
	return days(e.Value) + " (" + say.Text(lang, "report.to", "low", days(e.Low), "high", days(e.High)) + ")"
}

func days(v metric.Number) string {
	if !v.Defined() {
		return "–"
	}
	return strconv.FormatFloat(float64(v), 'g', 6, 64)
}

// HazardsTitle says which fit the hazard ratios are of.
func HazardsTitle(lang say.Lang, v *model.SurvivalStudy) string {
	if v.Hazards.Ridge == 0 {
		return say.Text(lang, "survival.hazards_plain")
	}
	return say.Text(lang, "survival.hazards_ridge", "ridge", v.Hazards.Ridge)
}

// HazardRows is the table of hazard ratios with the test of each that it stays the same.
func HazardRows(lang say.Lang, v *model.SurvivalStudy) (head []string, rows [][]string) {
	head = []string{
		say.Text(lang, "survival.term"), say.Text(lang, "survival.ratio"), "p", say.Text(lang, "survival.ph"),
	}
	for _, t := range v.Hazards.Terms {
		if t.Aside {
			rows = append(rows, []string{t.Term, say.Text(lang, "survival.aside"), "–", "–"})
			continue
		}
		rows = append(rows, []string{t.Term, interval(lang, t.Ratio, 3), small(t.P), small(t.PH)})
	}
	return head, rows
}

// small is a p value alone.
func small(p metric.Number) string {
	switch {
	case !p.Defined():
		return "–"
	case p < .001:
		return "< 0.001"
	}
	return fixed(p, 3)
}

// Proportional says what the test of proportional hazards found.
func Proportional(lang say.Lang, v *model.SurvivalStudy) string {
	h := &v.Hazards
	if !h.Tested {
		return say.Text(lang, "survival.ph_untested")
	}
	key := "survival.ph_kept"
	if h.P < .05 {
		key = "survival.ph_broken"
	}
	return say.Text(lang, key, "chi", fixed(h.Global, 2), "df", h.DF, "p", chance(h.P))
}

// LogRanks says how the thirds by predicted risk, and the groups asked for, part.
func LogRanks(lang say.Lang, v *model.SurvivalStudy) (list []string) {
	one := func(key string, g *model.SurvivalGroups, args ...any) {
		medians := ""
		for i, m := range g.List {
			if i > 0 {
				medians += "; "
			}
			medians += groupName(lang, g, m.Name) + " " + span(lang, m.Median)
		}
		list = append(list, say.Text(lang, key, append(args, "chi", fixed(g.Test.ChiSq, 2), "df", g.Test.DF, "p", chance(g.Test.P), "medians", medians)...))
	}
	one("survival.log_rank_risk", &v.RiskGroups)
	if v.Groups != nil {
		one("survival.log_rank_group", v.Groups, "column", v.Groups.Column)
	}
	return list
}

// groupName is the column with a level, or a third of the risk in words.
func groupName(lang say.Lang, g *model.SurvivalGroups, name string) string {
	if g.Column == "" {
		return say.Text(lang, "survival.risk_"+name)
	}
	return g.Column + " " + name
}
