package validate

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"

	"gradus/internal/blend"
	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

// Survival is a validation of survival: y as table.NewSurvival gave it, the rows of each patient together where Group says whose each is.
type Survival struct {
	Parting
	Horizons []float64 // ascending
	Main     float64   // the one of them that the verdict looks at
	Draws    int
	Ridge    float64 // of Cox's regression: default 1
	Workers  int
	Strata   []string // group of each row to compare by a log-rank test; nil: none
	Column   string   // that Strata come from
	Epoch    Epoch    `json:"-"` // is told of each epoch; nil: nobody is
}

// DefaultRidge is λ of Cox's regression on z-scores: it loses next to nothing where there are events enough and keeps coefficients in
// bounds where there are not.
const DefaultRidge = 1

const gridSteps = 40 // of the integrated Brier score

// survival is a run of all folds.
type survival struct {
	Survival
	tbl      *table.Table
	target   *table.Target
	y        []float64
	settings model.Settings
	times    []float64 // grid and horizons, ascending
	slots    []survivalSlot
	whole    *model.Model // trained on all rows elsewhere
	time     []float64
	event    []bool
	lock     sync.Mutex
	done     int
	progress func(done, total int)
}

// survivalSlot is what one fold gave: the judged rows, and of network and regression the survival (rows, times) and the logarithm of the
// hazard cumulated until the main horizon.
type survivalSlot struct {
	Fold
	chance   [2][][]float64
	score    [2][]float64
	settings model.Settings
	alone    bool // the networks earned no part
	ready    bool
}

// newSurvival checks what is asked, lays out the times and parts the rows.
func newSurvival(tbl *table.Table, target *table.Target, y []float64, s model.Settings, d Survival, progress func(done, total int)) (*survival, error) {
	if d.Folds < 2 || d.Folds > maxFolds || d.Repeats < 1 || d.Repeats > maxFolds {
		return nil, say.Error("validate.plan", "folds", d.Folds, "repeats", d.Repeats, "most", maxFolds)
	}
	w := &survival{Survival: d, tbl: tbl, target: target, y: y, settings: s, progress: progress}
	w.time, w.event = table.Survived(y)
	if err := w.check(); err != nil {
		return nil, err
	}
	w.grid()
	folds, err := w.Split(happened(w.event), true)
	if err != nil {
		return nil, err
	}
	for _, f := range folds {
		w.slots = append(w.slots, survivalSlot{Fold: f})
	}
	if w.Workers <= 0 {
		w.Workers = runtime.GOMAXPROCS(0)
	}
	return w, nil
}

// check refuses horizons of which nothing can be said, and fewer events than folds.
func (w *survival) check() error {
	last, first, events := slices.Max(w.time), math.Inf(1), 0
	for i, is := range w.event {
		if is {
			events++
			first = min(first, w.time[i])
		}
	}
	for _, h := range w.Horizons {
		switch {
		case !(h > 0) || math.IsInf(h, 0):
			return say.Error("survival.horizon", "value", h)
		case h >= last:
			return say.Error("survival.horizon_beyond", "horizon", h, "last", last)
		case h < first:
			return say.Error("survival.horizon_early", "horizon", h, "first", first)
		}
	}
	if events < w.Folds {
		return say.Error("survival.few", "events", events, "folds", w.Folds)
	}
	return nil
}

// grid lays out the times at which survival is judged.
func (w *survival) grid() {
	last := w.Horizons[len(w.Horizons)-1]
	for k := range gridSteps {
		w.times = append(w.times, last*float64(k+1)/gridSteps)
	}
	w.times = append(w.times, w.Horizons...)
	slices.Sort(w.times)
	w.times = slices.Compact(w.times)
}

// happened is 1 for an event, else 0.
func happened(event []bool) []float64 {
	y := make([]float64, len(event))
	for i, is := range event {
		if is {
			y[i] = 1
		}
	}
	return y
}

// fold makes slot i, unless it was made elsewhere.
func (w *survival) fold(ctx context.Context, i int) error {
	if !w.slots[i].ready {
		if err := w.judge(ctx, &w.slots[i], i); err != nil {
			return err
		}
	}
	w.lock.Lock()
	defer w.lock.Unlock()
	if w.done++; w.progress != nil {
		w.progress(w.done, len(w.slots))
	}
	return nil
}

// judge trains both on the training part of slot i and judges the rest.
func (w *survival) judge(ctx context.Context, slot *survivalSlot, i int) error {
	s := w.settings
	s.Seed, s.Horizons = seedOf(w.Seed, i), w.times
	m, _, err := Watch(ctx, w.tbl, slot.Train, w.Group, w.target, w.y, s, w.Epoch.Of(i))
	if err != nil {
		return err
	}
	all, _, err := m.All(w.tbl.Select(slot.Test))
	if err != nil {
		return err
	}
	for r := range all.Rows {
		row := all.Row(r)
		slot.chance[0] = append(slot.chance[0], row[1:])
		slot.score[0] = append(slot.score[0], row[0]+logHazard(m.Survival.At(w.Main)))
	}
	slot.settings, slot.alone = m.Card.Settings, m.Alone()
	return w.beside(m, slot)
}

// logHazard is ln h; of the nothing before any event a very small one.
func logHazard(h float64) float64 { return math.Log(max(h, 1e-12)) }

// beside fits Cox's regression on the preparation of m.
func (w *survival) beside(m *model.Model, slot *survivalSlot) error {
	x, err := m.Features(w.tbl, slot.Train)
	if err != nil {
		return err
	}
	z, err := m.Features(w.tbl, slot.Test)
	if err != nil {
		return err
	}
	f, err := blend.Cox(x, pick(w.time, slot.Train), pick(w.event, slot.Train), w.Ridge)
	if err != nil {
		return err
	}
	base := make([]float64, len(w.times))
	for k, t := range w.times {
		base[k] = f.Hazard(t)
	}
	for r := range z.Rows {
		risk, row := f.Risk(z.Row(r)), make([]float64, len(base))
		for k, h := range base {
			row[k] = math.Exp(-h * math.Exp(risk))
		}
		slot.chance[1] = append(slot.chance[1], row)
		slot.score[1] = append(slot.score[1], risk+logHazard(f.Hazard(w.Main)))
	}
	return nil
}

// mean is what side says of each row on average over the repeats: chances (rows, times) and scores.
func (w *survival) mean(side int) (chance [][]float64, score []float64) {
	chance, score = make([][]float64, len(w.y)), make([]float64, len(w.y))
	share := 1 / float64(w.Repeats)
	for i := range chance {
		chance[i] = make([]float64, len(w.times))
	}
	for i := range w.slots {
		for k, row := range w.slots[i].Test {
			score[row] += w.slots[i].score[side][k] * share
			for j, v := range w.slots[i].chance[side][k] {
				chance[row][j] += v * share
			}
		}
	}
	for _, row := range chance {
		for j, v := range row {
			row[j] = min(v, 1) // rounding of the mean
		}
	}
	return chance, score
}
