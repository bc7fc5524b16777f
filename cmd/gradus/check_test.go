package main

import (
	"strings"
	"testing"

	"gradus/check"
)

// gradus check says in both languages and in JSON what a table holds, shows no name, and writes a study that reads back.
func TestCheck(t *testing.T) {
	d := workplace(t.TempDir())
	path := d.write(t, "wards.csv", "환자번호,환자명,나이,사망일자,y\nP001,가상갑,61세,,N\nP001,가상을,70,2021-03-05,Y\nP002,가상병,1,,N\n,,,,\nP003,가상정,55,,N\n합계,,,,1\n")
	var r check.Report
	gradus("", "check", path, "--target", "y", "--json").into(t, &r)
	if r.Rows != 4 || r.Records != 6 || len(r.Excluded) != 2 || r.Columns[1].Kind != check.Person || r.Columns[3].Role != check.Blocked {
		t.Errorf("%+v", r)
	}
	for lang, word := range map[string]string{"ko": "차단", "en": "blocked"} {
		out := gradus("", "check", path, "--target", "y", "--lang", lang, "-o", d.place("s.yaml")).ok(t)
		text := d.read(t, "s.yaml")
		if !strings.Contains(out.out, word) || strings.Contains(out.out+out.err+text, "가상") || strings.Contains(out.out+text, "P001") {
			t.Errorf("%s\n%s", out.out, text)
		}
		if s, err := check.ReadStudy("s.yaml", []byte(text)); err != nil || s.Splits.Group != "환자번호" || len(s.Table.SHA256) != 64 || s.Table.Name != "wards.csv" {
			t.Errorf("%v %+v", err, s)
		}
	}
	gradus("", "check", path, "-o", path).refused(t, 2, "wards.csv")
	gradus("", "check", path, "--target", "yy").refused(t, 2, `"y"`)
}
