package blend

import (
	"gradus/mat"
	"gradus/network"
)

// Part is a member of an ensemble, a network of each form, the rows held from it, X (n,d) and Y (n,1), and a regression on the rows that
// it was fitted to.
type Part[T mat.Float] struct {
	Nets []*network.Network[T]
	X, Y mat.Matrix[T]
	Line Line
	Held []int // their places among all rows
}

// Parts are the networks of an ensemble.
type Parts[T mat.Float] struct {
	List    []Part[T]
	Forms   int // networks of a member
	Outputs int
	Binary  bool

	Survival bool // Y is (n,2), times and events
}

// Weights are the live weights of the networks.
func (p Parts[T]) Weights() (list [][]T) {
	for _, part := range p.List {
		for _, net := range part.Nets {
			list = append(list, net.Weights())
		}
	}
	return list
}

// Weigh returns how much of the networks of each form and how much of the regression, which is last, to take, judged on what they say of
// the rows held from them; the mean of the networks where none were.
func (p Parts[T]) Weigh() []float64 {
	if p.Survival {
		return p.weighHazards()
	}
	says := make([]mat.Matrix[float64], p.Forms+1)
	var truth []float64
	for _, part := range p.List {
		if part.X.Rows == 0 {
			continue
		}
		for form, net := range part.Nets {
			for _, v := range net.NewPrediction(part.X.Rows).Forward(part.X).Data {
				says[form].Data = append(says[form].Data, float64(v))
			}
		}
		o := mat.New[float64](part.X.Rows, p.Outputs)
		Of(part.Line, o, part.X)
		says[p.Forms].Data = append(says[p.Forms].Data, o.Data...)
		for _, v := range part.Y.Data {
			truth = append(truth, float64(v))
		}
	}
	for i := range says {
		says[i].Rows, says[i].Cols = len(truth), p.Outputs
	}
	return Weigh(says, truth, p.Outputs, p.Binary)
}

// Pick copies the rows of x at the given places.
func Pick[T mat.Float](x mat.Matrix[T], places []int) mat.Matrix[T] {
	out := mat.New[T](len(places), x.Cols)
	for i, at := range places {
		copy(out.Row(i), x.Row(at))
	}
	return out
}
