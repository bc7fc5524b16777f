package validate_test

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"gradus/data"
	"gradus/model"
	"gradus/table"
	"gradus/validate"
)

// Cross-validation with logistic regression on the same folds; every row is judged by networks that did not know it.
func ExampleRun() {
	set, err := data.Get("breast_cancer")
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
	v, err := validate.Run(context.Background(), tbl, target, y, model.Settings{Hidden: []int{8}, Epochs: 20, Seed: 1}, validate.Plan{Folds: 3, Seed: 1}, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d rows in %d folds\n", v.Rows, v.Folds)
	fmt.Printf("AUROC: network %.2f, regression %.2f\n", v.Binary.Network.AUROC.Value, v.Binary.Regression.AUROC.Value)
	// Output:
	// 569 rows in 3 folds
	// AUROC: network 0.99, regression 0.99
}

// The rows of a patient stay together, whatever the scheme.
func ExampleParting_Split() {
	patient := []int{0, 0, 1, 1, 2, 3, 4, 5}
	died := []float64{0, 1, 0, 0, 1, 0, 1, 0}
	folds, err := validate.Parting{Scheme: validate.CrossValidation, Folds: 2, Repeats: 1, Seed: 1, Group: patient}.Split(died, true)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range folds {
		fmt.Println(f.Train, f.Test)
	}
	// Output:
	// [2 3 4 7] [0 1 5 6]
	// [0 1 5 6] [2 3 4 7]
}
