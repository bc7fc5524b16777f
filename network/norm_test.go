package network

import (
	"math/rand/v2"
	"testing"

	"gradus/cost"
)

// The network that train makes by itself, with each kind of layer behind its hidden ones: gradients of float32 are float64's to 1e-5 of
// the largest, masks of dropout included.
func TestNormalisedGradientsInSingle(t *testing.T) {
	for _, behind := range []Spec{{Kind: "batch-norm"}, {Kind: "layer-norm"}, {Kind: "dropout", Rate: .3}} {
		r := rand.New(rand.NewPCG(61, 62))
		specs := []Spec{
			{Kind: "dense", Units: 64}, behind, {Kind: "dense", Units: 32, Activation: "silu"}, behind, {Kind: "dense", Units: 1},
		}
		single, err := Build[float32](30, specs)
		if err != nil {
			t.Fatal(err)
		}
		single.Init(5)
		double, err := Build[float64](30, specs)
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range single.Weights() {
			double.Weights()[i] = float64(w)
		}
		x, y := numbers(r, 32, 30), shares(r, 32, 1)
		for i, v := range x.Data {
			x.Data[i] = float64(float32(v))
		}
		p, q := single.NewPass(32, 9), double.NewPass(32, 9)
		p.Iteration(4)
		q.Iteration(4)
		p.Forward(to32(x))
		q.Forward(x)
		p.Learn(cost.BinaryCrossEntropy[float32]{On: cost.Logits}, to32(y))
		q.Learn(cost.BinaryCrossEntropy[float64]{On: cost.Logits}, y)
		if d := apart(p.Gradient(), q.Gradient()); !(d <= 1e-5) {
			t.Errorf("%s: off by %.2g", behind.Kind, d)
		}
		if d := apart(single.NewPrediction(32).Forward(to32(x)).Data, double.NewPrediction(32).Forward(x).Data); !(d <= 1e-5) {
			t.Errorf("%s: predictions off by %.2g", behind.Kind, d)
		}
	}
}
