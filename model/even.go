package model

import (
	"math"

	"gradus/mat"
	"gradus/table"
)

// Even are the factors that give columns of one measure, such as the pixels of an image, their own spread back: sd_j / √(mean of sd²) of a
// number, 1 of an indicator. Standardised one by one, a pixel that hardly ever is not 0 would weigh as much as one in the middle of
// the picture. nil where the settings do not ask for it.
func (m *Model) Even() []float64 {
	if !m.Card.Settings.Even {
		return nil
	}
	sd, sum, n := map[string]float64{}, 0., 0.
	for _, in := range m.Preparation.Inputs {
		if in.Kind == table.Number {
			sd[in.Name] = in.SD
			sum += in.SD * in.SD
			n++
		}
	}
	features := m.Preparation.Features()
	f := make([]float64, len(features))
	for j, feature := range features {
		f[j] = 1
		if v, is := sd[feature.Column]; is && feature.Part == "" && sum > 0 {
			f[j] = v / math.Sqrt(sum/n)
		}
	}
	return f
}

// Evened is x (n,features) with each column times its factor; x itself without factors.
func Evened[T mat.Float](x mat.Matrix[T], factors []float64) mat.Matrix[T] {
	if factors == nil {
		return x
	}
	out := mat.New[T](x.Rows, x.Cols)
	for i, v := range x.Data {
		out.Data[i] = v * T(factors[i%x.Cols])
	}
	return out
}

// Uneven turns the first layer of a network trained on evened columns, units × features weights at the beginning of w, into one of the
// columns as they are.
func Uneven[T mat.Float](w []T, units int, factors []float64) {
	for i := range units * len(factors) {
		w[i] *= T(factors[i%len(factors)])
	}
}
