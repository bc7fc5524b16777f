// Package chapter1 is deck section 4-1 as instruments: the perceptron, its gates and the network of two layers.
package chapter1

import (
	"math"
	"math/rand/v2"

	"gradus/lab/scene"
)

// Pages lists the pages of the section in order.
func Pages() []*scene.Page {
	list := []*scene.Page{score(), inputs(), weights(), bias(), pipeline(), steps(), layer()}
	for _, c := range corners {
		list = append(list, c.page())
	}
	return append(list, xor())
}

// chance is the stream of random numbers of one page under one seed.
func chance(s *scene.State, page uint64) *rand.Rand { return rand.New(rand.NewPCG(s.Seed, 4100+page)) }

// decks reports whether the exercise asks for the numbers that the course names: under the page's own seed.
func decks(s *scene.State) bool { return s.Seed == 7 }

// anything leaves a field of a mistake open.
var anything = math.NaN()

func named(symbol string, label scene.Words, v float64) scene.Number {
	return scene.Value(symbol, "", v).Named(label)
}

func numberPart(n scene.Number) scene.Part { return scene.Part{Number: &n} }

func textPart(s string) scene.Part { return scene.Part{Text: scene.Text(s)} }
