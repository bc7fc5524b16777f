package study_test

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"gradus/data"
	"gradus/model"
	"gradus/study"
	"gradus/table"
)

// The whole way: nested validation, regression beside the network, a verdict, and the final model on all rows.
func ExampleRun() {
	set, err := data.Get("breast_cancer")
	if err != nil {
		log.Fatal(err)
	}
	tbl, err := table.Read(bytes.NewReader(set.CSV()), set.Name, table.Options{})
	if err != nil {
		log.Fatal(err)
	}
	plan := study.Plan{Target: set.Target, Outer: 2, Inner: 2, Draws: 50, Settings: model.Settings{Hidden: []int{4}, Epochs: 5, Seed: 1}}
	r, err := study.Run(context.Background(), tbl, plan, "", nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Validation.Rows, "rows,", r.Validation.Folds, "folds")
	fmt.Println(r.Model.Target.Event, r.Card.Rows)
	// Output:
	// 569 rows, 2 folds
	// malignant 569
}
