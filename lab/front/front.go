// Package front is the pages before section 4-1 as instruments: the contents, what an artificial neuron is, what makes learning deep,
// and what stood in its way.
package front

import (
	"math"
	"math/rand/v2"

	"gradus/lab/scene"
)

// Pages lists the pages behind the contents in order.
func Pages() []*scene.Page { return []*scene.Page{neuron(), deep(), history()} }

// chapters are the sections of the deck.
var chapters = []string{"F", "4-1", "4-2", "4-3", "4-4", "4-5"}

// Home is F0, the contents: how many pages each chapter has, as count says.
func Home(count func(chapter string) int) *scene.Page {
	return &scene.Page{ID: "F0", Words: "labf.p00", Make: func(*scene.State) (*scene.Run, error) {
		table := &scene.Table{Head: []scene.Words{scene.Say("labf.chapter"), {}, scene.Say("labf.pages")}}
		all := 0
		for i, c := range chapters {
			n := count(c)
			all += n
			key := string(rune('0' + i))
			table.Rows = append(table.Rows, []scene.Cell{
				scene.W(scene.Text(c)), scene.W(scene.Say("labf.chapter" + key)), scene.N(scene.Count("pages_"+c, scene.Say("labf.pages"), n)),
			})
		}
		return scene.Still(&scene.Scene{Figures: []scene.Figure{{Table: table}}, Summary: scene.Say("labf.p00_summary", "n", all)}), nil
	}}
}

// chance is the stream of random numbers of one page under one seed.
func chance(s *scene.State, page uint64) *rand.Rand { return rand.New(rand.NewPCG(s.Seed, 4000+page)) }

// anything leaves a field of a mistake open.
var anything = math.NaN()

func named(symbol string, label scene.Words, v float64) scene.Number {
	return scene.Value(symbol, "", v).Named(label)
}
