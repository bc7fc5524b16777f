package check

import (
	"encoding/json"
	"os"
	"testing"

	"gradus/source"
)

func TestDump(t *testing.T) {
	b, _ := os.ReadFile("testdata/messy_utf8bom.csv")
	s, err := source.Decode("m.csv", b, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Table("m.csv", s, Options{Target: "30일내사망", Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Columns {
		j, _ := json.Marshal(c)
		t.Log(string(j))
	}
	t.Log(r.Records, r.Rows, r.Excluded, r.Warnings, r.Event)
}
