package model

import (
	"math"
	"testing"

	"gradus/mat"
	"gradus/table"
)

// Columns of one measure keep their spread, an indicator stays, and a first layer learnt from evened columns answers the same for the
// columns as they are.
func TestEven(t *testing.T) {
	m := &Model{Preparation: &table.Preparation{Inputs: []table.Input{
		{Name: "a", Kind: table.Number, Scale: table.Scale{SD: 3}, Missing: true},
		{Name: "b", Kind: table.Number, Scale: table.Scale{SD: 1}},
	}}}
	if m.Even() != nil {
		t.Error("factors without being asked for")
	}
	m.Card.Settings.Even = true
	f := m.Even()
	rms := math.Sqrt(5)
	for j, want := range []float64{3 / rms, 1, 1 / rms} {
		if math.Abs(f[j]-want) > 1e-15 {
			t.Errorf("factor %d is %v, want %v", j, f[j], want)
		}
	}
	x := mat.View(1, 3, []float64{.5, 1, -2})
	w := []float64{.1, .2, .3, -.4, .5, .6, 9} // two units, and a bias that stays
	dot := func(x, w []float64) (o float64) {
		for i := range x {
			o += x[i] * w[i]
		}
		return o
	}
	even := Evened(x, f)
	want := []float64{dot(even.Data, w[:3]), dot(even.Data, w[3:6])}
	Uneven(w, 2, f)
	if got := []float64{dot(x.Data, w[:3]), dot(x.Data, w[3:6])}; math.Abs(got[0]-want[0]) > 1e-15 || math.Abs(got[1]-want[1]) > 1e-15 || w[6] != 9 {
		t.Errorf("%v, want %v; bias %v", got, want, w[6])
	}
	if &Evened(x, nil).Data[0] != &x.Data[0] {
		t.Error("columns without factors were copied")
	}
}
