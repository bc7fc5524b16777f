package report_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"strings"

	"gradus/data"
	"gradus/model"
	"gradus/report"
	"gradus/table"
	"gradus/validate"
)

// A validation as one page of HTML that stands by itself.
func ExampleWrite() {
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
	v, err := validate.Run(context.Background(), tbl, target, y, model.Settings{Hidden: []int{4}, Epochs: 5, Seed: 1}, validate.Plan{Folds: 3, Seed: 1}, nil)
	if err != nil {
		log.Fatal(err)
	}
	var page strings.Builder
	if err := report.Write(&page, report.Input{Lang: "en", Title: set.Title("en"), Question: set.Question("en"), Validation: v}); err != nil {
		log.Fatal(err)
	}
	html := page.String()
	fmt.Println(html[:15], strings.Contains(html, set.Question("en")), strings.Contains(html, "http://"))
	// Output: <!doctype html> true false
}
