package table_test

import (
	"fmt"
	"log"
	"strings"

	"gradus/table"
)

const file = `age,sex,stay,died
63,F,2.5,no
71,M,,yes
58,F,1,no
80,M,9,yes
66,F,3,no
`

// A file becomes typed columns; what does not fit is an error that names the cell.
func ExampleRead() {
	tbl, err := table.Read(strings.NewReader(file), "ward.csv", table.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for i := range tbl.Columns {
		c := &tbl.Columns[i]
		fmt.Println(c.Name, c.Kind, c.Levels())
	}
	fmt.Println(tbl.Column("stay").Missing(1))
	_, err = table.Read(strings.NewReader(file+"x,F,1,no\n"), "ward.csv", table.Options{Kinds: map[string]table.Kind{"age": table.Number}})
	fmt.Println(err)
	// Output:
	// age number []
	// sex category [F M]
	// stay number []
	// died category [no yes]
	// true
	// ward.csv, row 6 (line 7), column "age": "x" is text in a number column; allowed are finite numbers such as 12.5 or 1e-3, and for missing: empty, NA, N/A, NULL, . or -
}

// The column to predict settles the task; of two levels one is the event.
func ExampleNewTarget() {
	tbl, err := table.Read(strings.NewReader(file), "ward.csv", table.Options{})
	if err != nil {
		log.Fatal(err)
	}
	target, y, err := table.NewTarget(tbl, "died", table.TaskAuto, "")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(target.Task, target.Levels, target.Event, y)
	// Output: binary [no yes] yes [0 1 0 1 0]
}

// Rows become the numbers that a network takes; medians, means and levels are learnt from the training rows alone.
func ExampleFit() {
	tbl, err := table.Read(strings.NewReader(file), "ward.csv", table.Options{})
	if err != nil {
		log.Fatal(err)
	}
	training := []int{0, 1, 2, 3}
	p, err := table.Fit(tbl, training, "died", table.PrepareOptions{MinRows: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Features())
	x, _, err := p.Apply(tbl, []int{4})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f\n", x.Row(0))
	// Output:
	// [age sex=F sex=M stay stay missing]
	// [-0.24 1.00 0.00 -0.24 0.00]
}
