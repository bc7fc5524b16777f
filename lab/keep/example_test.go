package keep_test

import (
	"bytes"
	"fmt"
	"log"

	"gradus/lab/keep"
	"gradus/model"
)

// The network that a learner trained in the playground, as a model that every command takes.
func ExampleWrite() {
	var file bytes.Buffer
	if err := keep.Write(&file, "playground&step=20"); err != nil {
		log.Fatal(err)
	}
	m, err := model.Read(file.Bytes(), "playground.gradus")
	if err != nil {
		log.Fatal(err)
	}
	for _, in := range m.Preparation.Inputs {
		fmt.Println(in.Name, in.Kind)
	}
	fmt.Println(m.Target.Levels)
	// Output:
	// x1 number
	// x2 number
	// [0 1]
}
