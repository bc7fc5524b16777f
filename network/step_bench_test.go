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
				benchStep(b, work.sizes[0], work.batch, layers)
			})
		}
	}
}

// The network that train makes of 30 inputs when nothing else is asked for, with what may stand behind each hidden layer.
func BenchmarkStepWith(b *testing.B) {
	for name, behind := range map[string]func() network.Layer[float32]{
		"nothing":    func() network.Layer[float32] { return nil },
		"batch-norm": func() network.Layer[float32] { return &network.BatchNorm[float32]{} },
		"layer-norm": func() network.Layer[float32] { return &network.LayerNorm[float32]{} },
		"dropout":    func() network.Layer[float32] { return &network.Dropout[float32]{Rate: .2} },
	} {
		b.Run(name, func(b *testing.B) {
			var layers []network.Layer[float32]
			for _, units := range []int{64, 32} {
				layers = append(layers, &network.Dense[float32]{Units: units, Activation: activation.ReLU[float32]{}})
				if l := behind(); l != nil {
					layers = append(layers, l)
				}
			}
			benchStep(b, 30, 32, append(layers, &network.Dense[float32]{Units: 1}))
		})
	}
}

func benchStep(b *testing.B, in, batch int, layers []network.Layer[float32]) {
	b.Helper()
	net, err := network.New(in, layers...)
	if err != nil {
		b.Fatal(err)
	}
	net.Init(1)
	rule, err := optimizer.New[float32]("adam", len(net.Weights()), optimizer.Reference, nil)
	if err != nil {
		b.Fatal(err)
	}
	x, y := mat.New[float32](batch, net.In()), mat.New[float32](batch, 1)
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
	pass := net.NewPass(batch, 1)
	for b.Loop() {
		pass.Forward(x)
		pass.Learn(c, y)
		rule.Step(1e-4, net.Weights(), pass.Gradient())
		pass.Settle()
	}
}
