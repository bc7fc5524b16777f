package validate

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// law is a made-up table of survival: n rows of 6 columns, two rows of every third patient.
func law(t *testing.T, n int, seed uint64, hazard func(x []float64) float64) (tbl *table.Table, target *table.Target, y []float64, group []int) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 5))
	var b strings.Builder
	b.WriteString("a,b,c,d,e,f,days,died\n")
	x := make([]float64, 6)
	for i := range n {
		for j := range x {
			x[j] = r.NormFloat64()
			fmt.Fprintf(&b, "%.5g,", x[j])
		}
		death, censored := 300*r.ExpFloat64()*math.Exp(-hazard(x)), 600*r.ExpFloat64()
		fmt.Fprintf(&b, "%d,%d\n", 1+int(min(death, censored)), map[bool]int{true: 1}[death <= censored])
		group = append(group, i-min(i%3, 1))
	}
	tbl, err := table.Read(strings.NewReader(b.String()), "law.csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if target, y, err = table.NewSurvival(tbl, "days", nil, "died", ""); err != nil {
		t.Fatal(err)
	}
	return tbl.Drop("died"), target, y, group
}

func bent(x []float64) float64 { return 1.2*x[0]*x[1] + .8*x[2]*x[2] - math.Abs(x[3]) }

func even(x []float64) float64 { return .8*x[0] - .6*x[1] + .4*x[2] }

func plan(group []int) Survival {
	return Survival{Parting: Parting{Folds: 5, Repeats: 1, Seed: 1, Group: group}, Horizons: []float64{100, 300}, Main: 100, Draws: 20, Ridge: 1}
}

// On a crooked law the network is better than the regression, on an even one neither, the C within .005; seeds 1 to 3.
func TestSurviveVerdicts(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		if seed > 1 && testing.Short() {
			break
		}
		for name, hazard := range map[string]func([]float64) float64{"network": bent, "none": even} {
			tbl, target, y, _ := law(t, 400, seed, hazard)
			d := plan(nil)
			d.Seed = seed
			v, err := survive(t.Context(), tbl, target, y, model.Settings{}, d, nil)
			if err != nil {
				t.Fatal(err)
			}
			if v.Verdict != name {
				t.Errorf("seed %d: verdict %s, not %s: %+v", seed, v.Verdict, name, v.Uno)
			}
			if name == "network" && v.Earned != 5 {
				t.Errorf("seed %d: networks earned a part in %d folds", seed, v.Earned)
			}
			if gap := float64(v.Harrell.Difference.Value); name == "none" && math.Abs(gap) > .005 {
				t.Errorf("seed %d: on an even law C differs by %v", seed, gap)
			}
		}
	}
}

// The figures are those of metric on the same chances; one worker and several give the same bytes; patients stay together.
func TestSurviveFigures(t *testing.T) {
	tbl, target, y, group := law(t, 240, 4, even)
	d := plan(group)
	d.Repeats, d.Strata, d.Column = 2, make([]string, len(y)), "half"
	for i := range d.Strata {
		d.Strata[i] = string(rune('A' + i%2))
	}
	s := model.Settings{Hidden: []int{3}, Members: 3, Epochs: 4}
	steps := 0
	v, err := survive(t.Context(), tbl, target, y, s, d, func(done, total int) { steps = total })
	if err != nil {
		t.Fatal(err)
	}
	d.Workers = 1
	again, err := survive(t.Context(), tbl, target, y, s, d, nil)
	if err != nil || !bytes.Equal(encoded(t, v), encoded(t, again)) {
		t.Error("another number of workers, other bytes", err)
	}
	if steps != 10 || v.Rows != 240 || v.Patients >= 240 || v.Inner != 3 || len(v.At) != 2 || v.At[0].At != 100 {
		t.Errorf("%d steps, %+v", steps, v)
	}
	time, event := table.Survived(y)
	for _, h := range v.At {
		km, err := metric.SurvivalAt(time, event, h.At, metric.LogLog)
		if err != nil || float64(h.Observed.Value) != 1-float64(km.Value) || h.AtRisk != km.AtRisk {
			t.Errorf("at %v: %+v, the curve has %+v", h.At, h.Observed, km)
		}
		n := 0
		for _, g := range h.Regression.Groups {
			n += g.N
		}
		if n != 240 || len(h.Network.Curve) == 0 || !h.AUROC.Network.Low.Defined() || h.Brier.Reference <= 0 || !h.Network.OE.High.Defined() {
			t.Errorf("at %v: %d rows in groups, %+v", h.At, n, h)
		}
	}
	if g := v.Groups; g == nil || len(g.List) != 2 || g.List[0].Name != "A" || g.List[0].N != 120 || !g.Test.P.Defined() {
		t.Errorf("%+v", v.Groups)
	}
	if r := v.RiskGroups; len(r.List) != 3 || r.List[0].N+r.List[1].N+r.List[2].N != 240 || !(r.List[0].Curve[50].Value > r.List[2].Curve[50].Value) {
		t.Errorf("%+v", v.RiskGroups)
	}
	if c := v.Overall.Curve; len(c) != 101 || c[0].Value != 1 || c[0].AtRisk != 240 || c[100].Time != v.FollowUp.Last {
		t.Errorf("the curve of all: %+v", c[0])
	}
}

// A curve read at equal steps is the curve: its value at each step, its events summed.
func TestSurvivalCurveSteps(t *testing.T) {
	_, _, y, _ := law(t, 90, 6, even)
	w := &survival{y: y}
	w.time, w.event = table.Survived(y)
	g, err := (&judge{survival: w}).curve("x", nil)
	if err != nil {
		t.Fatal(err)
	}
	events := 0
	for _, p := range g.Curve {
		want, err := metric.SurvivalAt(w.time, w.event, p.Time, metric.LogLog)
		if err != nil || p.Value != want.Value || p.AtRisk != want.AtRisk || p.Low.Defined() && p.Low != want.Low {
			t.Errorf("at %v: %+v, not %+v", p.Time, p, want)
		}
		events += p.Events
	}
	if events != g.Events || events == 0 {
		t.Errorf("%d events on the curve, %d in all", events, g.Events)
	}
	none, err := (&judge{survival: w}).curve("x", censoredRows(w.event))
	if err != nil || none.Events != 0 || none.Curve[40].Value != 1 || none.Median.Value.Defined() {
		t.Errorf("without an event: %+v %v", none.Curve[40], err)
	}
}

func censoredRows(event []bool) (rows []int) {
	for i, is := range event {
		if !is {
			rows = append(rows, i)
		}
	}
	return rows
}

// The score integrated row by row is that of metric over the scores at each time.
func TestIntegrated(t *testing.T) {
	_, _, y, group := law(t, 120, 9, even)
	w := &survival{y: y, Survival: Survival{Parting: Parting{Group: group}, Horizons: []float64{77, 250}}}
	w.time, w.event = table.Survived(y)
	w.grid()
	j := &judge{survival: w, members: patients(group)}
	r := rand.New(rand.NewPCG(9, 9))
	for side := range 2 {
		for range y {
			row, s := make([]float64, len(w.times)), 1.
			for k := range row {
				s *= 1 - .05*r.Float64()
				row[k] = s
			}
			j.chance[side] = append(j.chance[side], row)
		}
	}
	var v model.SurvivalStudy
	if err := j.integrate(t.Context(), &v); err != nil {
		t.Fatal(err)
	}
	for side, got := range []metric.Number{v.Integrated.Network.Value, v.Integrated.Regression.Value} {
		grid, scores := []float64{0}, []metric.Number{0}
		for _, at := range w.times {
			h, err := metric.NewHorizon(w.time, w.event, at)
			if err != nil {
				t.Fatal(err)
			}
			b, _, err := h.Brier(j.at(side, at))
			if err != nil {
				t.Fatal(err)
			}
			grid, scores = append(grid, at), append(scores, b)
		}
		if want := metric.IntegratedBrier(grid, scores); math.Abs(float64(got-want)) > 1e-12 {
			t.Errorf("side %d: %v, not %v", side, got, want)
		}
	}
}

func TestSurviveRefuses(t *testing.T) {
	tbl, target, y, _ := law(t, 60, 7, even)
	for want, change := range map[string]func(*Survival){
		"survival.horizon":        func(d *Survival) { d.Horizons = []float64{-1, 100} },
		"survival.horizon_beyond": func(d *Survival) { d.Horizons = []float64{100, 1e6} },
		"survival.horizon_early":  func(d *Survival) { d.Horizons = []float64{.5, 100} },
		"survival.few":            func(d *Survival) { d.Folds = 59 },
		"validate.plan":           func(d *Survival) { d.Folds = 1 },
	} {
		d := plan(nil)
		change(&d)
		if _, err := survive(t.Context(), tbl, target, y, model.Settings{}, d, nil); key(err) != want {
			t.Errorf("%v, not %s", err, want)
		}
	}
}

// The regression of all rows as a model: its file predicts what the regression says, and its ratios are those of a unit of the column.
func TestCoxModel(t *testing.T) {
	tbl, target, y, _ := law(t, 300, 8, even)
	rows := make([]int, 300)
	for i := range rows {
		rows[i] = i
	}
	m, err := Learn(t.Context(), tbl, rows, nil, target, y, model.Settings{Hidden: []int{2}, Epochs: 2, Horizons: []float64{100}})
	if err != nil {
		t.Fatal(err)
	}
	line, h, err := CoxModel(m, tbl, y, 1)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := line.Write(&b); err != nil {
		t.Fatal(err)
	}
	read, err := model.Read(b.Bytes(), "cox.gradus")
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := read.All(tbl)
	if err != nil {
		t.Fatal(err)
	}
	time, event := table.Survived(y)
	c, err := metric.HarrellC(time, event, column(split2(out.Data, 2), 0))
	mean := 0.
	for r := range out.Rows {
		mean += out.Row(r)[1] / 300
	}
	km, err2 := metric.SurvivalAt(time, event, 100, metric.Log)
	if err != nil || err2 != nil || c.Value < .7 || math.Abs(mean-float64(km.Value)) > .02 {
		t.Errorf("C %v, mean survival %v, the curve %v", c, mean, km.Value)
	}
	if len(h.Terms) != 6 || h.Ridge != 0 || !h.Tested || h.DF != 6 {
		t.Fatalf("%+v", h)
	}
	for j, want := range []float64{.8, -.6, .4, 0, 0, 0} { // the law
		e := h.Terms[j].Ratio
		if math.Abs(math.Log(float64(e.Value))-want) > .25 || !(e.Low < e.Value && e.Value < e.High) || !h.Terms[j].PH.Defined() {
			t.Errorf("term %s: %+v, the law has e^%v", h.Terms[j].Term, e, want)
		}
	}
}

func split2(flat []float64, wide int) (rows [][]float64) {
	for i := 0; i < len(flat); i += wide {
		rows = append(rows, flat[i:i+wide])
	}
	return rows
}

// Two digits, rounded down, and never before the first event.
func TestEvents(t *testing.T) {
	for _, c := range []struct {
		y    []float64
		n    int
		half float64
	}{{[]float64{133, -50, 400, 10}, 3, 130}, {[]float64{7, 9}, 2, 7}, {[]float64{-3}, 0, 0}, {[]float64{0.01234}, 1, 0.01234}} {
		if n, half := Events(c.y); n != c.n || math.Abs(half-c.half) > 1e-12 {
			t.Errorf("%v: %d, %v", c.y, n, half)
		}
	}
}

// survive is all of a validation of survival.
func survive(ctx context.Context, tbl *table.Table, target *table.Target, y []float64, s model.Settings, d Survival,
	progress func(done, total int),
) (*model.SurvivalStudy, error) {
	v, err := NewSurvivals(tbl, target, y, s, d, progress)
	if err != nil {
		return nil, err
	}
	return v.Survive(ctx)
}
