package protocol_test

import (
	"fmt"
	"log"

	"gradus/check"
	"gradus/protocol"
	"gradus/source"
)

// From a raw file to the plan of its study: what the command line and the lab both do.
func ExamplePlan() {
	file := "id,age,sex,died\np1,63,F,0\np2,71,M,1\np3,58,F,0\np4,80,M,1\np5,66,F,0\np6,69,M,0\n"
	sheet, err := source.Decode("ward.csv", []byte(file), source.Options{})
	if err != nil {
		log.Fatal(err)
	}
	found, err := check.Table("ward.csv", sheet, check.Options{Target: "died", Lang: "en"})
	if err != nil {
		log.Fatal(err)
	}
	made := check.NewStudy(found, "ward.csv", "", 1)
	_, done, err := check.Apply("ward.csv", sheet, made)
	if err != nil {
		log.Fatal(err)
	}
	plan, err := protocol.Plan(made, done)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(plan.Target, plan.Event, plan.Split, plan.Outer, plan.Records)
	// Output: died 1 cross-validation 10 6
}
