package chapter4

import (
	"math"
	"math/rand/v2"

	"gradus/cost"
	"gradus/internal/kernel"
	"gradus/internal/trial"
	"gradus/lab/scene"
	"gradus/optimizer"
)

// The learner's own network learns from so many patients; SGD looks at so many of them in a step.
const (
	OwnRows  = 60
	OwnBatch = 6
)

// Slice is the loss of a network over a plane of its weights: base + a·first + b·second.
type Slice struct {
	net   trial.Net
	set   trial.Set
	base  []float64
	dirs  [2][]float64
	start []float64
	box   Box
}

// sick are synthetic patients: lactate and age, standardised, and whether they died; more of either makes it likelier.
func sick(seed uint64) trial.Set {
	rng := rand.New(rand.NewPCG(seed, 0x5a))
	var x, y [][]float64
	for range OwnRows {
		a, b := kernel.Normal(rng), kernel.Normal(rng)
		died := 0.
		if rng.Float64() < kernel.Sigmoid(float64(2.2*a)+float64(1.2*b*b)-1) {
			died = 1
		}
		x, y = append(x, []float64{a, b}), append(y, []float64{died})
	}
	return trial.Rows(x, y)
}

// OwnSlice trains the network that the state describes and lays a plane through its weights.
func OwnSlice(s *scene.State) (*Slice, error) {
	l := &Slice{
		net: trial.Net{In: 2, Hidden: []int{s.Whole("hidden")}, Out: 1, Activation: s.Raw("activation"), Last: "sigmoid", Seed: s.Seed},
		set: sick(s.Seed), start: []float64{-2.2, 1.8}, box: Box{Low: [2]float64{-3, -2.5}, High: [2]float64{3, 2.5}},
	}
	if err := l.train(); err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(s.Seed, 0x5b))
	for k := range l.dirs {
		l.dirs[k] = make([]float64, len(l.base))
		if s.Raw("plane") == "weights" {
			l.dirs[k][k] = 1
			continue
		}
		long := 0.
		for i := range l.base {
			l.dirs[k][i] = kernel.Normal(rng)
			long += float64(l.dirs[k][i] * l.dirs[k][i])
		}
		for i := range l.base {
			l.dirs[k][i] *= l.size() / math.Sqrt(long) / 2
		}
	}
	return l, nil
}

// size is the length of the trained weights.
func (l *Slice) size() float64 {
	sum := 0.
	for _, w := range l.base {
		sum += float64(w * w)
	}
	return math.Sqrt(sum)
}

// train brings the network where its loss is low: the middle of the plane.
func (l *Slice) train() error {
	net, err := l.net.Build()
	if err != nil {
		return err
	}
	l.base = net.Weights()
	on := l.over(OwnRows, 0, func(w []float64) []float64 { return w })
	on.Start = l.base
	rule := Rule("adam", len(l.base), optimizer.Reference, nil)
	w, g := append([]float64{}, l.base...), make([]float64, len(l.base))
	for range 250 {
		on.Gradient(g, w)
		rule.Step(.03, w, g)
	}
	l.base = w
	return nil
}

// over is the loss as a surface of all weights, its gradient that of size patients drawn anew for each step.
func (l *Slice) over(size int, seed uint64, at func(w []float64) []float64) optimizer.Surface {
	net, err := l.net.Build()
	if err != nil {
		panic(err) // it was built before
	}
	f := cost.BinaryCrossEntropy[float64]{}
	look, pass := trial.Judge(net, f, OwnRows), net.NewPass(size, 1)
	rng := rand.New(rand.NewPCG(seed, 0x5c))
	return optimizer.Surface{
		Name: "own",
		Value: func(w []float64) float64 {
			copy(net.Weights(), at(w))
			return look(l.set)
		},
		Gradient: func(g, w []float64) {
			copy(net.Weights(), at(w))
			rows := l.set
			if size < OwnRows {
				rows = l.drawn(rng, size)
			}
			pass.Forward(rows.X)
			pass.Backward(f, rows.Y)
			copy(g, pass.Gradient())
		},
	}
}

// drawn are some of the patients.
func (l *Slice) drawn(rng *rand.Rand, size int) trial.Set {
	var x, y [][]float64
	for _, r := range rng.Perm(OwnRows)[:size] {
		x, y = append(x, l.set.X.Row(r)), append(y, l.set.Y.Row(r))
	}
	return trial.Rows(x, y)
}

// Surface is the loss on the plane, by the gradient of size patients.
func (l *Slice) Surface(size int, seed uint64) optimizer.Surface {
	place := make([]float64, len(l.base))
	on := l.over(size, seed, func(w []float64) []float64 {
		for i := range place {
			place[i] = l.base[i] + float64(w[0]*l.dirs[0][i]) + float64(w[1]*l.dirs[1][i])
		}
		return place
	})
	whole, full := on.Gradient, make([]float64, len(l.base))
	on.Start = l.start
	on.Gradient = func(g, w []float64) {
		whole(full, w)
		for k, d := range l.dirs {
			g[k] = 0
			for i, v := range full {
				g[k] += float64(v * d[i])
			}
		}
	}
	return on
}

// Track is the plane with its level lines' values and its lowest place.
func (l *Slice) Track(steps int) *Track {
	t := &Track{On: l.Surface(OwnRows, 0), Box: l.box, Steps: steps}
	rule := Rule("adam", 2, optimizer.Reference, nil)
	w, g, low := []float64{0, 0}, make([]float64, 2), optimizer.Minimum{W: []float64{0, 0}, F: math.Inf(1)}
	for range 1500 {
		if f := t.On.Value(w); f < low.F {
			low = optimizer.Minimum{W: append([]float64{}, w...), F: f}
		}
		t.On.Gradient(g, w)
		rule.Step(.01, w, g)
	}
	t.On.Minima = []optimizer.Minimum{low}
	top := low.F
	for i := range 9 {
		for j := range 9 {
			x := l.box.Low[0] + float64((l.box.High[0]-l.box.Low[0])*float64(i)/8)
			y := l.box.Low[1] + float64((l.box.High[1]-l.box.Low[1])*float64(j)/8)
			top = max(top, t.On.Value([]float64{x, y}))
		}
	}
	for _, share := range []float64{.01, .04, .1, .2, .35, .55, .8} {
		t.Levels = append(t.Levels, math.Round((low.F+float64(share*(top-low.F)))*100)/100)
	}
	return t
}
