package clinic

import (
	"math"
	"strconv"

	"gradus/internal/kernel"
	"gradus/lab/scene"
	"gradus/metric"
)

// The model of the threshold room: one normal marker of sd 1 whose mean is apart higher in those with the event, so that the log-odds
// are logit(prevalence) + apart·x − apart²/2 and exactly calibrated where it was learnt.
const (
	apart   = 1.7
	home    = .1 // prevalence where the model was learnt
	crowd   = 1000
	axisLow = -6.2 // of the axis, from the log-odds of the prevalence that the model believes in
	axisEnd = 6.4
	columns = 84
)

// threshold is the room in which a cut-off is chosen.
func threshold() *scene.Page {
	return &scene.Page{
		ID: "threshold", Words: "labclinic.thr", Vignette: true,
		Controls: []scene.Control{
			scene.ChoiceControl("view", scene.Say("labclinic.thr_view"), "labclinic.thr_view", "axis", "people").In("bar"),
			scene.ChoiceControl("model", scene.Say("labclinic.thr_model"), "labclinic.thr_model", "corrected", "as-learnt").In("bar"),
			scene.RealControl("t", scene.Say("labclinic.thr_t"), 10, .5, 95, .5).In("margin"),
			scene.RealControl("prev", scene.Say("labclinic.thr_prev"), 4, .5, 50, .5).Logarithmic().In("margin"),
			scene.WholeControl("patients", scene.Say("labclinic.thr_patients"), 120, 1, 1000).In("margin"),
		},
		Make: thresholdRun, Exercises: thresholdExercises,
	}
}

// ward is the thousand people of a state, their risks as the model says them, and what the threshold makes of them.
type ward struct {
	y          []bool
	o, p       []float64 // log-odds, risk
	cut        float64   // threshold as a probability
	prevalence float64
	believed   float64 // the log-odds of a mean person
	table      metric.Confusion
	area       metric.Area
	gain       metric.NetBenefit // at the threshold
	patients   float64           // a day
}

func (w *ward) alarms() int { return w.table.TP + w.table.FP }
func (w *ward) quiet() int  { return w.table.FN + w.table.TN }

// newWard draws a marker for each of a thousand people, as many of each kind as the prevalence asks for: one from every equal share of
// the normal distribution, so that the thousand are a fair picture of it under any seed.
func newWard(s *scene.State) (*ward, error) {
	w := &ward{cut: s.Real("t") / 100, prevalence: s.Real("prev") / 100, patients: float64(s.Whole("patients"))}
	sick := int(math.Round(crowd * w.prevalence))
	believed := home
	if s.Raw("model") == "corrected" {
		believed = float64(sick) / crowd
	}
	w.believed = logit(believed)
	with, without := stream(s.Seed, 1), stream(s.Seed, 2)
	for i := range crowd {
		x := 0.
		if i < sick {
			x = apart + quantile((float64(i)+float64(with.Float64()))/float64(sick))
		} else {
			x = quantile((float64(i-sick) + float64(without.Float64())) / float64(crowd-sick))
		}
		o := w.believed + float64(apart*x) - apart*apart/2
		w.y, w.o, w.p = append(w.y, i < sick), append(w.o, o), append(w.p, kernel.Sigmoid(o))
	}
	var err error
	if w.table, err = metric.ConfusionAt(w.y, w.p, w.cut); err != nil {
		return nil, err
	}
	if w.area, err = metric.AUROC(w.y, w.p); err != nil {
		return nil, err
	}
	curve, err := metric.DecisionCurve(w.y, w.p, []float64{w.cut})
	if err == nil {
		w.gain = curve[0]
	}
	return w, err
}

func thresholdRun(s *scene.State) (*scene.Run, error) {
	w, err := newWard(s)
	if err != nil {
		return nil, err
	}
	figures := []scene.Figure{w.first(s.Raw("view"))}
	for _, f := range []func() (scene.Figure, error){w.roc, w.precision, w.calibration, w.benefit} {
		figure, err := f()
		if err != nil {
			return nil, err
		}
		figures = append(figures, figure)
	}
	figures = append(figures, w.counts(), w.measures())
	run := scene.Still(&scene.Scene{Figures: figures, Summary: w.summary()})
	run.Drag = func(_ string, x, _ float64) map[string]string {
		t := math.Min(95, math.Max(.5, math.Round(200*kernel.Sigmoid(x))/2))
		if x > logit(w.cut) && t <= 100*w.cut { // a step to the right is never lost to rounding
			t = float64(100*w.cut) + .5
		} else if x < logit(w.cut) && t >= 100*w.cut {
			t = float64(100*w.cut) - .5
		}
		return map[string]string{"t": strconv.FormatFloat(math.Min(95, math.Max(.5, t)), 'g', 6, 64)}
	}
	return run, nil
}

// quantile is the x at which the normal distribution has passed a share p, by Newton's steps from the middle: there the curve bends
// away from them, so that they end from one side.
func quantile(p float64) float64 {
	x := 0.
	for range 60 {
		step := (kernel.Phi(x) - p) / kernel.Density(x)
		if x -= step; math.Abs(step) < 1e-12 {
			break
		}
	}
	return math.Max(-6, math.Min(6, x))
}

// ppv is NaN where nobody is called, which is shown as a stroke.
func (w *ward) ppv() float64 { return float64(w.table.PPV.Value) }

// aDay is how many alarms a day there are among the ward's patients.
func (w *ward) aDay() float64 { return w.patients * float64(w.alarms()) / crowd }

// nne is how many alarms there are for each person found.
func (w *ward) nne() float64 { return float64(w.alarms()) / float64(w.table.TP) }

// summary is the sentence under the figures.
func (w *ward) summary() scene.Words {
	if w.table.TP == 0 {
		return scene.Say("labclinic.thr_summary_none", "alarms", w.alarms(), "missed", w.table.FN, "day", scene.Round(w.aDay(), 1))
	}
	return scene.Say("labclinic.thr_summary", "alarms", w.alarms(), "tp", w.table.TP, "nne", scene.Round(w.nne(), 1),
		"missed", w.table.FN, "patients", int(w.patients), "day", scene.Round(w.aDay(), 1))
}

// first is the thousand, on the axis of risk or as a field.
func (w *ward) first(view string) scene.Figure {
	label := func(name string) scene.Words { return scene.Say("labclinic.thr_" + name) }
	if view == "people" {
		return scene.Figure{People: &scene.People{Groups: []scene.Crowd{
			{Number: scene.Count("", label("found"), w.table.TP), Mark: "filled"},
			{Number: scene.Count("", label("missed"), w.table.FN), Mark: "struck"},
			{Number: scene.Count("", label("false"), w.table.FP), Mark: "dotted"},
			{Number: scene.Count("", label("rightly"), w.table.TN), Mark: "empty"},
		}}}
	}
	sick, low, high := count(w.y), w.believed+axisLow, w.believed+axisEnd
	f := &scene.Standing{
		Axis: scene.Axis{Label: label("axis"), Low: low, High: high, Ticks: scaleTicks(low, high)},
		Wide: (axisEnd - axisLow) / columns, Rows: 32,
		Above: scene.Lane{Number: scene.Count("events", label("events"), sick)},
		Below: scene.Lane{Number: scene.Count("others", label("others"), crowd-sick)},
		Needle: scene.Handle{
			Name: "cut", X: logit(w.cut), Label: label("needle"), StepX: (axisEnd - axisLow) / columns,
		},
		Cut:   percent("threshold", label("t_short"), w.cut, 1),
		Quiet: scene.Count("quiet", label("quiet"), w.quiet()),
		Alarm: scene.Count("alarms", label("alarm"), w.alarms()),
	}
	w.stand(f)
	return scene.Figure{Standing: f}
}

// stand puts everyone into a column; who stands off the axis gets its last one. Columns begin at the needle.
func (w *ward) stand(f *scene.Standing) {
	before := math.Floor((f.Needle.X - f.Axis.Low) / f.Wide)
	f.First = f.Needle.X - float64(before*f.Wide)
	n := int((f.Axis.High - f.First) / f.Wide)
	f.Above.Columns, f.Below.Columns = make([]int, n), make([]int, n)
	for i, o := range w.o {
		c := int(math.Floor((o - f.Needle.X) / f.Wide))
		if called := w.p[i] >= w.cut; called != (c >= 0) { // rounding at the needle itself
			c = -1
			if called {
				c = 0
			}
		}
		c = max(0, min(n-1, int(before)+c))
		if w.y[i] {
			f.Above.Columns[c]++
		} else {
			f.Below.Columns[c]++
		}
	}
}

// counts is the 2 × 2 table.
func (w *ward) counts() scene.Figure {
	sick := count(w.y)
	cell := func(symbol string, n int, tone scene.Tone) scene.Cell {
		return scene.N(scene.Count(symbol, scene.Words{}, n).With(tone))
	}
	word := func(name string, n int) scene.Cell { return scene.W(scene.Say("labclinic.thr_"+name+"_n", "n", n)) }
	return scene.Figure{Width: "rail", Table: &scene.Table{
		Big:  true,
		Head: []scene.Words{{}, scene.Say("labclinic.thr_events_n", "n", sick), scene.Say("labclinic.thr_others_n", "n", crowd-sick)},
		Rows: [][]scene.Cell{
			{word("alarm", w.alarms()), cell("tp", w.table.TP, scene.Positive), cell("fp", w.table.FP, scene.Negative)},
			{word("quiet", w.quiet()), cell("fn", w.table.FN, ""), cell("tn", w.table.TN, "")},
		},
	}}
}

// measures is what the table comes to, with Wilson's and DeLong's intervals.
func (w *ward) measures() scene.Figure {
	t := &scene.Table{Head: []scene.Words{{}, {}, scene.Say("labclinic.interval")}}
	share := func(name, symbol string, e metric.Estimate) {
		between := scene.Text("–")
		if e.Low.Defined() {
			between = scene.Text("(" + shown(float64(e.Low), 0) + "–" + shown(float64(e.High), 0) + ")")
		}
		t.Rows = append(t.Rows, []scene.Cell{
			scene.W(scene.Say("labclinic.thr_" + name)), scene.N(percent(symbol, scene.Words{}, float64(e.Value), 1)), scene.W(between),
		})
	}
	share("sensitivity", "sensitivity", w.table.Sensitivity)
	share("specificity", "specificity", w.table.Specificity)
	share("ppv", "ppv", w.table.PPV)
	share("npv", "npv", w.table.NPV)
	plain := func(name, symbol string, v float64) {
		t.Rows = append(t.Rows, []scene.Cell{
			scene.W(scene.Say("labclinic.thr_" + name)), scene.N(scene.Value(symbol, "", v).Fixed(1)), scene.W(scene.Words{}),
		})
	}
	plain("nne", "nne", w.nne())
	plain("alerts", "alerts_a_day", w.aDay())
	t.Rows = append(t.Rows, []scene.Cell{
		scene.W(scene.Say("labclinic.thr_benefit_y")), scene.N(scene.Value("net_benefit", "", float64(w.gain.Model)).Fixed(4)), scene.W(scene.Words{}),
	})
	t.Rows = append(t.Rows, []scene.Cell{
		scene.W(scene.Text("AUROC")), scene.N(scene.Value("auroc", "", float64(w.area.Value)).Fixed(3)), scene.W(interval(w.area.Estimate)),
	})
	return scene.Figure{Width: "rail", Table: t}
}

// interval is a 95 % interval of a value near 1.
func interval(e metric.Estimate) scene.Words {
	if !e.Low.Defined() {
		return scene.Text("–")
	}
	return scene.Text("(" + scene.Round(float64(e.Low), 2) + "–" + scene.Round(float64(e.High), 2) + ")")
}
