// Package chapter2 is deck section 4-2 as instruments: what an activation does, what it does to learning, and how that ends when
// many stand behind one another.
package chapter2

import (
	"context"
	"math"
	"math/rand/v2"

	"gradus/activation"
	"gradus/internal/trial"
	"gradus/lab/scene"
)

// Pages lists the pages of the section in order.
func Pages() []*scene.Page {
	return []*scene.Page{collapse(), step(), sigmoid(), vanishing(), tanh(), relu(), softmax()}
}

// chance is the stream of random numbers of one page under one seed.
func chance(s *scene.State, page uint64) *rand.Rand { return rand.New(rand.NewPCG(s.Seed, 4200+page)) }

// decks reports whether the exercise asks for the numbers that the course names: under the page's own seed.
func decks(s *scene.State) bool { return s.Seed == 7 }

// anything leaves a field of a mistake open.
var anything = math.NaN()

func named(symbol string, label scene.Words, v float64) scene.Number {
	return scene.Value(symbol, "", v).Named(label)
}

// function is the activation of a name that a control offers.
func function(name string) activation.Func[float64] {
	f, err := activation.ByName[float64](name)
	if err != nil {
		panic(err)
	}
	return f
}

// curves are f and its derivative at n places.
func curves(f activation.Func[float64], low, high float64, n int) (h, dh scene.Series) {
	x, y, dy := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = low + float64(i)*(high-low)/float64(n-1)
		y[i], dy[i] = activation.At(f, x[i])
	}
	h, dh = scene.Series{X: x, Y: scene.Y(y), Heavy: true}, scene.Series{X: x, Y: scene.Y(dy), Heavy: true}
	if f.Name() == "step" {
		h.Kind = "steps"
	}
	return h, dh
}

// after trains for so many epochs; none is the start.
func after(t trial.Training, set trial.Set, epochs int) (trial.Outcome, error) {
	if epochs == 0 {
		net, err := t.Net.Build()
		return trial.Outcome{Net: net}, err
	}
	t.Epochs = epochs
	return t.Run(context.Background(), set, trial.Set{}, nil)
}

// falling is the cost over the epochs, the present one marked.
func falling(curve []trial.Epoch, now, all int, top float64) *scene.Plot {
	x, y := make([]float64, len(curve)), make([]float64, len(curve))
	for i, e := range curve {
		x[i], y[i] = float64(e.Epoch), e.Cost
	}
	return &scene.Plot{
		X: scene.Axis{Label: scene.Say("lab42.epoch"), Low: 0, High: float64(all)}, Y: scene.Axis{Label: scene.Text("E"), Low: 0, High: top},
		Height: 180, OnSteps: true, Series: []scene.Series{{X: x, Y: scene.Y(y), Heavy: true, Future: &now}}, Lines: []scene.Reference{{Vertical: true, At: float64(now)}},
	}
}
