package explain_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"gradus/explain"
	"gradus/fit"
	"gradus/mat"
	"gradus/model"
	"gradus/table"
)

// What one prediction rests on: the parts of the columns add up to the prediction, exactly.
func ExampleShapley() {
	var rows strings.Builder
	rows.WriteString("age,crp,died\n")
	for i := range 60 {
		fmt.Fprintf(&rows, "%d,%d,%d\n", 40+i%30, i*7%20, min(1, (i%30)/20))
	}
	tbl, err := table.Read(strings.NewReader(rows.String()), "ward.csv", table.Options{})
	if err != nil {
		log.Fatal(err)
	}
	target, y, err := table.NewTarget(tbl, "died", table.TaskAuto, "")
	if err != nil {
		log.Fatal(err)
	}
	none := 0.
	run, err := fit.New(tbl, nil, target, y, model.Settings{Hidden: []int{4}, Epochs: 200, Validation: &none, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	m, err := run.Train(context.Background())
	if err != nil {
		log.Fatal(err)
	}

	f, err := explain.NewFunction(m, "", explain.Probability)
	if err != nil {
		log.Fatal(err)
	}
	prepared, _, err := m.Preparation.Apply(tbl, nil)
	if err != nil {
		log.Fatal(err)
	}
	x := mat.New[float64](prepared.Rows, prepared.Cols)
	for i, v := range prepared.Data {
		x.Data[i] = float64(v)
	}
	parts, err := explain.Shapley(context.Background(), f, model.Groups(m.Preparation), x.Row(29), x, 1, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s %+.1f\n", parts.Parts[0].Column, parts.Parts[0].Part)
	fmt.Println("adds up:", parts.Error < 1e-12 && parts.Error > -1e-12)
	// Output:
	// age +0.3
	// adds up: true
}
