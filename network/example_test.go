package network_test

import (
	"fmt"
	"log"

	"gradus/activation"
	"gradus/cost"
	"gradus/mat"
	"gradus/network"
)

// Two inputs, three hidden neurons, one output; the weights start from a seed.
func ExampleNew() {
	net, err := network.New(2,
		&network.Dense[float32]{Units: 3, Activation: activation.ReLU[float32]{}},
		&network.Dense[float32]{Units: 1},
	)
	if err != nil {
		log.Fatal(err)
	}
	net.Init(1)
	fmt.Println(net.In(), net.Out(), len(net.Weights()))
	for _, s := range net.Spans() {
		fmt.Println(s.Layer, s.Name, s.Rows, s.Cols)
	}
	// Output:
	// 2 1 13
	// 0 weights 3 2
	// 0 biases 1 3
	// 1 weights 1 3
	// 1 biases 1 1
}

// One step of gradient descent by hand: forward, backward, w := w − α·g. The network of deck 4-5-2.
func ExamplePass() {
	sigmoid := activation.Sigmoid[float64]{}
	net, err := network.New(2,
		&network.Dense[float64]{Units: 2, Activation: sigmoid, NoBias: true, Initial: network.Given{Values: []float64{.3, .55, .1, .3}}},
		&network.Dense[float64]{Units: 2, Activation: sigmoid, NoBias: true, Initial: network.Given{Values: []float64{.3, .8, .5, .3}}},
	)
	if err != nil {
		log.Fatal(err)
	}
	net.Init(0)
	x, y := mat.From([]float64{.1, .2}), mat.From([]float64{.8, .6})
	pass, c := net.NewPass(1, 0), cost.HalfSSE[float64]{}
	for range 2 {
		h := pass.Forward(x)
		fmt.Printf("h %.4f  E %.5f\n", h.Row(0), pass.Learn(c, y))
		for i, g := range pass.Gradient() {
			net.Weights()[i] -= .5 * g
		}
	}
	// Output:
	// h [0.6398 0.6041]  E 0.01284
	// h [0.6422 0.6041]  E 0.01247
}

// Prediction is the quick way: no gradient, no dropout, running statistics. One of each for a goroutine.
func ExampleNetwork_NewPrediction() {
	net, err := network.Build[float64](1, []network.Spec{{Kind: "dense", Units: 2, Activation: "relu"}, {Kind: "dropout", Rate: .5}, {Kind: "dense", Units: 1}})
	if err != nil {
		log.Fatal(err)
	}
	copy(net.Weights(), []float64{1, -1, 0, 0, 1, 1, 0}) // |x| = relu(x) + relu(−x)
	p := net.NewPrediction(3)
	fmt.Println(p.Forward(mat.From([]float64{-2}, []float64{0}, []float64{3})).Data)
	// Output: [2 0 3]
}

// The gradient held against central differences of the cost: what to ask of a layer of one's own.
func ExampleCheck() {
	net, err := network.Build[float64](3, []network.Spec{{Kind: "layer-norm", Activation: "tanh"}, {Kind: "dense", Units: 2}})
	if err != nil {
		log.Fatal(err)
	}
	net.Init(7)
	x, y := mat.From([]float64{1, 2, -1}, []float64{0, .5, 3}), mat.From([]float64{1, 0}, []float64{0, 1})
	worst := network.Check(net, cost.MSE[float64]{}, x, y, 0)
	fmt.Println(worst.Relative < 1e-7)
	// Output: true
}

// Layers without an activation between them do the work of one, deck 4-2-1.
func ExampleCollapse() {
	net, err := network.New(1, &network.Dense[float64]{Units: 2}, &network.Dense[float64]{Units: 1})
	if err != nil {
		log.Fatal(err)
	}
	copy(net.Weights(), []float64{2, 3, 0, 1, 10, 1, 0})
	w, b, err := network.Collapse(net)
	fmt.Println(w.Data, b, err)
	// Output: [23] [1] <nil>
}
