package fit

import (
	"context"
	"math"

	"gradus/model"
	"gradus/table"
	"gradus/train"
)

// Random is where private training takes its chance from.
type Random interface {
	Float64() float64 // uniform on [0, 1)
	Normal() float64  // of mean 0 and variance 1
}

// Private says how much of one patient the training may show.
type Private struct {
	Clip     float64 // C, the largest ‖g‖ of one patient
	Noise    float64 // σ: the noise on each element of the sum of the gradients has the standard deviation σ·C
	Patients [][]int // the rows of each patient
	Random   Random
}

// Steps is how many updates that many epochs are.
func (p Private) Steps(epochs, batch int) int {
	return epochs * ((len(p.Patients) + batch - 1) / batch)
}

// ContinuePrivately is Continue by DP-SGD (Abadi et al. 2016): each update takes every patient with the chance q = batch/patients,
//
//	g = (Σ gᵢ·min(1, C/‖gᵢ‖) + N(0, σ²C²)) / batch, gᵢ the mean gradient of the rows of patient i,
//
// and hands g to the rule, with the penalties, which see no row.
func ContinuePrivately(ctx context.Context, m *model.Model, tbl *table.Table, y []float64, l Local, p Private) error {
	x, ty, err := model.Matrices[float32](m, tbl, every(tbl.Rows), y)
	if err != nil {
		return err
	}
	c, err := l.config(m)
	if err != nil {
		return err
	}
	one, w := gatherer(m, p.Patients, l.Seed), m.Network.Weights()
	sum, g := make([]float64, len(w)), make([]float32, len(w))
	q := min(1, float64(c.Batch)/float64(len(p.Patients)))
	for t := range p.Steps(c.Epochs, c.Batch) {
		if err := ctx.Err(); err != nil {
			return err
		}
		clear(sum)
		for _, rows := range p.Patients {
			if p.Random.Float64() < q {
				addClipped(sum, one(c, t, x.Row, ty.Row, rows), p.Clip)
			}
		}
		for i, v := range sum {
			g[i] = float32((v + p.Noise*p.Clip*p.Random.Normal()) / float64(c.Batch))
		}
		c.Penalty.Add(w, g)
		c.Rule.Step(float32(c.Schedule.Alpha(1)), w, g)
	}
	return nil
}

// gatherer makes room for the patient with the most rows and returns what gives the mean gradient of some rows in update t.
func gatherer(m *model.Model, patients [][]int, seed uint64) func(c train.Config[float32], t int, x, y func(r int) []float32, rows []int) []float32 {
	most := 1
	for _, rows := range patients {
		most = max(most, len(rows))
	}
	pass, b := m.Network.NewPass(most, seed), train.Batch[float32]{}
	return func(c train.Config[float32], t int, x, y func(r int) []float32, rows []int) []float32 {
		b.X.Data, b.Y.Data = b.X.Data[:0], b.Y.Data[:0]
		for _, r := range rows {
			b.X.Data, b.Y.Data = append(b.X.Data, x(r)...), append(b.Y.Data, y(r)...)
		}
		b.X.Rows, b.Y.Rows = len(rows), len(rows)
		b.X.Cols, b.Y.Cols = len(b.X.Data)/len(rows), len(b.Y.Data)/len(rows)
		pass.Iteration(t)
		pass.Forward(b.X)
		pass.Learn(c.Cost, b.Y)
		return pass.Gradient()
	}
}

// addClipped is sum := sum + g·min(1, limit/‖g‖). A gradient that is not finite counts as none: it would show the patient.
func addClipped(sum []float64, g []float32, limit float64) {
	square := 0.
	for _, v := range g {
		square += float64(float64(v) * float64(v))
	}
	scale := 1.
	switch norm := math.Sqrt(square); {
	case !(norm <= math.MaxFloat64):
		return
	case norm > limit:
		scale = limit / norm
	}
	for i, v := range g {
		sum[i] += float64(float64(v) * scale)
	}
}
