package experiment

import (
	"context"
	"math/rand/v2"
	"slices"

	"gradus/internal/picture"
	"gradus/internal/say"
	"gradus/internal/trial"
	"gradus/metric"
	"gradus/regression"
)

const (
	neighbours = 5  // of SMOTE
	resamples  = 20 // draws whose figures are averaged, where chance enters
)

// sampled is one way to treat a rare event: the rows to learn from, and how many times too often they hold the event.
type sampled struct {
	name    string
	draws   int
	make    func(p patients, r *rand.Rand) (x [][]float64, y []bool)
	correct bool // the odds are divided by the excess of events afterwards
}

var samplings = []sampled{
	{"none", 1, func(p patients, _ *rand.Rand) ([][]float64, []bool) { return p.x, p.y }, false},
	{"smote", resamples, smote, false},
	{"oversampling", resamples, oversample, false},
	{"undersampling", resamples, undersample, false},
	{"class-weights", 1, weighted, false},
	{"weights-corrected", 1, weighted, true},
}

// judgement is how risks do on the later patients.
type judgement struct{ auroc, mean, brier, slope, benefit float64 }

// resampling makes a rare event common before learning, which the risks pay for: death within 30 days of the synthetic cohort, learnt
// from patients who first came before 2022 and judged by those after. A weight is no harm once the odds are divided by it.
func resampling(ctx context.Context, opt Options) (r Result, err error) {
	learn, judge, err := cohort()
	if err != nil {
		return r, err
	}
	observed := float64(died(judge.y)) / float64(len(judge.y))
	rows := r.table("rows", "setting", "auroc", "mean_risk", "observed", "brier", "slope", "net_benefit")
	cure := r.table("cure", "setting", "auroc", "mean_risk", "observed", "brier", "slope", "net_benefit")
	for _, s := range samplings {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		j, err := s.run(learn, judge, opt.Seed)
		if err != nil {
			return r, err
		}
		t := rows
		if s.correct {
			t = cure
		}
		t.add(s.name, j.auroc, j.mean, observed, j.brier, j.slope, j.benefit)
	}
	cell := func(row, column int) string { return number(rows.Rows[row][column].(float64)) }
	r.text("experiment.resampling_risk", "none", cell(0, 2), "smote", cell(1, 2), "observed", number(observed))
	r.text("experiment.resampling_rank", "none", cell(0, 1), "smote", cell(1, 1))
	r.text("experiment.resampling_cure", "mean", number(cure.Rows[0][2].(float64)), "benefit", number(cure.Rows[0][6].(float64)), "smote", cell(1, 6))
	r.draw = func(lang say.Lang) []picture.Panel { return drawResampling(lang, rows, cure) }
	return r, nil
}

// run learns by logistic regression and judges, the mean over the draws.
func (s sampled) run(learn, judge patients, seed uint64) (sum judgement, err error) {
	for draw := range s.draws {
		x, y := s.make(learn, stream(seed, 40+uint64(draw)))
		f, err := regression.Logistic(trial.Rows(x, x).X, y, 1)
		if err != nil {
			return sum, err
		}
		excess := 1.
		if s.correct {
			events, all := float64(died(learn.y)), float64(len(learn.y))
			more := float64(died(y))
			excess = more / (float64(len(y)) - more) / (events / (all - events))
		}
		p := make([]float64, len(judge.x))
		for i, row := range judge.x {
			risk := f.Predict(row)
			p[i] = risk / (risk + float64(excess*(1-risk)))
		}
		b, err := metric.Binary(judge.y, p, metric.Options{Thresholds: []float64{.1}})
		if err != nil {
			return sum, err
		}
		n, mean := float64(s.draws), 0.
		for _, v := range p {
			mean += v / float64(len(p))
		}
		sum.auroc += float64(b.AUROC.Value) / n
		sum.mean += mean / n
		sum.brier += float64(b.Brier) / n
		sum.slope += float64(b.Calibration.Slope) / n
		sum.benefit += float64(b.NetBenefit[0].Model) / n
	}
	return sum, nil
}

func died(y []bool) (n int) {
	for _, is := range y {
		if is {
			n++
		}
	}
	return n
}

// parts lists the rows with the event and the others.
func (p patients) parts() (events, others []int) {
	for i, is := range p.y {
		if is {
			events = append(events, i)
		} else {
			others = append(others, i)
		}
	}
	return events, others
}

// with is all rows and more events behind them.
func (p patients) with(more [][]float64) ([][]float64, []bool) {
	x, y := append(slices.Clone(p.x), more...), slices.Clone(p.y)
	for range more {
		y = append(y, true)
	}
	return x, y
}

// smote adds events until there are as many as others, each on the line from one to one of its nearest neighbours among the events,
// x + u·(x′ − x) with u even on [0, 1).
func smote(p patients, r *rand.Rand) ([][]float64, []bool) {
	events, others := p.parts()
	var more [][]float64
	for range len(others) - len(events) {
		from := p.x[events[r.IntN(len(events))]]
		to := nearest(p.x, events, from)[r.IntN(neighbours)]
		u, row := r.Float64(), make([]float64, len(from))
		for c := range row {
			row[c] = from[c] + float64(u*(p.x[to][c]-from[c]))
		}
		more = append(more, row)
	}
	return p.with(more)
}

// nearest are the neighbours nearest to row among the given rows, itself left out.
func nearest(x [][]float64, among []int, row []float64) []int {
	far := map[int]float64{}
	for _, i := range among {
		for c, v := range x[i] {
			d := v - row[c]
			far[i] += float64(d * d)
		}
	}
	list := slices.Clone(among)
	slices.SortStableFunc(list, func(a, b int) int {
		if far[a] < far[b] {
			return -1
		} else if far[a] > far[b] {
			return 1
		}
		return 0
	})
	return list[1 : neighbours+1]
}

// oversample repeats drawn events until there are as many as others.
func oversample(p patients, r *rand.Rand) ([][]float64, []bool) {
	events, others := p.parts()
	var more [][]float64
	for range len(others) - len(events) {
		more = append(more, p.x[events[r.IntN(len(events))]])
	}
	return p.with(more)
}

// undersample leaves as many of the others as there are events.
func undersample(p patients, r *rand.Rand) (x [][]float64, y []bool) {
	events, others := p.parts()
	r.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	for _, i := range append(events, others[:len(events)]...) {
		x, y = append(x, p.x[i]), append(y, p.y[i])
	}
	return x, y
}

// weighted repeats every event as often as the others outnumber them, to the whole number: which is a class weight.
func weighted(p patients, _ *rand.Rand) ([][]float64, []bool) {
	events, others := p.parts()
	var more [][]float64
	for range (len(others)+len(events)/2)/len(events) - 1 {
		for _, i := range events {
			more = append(more, p.x[i])
		}
	}
	return p.with(more)
}

func drawResampling(lang say.Lang, rows, cure *Table) []picture.Panel {
	panel := func(column string, at int) picture.Panel {
		var names []string
		bare, bars := picture.Series{Kind: picture.Bars, Ink: picture.Orange}, picture.Series{Kind: picture.Bars, Ink: picture.Blue}
		for i, row := range append(slices.Clone(rows.Rows), cure.Rows...) {
			s := &bare
			if i == 0 || i >= len(rows.Rows) {
				s = &bars
			}
			s.X, s.Y = append(s.X, float64(i)), append(s.Y, row[at].(float64))
			names = append(names, Word(lang, row[0].(string)))
		}
		return picture.Panel{
			Title: Heading(lang, column), X: picture.Axis{Labels: names}, Y: picture.Axis{Name: Heading(lang, column), Zero: true},
			Series: []picture.Series{bare, bars},
		}
	}
	return []picture.Panel{panel("mean_risk", 2), panel("net_benefit", 6)}
}
