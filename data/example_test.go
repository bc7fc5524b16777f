package data_test

import (
	"bytes"
	"fmt"
	"log"

	"gradus/data"
	"gradus/table"
)

// A bundled table is read as any file is.
func ExampleGet() {
	set, err := data.Get("breast_cancer")
	if err != nil {
		log.Fatal(err)
	}
	tbl, err := table.Read(bytes.NewReader(set.CSV()), set.Name, table.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(set.Title("en"))
	fmt.Println(tbl.Rows, "rows,", len(tbl.Columns), "columns, target", set.Target)
	// Output:
	// Breast cancer, Wisconsin (diagnostic)
	// 569 rows, 31 columns, target diagnosis
}

func ExampleAll() {
	for _, set := range data.All() {
		fmt.Println(set.Name, set.Task, set.Synthetic)
	}
	// Output:
	// breast_cancer binary false
	// wine classes false
	// digits classes false
	// iris classes false
	// diabetes number false
	// cohort binary true
	// lifetimes survival true
}
