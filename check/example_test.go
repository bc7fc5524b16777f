package check_test

import (
	"fmt"
	"log"

	"gradus/check"
	"gradus/source"
)

// A ward's export: a title, units in cells, two ways to write a sex, a column that tells the outcome.
const ward = `Ward 7, 2026
id,age,sex,crp,death_date,died
p1,63,F,<0.5,,0
p2,71,m,12,2026-03-01,1
p3,58,F,3,,0
p4,80,M,44,2026-03-09,1
p5,66,f,8,,0
p6,69,M,9,,0
`

// What each column is and what is proposed, before anything is decided.
func ExampleTable() {
	sheet, err := source.Decode("ward.csv", []byte(ward), source.Options{})
	if err != nil {
		log.Fatal(err)
	}
	r, err := check.Table("ward.csv", sheet, check.Options{Target: "died", Lang: "en"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("header in record", r.HeaderRow, "rows", r.Rows)
	for _, c := range r.Columns {
		fmt.Println(c.Name, c.Kind, c.Role)
	}
	// Output:
	// header in record 2 rows 6
	// id identifier dropped
	// age number feature
	// sex category feature
	// crp number feature
	// death_date date blocked
	// died category target
}

// The study file holds every decision; Apply carries it out.
func ExampleApply() {
	sheet, err := source.Decode("ward.csv", []byte(ward), source.Options{})
	if err != nil {
		log.Fatal(err)
	}
	r, err := check.Table("ward.csv", sheet, check.Options{Target: "died", Lang: "en"})
	if err != nil {
		log.Fatal(err)
	}
	s := check.NewStudy(r, "ward.csv", "", 1)
	tbl, done, err := check.Apply("ward.csv", sheet, s)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(tbl.Names(), tbl.Rows, done.Excluded)
	fmt.Println(tbl.Column("sex").Levels())
	// Output:
	// [age sex crp died] 6 map[title:1]
	// [F M]
}
