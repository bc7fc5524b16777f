package activation_test

import (
	"fmt"
	"log"

	"gradus/activation"
	"gradus/mat"
)

// h = f(o) and the slope f′(o) that backpropagation multiplies by.
func ExampleAt() {
	for _, o := range []float64{-2, 0, 2} {
		h, dh := activation.At(activation.Sigmoid[float64]{}, o)
		fmt.Printf("o %2g  h %.4f  h' %.4f\n", o, h, dh)
	}
	// Output:
	// o -2  h 0.1192  h' 0.1050
	// o  0  h 0.5000  h' 0.2500
	// o  2  h 0.8808  h' 0.1050
}

func ExampleSoftmax_Forward() {
	o := mat.From([]float64{1, 2, 3})
	activation.Softmax[float64]{}.Forward(o, o) // in place
	fmt.Printf("%.4f\n", o.Row(0))
	// Output: [0.0900 0.2447 0.6652]
}

// By the word that a command line or a file says; a word that is none names the nearest.
func ExampleByName() {
	f, err := activation.ByName[float32]("gelu")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.Name())
	_, err = activation.ByName[float32]("sigmod")
	fmt.Println(err)
	// Output:
	// gelu
	// there is no activation "sigmod"; did you mean "sigmoid"? known: linear, step, sigmoid, tanh, relu, leaky-relu, softmax, elu, gelu, gelu-tanh, silu, softplus, mish
}
