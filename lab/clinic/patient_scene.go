package clinic

import (
	"math"
	"sort"

	"gradus/lab/scene"
)

func patientRun(s *scene.State) (*scene.Run, error) {
	d, err := newDoctor(s.Seed)
	if err != nil {
		return nil, err
	}
	c := d.card(set(s))
	tone, summary := scene.Ink, "labclinic.pat_summary"
	if len(c.out) > 0 {
		tone, summary = scene.Warn, "labclinic.pat_summary_out"
	}
	below := sort.SearchFloat64s(d.risks, c.risk())
	return scene.Still(&scene.Scene{
		Figures: []scene.Figure{d.ranges(c), contributions(c), d.along(s, c), d.among(c)},
		Readings: []scene.Number{
			percent("risk", scene.Say("labclinic.pat_risk"), c.risk(), 1).With(tone),
			percent("risk_low", scene.Say("labclinic.pat_low"), c.low, 1), percent("risk_high", scene.Say("labclinic.pat_high"), c.high, 1),
		},
		Summary: scene.Say(summary, "risk", shown(c.risk(), 1), "low", shown(c.low, 1), "high", shown(c.high, 1), "n", taught,
			"below", shown(float64(below)/taught, 0), "out", len(c.out)),
	}), nil
}

// ranges sets each value beside what the model has seen.
func (d *doctor) ranges(c card) scene.Figure {
	t := &scene.Table{Head: []scene.Words{{}, scene.Say("labclinic.pat_value"), {}, scene.Say("labclinic.pat_seen")}}
	for j := range measures {
		verdict := scene.W(scene.Say("labclinic.pat_inside"))
		if c.row[j] < d.low[j] || c.row[j] > d.high[j] {
			verdict = scene.Cell{Words: scene.Say("labclinic.pat_outside"), Tone: scene.Fail}
		}
		value := scene.Value(measures[j].key, "", c.row[j]).Editable(measures[j].key).Fixed(measures[j].places)
		t.Rows = append(t.Rows, []scene.Cell{
			scene.W(name(j)), scene.N(value), verdict, scene.W(scene.Text(written(j, d.low[j]) + "–" + written(j, d.high[j]))),
		})
	}
	f := scene.Figure{Width: "half", Title: scene.Say("labclinic.pat_ranges"), Table: t}
	if len(c.out) > 0 {
		f.Note = scene.Say("labclinic.pat_warning")
	}
	return f
}

// contributions are the steps from the mean patient's log-odds to this one's.
func contributions(c card) scene.Figure {
	bars := &scene.Bars{Running: true}
	add := func(symbol string, label scene.Words, v float64) {
		n := scene.Value(symbol, "", v).Named(label).Fixed(2)
		n.Plus = true
		bars.Rows = append(bars.Rows, scene.Bar{Number: n})
	}
	add("average", scene.Say("labclinic.pat_average"), c.average)
	for j, part := range c.parts {
		add("part_"+measures[j].key, scene.Say("labclinic.pat_along_"+measures[j].key), part)
	}
	total := scene.Value("log_odds", "", c.o).Named(scene.Say("labclinic.pat_total")).Fixed(2)
	total.Plus = true
	bars.Limits = []scene.Bar{{Number: total}}
	return scene.Figure{Width: "half", Title: scene.Say("labclinic.pat_parts"), Bars: bars, Note: scene.Say("labclinic.pat_parts_note")}
}

// along is the risk with its interval while one measurement changes; behind the dashed lines the model has seen nobody.
func (d *doctor) along(s *scene.State, c card) scene.Figure {
	j := 0
	for i, m := range measures {
		if m.key == s.Raw("along") {
			j = i
		}
	}
	m := measures[j]
	var x, mid, low, high []float64
	for i := range 61 {
		row := append([]float64(nil), c.row...)
		row[j] = m.low + float64((m.high-m.low)*float64(i)/60)
		at := d.card(row)
		x, mid = append(x, row[j]), append(mid, 100*at.risk())
		low, high = append(low, 100*at.low), append(high, 100*at.high)
	}
	seen := func(v float64, label scene.Words) scene.Reference {
		return scene.Reference{Vertical: true, At: v, Label: label}
	}
	return scene.Figure{Width: "half", Title: scene.Say("labclinic.pat_curve"), Note: scene.Say("labclinic.pat_curve_note"), Plot: &scene.Plot{
		X: scene.Axis{Label: name(j), Low: m.low, High: m.high}, Y: scene.Axis{Label: scene.Say("labclinic.pat_axis"), High: 100}, Height: 280,
		Series: []scene.Series{
			{X: x, Y: scene.Y(low), Dash: "2 3", Tone: scene.Faint}, {X: x, Y: scene.Y(high), Dash: "2 3", Tone: scene.Faint}, {X: x, Y: scene.Y(mid), Heavy: true},
		},
		Lines:   []scene.Reference{seen(d.low[j], scene.Words{}), seen(d.high[j], scene.Say("labclinic.pat_seen_line"))},
		Handles: []scene.Handle{{X: c.row[j], Y: 100 * c.risk(), KeyX: m.key, Label: name(j), StepX: m.step}},
	}}
}

// among is the patient's place among those the model has learnt from.
func (d *doctor) among(c card) scene.Figure {
	const low, high, wide = -7., 3., .25
	bins := make([]float64, int((high-low)/wide))
	most := 0.
	for _, p := range d.risks {
		i := max(0, min(len(bins)-1, int(math.Floor((logit(p)-low)/wide))))
		bins[i]++
		most = max(most, bins[i])
	}
	var x []float64
	for i := range bins {
		x = append(x, low+float64(wide*(float64(i)+.5)))
	}
	at := math.Min(high, math.Max(low, c.o))
	return scene.Figure{Width: "half", Title: scene.Say("labclinic.pat_among"), Plot: &scene.Plot{
		X:      scene.Axis{Label: scene.Say("labclinic.thr_axis"), Low: low, High: high, Ticks: fewTicks(low, high)},
		Y:      scene.Axis{Label: scene.Say("labclinic.pat_people"), High: 1.15 * most},
		Height: 280, Series: []scene.Series{{X: x, Y: scene.Y(bins), Kind: "bars", Tone: scene.Faint}},
		Lines: []scene.Reference{{Vertical: true, At: at, Solid: true, Heavy: true, Label: scene.Say("labclinic.pat_here")}},
	}}
}

// fewTicks are the named ticks of a scale, far enough apart for half a column.
func fewTicks(low, high float64) []scene.Tick {
	var list []scene.Tick
	for _, t := range scaleTicks(low, high) {
		if !t.Label.Empty() && (len(list) == 0 || t.At-list[len(list)-1].At > 1.1) {
			list = append(list, t)
		}
	}
	return list
}
