// Package validate measures how good a model is: on a table it has not seen, and by cross-validation of the way it is made,
// with logistic, linear or softmax regression beside it on the same folds.
package validate

import (
	"errors"

	"gradus/internal/say"
	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// Evaluate measures m on tbl, which must hold the target: a metric.BinaryResult, metric.ClassesResult or metric.NumberResult.
// threshold is that of the confusion table of a binary task; nil means 0.5.
func Evaluate(m *model.Model, tbl *table.Table, threshold *float64) (any, error) {
	if err := checkThreshold(threshold); err != nil {
		return nil, err
	}
	y, err := m.Target.Encode(tbl)
	if err != nil {
		return nil, err
	}
	all, _, err := m.All(tbl)
	if err != nil {
		return nil, err
	}
	switch m.Target.Task {
	case table.TaskNumber:
		r, err := metric.Numbers(y, all.Data)
		return r, sentence(err)
	case table.TaskClasses:
		p := make([][]float64, all.Rows)
		for i := range p {
			p[i] = all.Row(i)
		}
		r, err := metric.Classes(classes(y), p)
		return r, sentence(err)
	}
	p, event := make([]float64, all.Rows), m.EventIndex()
	for i := range p {
		p[i] = all.At(i, event)
	}
	r, err := metric.Binary(events(y), p, metric.Options{Threshold: threshold})
	if errors.Is(err, metric.ErrOneClass) {
		err = nil // what one class defines is shown, the rest is undefined
	}
	return r, sentence(err)
}

func checkThreshold(t *float64) error {
	if t != nil && !(*t >= 0 && *t <= 1) {
		return say.Error("validate.threshold", "value", *t)
	}
	return nil
}

// events is a binary target as table.NewTarget codes it: 1 is the event.
func events(y []float64) []bool {
	is := make([]bool, len(y))
	for i, v := range y {
		is[i] = v == 1
	}
	return is
}

func classes(y []float64) []int {
	c := make([]int, len(y))
	for i, v := range y {
		c[i] = int(v)
	}
	return c
}

// sentence words an error of package metric for people.
func sentence(err error) error {
	var row any
	if e, ok := errors.AsType[*metric.RowError](err); ok {
		row = e.Row
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, metric.ErrOneClass):
		return say.Error("validate.one_class")
	case errors.Is(err, metric.ErrEmpty):
		return say.Error("validate.empty")
	case row != nil:
		return say.Failure("validate.not_finite", "row", row)
	}
	return say.Failure("validate.failed", "cause", err)
}
