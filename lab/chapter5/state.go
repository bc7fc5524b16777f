package chapter5

import (
	"math/rand/v2"
	"strconv"
	"strings"

	"gradus/deck"
	"gradus/lab/scene"
)

// deckSeed is the seed under which the numbers are the deck's; every other draws its own.
const (
	deckSeed   = 7
	drawStream = 45
)

// places are the network's own numbers: their controls stand in the figure.
var (
	weights = []string{"w11", "w12", "w13", "w14", "w21", "w22", "w23", "w24"}
	inputs  = []string{"x1", "x2"}
	targets = []string{"y1", "y2"}
	biases  = []string{"b11", "b12", "b21", "b22"}
)

// lowered writes digits as subscripts.
var lowered = strings.NewReplacer("1", "₁", "2", "₂", "3", "₃", "4", "₄")

// controls are those of every page of the section.
func controls(finite bool) []scene.Control {
	e := deck.Worked()
	list := []scene.Control{
		scene.RealControl("alpha", scene.Text("α"), e.Alpha, .001, 10, .1).In("bar"),
		scene.ChoiceControl("show", scene.Say("lab45.show"), "lab45.show", "exact", "deck").In("bar"),
		scene.ChoiceControl("act", scene.Say("lab45.act"), "lab45.act", "sigmoid", "tanh", "relu", "leaky-relu", "linear").In("more"),
		scene.ChoiceControl("cost", scene.Say("lab45.cost"), "lab45.cost", "half-sse", "mse", "mae", "binary-cross-entropy").In("more"),
		scene.ToggleControl("bias", scene.Say("lab45.bias"), false).In("more"),
		scene.ToggleControl("finite", scene.Say("lab45.finite"), finite).In("more"),
	}
	list = inFigure(list, inputs, e.X[:])
	list = inFigure(list, targets, e.Y[:])
	list = inFigure(list, weights, e.W[:])
	return inFigure(list, biases, make([]float64, 4))
}

// inFigure adds controls that stand in the figure alone.
func inFigure(list []scene.Control, names []string, values []float64) []scene.Control {
	for i, n := range names {
		list = append(list, scene.RealControl(n, scene.Text(lowered.Replace(n)), values[i], -5, 5, .1).In("figure"))
	}
	return list
}

// drawn are the numbers of a seed: two decimals, the targets between 0 and 1.
func drawn(seed uint64) map[string]string {
	if seed == deckSeed {
		return nil
	}
	r := rand.New(rand.NewPCG(seed, drawStream))
	m := map[string]string{}
	draw := func(names []string, sign int) {
		for _, n := range names {
			v := 10 + r.IntN(81)
			if sign > 0 && r.IntN(sign) == 0 {
				v = -v
			}
			m[n] = strconv.FormatFloat(float64(v)/100, 'g', -1, 64)
		}
	}
	draw(inputs, 0)
	draw(targets, 0)
	draw(weights, 3)
	draw(biases, 2)
	return m
}

// example is the network that a state describes.
func example(s *scene.State) deck.Example {
	e := deck.Example{Alpha: s.Real("alpha"), Activation: s.Raw("act"), Cost: s.Raw("cost")}
	for i, n := range inputs {
		e.X[i], e.Y[i] = s.Real(n), s.Real(targets[i])
	}
	for i, n := range weights {
		e.W[i] = s.Real(n)
	}
	if s.On("bias") {
		e.B = &[4]float64{}
		for i, n := range biases {
			e.B[i] = s.Real(n)
		}
	}
	return e
}

// dice are draws for an exercise of a page, the same for every state of a seed.
func (q *sheet) dice() *rand.Rand {
	return rand.New(rand.NewPCG(q.state.Seed, drawStream+uint64(q.leaf.n)))
}

// own reports whether the seed is the deck's.
func (q *sheet) own() bool { return q.state.Seed == deckSeed }

// number reads what the deck prints; what it is given is a number.
func number(s string) float64 {
	v, _ := strconv.ParseFloat(s, 64)
	return v
}
