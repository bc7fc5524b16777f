package fit

import (
	"bytes"
	"slices"
	"testing"

	"gradus/model"
)

// Every row is held from one member, and each class from all alike.
func TestArc(t *testing.T) {
	y := make([]float64, 203)
	for i := range y {
		y[i] = float64(map[bool]int{true: 1}[i%10 == 0])
	}
	s, err := model.Settings{Members: 5, Hidden: []int{3}}.Complete(len(y))
	if err != nil {
		t.Fatal(err)
	}
	seen := make([]int, len(y))
	for i := range 5 {
		fitted, held := arc(upTo(len(y)), y, true, s, i)
		events := 0
		for _, at := range held {
			seen[at]++
			events += int(y[at])
		}
		both := slices.Concat(fitted, held)
		slices.Sort(both)
		if !slices.Equal(both, upTo(len(y))) || events < 4 || events > 5 || len(held) < 40 || len(held) > 41 {
			t.Errorf("member %d: %d fitted, %d held with %d events", i, len(fitted), len(held), events)
		}
	}
	if slices.Min(seen) != 1 || slices.Max(seen) != 1 {
		t.Errorf("held: %v", seen)
	}
}

// A checkpoint of members that is damaged anywhere, or of one network, is refused and changes none of them.
func TestCrewRefuses(t *testing.T) {
	tbl, target := bundled(t, "iris")
	r := begin(t, tbl, target, nil, ensemble(1./3))
	whole := saved(t, r)
	n := 0
	for _, err := range r.Steps(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n > r.Counts().Total/2 {
			break
		}
	}
	at := saved(t, r)
	one := saved(t, begin(t, tbl, target, nil, quick(.2)))
	for name, bad := range map[string][]byte{
		"empty": nil, "short": whole[:len(whole)-1], "mark": whole[:len(crewMark)], "long": append(slices.Clone(whole), 0), "one network": one,
		"last member": func() []byte { b := slices.Clone(whole); b[len(b)-1] ^= 1; return b }(),
		"length":      func() []byte { b := slices.Clone(whole); b[len(crewMark)+7] = 0xff; return b }(),
	} {
		if err := r.Load(bad); err == nil {
			t.Errorf("%s: taken", name)
		}
		if !bytes.Equal(saved(t, r), at) {
			t.Fatalf("%s: the run was changed", name)
		}
	}
	if err := begin(t, tbl, target, nil, quick(.2)).Load(whole); err == nil {
		t.Error("one network took the checkpoint of several")
	}
}

// The joined network says the weighted mean of what its parts say: with nothing held, the mean of the members.
func TestJoin(t *testing.T) {
	tbl, target := bundled(t, "breast_cancer")
	r := begin(t, tbl, target, nil, ensemble(0))
	m, err := r.Train(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	x, _, err := m.Preparation.Apply(tbl, nil)
	if err != nil {
		t.Fatal(err)
	}
	whole := m.Network.NewPrediction(x.Rows).Forward(x)
	mean := make([]float64, x.Rows)
	weights := m.Network.Weights()
	for i := range 3 * m.Forms() {
		net, err := model.MemberIn[float32](m, i)
		if err != nil {
			t.Fatal(err)
		}
		weights = weights[copy(net.Weights(), weights):]
		for row, v := range net.NewPrediction(x.Rows).Forward(x).Data {
			mean[row] += float64(v) // the member's end holds its third
		}
	}
	for row, v := range mean {
		if d := v - float64(whole.Data[row]); d > 1e-4 || d < -1e-4 || whole.Data[row] == 0 {
			t.Fatalf("row %d: %v, not %v", row, whole.Data[row], v)
		}
	}
}
