package trace

import (
	"gradus/mat"
	"gradus/network"
)

// cells copies the numbers of layer l out of a pass.
func cells[T mat.Float](net *network.Network[T], p *network.Pass[T], l int) Cells {
	c, g := p.Cells(l), p.Gradient()
	show := Cells{O: rows(c.O), H: rows(c.H), DO: rows(c.DO), DH: rows(c.DH)}
	show.DW = weights(net, g, l)
	show.DB = floats(named(net, g, l, "biases"))
	show.DGamma = floats(named(net, g, l, "gamma"))
	show.DBeta = floats(named(net, g, l, "beta"))
	return show
}

// states copies what every layer has learnt.
func states[T mat.Float](net *network.Network[T]) []State {
	var list []State
	for i, l := range net.Layers() {
		s := State{Kind: l.Spec().Kind, Weights: weights(net, net.Weights(), i)}
		s.Biases = floats(named(net, net.Weights(), i, "biases"))
		s.Gamma = floats(named(net, net.Weights(), i, "gamma"))
		s.Beta = floats(named(net, net.Weights(), i, "beta"))
		if b, ok := l.(network.Buffered[T]); ok {
			s.RunningMean, s.RunningVariance = floats(b.Buffers()[0].Values), floats(b.Buffers()[1].Values)
		}
		list = append(list, s)
	}
	return list
}

// weights copies the matrix of layer l out of v; nil where it has none.
func weights[T mat.Float](net *network.Network[T], v []T, l int) [][]float64 {
	for _, s := range net.Spans() {
		if s.Layer == l && s.Name == "weights" {
			return rows(mat.View(s.Rows, s.Cols, v[s.Start:s.End]))
		}
	}
	return nil
}

func rows[T mat.Float](m mat.Matrix[T]) [][]float64 {
	list := make([][]float64, m.Rows)
	for r := range list {
		list[r] = floats(m.Row(r))
	}
	return list
}

func floats[T mat.Float](v []T) []float64 {
	if v == nil {
		return nil
	}
	list := make([]float64, len(v))
	for i, x := range v {
		list[i] = float64(x)
	}
	return list
}
