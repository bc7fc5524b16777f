package clinic

import (
	"math"
	"slices"
	"strconv"

	"gradus/lab/scene"
	"gradus/metric"
)

func imbalanceRun(s *scene.State) (*scene.Run, error) {
	b, err := newBench(s)
	if err != nil {
		return nil, err
	}
	now := b.now(s)
	curves, err := b.curves(s)
	if err != nil {
		return nil, err
	}
	return scene.Still(&scene.Scene{
		Figures: []scene.Figure{{Table: b.table(s), Note: scene.Say("labclinic.imb_note", "learn", learners, "judge", judges)}, curves, b.bars(s)},
		Readings: []scene.Number{
			percent("mean_risk", scene.Say("labclinic.imb_mean"), now.mean, 1),
			percent("observed", scene.Say("labclinic.imb_observed"), b.observed, 1),
			scene.Value("auroc", "AUROC", float64(now.area.Value)).Fixed(3),
		},
		Summary: scene.Say("labclinic.imb_summary", "plain", scene.Round(float64(b.all[0].area.Value), 3), "auroc", scene.Round(float64(now.area.Value), 3),
			"mean", shown(now.mean, 1), "observed", shown(b.observed, 1), "times", scene.Round(now.mean/b.observed, 1)),
	}), nil
}

// chosen is the number of the treatment that the bar names.
func (b *bench) chosen(s *scene.State) int { return slices.Index(treatments, s.Raw("way")) }

// now is what the learner sees: the chosen treatment, recalibrated where the toggle is on.
func (b *bench) now(s *scene.State) treated {
	if s.On("again") {
		return b.again[b.chosen(s)]
	}
	return b.all[b.chosen(s)]
}

// table has a row for every treatment on the same split, and one for the chosen one recalibrated.
func (b *bench) table(s *scene.State) *scene.Table {
	t := &scene.Table{Head: []scene.Words{
		{},
		scene.Say("labclinic.imb_rows"), scene.Text("AUROC"), scene.Say("labclinic.imb_mean"), scene.Say("labclinic.imb_slope"),
		scene.Text("Brier"), scene.Say("labclinic.imb_benefit"),
	}}
	list := b.all
	at := b.chosen(s)
	if s.On("again") {
		at = len(list)
		list = append(slices.Clone(list), b.again[b.chosen(s)])
	}
	for _, r := range list {
		t.Rows = append(t.Rows, []scene.Cell{
			scene.W(scene.Say("labclinic.imb_short_" + r.name)), scene.N(scene.Count("rows_"+r.name, scene.Words{}, r.rows)),
			scene.N(scene.Value("auroc_"+r.name, "", float64(r.area.Value)).Fixed(3)),
			scene.N(percent("mean_risk_"+r.name, scene.Words{}, r.mean, 1)),
			scene.N(scene.Value("slope_"+r.name, "", r.line.B).Fixed(2)),
			scene.N(scene.Value("brier_"+r.name, "", r.brier).Fixed(4)),
			scene.N(scene.Value("net_benefit_"+r.name, "", r.gain).Fixed(4)),
		})
	}
	t.Now = &at
	return t
}

// curves is what happened over what was said, untreated beside what the learner has chosen.
func (b *bench) curves(s *scene.State) (scene.Figure, error) {
	plain, now := b.all[0], b.now(s)
	said, err := metric.QuantileBins(b.judge.y, now.p, groups)
	if err != nil {
		return scene.Figure{}, err
	}
	high := math.Min(1, math.Ceil(22*said[len(said)-1].Mean)/20)
	plot := &scene.Plot{
		X: inPercent("labclinic.cal_x", high), Y: inPercent("labclinic.cal_y", high),
		Height: 300, Lines: []scene.Reference{{Ends: [][2]float64{{0, 0}, {100 * high, 100 * high}}}},
	}
	same := now.name == plain.name
	for i, t := range []treated{plain, now} {
		if i == 1 && same {
			break
		}
		series, err := tenths(b.judge.y, t.p, high)
		if err != nil {
			return scene.Figure{}, err
		}
		if i == 0 && !same {
			series.Dash, series.Tone, series.Heavy = "6 3", scene.Faint, false
		} else {
			last := len(series.X) - 1
			plot.Points = append(plot.Points, ring(series.X[last], *series.Y[last], scene.Say("labclinic.imb_short_"+t.name)))
		}
		plot.Series = append(plot.Series, series)
	}
	return scene.Figure{Width: "half", Title: scene.Say("labclinic.imb_calibration"), Plot: plot, Note: scene.Say("labclinic.imb_calibration_note")}, nil
}

// groups are the points of a calibration curve.
const groups = 10

// tenths is the share of events in ten groups of equal size by their risk, each at its mean risk.
func tenths(y []bool, p []float64, high float64) (scene.Series, error) {
	list, err := metric.QuantileBins(y, p, groups)
	s := scene.Series{Heavy: true}
	var seen []float64
	for _, g := range list {
		if g.Mean <= high {
			s.X, seen = append(s.X, 100*g.Mean), append(seen, 100*float64(g.Observed.Value))
		}
	}
	s.Y = scene.Y(seen)
	return s, err
}

// bars are the mean risks beside the observed share.
func (b *bench) bars(s *scene.State) scene.Figure {
	bars := &scene.Bars{Limits: []scene.Bar{{Number: percent("", scene.Say("labclinic.imb_observed"), b.observed, 1)}}}
	at := b.chosen(s)
	for i, t := range b.all {
		if i == at {
			t = b.now(s)
		}
		bars.Rows = append(bars.Rows, scene.Bar{Number: percent("", scene.Say("labclinic.imb_short_"+t.name), t.mean, 1)})
	}
	return scene.Figure{Width: "half", Title: scene.Say("labclinic.imb_bars"), Bars: bars}
}

// imbalanceExercises ask for the cure by hand, for the cure by control, and for what no treatment moves.
func imbalanceExercises(s *scene.State, _ *scene.Run) ([]scene.Exercise, error) {
	b, err := newBench(s)
	if err != nil {
		return nil, err
	}
	return []scene.Exercise{oddsTask(s.Seed), b.goal(s), movesTask()}, nil
}

// oddsTask undoes a weight: the odds are divided by it.
func oddsTask(seed uint64) scene.Exercise {
	w, said := pick(seed, 19., 24, 9, 32, 49), pick(seed, .6, .7, .4, .8)
	o := said / (1 - said)
	right := 100 * o / (o + w)
	return scene.Exercise{
		Key: "labclinic.imb_task1", Args: []any{"w", int(w), "said", shown(said, 0), "odds", scene.Round(o, 3), "less", scene.Round(o/w, 4)},
		Fields: []scene.Field{{Unit: scene.Text("%"), Right: right, Within: .05}},
		Mistakes: []scene.Mistake{
			{Key: "labclinic.imb_task1_share", Values: []float64{100 * said / w}},
			{Key: "labclinic.imb_task1_odds", Values: []float64{100 * o / w}},
			{Key: "labclinic.imb_task1_up", Values: []float64{100 * o * w / (1 + float64(o*w))}},
			{Key: "labclinic.imb_task1_same", Values: []float64{100 * said}},
			{Key: "labclinic.imb_task1_weight", Values: []float64{100 / w}},
		},
	}
}

// goal asks to bring the risks of a treated model back to what happened.
func (b *bench) goal(s *scene.State) scene.Exercise {
	now, way := b.now(s), s.Raw("way")
	swollen := way == "weights" || way == "over" || way == "under"
	ratio := now.mean / b.observed
	goal := &scene.Goal{
		Now: scene.Value("", "", ratio).Named(scene.Say("labclinic.imb_ratio")).Fixed(2), Target: scene.Say("labclinic.imb_task2_target"),
		Done: swollen && math.Abs(ratio-1) <= .3, Solve: map[string]string{"way": "weights", "again": "1"},
		Why: scene.Say("labclinic.imb_task2_high", "ratio", scene.Round(ratio, 2)),
	}
	if !swollen {
		goal.Why = scene.Say("labclinic.imb_task2_way")
	}
	return scene.Exercise{Key: "labclinic.imb_task2", Args: []any{"auroc", scene.Round(float64(now.area.Value), 3)}, Goal: goal}
}

// movesTask asks which figure stays.
func movesTask() scene.Exercise {
	var options []scene.Words
	for _, name := range []string{"mean", "auroc", "brier", "calibration"} {
		options = append(options, scene.Say("labclinic.imb_moves_"+name))
	}
	e := scene.Exercise{Key: "labclinic.imb_task3", Fields: []scene.Field{{Options: options, Choice: 2}}}
	for _, n := range []int{1, 3, 4} {
		e.Mistakes = append(e.Mistakes, scene.Mistake{Key: "labclinic.imb_task3_" + strconv.Itoa(n), Values: []float64{float64(n)}})
	}
	return e
}
