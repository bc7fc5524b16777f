package clinic

import (
	"math"
	"slices"

	"gradus/lab/scene"
	"gradus/metric"
)

const curveHeight = 150

// unit is an axis from 0 to 1.
func unit(key string) scene.Axis { return scene.Axis{Label: scene.Say(key), High: 1} }

// inPercent is an axis of shares from 0 to high, in percent.
func inPercent(key string, high float64) scene.Axis {
	return scene.Axis{Label: scene.Say(key), High: 100 * high}
}

// hundred is every share in percent.
func hundred(shares []float64) []float64 {
	list := make([]float64, len(shares))
	for i, v := range shares {
		list[i] = 100 * v
	}
	return list
}

// drops are the dotted lines from a ring to its axes.
func drops(x, y, low float64) []scene.Reference {
	return []scene.Reference{{Ends: [][2]float64{{x, low}, {x, y}}}, {Ends: [][2]float64{{0, y}, {x, y}}}}
}

// ring is the threshold's place on a curve.
func ring(x, y float64, label scene.Words) scene.Point {
	return scene.Point{X: x, Y: y, Mark: "ring", Label: label}
}

func line(points []metric.Point) scene.Series {
	var x, y []float64
	for _, p := range points {
		x, y = append(x, p.X), append(y, p.Y)
	}
	return scene.Series{X: x, Y: scene.Y(y), Heavy: true}
}

// roc is sensitivity over false alarms.
func (w *ward) roc() (scene.Figure, error) {
	curve, err := metric.ROC(w.y, w.p, true)
	x, y := 1-float64(w.table.Specificity.Value), float64(w.table.Sensitivity.Value)
	return scene.Figure{Width: "foot", Title: scene.Say("labclinic.thr_roc"), Note: scene.Say("labclinic.thr_roc_note"), Plot: &scene.Plot{
		X: unit("labclinic.thr_roc_x"), Y: unit("labclinic.thr_sensitivity"), Height: curveHeight,
		Series: []scene.Series{line(curve)},
		Lines:  append(drops(x, y, 0), scene.Reference{Ends: [][2]float64{{0, 0}, {1, 1}}}),
		Points: []scene.Point{ring(x, y, scene.Text(scene.Round(y, 3)))},
	}}, err
}

// precision is PPV over sensitivity; of the points at one sensitivity the best is drawn.
func (w *ward) precision() (scene.Figure, error) {
	all, err := metric.PrecisionRecall(w.y, w.p)
	if err != nil {
		return scene.Figure{}, err
	}
	var curve []metric.Point
	for i, p := range all {
		if i == 0 || p.X > all[i-1].X || i == len(all)-1 {
			curve = append(curve, p)
		}
	}
	plot := &scene.Plot{
		X: unit("labclinic.thr_sensitivity"), Y: unit("labclinic.thr_ppv"), Height: curveHeight,
		Series: []scene.Series{line(curve)},
		Lines:  []scene.Reference{{At: w.prevalence}},
	}
	if w.alarms() > 0 {
		x, y := float64(w.table.Sensitivity.Value), w.ppv()
		plot.Lines = append(plot.Lines, drops(x, y, 0)...)
		plot.Points = []scene.Point{ring(x, y, scene.Text(scene.Round(y, 3)))}
	}
	return scene.Figure{Width: "foot", Title: scene.Say("labclinic.thr_pr"), Plot: plot, Note: scene.Say("labclinic.thr_pr_note", "p", tidy(w.prevalence))}, nil
}

// reach is how far the axes of risk go.
func (w *ward) reach() float64 {
	sorted := slices.Sorted(slices.Values(w.p))
	return math.Min(1, upTo(math.Max(w.cut+.1, sorted[len(sorted)*97/100])))
}

// calibration is what happened over what was said, by loess.
func (w *ward) calibration() (scene.Figure, error) {
	sorted := slices.Sorted(slices.Values(w.p))
	from, to := sorted[5], sorted[len(sorted)-6]
	var at []float64
	for i := range 31 {
		at = append(at, from+float64((to-from)*float64(i)/30))
	}
	happened, err := metric.Loess(w.y, w.p, append(at, w.cut))
	if err != nil {
		return scene.Figure{}, err
	}
	for i, v := range happened {
		happened[i] = math.Min(1, math.Max(0, v))
	}
	high, seen := w.reach(), happened[31]
	plot := &scene.Plot{
		X: inPercent("labclinic.cal_x", high), Y: inPercent("labclinic.cal_y", high),
		Height: curveHeight, Series: []scene.Series{{X: hundred(at), Y: scene.Y(hundred(happened[:31])), Heavy: true}},
		Lines: []scene.Reference{{Ends: [][2]float64{{0, 0}, {100 * high, 100 * high}}}},
	}
	note := scene.Say("labclinic.thr_diagonal")
	if w.cut >= from && w.cut <= to {
		plot.Lines = append(plot.Lines, drops(100*w.cut, 100*seen, 0)...)
		plot.Points = []scene.Point{ring(100*w.cut, 100*seen, scene.Text(shown(seen, 1)))}
		note = scene.Say("labclinic.thr_said", "said", tidy(w.cut), "seen", shown(seen, 1))
	}
	return scene.Figure{Width: "foot", Title: scene.Say("labclinic.thr_calibration"), Plot: plot, Note: note}, nil
}

// benefit is the net benefit of the model, of alarming for all and for none.
func (w *ward) benefit() (scene.Figure, error) {
	high := math.Min(.95, w.reach())
	var at []float64
	for i := range 61 {
		at = append(at, float64(high*float64(i)/60))
	}
	curve, err := metric.DecisionCurve(w.y, w.p, append(at, w.cut))
	if err != nil {
		return scene.Figure{}, err
	}
	var model, all []float64
	for _, c := range curve[:61] {
		model, all = append(model, float64(c.Model)), append(all, float64(c.All))
	}
	now := float64(curve[61].Model)
	low := -.35 * w.prevalence
	return scene.Figure{Width: "foot", Title: scene.Say("labclinic.thr_benefit"), Note: scene.Say("labclinic.thr_benefit_note"), Plot: &scene.Plot{
		X: inPercent("labclinic.thr_t", high), Y: scene.Axis{Label: scene.Say("labclinic.thr_benefit_y"), Low: low, High: 1.1 * w.prevalence},
		Height: curveHeight,
		Series: []scene.Series{{X: hundred(at), Y: scene.Y(all), Dash: "6 3", Tone: scene.Faint}, {X: hundred(at), Y: scene.Y(model), Heavy: true}},
		Lines:  append(drops(100*w.cut, now, low), scene.Reference{At: 0}),
		Points: []scene.Point{ring(100*w.cut, now, scene.Text(scene.Round(now, 4)))},
	}}, nil
}
