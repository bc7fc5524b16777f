package model_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"strings"

	"gradus/data"
	"gradus/fit"
	"gradus/model"
	"gradus/table"
)

// A small model of a bundled table: who has a malignant mass.
func trained() *model.Model {
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
	run, err := fit.New(tbl, nil, target, y, model.Settings{Hidden: []int{4}, Epochs: 20, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	m, err := run.Train(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	return m
}

// A model goes into a file, comes back, and answers for rows of a table that has its columns, with a doubt where a value is unlike those
// it was trained on.
func ExampleModel_NewPredictor() {
	var file bytes.Buffer
	if err := trained().Write(&file); err != nil {
		log.Fatal(err)
	}
	m, err := model.Read(file.Bytes(), "breast.gradus")
	if err != nil {
		log.Fatal(err)
	}

	var names, first, odd []string
	for _, in := range m.Preparation.Inputs {
		names, first, odd = append(names, in.Name), append(first, fmt.Sprint(in.Mean)), append(odd, fmt.Sprint(in.High))
	}
	odd[0] = "1000"
	rows := strings.Join([]string{strings.Join(names, ","), strings.Join(first, ","), strings.Join(odd, ",")}, "\n")
	tbl, err := table.Read(strings.NewReader(rows), "new.csv", table.Options{Kinds: m.Preparation.Kinds()})
	if err != nil {
		log.Fatal(err)
	}
	p, err := m.NewPredictor(tbl, tbl.Rows)
	if err != nil {
		log.Fatal(err)
	}
	answer, doubts := p.Predict(0, tbl.Rows)
	for r := range tbl.Rows {
		fmt.Printf("row %d: %s %.1f\n", r+1, m.Target.Event, answer.At(r, m.EventIndex()))
	}
	for _, d := range doubts {
		fmt.Printf("row %d: %s\n", d.Row+1, d.In("en"))
	}
	// Output:
	// row 1: malignant 0.4
	// row 2: malignant 0.6
	// row 2: mean_radius: 1000 is outside the training range, 6.981 to 28.11
}
