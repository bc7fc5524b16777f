package fit_test

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"gradus/data"
	"gradus/fit"
	"gradus/model"
	"gradus/table"
)

// From a table to a trained model; the zero Settings are the defaults, an ensemble beside a regression.
func ExampleNew() {
	set, err := data.Get("iris")
	if err != nil {
		log.Fatal(err)
	}
	tbl, err := table.Read(bytes.NewReader(set.CSV()), set.Name, table.Options{})
	if err != nil {
		log.Fatal(err)
	}
	target, y, err := table.NewTarget(tbl, set.Target, table.TaskAuto, "")
	if err != nil {
		log.Fatal(err)
	}
	run, err := fit.New(tbl, nil, target, y, model.Settings{Hidden: []int{8}, Epochs: 60, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	for step, err := range run.Steps(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		if step.Last && step.Epoch%20 == 0 {
			fmt.Printf("epoch %d: cost %.1f\n", step.Epoch, step.EpochCost)
		}
	}
	m := run.Model()
	fmt.Println(m.Target.Levels, m.Card.Rows, "rows")
	// Output:
	// epoch 20: cost 1.0
	// epoch 40: cost 0.8
	// epoch 60: cost 0.7
	// [setosa versicolor virginica] 150 rows
}
