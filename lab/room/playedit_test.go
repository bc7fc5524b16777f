package room

import (
	"math"
	"slices"
	"testing"

	"gradus/internal/trial"
)

// A hand on a weight of a moment stands in the address: from there the training goes on with it, before there it is as it was.
func TestSetWeight(t *testing.T) {
	p, _ := open(t, "hidden=3&epochs=20")
	before, _ := p.moment(5)
	values := p.setWeight("w2_12", 1.25, 0)
	s := p.s.Set(values)
	q, err := playOf(s)
	if err != nil {
		t.Fatal(err)
	}
	earlier, _ := q.moment(4)
	same, _ := p.moment(4)
	now, _ := q.moment(5)
	later, _ := q.moment(6)
	unlike, _ := p.moment(6)
	at := 3*2 + 3 + 1 // behind the first layer's weights and biases, the second of the next
	if now.now.Weights[at] != 1.25 || now.symbol(at) != "w2_12" || !slices.Equal(earlier.now.Weights, same.now.Weights) || slices.Equal(later.now.Weights, unlike.now.Weights) {
		t.Errorf("%v becomes %v", before.now.Weights, now.now.Weights)
	}
	again := q.setWeight("w2_12", 2, 0) // step 6 was looked at last
	if list := mustPlay(t, q, again).edits(); len(list) != 2 || list[0] == list[1] {
		t.Errorf("another moment, another hand: %v", list)
	}
	q.last = now
	if list := mustPlay(t, q, q.setWeight("w2_12", 3, 0)).edits(); !slices.Equal(list, []trial.Edit{{Iteration: 45, Index: at, Value: 3}}) {
		t.Errorf("set again: %v", list)
	}
}

func mustPlay(t *testing.T, p *play, values map[string]string) *play {
	t.Helper()
	q, err := playOf(p.s.Set(values))
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// Hands on the weights of another network, or on none, do nothing.
func TestForeignEdits(t *testing.T) {
	for _, query := range []string{"hidden=3&edits=99,0,0,1", "hidden=3&edits=13,0,13,1", "hidden=3&edits=13,-1,0,1", "hidden=3&edits=13,0,0"} {
		p, _ := open(t, query)
		if list := p.edits(); list != nil {
			t.Errorf("%s: %v", query, list)
		}
	}
	p, _ := open(t, "hidden=3")
	p.moment(0)
	for symbol, value := range map[string]float64{"w9_11": 1, "line": 1, "b11": math.NaN(), "b12": 1e7} {
		if values := p.setWeight(symbol, value, 0); values != nil {
			t.Errorf("%s = %g: %v", symbol, value, values)
		}
	}
}
