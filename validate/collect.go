package validate

import (
	"context"
	"slices"

	"gradus/model"
	"gradus/table"
)

// collect gathers what the report asks for beside the figures.
func (w *work) collect(ctx context.Context, v *model.Validation, j *judgement) (s *model.Study, err error) {
	s = &model.Study{Flow: w.flow(), Importance: w.importance(w.likelihood(j.y, j.p[0], j.p[1], j.members))}
	if s.Parts, err = w.parts(); err != nil {
		return nil, sentence(err)
	}
	if s.Subgroups, err = w.subgroups(j); err != nil {
		return nil, err
	}
	if s.Recalibration, err = w.recalibration(j); err != nil {
		return nil, sentence(err)
	}
	if b := v.Binary; b != nil && w.design.Draws > 0 {
		s.Decision, err = decisionInterval(ctx, events(j.y), b.Network.Risks, b.Regression.Risks, j.members, w.design.Thresholds, w.sampling())
	}
	return s, err
}

// sampling is that of the design.
func (w *work) sampling() sampling { return sampling{w.design.Draws, w.design.Seed, w.plan.Workers} }

// size counts rows, their patients and, in a binary task, events.
func (w *work) size(rows []int) (n model.FlowSize) {
	n = model.FlowSize{Rows: len(rows), Patients: len(rows)}
	if w.design.Group != nil {
		n.Patients = len(patients(pick(w.design.Group, rows)))
	}
	if w.target.Task == table.TaskBinary {
		n.Events = int(total(pick(w.y, rows)))
	}
	return n
}

// flow is the way of the rows; what was left out before is not known here.
func (w *work) flow() *model.Flow {
	all := make([]int, len(w.y))
	for i := range all {
		all[i] = i
	}
	n := w.size(all)
	f := &model.Flow{Records: n.Rows, Excluded: []model.Excluded{}, Rows: n.Rows, Patients: n.Patients, Events: n.Events, Repeats: w.plan.Repeats}
	for _, fold := range w.folds[:w.plan.Folds] {
		f.Parts = append(f.Parts, model.FlowPart{Name: fold.Name, Train: w.size(fold.Train), Test: w.size(fold.Test)})
	}
	return f
}

// parts measures both predictions in each fold.
func (w *work) parts() ([]model.Part, error) {
	list := make([]model.Part, len(w.slots))
	for i := range w.slots {
		s, f := &w.slots[i], &w.folds[i]
		p := &list[i]
		*p = model.Part{Name: f.Name, Repeat: i/w.plan.Folds + 1, Fold: i%w.plan.Folds + 1, Train: w.size(f.Train), Test: w.size(f.Test)}
		y, cuts := pick(w.y, s.test), func(side int) []float64 { return slices.Repeat(s.cuts[side:side+1], len(s.test)) }
		var err error
		if p.Network, err = w.figures(y, s.network, cuts(0)); err != nil {
			return nil, err
		}
		if p.Regression, err = w.figures(y, s.regression, cuts(1)); err != nil {
			return nil, err
		}
	}
	return list, nil
}
