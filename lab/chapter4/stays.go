package chapter4

import (
	"math/rand/v2"

	"gradus/cost"
	"gradus/internal/kernel"
	"gradus/internal/trial"
	"gradus/optimizer"
	"gradus/train"
)

// Patients of 4-4-5, and how many of them a rule may look at.
const (
	patients = 500
	budget   = 5000
	looks    = 50 // times that the loss is looked at on the way
)

// stays are synthetic patients: age in tens of years and days in hospital, in the order of their age.
func stays(seed uint64) trial.Set {
	rng := rand.New(rand.NewPCG(seed, 0x45))
	var x, y [][]float64
	for i := range patients {
		age := 2 + float64(7*float64(i)/(patients-1))
		x = append(x, []float64{age})
		y = append(y, []float64{1 + float64(.8*age) + float64(1.5*kernel.Normal(rng))})
	}
	return trial.Rows(x, y)
}

// dealer deals the rows of a set in batches, in the order of training where shuffled.
type dealer struct {
	set       trial.Set
	size      int
	shuffled  bool
	seed      uint64
	order     []int
	at, epoch int
}

// next is the next batch; the last one of an epoch is what is left.
func (d *dealer) next() trial.Set {
	n := d.set.Len()
	if d.order == nil || d.at >= n {
		d.order = make([]int, n)
		for i := range d.order {
			d.order[i] = i
		}
		d.at, d.epoch = 0, d.epoch+1
		if d.shuffled {
			train.Order(d.order, d.seed, d.epoch)
		}
	}
	var x, y [][]float64
	for _, r := range d.order[d.at:min(d.at+d.size, n)] {
		x, y = append(x, d.set.X.Row(r)), append(y, d.set.Y.Row(r))
	}
	d.at += d.size
	return trial.Rows(x, y)
}

// byRows is the mean squared error of days = w₁·age + w₂ as a surface. Its gradient is that of size rows at a time, in the order of
// training where shuffled; the first gradient, of the start, is that of all rows.
func byRows(set trial.Set, size int, shuffled bool, seed uint64) optimizer.Surface {
	net, err := trial.Net{In: 1, Out: 1}.Build()
	if err != nil {
		panic(err) // one linear neuron
	}
	c := cost.MSE[float64]{}
	look, pass, all := trial.Judge(net, c, set.Len()), net.NewPass(size, 1), net.NewPass(set.Len(), 1)
	d, begun := &dealer{set: set, size: size, shuffled: shuffled, seed: seed}, false
	return optimizer.Surface{
		Name: "rows", Start: []float64{2, 0},
		Value: func(w []float64) float64 {
			copy(net.Weights(), w)
			return look(set)
		},
		Gradient: func(g, w []float64) {
			copy(net.Weights(), w)
			p, rows := all, set
			if begun && size < set.Len() {
				p, rows = pass, d.next()
			}
			begun = true
			p.Forward(rows.X)
			p.Backward(c, rows.Y)
			copy(g, p.Gradient())
		},
	}
}

// cloud are the gradients of n batches at one place.
func cloud(set trial.Set, size, n int, seed uint64, w []float64) [][]float64 {
	on := byRows(set, size, true, seed)
	g := make([]float64, len(w))
	on.Gradient(g, w)
	var list [][]float64
	for range n {
		on.Gradient(g, w)
		list = append(list, append([]float64{}, g...))
	}
	return list
}

// spent walks descent by batches of size until budget rows were looked at, and returns the places after every budget/looks rows;
// nil once it has diverged.
func spent(set trial.Set, size int, shuffled bool, alpha float64, seed uint64) [][]float64 {
	on := byRows(set, size, shuffled, seed)
	w, g, rule := append([]float64{}, on.Start...), make([]float64, 2), optimizer.NewDescent[float64]()
	places, seen := make([][]float64, looks+1), 0
	places[0] = append([]float64{}, w...)
	on.Gradient(g, w) // of the start
	for k := 1; k <= looks; k++ {
		for seen+size <= k*budget/looks {
			on.Gradient(g, w)
			rule.Step(alpha, w, g)
			seen += size
		}
		if !(w[0] < 1e6 && w[0] > -1e6) {
			return places
		}
		places[k] = append([]float64{}, w...)
	}
	return places
}
