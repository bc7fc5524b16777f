package perceptron_test

import (
	"fmt"
	"log"

	"gradus/perceptron"
)

// NAND as deck 4-1-10 wires it, every stage of it.
func ExamplePerceptron_Run() {
	nand, err := perceptron.Gate("NAND")
	if err != nil {
		log.Fatal(err)
	}
	s, err := nand.Run(1, 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("products %.1f  sum %.1f  o %.1f  y %g\n", s.Products, s.Sum, s.O, s.Y)
	// Output: products [-1.0 -1.0]  sum -2.0  o -0.5  y 0
}

// Rosenblatt's rule finds OR.
func ExampleLearn() {
	or, err := perceptron.ParseTable("OR")
	if err != nil {
		log.Fatal(err)
	}
	run, err := perceptron.Learn(or, 1, 100)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(run.Converged, run.Epochs, run.Perceptron.W, run.Perceptron.B)
	// Output: true 4 [1 1] -1
}

// No line makes XOR: the rows that want 1 and those that want 0 have one centre of gravity.
func ExampleProve() {
	proof := perceptron.Prove(perceptron.Parity(2))
	fmt.Println(proof.Separable, proof.Meet, proof.Holds())
	// Output: false [0.5 0.5] true
}
