package optimizer_test

import (
	"fmt"
	"log"

	"gradus/optimizer"
)

// A rule changes the weights once an iteration: here those of E = w², whose gradient is 2w.
func ExampleNewAdam() {
	w := []float64{1}
	rule, err := optimizer.NewAdam[float64](len(w), optimizer.Reference, optimizer.AdamConfig{})
	if err != nil {
		log.Fatal(err)
	}
	for range 3 {
		rule.Step(.1, w, []float64{2 * w[0]})
		fmt.Printf("%.6f\n", w[0])
	}
	// Output:
	// 0.900000
	// 0.800412
	// 0.701586
}

// By name, with the values that a person gave; what is wrong is said in a sentence.
func ExampleNew() {
	rule, err := optimizer.New[float32]("momentum", 10, optimizer.Deck, map[string]float64{"gamma": .8})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rule.Name(), len(rule.State().Moments[0].Values))
	_, err = optimizer.New[float32]("momentum", 10, optimizer.Deck, map[string]float64{"gamma": 1})
	fmt.Println(err)
	// Output:
	// momentum 10
	// momentum: gamma is 1; allowed: 0 ≤ gamma < 1
}

// Momentum leaves the local minimum that gradient descent stays in, deck 4-4-7 and 4-4-8.
func ExampleCourse_Run() {
	surface, err := optimizer.SurfaceByName("double-well")
	if err != nil {
		log.Fatal(err)
	}
	course := optimizer.Course{On: surface, Start: []float64{2}, Steps: 200, Alpha: .01}
	for _, name := range []string{"descent", "momentum"} {
		rule, err := optimizer.New[float64](name, 1, optimizer.Deck, nil)
		if err != nil {
			log.Fatal(err)
		}
		walk, err := course.Run(rule)
		if err != nil {
			log.Fatal(err)
		}
		last := walk.Steps[len(walk.Steps)-1]
		fmt.Printf("%-8s w %.3f  E %.3f\n", name, last.W[0], last.F)
	}
	// Output:
	// descent  w 0.960  E -0.706
	// momentum w -1.036  E -1.305
}
