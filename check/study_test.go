package check

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"gradus/internal/say"
	"gradus/source"
)

func wantKey(t *testing.T, err error, key string, parts ...string) {
	t.Helper()
	var e *say.Err
	if !errors.As(err, &e) || e.Key != key {
		t.Fatalf("%v, want %s", err, key)
	}
	for _, lang := range []say.Lang{say.English, say.Korean} {
		for _, p := range parts {
			if !strings.Contains(e.In(lang), p) || strings.Contains(e.In(lang), "{") {
				t.Errorf("%q lacks %q", e.In(lang), p)
			}
		}
	}
}

// sheet is a table of commas and lines.
func sheet(text string) *source.Sheet {
	s := &source.Sheet{Encoding: "utf-8", Delimiter: ","}
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		s.Records, s.Lines = append(s.Records, strings.Split(line, ",")), append(s.Lines, i+1)
	}
	return s
}

// What is written is read again, in both languages, with a comment at every part.
func TestStudyRoundTrip(t *testing.T) {
	s := NewStudy(reportOf(t, "messy_utf8bom.csv", Options{Target: "30일내사망"}), "m.csv", strings.Repeat("ab", 32), 7)
	for _, lang := range []say.Lang{say.English, say.Korean} {
		b, err := s.Write(lang)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadStudy("study.yaml", b)
		if err != nil || !reflect.DeepEqual(got, s) {
			t.Fatalf("%v\n%+v\n%+v", err, got, s)
		}
		for _, n := range notes {
			line, _, _ := strings.Cut(say.Text(lang, "check.note_"+n), "\n")
			if !strings.Contains(string(b), "# "+line) {
				t.Errorf("no comment at %s", n)
			}
		}
	}
	if s.Splits.Group != "등록번호" || s.IndexDate != "내원일" || s.Splits.Site != "기관" || s.Target != (TargetOf{Column: "30일내사망", Event: "Y"}) || s.Splits.Seed != 7 {
		t.Errorf("%+v", s)
	}
	if s.Same("m.csv", strings.Repeat("AB", 32)) != nil {
		t.Error("the same file is refused")
	}
	wantKey(t, s.Same("other.csv", strings.Repeat("00", 32)), "check.other_table", "other.csv", "m.csv")
}

func TestStudyThatIsNone(t *testing.T) {
	good, err := NewStudy(reportOf(t, "messy_utf8bom.csv", Options{Target: "30일내사망"}), "m.csv", "", 1).Write(say.English)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, fresh, key, part string }{
		{"thresholds:", "treshholds:", "check.study_key", `"thresholds"`},
		{"    role: group", "    rolle: group", "check.study_key", `"role"`},
		{"folds: 10", "folds: ten", "check.study_value", "study.yaml"},
		{"folds: 10", "folds: 1", "check.study_field", "splits.folds"},
		{"repeats: 1", "repeats: 0", "check.study_field", "splits.repeats"},
		{"inner_folds: 5", "inner_folds: 0", "check.study_field", "splits.inner_folds"},
		{"resamples: 1000", "resamples: -1", "check.study_field", "resamples"},
		{"trials: 1", "trials: -1", "check.study_field", "model.trials"},
		{"- 0.05", "- 1.5", "check.study_field", "thresholds"},
		{"gradus: 1", "gradus: 2", "check.study_field", "gradus"},
		{"kind: person", "kind: persn", "check.study_field", "환자명"},
		{"role: group", "role: grup", "check.study_field", "등록번호"},
		{"role: group", "role: feature", "check.study_feature", "등록번호"},
		{"role: target", "role: feature", "check.study_target", "30일내사망"},
		{"index_date: 내원일", "index_date: 내원", "check.no_column", "내원일"},
		{"name: 환자명", "name: 등록번호", "check.study_field", "columns.name"},
		{"gradus: 1", "gradus: [", "check.study_yaml", "study.yaml"},
	} {
		text := strings.Replace(string(good), c.old, c.fresh, 1)
		if text == string(good) {
			t.Fatalf("no %q in the study", c.old)
		}
		_, err := ReadStudy("study.yaml", []byte(text))
		wantKey(t, err, c.key, c.part)
	}
	_, err = ReadStudy("study.yaml", nil)
	wantKey(t, err, "check.study_empty")
	_, err = ReadStudy("study.yaml", append(good, "\n---\ngradus: 1\n"...))
	wantKey(t, err, "check.study_two")
	_, err = ReadStudy("study.yaml", make([]byte, mostStudy+1))
	wantKey(t, err, "check.study_long")
	_, err = ReadStudy("study.yaml", []byte("gradus: 1\nsplits: {folds: 5, inner_folds: 5, repeats: 1}\n"))
	wantKey(t, err, "check.study_field", "columns")
}

const visits = "id,visit,lab,crp,grade,y\nP001,2021-03-05,2021-03-01,<0.5,1,N\nP002,2021.3.6,2021.3.6,3,2,Y\nP003,20210307,44200,>50,3,N\nP004,2021/3/8,,999,1,\nP005,2021년 3월 9일,x,4 mg/L,2,Y\n"

func visitStudy() *Study {
	return &Study{
		Version: 1, Target: TargetOf{Column: "y", Event: "Y"}, IndexDate: "visit", Splits: Splits{Group: "id", Time: "visit"},
		Columns: []StudyColumn{
			{Name: "id", Kind: Identifier, Role: Group},
			{Name: "visit", Kind: Date, Role: Time},
			{Name: "lab", Kind: Date, Role: Feature, Days: true},
			{Name: "crp", Kind: Number, Role: Feature, Indicator: true, Proposed: []StudyProposal{{Value: "<0.5", As: "lod/2", Accept: true}, {Value: ">50", As: "limit", Accept: true}}},
			{Name: "grade", Kind: Number, Role: Feature, Proposed: []StudyProposal{{Value: "*", As: "category", Accept: true}}},
			{Name: "y", Kind: Category, Role: Target},
		},
	}
}

// Each decision of a study stands in the table and is counted in the log.
func TestApply(t *testing.T) {
	tbl, log, err := Apply("v.csv", sheet(visits), visitStudy())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := tbl.WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	want := "id,visit,lab,crp,crp <>,grade,y\nP001,2021-03-05,-4,0.25,1,1,N\nP002,2021-03-06,0,3,0,2,Y\nP003,2021-03-07,-62,50,1,3,N\nP005,2021-03-09,,4,0,2,Y\n"
	if b.String() != want {
		t.Errorf("%s\nwant\n%s", b.String(), want)
	}
	if tbl.Column("grade").Kind != "category" || log.Excluded["target"] != 1 || log.Rows != 4 || log.Records != 5 {
		t.Errorf("%+v", log)
	}
	if got := fmt.Sprint(log.Columns[2].Unread, log.Columns[2].Missing, log.Columns[3].Recoded); got != "1 1 map[limit:1 lod/2:1]" {
		t.Error(got)
	}
}

// A proposal that is not accepted is not carried out: a sentinel stays a number, a bound is missing.
func TestApplyRefusedProposals(t *testing.T) {
	s := visitStudy()
	s.Columns[3].Proposed[0].Accept = false
	s.Columns[3].Proposed = append(s.Columns[3].Proposed, StudyProposal{Value: "999", As: "missing"})
	s.Target, s.Columns[5].Role = TargetOf{}, Dropped
	tbl, log, err := Apply("v.csv", sheet(visits), s)
	if err != nil {
		t.Fatal(err)
	}
	crp := tbl.Column("crp")
	if tbl.Rows != 5 || !crp.Missing(0) || crp.Number(3) != 999 || log.Columns[3].Unread != 1 || tbl.Column("y") != nil {
		t.Errorf("%v %v", log, tbl.Names())
	}
}

// A blocked column enters only where the study says that it is known when the prediction is made.
func TestBlockedUntilKnown(t *testing.T) {
	s := visitStudy()
	s.Columns[4].Role = Blocked
	for _, known := range []bool{false, true} {
		s.Columns[4].Known = known
		tbl, _, err := Apply("v.csv", sheet(visits), s)
		if err != nil || (tbl.Column("grade") != nil) != known {
			t.Errorf("known %v: %v %v", known, tbl.Names(), err)
		}
	}
}

func TestApplyToAnotherTable(t *testing.T) {
	_, _, err := Apply("v.csv", sheet("id,visit,lab,crpp,grade,y\n1,2,3,4,5,6\n"), visitStudy())
	wantKey(t, err, "check.no_column", `"crp"`, `"crpp"`)
	_, _, err = Apply("v.csv", sheet("id,visit,lab,crp,grade,y\n1,2,3,4,5,NA\n"), visitStudy())
	wantKey(t, err, "check.target_empty")
	s := visitStudy()
	s.Target, s.Splits, s.IndexDate = TargetOf{}, Splits{}, ""
	for i := range s.Columns {
		s.Columns[i].Role = Dropped
	}
	_, _, err = Apply("v.csv", sheet(visits), s)
	wantKey(t, err, "check.no_features")
}

func FuzzReadStudy(f *testing.F) {
	b, _ := visitStudy().Write(say.English)
	f.Add(b)
	f.Add([]byte("gradus: 1\ncolumns: [{name: a, kind: number, role: feature}]\nsplits: {folds: 2, inner_folds: 2, repeats: 1}"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, in []byte) {
		s, err := ReadStudy("s.yaml", in)
		if err != nil {
			return
		}
		if _, _, err := Apply("v.csv", sheet(visits), s); err != nil {
			var e *say.Err
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
		}
	})
}

// Whatever the records hold, check says what they are and its study applies, or there is a sentence that says why not.
func FuzzApply(f *testing.F) {
	f.Add(visits, "y")
	f.Add("제목\na,b,y\n1,<2,1\n２,3 mg/L,0\n합계,,1\n,,\n1,<2,1", "y")
	f.Add("a,a,\n+,-,\n-,+,x", "")
	f.Fuzz(func(t *testing.T, text, target string) {
		s := sheet(text)
		r, err := Table("f.csv", s, Options{Target: target, Lang: say.English})
		if err != nil {
			return
		}
		study := NewStudy(r, "f.csv", "", 1)
		b, err := study.Write(say.English)
		if err != nil {
			t.Fatal(err)
		}
		if study, err = ReadStudy("f.yaml", b); err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		tbl, log, err := Apply("f.csv", s, study)
		var e *say.Err
		if err != nil && !errors.As(err, &e) {
			t.Fatal(err)
		}
		if err == nil && (tbl.Rows != log.Rows || log.Rows > r.Rows) {
			t.Fatalf("%d rows, log %d, report %d", tbl.Rows, log.Rows, r.Rows)
		}
	})
}
