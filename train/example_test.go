package train_test

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"gradus/activation"
	"gradus/cost"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
	"gradus/train"
)

// xor is a network that can learn XOR, its rows, and how it is trained.
func xor() (*network.Network[float64], mat.Matrix[float64], mat.Matrix[float64], train.Config[float64]) {
	net, err := network.New(2,
		&network.Dense[float64]{Units: 4, Activation: activation.Tanh[float64]{}},
		&network.Dense[float64]{Units: 1, Activation: activation.Sigmoid[float64]{}},
	)
	if err != nil {
		log.Fatal(err)
	}
	net.Init(1)
	rule, err := optimizer.NewAdam[float64](len(net.Weights()), optimizer.Reference, optimizer.AdamConfig{})
	if err != nil {
		log.Fatal(err)
	}
	x := mat.From([]float64{0, 0}, []float64{0, 1}, []float64{1, 0}, []float64{1, 1})
	y := mat.From([]float64{0}, []float64{1}, []float64{1}, []float64{0})
	return net, x, y, train.Config[float64]{
		Cost: cost.BinaryCrossEntropy[float64]{}, Rule: rule, Schedule: optimizer.Constant{Base: .05}, Epochs: 200, Batch: 4, Seed: 1,
	}
}

// Each iteration is one step of the loop; leaving the loop ends the training.
func ExampleRun() {
	net, x, y, cfg := xor()
	for step, err := range train.Run(context.Background(), net, x, y, cfg) {
		if err != nil {
			log.Fatal(err)
		}
		if step.Last && step.Epoch%50 == 0 {
			fmt.Printf("epoch %3d  cost %.4f\n", step.Epoch, step.EpochCost)
		}
	}
	for r, h := range net.NewPrediction(4).Forward(x).Data {
		fmt.Printf("%v: %.2f\n", x.Row(r), h)
	}
	// Output:
	// epoch  50  cost 0.1209
	// epoch 100  cost 0.0041
	// epoch 150  cost 0.0020
	// epoch 200  cost 0.0013
	// [0 0]: 0.00
	// [0 1]: 1.00
	// [1 0]: 1.00
	// [1 1]: 0.00
}

// A run that was stopped goes on from its checkpoint to the same bits.
func ExampleTrainer_Save() {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	net, x, y, cfg := xor()
	first, err := train.New(net, x, y, cfg)
	if err != nil {
		log.Fatal(err)
	}
	for step := range first.Steps(ctx) {
		if step.Epoch == 120 {
			stop()
		}
	}
	var checkpoint bytes.Buffer
	if err := first.Save(&checkpoint, "xor"); err != nil {
		log.Fatal(err)
	}

	net, x, y, cfg = xor() // another day
	second, err := train.New(net, x, y, cfg)
	if err != nil {
		log.Fatal(err)
	}
	if err := second.Load(checkpoint.Bytes(), "xor"); err != nil {
		log.Fatal(err)
	}
	for _, err := range second.Steps(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
	}
	fmt.Printf("%d + %d epochs, cost %.4f\n", 120, second.Epochs()-120, second.Best().Cost)
	// Output: 120 + 80 epochs, cost 0.0013
}

// Deck 4-4-6: 2000 rows in batches of 500, five times.
func ExampleCount() {
	c, err := train.Count(2000, 500, 5)
	fmt.Println(c.PerEpoch, c.Total, err)
	// Output: 4 20 <nil>
}

// A loop of one's own takes its batches from the rows in a seeded order.
func ExampleBatches() {
	x := mat.From([]float64{1}, []float64{2}, []float64{3}, []float64{4}, []float64{5})
	for b := range train.Batches(x, x, 2, 1) {
		fmt.Println(b.X.Data)
	}
	// Output:
	// [5 3]
	// [4 2]
	// [1]
}

// Five fits at once: each writes to its own place, so the result does not depend on which is quicker.
func ExampleMany() {
	costs := make([]float64, 5)
	err := train.Many(context.Background(), len(costs), 0, func(ctx context.Context, i int) error {
		net, x, y, cfg := xor()
		net.Init(uint64(i))
		cfg.Epochs = 50
		for step, err := range train.Run(ctx, net, x, y, cfg) {
			if err != nil {
				return err
			}
			costs[i] = step.EpochCost
		}
		return nil
	})
	fmt.Printf("%.3f %v\n", costs, err)
	// Output: [0.047 0.121 0.048 0.059 0.071] <nil>
}
