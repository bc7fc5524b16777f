package network_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gradus/activation"
	"gradus/cost"
	"gradus/internal/kernel"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
)

// The workloads of docs/performance.md: one step is forward, backward and Adam's update.
func BenchmarkStep(b *testing.B) {
	for _, work := range []struct {
		name  string
		sizes []int
		batch int
	}{{"S", []int{30, 16, 8, 1}, 32}, {"M", []int{784, 128, 10}, 64}, {"L", []int{784, 1024, 1024, 10}, 256}} {
		for _, cores := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/%d", work.name, cores), func(b *testing.B) {
				defer kernel.Threads(kernel.Threads(cores))
				var layers []network.Layer[float32]
				for i, units := range work.sizes[1:] {
					d := &network.Dense[float32]{Units: units, Activation: activation.ReLU[float32]{}}
					if i == len(work.sizes)-2 {
						d.Activation = nil
					}
					layers = append(layers, d)
				}
				net, err := network.New(work.sizes[0], layers...)
				if err != nil {
					b.Fatal(err)
				}
				net.Init(1)
				rule, err := optimizer.New[float32]("adam", len(net.Weights()), optimizer.Reference, nil)
				if err != nil {
					b.Fatal(err)
				}
				x, y := mat.New[float32](work.batch, net.In()), mat.New[float32](work.batch, 1)
				r := rand.New(rand.NewPCG(1, 1))
				for i := range x.Data {
					x.Data[i] = float32(r.NormFloat64())
				}
				for i := range y.Data {
					y.Data[i] = float32(r.IntN(net.Out() + 1))
				}
				var c cost.Func[float32] = cost.BinaryCrossEntropy[float32]{On: cost.Logits}
				if net.Out() > 1 {
					c = cost.CrossEntropy[float32]{On: cost.Logits}
					for i := range y.Data {
						y.Data[i] = float32(r.IntN(net.Out()))
					}
				}
				pass := net.NewPass(work.batch, 1)
				for b.Loop() {
					pass.Forward(x)
					pass.Learn(c, y)
					rule.Step(1e-4, net.Weights(), pass.Gradient())
				}
			})
		}
	}
}
