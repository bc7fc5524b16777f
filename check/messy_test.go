package check

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"gradus/internal/say"
	"gradus/source"
	"gradus/table"
)

// testdata/messy* and messy_expected.json are one ugly hospital table (fictional people) in five formats, made on 2026-11-23 with
// what a reader must find in it.
var messy = words("messy_cp949.csv messy_euckr_semicolon_lf.csv messy_utf8bom.csv messy_utf16le.tsv messy.xlsx")

type expectation struct {
	Rows      int            `json:"data_rows_after_cleaning"`
	Duplicate int            `json:"exact_duplicate_rows"`
	Blank     int            `json:"blank_rows"`
	Footer    int            `json:"footer_total_rows"`
	Records   int            `json:"physical_data_records"`
	Patients  int            `json:"patients"`
	Several   int            `json:"patients_with_more_than_one_row"`
	Events    int            `json:"events"`
	Missing   map[string]int `json:"missing_expected"`
	IDs       []string       `json:"id_columns"`
	Persons   []string       `json:"direct_identifier_columns_to_drop"`
	Dates     []string       `json:"date_columns"`
	First     []string       `json:"first6_dates"`
	Target    string         `json:"target"`
	Event     string         `json:"event_label"`
	Leaks     []string       `json:"target_leakage_columns"`
	Suspects  []string       `json:"post_outcome_suspects"`
	Constant  []string       `json:"constant_columns"`
	Empty     int            `json:"empty_header_column"`
	Text      []string       `json:"free_text_columns"`
	Sex       [][]string     `json:"sex_synonyms"`
	Bounds    map[string]int `json:"censored_numeric_values"`
}

func expected(t *testing.T) (e expectation) {
	t.Helper()
	b, err := os.ReadFile("testdata/messy_expected.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func sheetOf(t *testing.T, name string) *source.Sheet {
	t.Helper()
	s, err := source.Read("testdata/"+name, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func reportOf(t *testing.T, name string, opt Options) *Report {
	t.Helper()
	r, err := Table(name, sheetOf(t, name), opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *Report) column(t *testing.T, name string) Column {
	t.Helper()
	i := slices.IndexFunc(r.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		t.Fatalf("no column %s", name)
	}
	return r.Columns[i]
}

func (r *Report) left(why string) int {
	n := 0
	for _, e := range r.Excluded {
		if e.Reason == why {
			n++
		}
	}
	return n
}

func (r *Report) want(t *testing.T, kind Kind, role Role, names ...string) {
	t.Helper()
	for _, name := range names {
		if c := r.column(t, name); c.Kind != kind || c.Role != role {
			t.Errorf("%s is %s, %s (%s), want %s, %s", name, c.Kind, c.Role, c.Reason, kind, role)
		}
	}
}

func TestMessy(t *testing.T) {
	e := expected(t)
	for _, name := range messy[:4] {
		t.Run(name, func(t *testing.T) {
			r := reportOf(t, name, Options{Target: e.Target, Lang: say.English})
			if r.Rows != e.Rows || r.Records != e.Records || r.HeaderRow != 1 {
				t.Errorf("%d rows of %d records under %d", r.Rows, r.Records, r.HeaderRow)
			}
			if r.left("duplicate") != e.Duplicate || r.left("blank") != e.Blank || r.left("footer") != e.Footer || r.left("title") != 0 {
				t.Errorf("%v", r.Excluded)
			}
			messyColumns(t, r, e)
			if c := r.Columns[e.Empty-1]; c.Kind != Empty || c.Role != Dropped {
				t.Errorf("%+v", c)
			}
			target := r.column(t, e.Target)
			if r.Event != e.Event || target.Levels[e.Event] != e.Events || len(target.Levels) != 2 {
				t.Errorf("event %q of %v", r.Event, target.Levels)
			}
			for column, n := range e.Missing {
				if got := missingAfter(r.column(t, column)); got != n {
					t.Errorf("%s: %d missing, want %d", column, got, n)
				}
			}
			if c := r.column(t, "CRP"); c.Proposals[0] != (Proposal{"<0.5", "lod/2", e.Bounds["CRP '<0.5'"], c.Proposals[0].Why, true}) {
				t.Errorf("%+v", c.Proposals)
			}
		})
	}
}

func messyColumns(t *testing.T, r *Report, e expectation) {
	t.Helper()
	r.want(t, Identifier, Group, e.IDs...)
	r.want(t, Person, Dropped, e.Persons...)
	r.want(t, Date, Time, e.Dates[0])
	r.want(t, Date, Blocked, e.Leaks...)
	r.want(t, Number, Blocked, e.Suspects...)
	r.want(t, Constant, Dropped, e.Constant...)
	r.want(t, Text, Dropped, e.Text...)
	r.want(t, Category, Target, e.Target)
	r.want(t, Number, Dropped, "CRP (2)")
	r.want(t, Number, Feature, "나이", "체질량지수(BMI)", "수축기혈압", "크레아티닌", "CRP")
	r.want(t, Category, Feature, "성별", "당뇨", "흡연")
	sex := r.column(t, "성별")
	if len(sex.Levels) != len(e.Sex) || sex.Levels["남"]+sex.Levels["여"] != r.Rows {
		t.Errorf("%v", sex.Levels)
	}
}

// missingAfter is how many cells are missing with the proposals that say so accepted.
func missingAfter(c Column) int {
	n := c.Missing
	for _, p := range c.Proposals {
		if p.As == "missing" {
			n += p.Count
		}
	}
	return n
}

// The workbook has a title above its header and the first 40 rows of the others.
func TestMessyWorkbook(t *testing.T) {
	e := expected(t)
	r := reportOf(t, "messy.xlsx", Options{Target: e.Target})
	if r.Rows != 40 || r.Records != 40 || r.HeaderRow != 2 || r.left("title") != 1 || len(r.Excluded) != 1 || r.Sheet != "환자자료" {
		t.Errorf("%d of %d under %d, %v, %s", r.Rows, r.Records, r.HeaderRow, r.Excluded, r.Sheet)
	}
	csv := sheetOf(t, "messy_utf8bom.csv")
	csv.Records = csv.Records[:41]
	want, err := Table("m", csv, Options{Target: e.Target})
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range r.Columns {
		w := want.Columns[i]
		if c.Name != w.Name || c.Kind != w.Kind || c.Role != w.Role || fmt.Sprint(c.Levels) != fmt.Sprint(w.Levels) || c.Missing-w.Missing > 1 {
			t.Errorf("%+v\nwant %+v", c, w)
		}
	}
}

// accepted is the study of a report with every proposal accepted.
func accepted(r *Report, name string) *Study {
	s := NewStudy(r, name, "", 1)
	for i := range s.Columns {
		for j := range s.Columns[i].Proposed {
			s.Columns[i].Proposed[j].Accept = true
		}
	}
	return s
}

// With the proposals accepted every text format becomes the same clean table.
func TestApplyMessy(t *testing.T) {
	e := expected(t)
	var first string
	for _, name := range messy[:4] {
		sheet := sheetOf(t, name)
		r := reportOf(t, name, Options{Target: e.Target})
		s := accepted(r, name)
		tbl, log, err := Apply(name, sheet, s)
		if err != nil {
			t.Fatal(err)
		}
		if tbl.Rows != e.Rows || log.Rows != e.Rows || log.Excluded["duplicate"] != e.Duplicate {
			t.Errorf("%s: %d rows, %+v", name, tbl.Rows, log)
		}
		for column, n := range e.Missing {
			c, got := tbl.Column(column), 0
			for row := range tbl.Rows {
				if c.Missing(row) {
					got++
				}
			}
			if got != n {
				t.Errorf("%s, %s: %d missing, want %d", name, column, got, n)
			}
		}
		for i, day := range e.First {
			if got := tbl.Column(e.Dates[0]).Text(i); got != day {
				t.Errorf("%s: day %d is %s, want %s", name, i, got, day)
			}
		}
		patients(t, tbl.Column(e.IDs[0]), tbl.Rows, e)
		var b strings.Builder
		if err := tbl.WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = b.String()
		}
		if b.String() != first {
			t.Errorf("%s gives another table", name)
		}
		if _, y, err := table.NewTarget(tbl, e.Target, "", s.Target.Event); err != nil || len(y) != e.Rows {
			t.Error(err)
		}
	}
	if !strings.Contains(first, "00000711") || !strings.Contains(first, ",0.25,") || !strings.Contains(first, ",128,") {
		t.Error("a leading zero, a limit or a scale is lost")
	}
}

func patients(t *testing.T, id *table.Column, rows int, e expectation) {
	t.Helper()
	n, several := map[string]int{}, 0
	for r := range rows {
		if n[id.Text(r)]++; n[id.Text(r)] == 2 {
			several++
		}
	}
	if len(n) != e.Patients || several != e.Several {
		t.Errorf("%d patients, %d with several rows", len(n), several)
	}
}

// No cell of a column of identifiers, people or free text stands in anything that is written.
func TestPrivacy(t *testing.T) {
	for _, name := range messy {
		sheet := sheetOf(t, name)
		for _, target := range []string{"", "30일내사망"} {
			r := reportOf(t, name, Options{Target: target, Lang: say.Korean})
			s := NewStudy(r, name, "", 1)
			_, log, err := Apply(name, sheet, s)
			if err != nil {
				t.Fatal(err)
			}
			text, err := s.Write(say.Korean)
			if err != nil {
				t.Fatal(err)
			}
			all, _ := json.Marshal([]any{r, log, r.Warnings})
			said := string(all) + string(text)
			for c, name := range words("등록번호 환자명 비고") {
				at := []int{0, 1, 15}[c]
				for _, record := range sheet.Records {
					if at < len(record) && len(record) > 10 && clean(record[at]) != name && clean(record[at]) != "" && strings.Contains(said, clean(record[at])) {
						t.Fatalf("a cell of %s is shown", name)
					}
				}
			}
		}
	}
}
