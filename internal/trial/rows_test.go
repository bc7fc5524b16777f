package trial

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// The path is what training by descent over all rows walks, and Moved is its length from the start.
func TestPath(t *testing.T) {
	n := Net{In: 2, Hidden: []int{3}, Out: 1, Activation: "tanh", Last: "sigmoid", Seed: 3}
	start, err := n.Build()
	if err != nil {
		t.Fatal(err)
	}
	net, _ := n.Build()
	path, err := Path(net, "binary-cross-entropy", or(), .3, 12)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Training{Net: n, Cost: "binary-cross-entropy", Alpha: .3, Epochs: 12, Seed: 3}.Run(context.Background(), or(), Set{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range out.Net.Weights() {
		if path[12][i] != net.Weights()[i] || math.Abs(w-path[12][i]) > 1e-12 || path[0][i] != start.Weights()[i] {
			t.Fatalf("weight %d: %g by the path, %g by training", i, path[12][i], w)
		}
	}
	sum := 0.0
	for _, d := range Moved(net, start) {
		sum += d * d
	}
	all := 0.0
	for _, s := range net.Spans() {
		for i := s.Start; i < s.End && s.Name == "weights"; i++ {
			all += math.Pow(path[12][i]-path[0][i], 2)
		}
	}
	if math.Abs(sum-all) > 1e-12 || sum == 0 {
		t.Errorf("moved %g, want %g", sum, all)
	}
}

// A neuron with a bias far below every sum is active for nobody, one far above for everyone.
func TestActive(t *testing.T) {
	for bias, want := range map[float64]float64{-100: 0, 100: 1} {
		net, err := Net{In: 2, Hidden: []int{4}, Out: 1, Activation: "relu", Last: "sigmoid", Bias: bias, Seed: 1}.Build()
		if err != nil {
			t.Fatal(err)
		}
		for i, share := range Active(net, 0, or()) {
			if share != want {
				t.Errorf("bias %g: neuron %d is active for %g", bias, i, share)
			}
		}
	}
}

// The made rows have the shape that they say, both classes, and come again from the same seed.
func TestMadeRows(t *testing.T) {
	for name, draw := range map[string]func(*rand.Rand) Set{
		"patients": func(r *rand.Rand) Set { return Patients(r, 300) },
		"spiral":   func(r *rand.Rand) Set { return Spiral(r, 300, 1.5) },
	} {
		a, b := draw(rand.New(rand.NewPCG(1, 2))), draw(rand.New(rand.NewPCG(1, 2)))
		ill := 0.0
		for i := range a.Len() {
			ill += a.Y.At(i, 0)
			if a.X.At(i, 0) != b.X.At(i, 0) {
				t.Fatalf("%s: row %d differs", name, i)
			}
		}
		if a.Len() != 300 || ill < 100 || ill > 200 {
			t.Errorf("%s: %g of %d", name, ill, a.Len())
		}
	}
}
