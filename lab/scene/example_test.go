package scene_test

import (
	"fmt"

	"gradus/lab/scene"
)

// Numbers of a page are written with a true minus sign and no negative nothing.
func ExampleRound() {
	fmt.Println(scene.Round(-.0004, 3), scene.Round(-1.25, 1), scene.Round(.5, 2))
	// Output: 0.000 −1.2 0.50
}

// Every learner has numbers of their own, from the name, on every machine the same.
func ExampleSeedOf() {
	fmt.Println(scene.SeedOf("김하나"), scene.SeedOf(" 김하나 ") == scene.SeedOf("김하나"))
	// Output: 17081 true
}
