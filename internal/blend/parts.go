package blend

import (
	"gradus/mat"
	"gradus/network"
)

// Part is a network of an ensemble, the rows held from it, X (n,d) and Y (n,1), and a regression on the rows that it was fitted to.
type Part[T mat.Float] struct {
	Net  *network.Network[T]
	X, Y mat.Matrix[T]
	Line Line
	Held []int // their places among all rows
}

// Parts are the networks of an ensemble.
type Parts[T mat.Float] struct {
	List     []Part[T]
	Outputs  int
	Binary   bool
	Survival bool // Y is (n,2), times and events
}

// Weights are the live weights of the networks.
func (p Parts[T]) Weights() (list [][]T) {
	for _, part := range p.List {
		list = append(list, part.Net.Weights())
	}
	return list
}

// Weigh returns how much of the networks and how much of the regression to take, judged on what either says of the rows held from it;
// 1 and 0 where none were.
func (p Parts[T]) Weigh() (a, b float64) {
	if p.Survival {
		return p.weighHazards()
	}
	var net, line mat.Matrix[float64]
	var truth []float64
	for _, part := range p.List {
		if part.X.Rows == 0 {
			continue
		}
		for _, v := range part.Net.NewPrediction(part.X.Rows).Forward(part.X).Data {
			net.Data = append(net.Data, float64(v))
		}
		o := mat.New[float64](part.X.Rows, p.Outputs)
		Of(part.Line, o, part.X)
		line.Data = append(line.Data, o.Data...)
		for _, v := range part.Y.Data {
			truth = append(truth, float64(v))
		}
	}
	if len(truth) == 0 {
		return 1, 0
	}
	net.Rows, net.Cols, line.Rows, line.Cols = len(truth), p.Outputs, len(truth), p.Outputs
	return Weigh(net, line, truth, p.Outputs, p.Binary)
}

// Pick copies the rows of x at the given places.
func Pick[T mat.Float](x mat.Matrix[T], places []int) mat.Matrix[T] {
	out := mat.New[T](len(places), x.Cols)
	for i, at := range places {
		copy(out.Row(i), x.Row(at))
	}
	return out
}
