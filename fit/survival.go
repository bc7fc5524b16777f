package fit

import (
	"slices"

	"gradus/internal/blend"
	"gradus/internal/kernel"
	"gradus/model"
	"gradus/table"
)

// strata is what rows are spread by when some are held: the levels of a target, of survival whether the event happened.
func strata(target *table.Target, y []float64) []float64 {
	if target.Task != table.TaskSurvival {
		return y
	}
	out := make([]float64, len(y))
	for i, v := range y {
		if v > 0 {
			out[i] = 1
		}
	}
	return out
}

// baseline gives the model its baseline hazard: of the risks that its members beside the regression have for the rows held from them, so
// that it is of rows not learnt from; where none with an event were held, of the model's own.
func baseline[T kernel.Float](m *model.Model, parts blend.Parts[T], x blend.Matrix[T], rows []int, y []float64, share []float64) {
	time, event := table.Survived(y)
	risk, place := parts.Risks(x, share)
	own, centre := blend.Centred(m.Network, x)
	if !slices.ContainsFunc(place, func(i int) bool { return event[rows[i]] }) {
		risk, place = own, nil
		for i := range rows {
			place = append(place, i)
		}
	}
	times, events := make([]float64, len(place)), make([]bool, len(place))
	for i, at := range place {
		times[i], events[i] = time[rows[at]], event[rows[at]]
	}
	at, hazard := blend.Baseline(risk, times, events)
	m.Baseline(centre, at, hazard)
}
