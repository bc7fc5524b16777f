package clinic

import (
	"math"
	"math/rand/v2"

	"gradus/internal/kernel"
	"gradus/lab/scene"
	"gradus/mat"
	"gradus/metric"
	"gradus/recalibrate"
	"gradus/regression"
)

const (
	learners = 4000
	judges   = 4000
	benefitT = .1 // threshold of the net benefit in the table
)

// treatments are the ways to deal with a rare event, in the order of the table.
var treatments = []string{"none", "weights", "over", "under", "corrected"}

// imbalance is the room in which a rare event is made common before learning.
func imbalance() *scene.Page {
	return &scene.Page{
		ID: "imbalance", Words: "labclinic.imb", Vignette: true,
		Controls: []scene.Control{
			scene.ChoiceControl("way", scene.Say("labclinic.imb_way"), "labclinic.imb_way", treatments...).In("bar"),
			scene.RealControl("prev", scene.Say("labclinic.imb_prev"), 3, 1, 20, .5).Logarithmic(),
			scene.ToggleControl("again", scene.Say("labclinic.imb_again"), false),
		},
		Make: imbalanceRun, Exercises: imbalanceExercises,
	}
}

// cohort is patients with five measurements, and who had the event.
type cohort struct {
	x [][]float64
	y []bool
}

// effects are the log-odds per standard deviation of the five measurements; the last two say nothing.
var effects = []float64{.9, .7, -.5, 0, 0}

// draw makes n patients whose log-odds are near Σ effect·x, drawn until as many have the event as the prevalence asks for.
func draw(r *rand.Rand, n int, prevalence float64) cohort {
	var c cohort
	at, left := base(prevalence), map[bool]int{true: int(math.Round(float64(n) * prevalence))}
	left[false] = n - left[true]
	for left[true]+left[false] > 0 {
		row, o := make([]float64, len(effects)), at
		for i, e := range effects {
			row[i] = kernel.Normal(r)
			o += float64(e * row[i])
		}
		if is := r.Float64() < kernel.Sigmoid(o); left[is] > 0 {
			left[is]--
			c.x, c.y = append(c.x, row), append(c.y, is)
		}
	}
	return c
}

// base is the intercept at which the mean risk is near the prevalence: of a normal log-odds of variance v, Zeger's approximation.
func base(prevalence float64) float64 {
	v := 0.
	for _, e := range effects {
		v += float64(e * e)
	}
	return logit(prevalence) * math.Sqrt(1+float64(.346*v))
}

// treated is a model after a treatment, judged on the same later patients.
type treated struct {
	name   string
	rows   int // learnt from
	events int // among them
	p      []float64
	own    []float64 // risks of the untouched learners, to recalibrate by
	area   metric.Area
	line   recalibrate.Map // a and b of the calibration line
	brier  float64
	gain   float64
	mean   float64
}

// bench is the split and every treatment on it.
type bench struct {
	learn, judge cohort
	observed     float64
	all          []treated
	again        []treated // each of them recalibrated
}

// split names a bench: the same seed and prevalence draw and learn alike.
type split struct {
	seed       uint64
	prevalence string
}

var benches = memory[split, *bench]{most: 4}

// newBench is the split of a state with every treatment on it.
func newBench(s *scene.State) (*bench, error) {
	return benches.recall(split{s.Seed, s.Raw("prev")}, func() (*bench, error) {
		rare := s.Real("prev") / 100
		b := &bench{learn: draw(stream(s.Seed, 11), learners, rare), judge: draw(stream(s.Seed, 12), judges, rare)}
		b.observed = float64(count(b.judge.y)) / judges
		for _, name := range treatments {
			t, err := b.treat(name, stream(s.Seed, 13))
			if err != nil {
				return nil, err
			}
			again, err := b.recalibrated(t)
			if err != nil {
				return nil, err
			}
			t.own = nil // used up
			b.all, b.again = append(b.all, t), append(b.again, again)
		}
		return b, nil
	})
}

// treat learns after a treatment and judges.
func (b *bench) treat(name string, r *rand.Rand) (treated, error) {
	rows := b.learn.rows(name, r)
	x, y := make([][]float64, len(rows)), make([]bool, len(rows))
	for i, row := range rows {
		x[i], y[i] = b.learn.x[row], b.learn.y[row]
	}
	t := treated{name: name, rows: len(rows), events: count(y)}
	f, err := regression.Logistic(mat.From(x...), y, 1)
	if err != nil {
		return t, err
	}
	excess := 1.
	if name == "corrected" {
		excess = odds(t.events, t.rows) / odds(count(b.learn.y), learners)
	}
	risks := func(c cohort) []float64 {
		p := make([]float64, len(c.x))
		for i, row := range c.x {
			risk := f.Predict(row)
			p[i] = risk / (risk + float64(excess*(1-risk)))
		}
		return p
	}
	t.p, t.own = risks(b.judge), risks(b.learn)
	return t, t.measure(b.judge.y)
}

// odds is events over the others.
func odds(events, rows int) float64 { return float64(events) / float64(rows-events) }

// measure fills in what the risks are worth.
func (t *treated) measure(y []bool) (err error) {
	if t.area, err = metric.AUROC(y, t.p); err != nil {
		return err
	}
	if t.line, err = recalibrate.Fit(recalibrate.Logistic, y, t.p); err != nil {
		return err
	}
	if t.brier, err = metric.Brier(y, t.p); err != nil {
		return err
	}
	curve, err := metric.DecisionCurve(y, t.p, []float64{benefitT})
	if err == nil {
		t.gain, t.mean = float64(curve[0].Model), mean(t.p)
	}
	return err
}

// recalibrated moves the intercept so that the mean risk of the untouched learners is what happened to them.
func (b *bench) recalibrated(t treated) (treated, error) {
	m, err := recalibrate.Fit(recalibrate.Intercept, b.learn.y, t.own)
	if err != nil {
		return t, err
	}
	again := treated{name: "again", rows: t.rows, events: t.events}
	for _, v := range t.p {
		again.p = append(again.p, m.Apply(v))
	}
	return again, again.measure(b.judge.y)
}

// rows are the learners that a treatment learns from, by number; one that counts more than once is there more than once.
func (c cohort) rows(name string, r *rand.Rand) []int {
	var sick, well []int
	for i, is := range c.y {
		if is {
			sick = append(sick, i)
		} else {
			well = append(well, i)
		}
	}
	all := append(append([]int{}, well...), sick...)
	switch name {
	case "weights", "corrected":
		for range (len(well)+len(sick)/2)/len(sick) - 1 {
			all = append(all, sick...)
		}
	case "over":
		for range len(well) - len(sick) {
			all = append(all, sick[r.IntN(len(sick))])
		}
	case "under":
		r.Shuffle(len(well), func(i, j int) { well[i], well[j] = well[j], well[i] })
		return append(sick, well[:len(sick)]...)
	}
	return all
}
