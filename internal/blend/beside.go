package blend

import (
	"gradus/mat"
	"gradus/model"
	"gradus/regression"
	"gradus/table"
)

// Beside fits the regression of the task to the rows train, prepared as for m, and predicts the rows test (n, outputs of m).
func Beside(m *model.Model, tbl *table.Table, train, test []int, y []float64) ([][]float64, error) {
	x, err := m.Features(tbl, train)
	if err != nil {
		return nil, err
	}
	z, err := m.Features(tbl, test)
	if err != nil {
		return nil, err
	}
	ty := make([]float64, len(train))
	for i, row := range train {
		ty[i] = y[row]
	}
	p := make([][]float64, len(test))
	for i := range p {
		p[i] = make([]float64, m.Outputs())
	}
	switch m.Target.Task {
	case table.TaskNumber:
		f, err := regression.Linear(x, ty, Ridge)
		for i := 0; i < len(p) && err == nil; i++ {
			p[i][0] = f.Predict(z.Row(i))
		}
		return p, err
	case table.TaskClasses:
		f, err := regression.Softmax(x, classes(ty), m.Outputs(), Ridge)
		for i := 0; i < len(p) && err == nil; i++ {
			f.Predict(p[i], z.Row(i))
		}
		return p, err
	}
	f, err := regression.Logistic(x, events(ty), Ridge)
	for i := 0; i < len(p) && err == nil; i++ {
		risk := f.Predict(z.Row(i))
		p[i][m.EventIndex()], p[i][1-m.EventIndex()] = risk, 1-risk
	}
	return p, err
}

// events are the rows of a binary target whose y is 1.
func events[T mat.Float](y []T) []bool {
	is := make([]bool, len(y))
	for i, v := range y {
		is[i] = v == 1
	}
	return is
}

// classes are the numbers of the levels of y.
func classes[T mat.Float](y []T) []int {
	c := make([]int, len(y))
	for i, v := range y {
		c[i] = int(v)
	}
	return c
}
