package clinic

import (
	"math"
	"strconv"
	"testing"

	"gradus/internal/kernel"
	"gradus/lab/scene"
	"gradus/lab/scene/scenetest"
)

var state, numbers = scenetest.State, scenetest.Numbers

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: %v, want %v ± %v", what, got, want, within)
	}
}

// exercise finds an exercise of a page by its key.
func exercise(t *testing.T, p *scene.Page, query, key string) scene.Exercise {
	t.Helper()
	s := state(t, p, query)
	run, err := p.Make(s)
	if err != nil {
		t.Fatal(err)
	}
	list, err := p.Exercises(s, run)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if e.Key == "labclinic."+key {
			return e
		}
	}
	t.Fatal("no exercise", key)
	return scene.Exercise{}
}

// No page opens with its goal reached, and the solution named reaches it, under many seeds.
func TestGoals(t *testing.T) {
	for _, c := range []struct {
		page  *scene.Page
		key   string
		seeds int
	}{{threshold(), "thr_task2", 60}, {imbalance(), "imb_task2", 5}, {overfit(), "fit_task3", 3}, {patient(), "pat_task3", 60}} {
		for seed := range c.seeds {
			query := "seed=" + strconv.Itoa(seed)
			e := exercise(t, c.page, query, c.key)
			if e.Goal.Done {
				t.Errorf("%s: seed %d opens with the goal reached", c.key, seed)
			}
			for k, v := range e.Goal.Solve {
				query += "&" + k + "=" + v
			}
			if e := exercise(t, c.page, query, c.key); !e.Goal.Done {
				t.Errorf("%s: %s does not reach it", c.key, query)
			}
		}
	}
}

func TestQuantile(t *testing.T) {
	for p, want := range map[float64]float64{.5: 0, .975: 1.959963984540054, .025: -1.959963984540054, .001: -3.090232306167813, .9: 1.2815515655446004} {
		near(t, "quantile", quantile(p), want, 1e-12)
	}
	if q := quantile(1e-12); q < -6 || q > -5.9 {
		t.Error("the far tail is", q)
	}
}

// The two normal markers have a known AUROC and, at any threshold, known shares; a prior correction shifts risks and keeps the order.
func TestThreshold(t *testing.T) {
	p := threshold()
	for _, prevalence := range []float64{50, 20, 4} {
		of := "prev=" + strconv.FormatFloat(prevalence, 'g', -1, 64)
		n := numbers(t, p, of, 0)
		near(t, of+" AUROC", n["auroc"], kernel.Phi(apart/math.Sqrt2), .01)
		x := (logit(.1)-logit(prevalence/100))/apart + apart/2 // the marker at the threshold
		near(t, of+" sensitivity", n["sensitivity"], kernel.Phi(apart-x), 1.01/(10*prevalence))
		near(t, of+" specificity", n["specificity"], kernel.Phi(x), .0025)
		near(t, of+" people", n["tp"]+n["fp"]+n["fn"]+n["tn"], crowd, 0)
		near(t, of+" PPV", n["ppv"], n["tp"]/(n["tp"]+n["fp"]), 1e-15)
		near(t, of+" NPV", n["npv"], n["tn"]/(n["tn"]+n["fn"]), 1e-15)
		near(t, of+" alarms for each found", n["nne"], 1/n["ppv"], 1e-12)
		near(t, of+" net benefit", n["net_benefit"], n["tp"]/1000-n["fp"]/9000, 1e-15)
		near(t, of+" alarms a day", n["alerts_a_day"], .12*n["alarms"], 1e-12)
		other := numbers(t, p, of+"&model=as-learnt", 0)
		near(t, of+" AUROC without the correction", other["auroc"], n["auroc"], 0)
	}
	here, there := numbers(t, p, "prev=10", 0), numbers(t, p, "prev=10&model=as-learnt", 0)
	near(t, "alarms where the model was learnt", there["alarms"], here["alarms"], 0)
}

// Everyone stands in a column, filled from the needle on.
func TestStanding(t *testing.T) {
	for _, cut := range []string{"0.5", "1", "10", "37.5", "95"} {
		w, err := newWard(state(t, threshold(), "t="+cut))
		if err != nil {
			t.Fatal(err)
		}
		f := w.first("axis").Standing
		alarms, all := 0, 0
		for _, lane := range []scene.Lane{f.Above, f.Below} {
			for i, n := range lane.Columns {
				if all += n; f.First+(float64(i)+.5)*f.Wide > f.Needle.X {
					alarms += n
				}
			}
		}
		if alarms != w.alarms() || all != crowd {
			t.Errorf("threshold %s: %d of %d stand behind the needle, want %d", cut, alarms, all, w.alarms())
		}
	}
}

// An arrow key at the needle moves the threshold, however little a step of the axis is there.
func TestNeedle(t *testing.T) {
	for _, cut := range []string{"0.5", "2", "10", "90", "95"} {
		s := state(t, threshold(), "t="+cut)
		run, err := thresholdRun(s)
		if err != nil {
			t.Fatal(err)
		}
		at := logit(s.Real("t") / 100)
		up, _ := strconv.ParseFloat(run.Drag("cut", at+.001, 0)["t"], 64)
		down, _ := strconv.ParseFloat(run.Drag("cut", at-.001, 0)["t"], 64)
		near(t, "a step up from "+cut, up, math.Min(95, s.Real("t")+.5), 1e-9)
		near(t, "a step down from "+cut, down, math.Max(.5, s.Real("t")-.5), 1e-9)
	}
}

// The numbers of the text: 8.3 % at 1 %, 69.2 % at 20 %; 19 false alarms are 5 %, 20 % is 4 false alarms.
func TestThresholdTasks(t *testing.T) {
	ppv := exercise(t, threshold(), "", "thr_task1")
	near(t, "PPV at 1 %", ppv.Fields[0].Right, 100./12, 1e-9)
	near(t, "PPV at 20 %", ppv.Fields[1].Right, 900./13, 1e-9)
	harm := exercise(t, threshold(), "", "thr_task3")
	near(t, "threshold", harm.Fields[0].Right, 5, 1e-12)
	near(t, "false alarms", harm.Fields[1].Right, 4, 1e-12)
}
