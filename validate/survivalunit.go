package validate

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"gradus/fit"
	"gradus/internal/shard"
	"gradus/model"
	"gradus/table"
)

// Survivals is a validation of survival and the training on all rows that follows it, in units of work as a Nesting is.
type Survivals struct {
	*survival
	units
}

// NewSurvivals checks what is asked and parts the rows.
func NewSurvivals(tbl *table.Table, target *table.Target, y []float64, s model.Settings, d Survival, progress func(done, total int)) (*Survivals, error) {
	w, err := newSurvival(tbl, target, y, s, d, progress)
	if err != nil {
		return nil, err
	}
	v := &Survivals{survival: w}
	for i := range w.slots {
		v.add(w.foldUnit(i))
	}
	v.add(w.finalUnit())
	return v, nil
}

// Survive validates the network for survival and Cox's regression on the same folds and preparation.
func (v *Survivals) Survive(ctx context.Context) (*model.SurvivalStudy, error) {
	if err := fit.Many(ctx, len(v.slots), v.Workers, v.fold); err != nil {
		return nil, err
	}
	return v.result(ctx)
}

// Final trains the networks on all rows.
func (v *Survivals) Final(ctx context.Context) (*model.Model, error) {
	if v.whole != nil {
		return v.whole, nil
	}
	return v.finalFit(ctx)
}

// Identity is the hash of all that the units depend on.
func (v *Survivals) Identity() (string, error) {
	d := v.Survival
	d.Workers, d.Draws = 0, 0
	return identityOf(v.tbl, struct {
		Settings model.Settings
		Design   Survival
		Target   any
		Y        []float64
	}{v.settings, d, v.target, v.y})
}

// survivalRecord is a slot in its JSON form; the rows of the fold follow from the design.
type survivalRecord struct {
	Chance   [2][][]float64 `json:"chance"`
	Score    [2][]float64   `json:"score"`
	Settings model.Settings `json:"settings"`
	Alone    bool           `json:"alone"`
}

// foldUnit is fold i.
func (w *survival) foldUnit(i int) piece {
	fold := w.slots[i].Fold
	return piece{shard.Unit{Name: fmt.Sprintf("fold %d", i), Cost: float64(len(fold.Train))}, func(ctx context.Context) (any, error) {
		slot := survivalSlot{Fold: fold}
		err := w.judge(ctx, &slot, i)
		return survivalRecord{slot.chance, slot.score, slot.settings, slot.alone}, err
	}, func(b json.RawMessage) error {
		var r survivalRecord
		if err := json.Unmarshal(b, &r); err != nil {
			return err
		}
		uneven := func(row []float64) bool { return len(row) != len(w.times) }
		for side := range 2 {
			if len(r.Chance[side]) != len(fold.Test) || len(r.Score[side]) != len(fold.Test) || slices.ContainsFunc(r.Chance[side], uneven) {
				return unfit
			}
		}
		w.slots[i] = survivalSlot{Fold: fold, chance: r.Chance, score: r.Score, settings: r.Settings, alone: r.Alone, ready: true}
		return nil
	}}
}

// finalUnit is the training on all rows.
func (w *survival) finalUnit() piece {
	return piece{shard.Unit{Name: finalName, Cost: float64(len(w.y))}, func(ctx context.Context) (any, error) {
		m, err := w.finalFit(ctx)
		if err != nil {
			return nil, err
		}
		return written(m)
	}, func(record json.RawMessage) error {
		var b []byte
		err := json.Unmarshal(record, &b)
		if err == nil {
			w.whole, err = model.Read(b, finalName)
		}
		return err
	}}
}

// finalFit trains on all rows.
func (w *survival) finalFit(ctx context.Context) (*model.Model, error) {
	s, rows := w.settings, make([]int, len(w.y))
	s.Horizons = w.Horizons
	for i := range rows {
		rows[i] = i
	}
	m, _, err := Watch(ctx, w.tbl, rows, w.Group, w.target, w.y, s, w.Epoch.Of(allRows))
	return m, err
}
