package train

import (
	"context"
	"slices"
	"sync"
	"testing"

	"gradus/cost"
	"gradus/internal/kernel"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
)

// crowded is the weights after three iterations of a network that member i of a crowd trains: small, every hundredth large enough for
// the helpers. What it does depends on i mod 4 and the size alone.
func crowded(i int) ([]float32, error) {
	in, hidden := 3, 5
	if i%100 == 0 {
		in, hidden = 64, 64
	}
	net, err := network.Build[float32](in, []network.Spec{{Kind: "dense", Units: hidden, Activation: "relu"}, {Kind: "dense", Units: 1}})
	if err != nil {
		return nil, err
	}
	net.Init(uint64(i % 4))
	x, y := mat.New[float32](32, in), mat.New[float32](32, 1)
	for k := range x.Data {
		x.Data[k] = float32((k*7+i%4)%11) - 5
	}
	for k := range y.Data {
		y.Data[k] = float32(k % 2)
	}
	rule, err := optimizer.New[float32]("adam", len(net.Weights()), optimizer.Reference, nil)
	if err != nil {
		return nil, err
	}
	c := Config[float32]{
		Cost: cost.BinaryCrossEntropy[float32]{On: cost.Logits}, Rule: rule, Schedule: optimizer.Constant{Base: .01}, Epochs: 3, Batch: 32, Seed: 1,
	}
	for _, err := range Run(context.Background(), net, x, y, c) {
		if err != nil {
			return nil, err
		}
	}
	return net.Weights(), nil
}

// 10,000 goroutines train at once, some with the helpers: none waits for ever, and each ends with the bits that it has alone.
func TestACrowdTrainsAtOnce(t *testing.T) {
	defer kernel.Threads(kernel.Threads(4))
	members := 10_000
	if testing.Short() {
		members = 500
	}
	alone := map[int][]float32{}
	for i := range 5 { // 4 is small where 0 is large; 100, 200 … are 0, for they are multiples of 4
		w, err := crowded(i)
		if err != nil {
			t.Fatal(err)
		}
		alone[i] = w
	}
	var group, gate sync.WaitGroup
	gate.Add(1)
	for i := range members {
		group.Go(func() {
			gate.Wait()
			w, err := crowded(i)
			want := alone[i%4]
			if i%4 == 0 && i%100 != 0 {
				want = alone[4]
			}
			if err != nil || !slices.Equal(w, want) {
				t.Errorf("member %d: %v, or other bits than alone", i, err)
			}
		})
	}
	gate.Done()
	group.Wait()
}
