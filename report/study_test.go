package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"gradus/data"
	"gradus/internal/say"
	"gradus/model"
	"gradus/report"
	"gradus/study"
	"gradus/table"
)

// small is a study of a bundled table, as little work as a study can be.
func small(t *testing.T, name string, p study.Plan) report.Input {
	t.Helper()
	set, err := data.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	tbl, err := table.Read(bytes.NewReader(set.CSV()), name+".csv", table.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p.Target, p.Outer, p.Inner, p.Draws = set.Target, 3, 2, 20
	p.Settings.Epochs, p.Settings.Seed = 3, 1
	r, err := study.Run(context.Background(), tbl, p, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return report.Input{
		Lang: say.Korean, Title: name, Validation: r.Validation, Nested: r.Nested, Study: r.Study, Card: r.Card, File: "model.gradus",
		Verdict: r.Verdict(say.Korean), Opened: 3,
	}
}

func page(t *testing.T, in report.Input) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Write(&b, in); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var heading = regexp.MustCompile(`<section id="([a-z-]+)">`)

func sections(html string) (list []string) {
	for _, m := range heading.FindAllStringSubmatch(html, -1) {
		list = append(list, m[1])
	}
	return list
}

// The report of a study has every part that its data can fill, in both languages, and says so of all 52 parts of the checklist.
func TestStudyReport(t *testing.T) {
	in := small(t, "cohort", study.Plan{Leave: []string{"visit_date"}, Subgroups: []string{"sex", "age", "site"}})
	for _, lang := range []say.Lang{say.Korean, say.English} {
		in.Lang = lang
		html := page(t, in)
		want := "result flow data table-one missing method roc calibration risks decisions subgroups recalibration size formula importance loss using limits card tripod again"
		if got := strings.Join(sections(html), " "); got != want {
			t.Errorf("%s: sections\n%s\nwant\n%s", lang, got, want)
		}
		for _, bad := range []string{`\[(paper|report|study)\.`, `\{[a-z_0-9]+\}`, `NaN`, `\+Inf`, `(?i)https?:`, `/work|/tmp|/home`, `\d\d:\d\d:\d\d`} {
			if found := regexp.MustCompile(bad).FindString(html); found != "" {
				t.Errorf("%s: the page holds %q", lang, found)
			}
		}
		for _, want := range []string{"E90", "Emax", "<details>", `class="plain wide"`, "counter(page)", ">12f E<", ">9a D<", ">27c D;E<"} {
			if !strings.Contains(html, want) {
				t.Errorf("%s: the page lacks %q", lang, want)
			}
		}
		todo := say.Text(lang, "paper.todo")
		rows := html[strings.Index(html, `<section id="tripod">`):]
		rows = rows[:strings.Index(rows, "</section>")]
		if n := strings.Count(rows, "<tr>") - 1; n != 52 {
			t.Errorf("%s: %d parts of the checklist", lang, n)
		}
		if n := strings.Count(rows, todo); n < 12 || n > 30 {
			t.Errorf("%s: %d parts are left to a person", lang, n)
		}
	}
}

// A part that is not there is left out, and what rests on it is left to a person.
func TestStudyReportWithoutParts(t *testing.T) {
	in := small(t, "cohort", study.Plan{Leave: []string{"visit_date"}, Subgroups: []string{"sex", "age", "site"}})
	whole := len(sections(page(t, in)))
	for name, drop := range map[string]func(*model.Study){
		"flow": func(s *model.Study) { s.Flow = nil }, "table-one": func(s *model.Study) { s.TableOne = nil },
		"subgroups": func(s *model.Study) { s.Subgroups = nil }, "recalibration": func(s *model.Study) { s.Recalibration = nil },
		"size": func(s *model.Study) { s.SampleSize = nil }, "formula": func(s *model.Study) { s.Formula = nil },
		"importance": func(s *model.Study) { s.Importance = nil }, "loss": func(s *model.Study) { s.Loss = nil },
		"": func(s *model.Study) { *s = model.Study{} },
	} {
		s := *in.Study
		drop(&s)
		less := in
		less.Study = &s
		html := page(t, less)
		if name != "" && strings.Contains(html, `id="`+name+`"`) || len(sections(html)) >= whole {
			t.Errorf("%s is still there", name)
		}
	}
}

// Sites and periods are told one by one, classes and numbers have reports of their own.
func TestStudyReportOfEveryKind(t *testing.T) {
	for _, c := range []struct {
		name, want string
		plan       study.Plan
	}{
		{"cohort", `id="parts"`, study.Plan{Split: "external", Site: "site", Leave: []string{"visit_date"}}},
		{"cohort", `id="parts"`, study.Plan{Split: "temporal", Time: "visit_date"}},
		{"wine", `id="formula"`, study.Plan{}},
		{"diabetes", `id="formula"`, study.Plan{}},
	} {
		in := small(t, c.name, c.plan)
		html := page(t, in)
		if !strings.Contains(html, c.want) || strings.Contains(html, "[paper.") {
			t.Errorf("%s %s: %v", c.name, c.plan.Split, sections(html))
		}
		var b bytes.Buffer
		if err := report.JSON(&b, in); err != nil {
			t.Fatal(err)
		}
		var got report.Content
		if err := json.Unmarshal(b.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Checklist) != 52 || len(got.Limits) == 0 || got.Study == nil || got.Verdict == "" || got.Disclaimer == "" {
			t.Errorf("%s: JSON has %d parts, %d limits", c.name, len(got.Checklist), len(got.Limits))
		}
	}
}
