package weights_test

import (
	"bytes"
	"fmt"
	"log"

	"gradus/activation"
	"gradus/mat"
	"gradus/network"
	"gradus/weights"
)

// A network goes into a file and comes back, bit for bit; in a program the buffer is an *os.File.
func ExampleSave() {
	net, err := network.New(2, &network.Dense[float32]{Units: 3, Activation: activation.ReLU[float32]{}}, &network.Dense[float32]{Units: 1})
	if err != nil {
		log.Fatal(err)
	}
	net.Init(1)
	var file bytes.Buffer
	if err := weights.Save(&file, net); err != nil {
		log.Fatal(err)
	}
	again, err := weights.Load[float32](&file)
	if err != nil {
		log.Fatal(err)
	}
	x := mat.From([]float32{1, 2})
	fmt.Println(net.NewPrediction(1).Forward(x).At(0, 0) == again.NewPrediction(1).Forward(x).At(0, 0))
	// Output: true
}

// A network whose file does not fit says why, and stays as it was.
func ExampleLoadInto() {
	three, err := network.New(2, &network.Dense[float32]{Units: 3})
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	if err := weights.Save(&file, three); err != nil {
		log.Fatal(err)
	}
	four, err := network.New(2, &network.Dense[float32]{Units: 4})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(weights.LoadInto(&file, four))
	// Output: layer 1 of the file is {"kind":"dense","units":3}, of the network to fill {"kind":"dense","units":4}
}

// What the file shall say of itself travels with it, for readers in any language.
func ExampleSaveWith() {
	net, err := network.New(1, &network.Dense[float64]{Units: 1})
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	if err := weights.SaveWith(&file, net, map[string]string{"columns": "age"}); err != nil {
		log.Fatal(err)
	}
	about, err := weights.Metadata(&file)
	fmt.Println(about, err)
	// Output: map[columns:age] <nil>
}
