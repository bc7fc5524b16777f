package federate_test

import (
	"bytes"
	"fmt"
	"log"

	"gradus/data"
	"gradus/federate"
	"gradus/table"
)

// A plan says what the sites agree on; no number of the table is in it.
func ExampleNew() {
	set, err := data.Get("iris")
	if err != nil {
		log.Fatal(err)
	}
	tbl, err := table.Read(bytes.NewReader(set.CSV()), set.Name, table.Options{})
	if err != nil {
		log.Fatal(err)
	}
	target, _, err := table.NewTarget(tbl, set.Target, table.TaskAuto, "")
	if err != nil {
		log.Fatal(err)
	}
	plan, err := federate.New(tbl, target, []string{"sepal_width_(cm)"}, 10)
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range plan.Columns {
		fmt.Println(c.Name, c.Kind)
	}
	fmt.Println(plan.Target.Levels)
	// Output:
	// sepal_length_(cm) number
	// petal_length_(cm) number
	// petal_width_(cm) number
	// [setosa versicolor virginica]
}
