package check

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gradus/internal/say"
	"gradus/source"
)

func tableOf(t *testing.T, text string, opt Options) *Report {
	t.Helper()
	opt.Lang = say.English
	r, err := Table("f.csv", sheet(text), opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// rowsOf is a table of n rows of what each column makes of the row.
func rowsOf(n int, header string, cells ...func(i int) any) string {
	var b strings.Builder
	b.WriteString(header + "\n")
	for i := range n {
		for k, c := range cells {
			if k > 0 {
				b.WriteByte(',')
			}
			fmt.Fprint(&b, c(i))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func random(seed uint64) func(int) any {
	r := rand.New(rand.NewPCG(seed, 1))
	return func(int) any { return fmt.Sprintf("%.3f", r.NormFloat64()) }
}

func yn(i int) any { return []string{"N", "Y"}[min(i%4, 1)^1] }

func TestBadTables(t *testing.T) {
	wide := strings.Repeat("c,", 70000)
	for _, c := range []struct{ name, text, target, key, part string }{
		{"nothing", "\n", "", "check.empty", "f.csv"},
		{"header only", "a,b\n", "", "check.no_rows", "f.csv"},
		{"too many columns", wide + "\n" + wide, "", "check.many_columns", "70001"},
		{"ragged", "a,b\n1,2\n1,2,3\n", "", "check.ragged", "3"},
		{"no such target", "age,died\n1,2\n", "dead", "check.no_column", `"died"`},
		{"target all missing", "a,y\n1,NA\n2,\n3,미상\n", "y", "check.target_empty", `"y"`},
		{"one class", "a,y\n1,Y\n2,Y\n3,Y\n", "y", "check.target_one", `"y"`},
		{"one number", "a,y\n1,1.5\n2,1.5\n3,1.5\n", "y", "check.target_one", `"y"`},
		{"a date", "a,y\n1,2021-01-01\n2,2021-01-02\n", "y", "check.target_date", `"y"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Table("f.csv", sheet(c.text), Options{Target: c.target})
			wantKey(t, err, c.key, c.part)
		})
	}
}

func TestSmallAndWideTables(t *testing.T) {
	if r := tableOf(t, "a,b\n1,x\n", Options{}); r.Rows != 1 || r.Columns[0].Kind != Constant {
		t.Errorf("%+v", r)
	}
	if r := tableOf(t, "a\n1.5\n2.5\n3.5\n", Options{}); r.Rows != 3 || r.Columns[0].Kind != Number || r.Columns[0].Role != Feature {
		t.Errorf("%+v", r)
	}
	if r := tableOf(t, "a,b\nNA,\n미상,-\n.,NULL\n", Options{}); r.Rows != 3 || r.Columns[0].Kind != Empty || r.Columns[1].Missing != 3 {
		t.Errorf("%+v", r)
	}
	header, cells := make([]string, 5000), make([]string, 5000)
	for i := range header {
		header[i], cells[i] = fmt.Sprint("c", i), fmt.Sprint(i)
	}
	s := &source.Sheet{Records: [][]string{header, cells, slices.Repeat([]string{"7"}, 5000), slices.Repeat([]string{"8"}, 5000)}}
	if r, err := Table("f.csv", s, Options{Target: "c1"}); err != nil || len(r.Columns) != 5000 {
		t.Error(err)
	}
}

// A target of three levels is one of classes, and said to be.
func TestThreeLevels(t *testing.T) {
	r := tableOf(t, rowsOf(30, "x,y", random(1), func(i int) any { return i % 3 }), Options{Target: "y"})
	if r.Event != "" || len(r.Columns[1].Levels) != 3 || len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], "3") {
		t.Errorf("%+v", r)
	}
}

func TestFutureDates(t *testing.T) {
	text := rowsOf(9, "visit,x", func(i int) any { return fmt.Sprintf("2021-03-0%d", i+1) }, random(1))
	if r := tableOf(t, text, Options{Today: 18691}); len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], "4 dates") {
		t.Errorf("%v", r.Warnings)
	}
	if r := tableOf(t, text, Options{Today: 20000}); len(r.Warnings) != 0 {
		t.Errorf("%v", r.Warnings)
	}
}

func TestFrame(t *testing.T) {
	r := tableOf(t, "환자 자료,,,\n,,,\nid,x, x ,\nA001,1,2,\n,,,\nA002,3,4,\nA001,1,2,\nTotal,4,6,\n평균: ,2,3,\n", Options{})
	var names []string
	for _, c := range r.Columns {
		names = append(names, c.Name)
	}
	if !slices.Equal(names, []string{"id", "x", "x (2)", "column 4"}) || r.HeaderRow != 3 || r.Records != 6 || r.Rows != 2 {
		t.Errorf("%v %+v", names, r)
	}
	want := []Excluded{{1, "title"}, {2, "title"}, {5, "blank"}, {7, "duplicate"}, {8, "footer"}, {9, "footer"}}
	if !slices.Equal(r.Excluded, want) {
		t.Errorf("%v", r.Excluded)
	}
}

// Where most rows repeat another they are no mistake.
func TestManyRepetitionsAreKept(t *testing.T) {
	r := tableOf(t, rowsOf(40, "a,b", func(i int) any { return i % 2 }, func(i int) any { return i % 3 }), Options{})
	if r.Rows != 40 || len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], "34") {
		t.Errorf("%d %v", r.Rows, r.Warnings)
	}
}

func TestKinds(t *testing.T) {
	text := rowsOf(60, "no,key,chart,code,연락처,q,nm,site,split,grade,flag,note,mixed",
		func(i int) any { return i + 1 },
		func(i int) any { return fmt.Sprintf("P%04d", i/2) },
		func(i int) any { return fmt.Sprintf("%08d", i*37) },
		func(i int) any { return fmt.Sprintf("%02d", i%5) },
		func(i int) any { return i },
		func(i int) any { return fmt.Sprintf("010-%04d-%04d", i, i*3) },
		func(i int) any { return "김" + string(rune('가'+i)) + "수" },
		func(i int) any { return "AB"[i%2 : i%2+1] },
		func(i int) any { return []string{"train", "test"}[i%2] },
		func(i int) any { return 1 + i%4 },
		func(i int) any { return []string{"+", "-"}[i%2] },
		func(i int) any { return fmt.Sprint("sentence about row ", i, " that nobody else has") },
		func(i int) any { return []any{i, "hemolysed"}[i/54] })
	r := tableOf(t, text, Options{})
	r.want(t, Identifier, Dropped, "no", "chart")
	r.want(t, Identifier, Group, "key")
	r.want(t, Category, Feature, "code", "flag")
	r.want(t, Person, Dropped, "연락처", "q", "nm")
	r.want(t, Category, Dropped, "site", "split")
	r.want(t, Number, Feature, "grade", "mixed")
	r.want(t, Text, Dropped, "note")
	if p := r.column(t, "grade").Proposals; len(p) != 1 || p[0].As != "category" || p[0].Count != 60 {
		t.Errorf("%+v", p)
	}
	if p := r.column(t, "mixed").Proposals; len(p) != 1 || p[0].Value != "hemolysed" || p[0].Count != 6 {
		t.Errorf("%+v", p)
	}
	if c := r.column(t, "flag"); c.Levels["-"] != 30 || c.Missing != 0 {
		t.Errorf("%+v", c)
	}
}

// A word among numbers that stands there once or twice is counted and not shown.
func TestRareWordsAreNotShown(t *testing.T) {
	r := tableOf(t, rowsOf(40, "x", func(i int) any { return []any{float64(i) + .5, "홍길동 보호자"}[i/39] }), Options{})
	if p := r.Columns[0].Proposals; len(p) != 1 || p[0].Value != "" || p[0].Count != 1 {
		t.Errorf("%+v", p)
	}
}

func TestSentinels(t *testing.T) {
	for _, c := range []struct {
		odd  string
		want bool
	}{{"999", true}, {"-9", true}, {"9999", true}, {"88", false}, {"200", false}} {
		r := tableOf(t, rowsOf(60, "x,r", func(i int) any { return []any{fmt.Sprint(60 + i%30), c.odd}[i/58] }, random(9)), Options{})
		p := r.Columns[0].Proposals
		got := len(p) == 1 && p[0].Value == c.odd && p[0].As == "missing" && p[0].Count == 2 && r.Columns[0].Missing == 0
		if got != c.want {
			t.Errorf("%s: %+v", c.odd, p)
		}
	}
}

func TestLeaks(t *testing.T) {
	text := rowsOf(80, "visit,y,good,copy,level,only,gap,재원일수,pathology,later,earlier",
		func(i int) any { return fmt.Sprintf("2021-03-%02d", 1+i%20) }, yn, random(3),
		func(i int) any {
			return fmt.Sprintf("%.2f", float64(i)/200+float64(len(fmt.Sprint(yn(i)))+strings.Count(fmt.Sprint(yn(i)), "Y")))
		},
		func(i int) any { return "low high"[4*strings.Count(fmt.Sprint(yn(i)), "Y"):][:4] },
		func(i int) any { return []any{"", i % 7}[strings.Count(fmt.Sprint(yn(i)), "Y")*(i/4%2)] },
		func(i int) any { return []any{i % 9, ""}[strings.Count(fmt.Sprint(yn(i)), "Y")] },
		random(4), random(5),
		func(i int) any { return fmt.Sprintf("2021-04-%02d", 1+i%20) },
		func(i int) any { return fmt.Sprintf("2021-02-%02d", 1+i%20) })
	r := tableOf(t, text, Options{Target: "y"})
	for name, part := range map[string]string{"copy": "AUROC 1.000", "level": "AUROC 1.000", "only": `"Y"`, "gap": "filled", "재원일수": "name", "pathology": "name", "later": "after"} {
		if c := r.column(t, name); c.Role != Blocked || !strings.Contains(c.Reason, part) {
			t.Errorf("%s is %s: %s", name, c.Role, c.Reason)
		}
	}
	r.want(t, Number, Feature, "good")
	r.want(t, Date, Dropped, "earlier")
	r.want(t, Date, Time, "visit")
	for _, c := range tableOf(t, text, Options{}).Columns {
		if c.Role == Blocked || c.Role == Target {
			t.Errorf("without a target %s is %s", c.Name, c.Role)
		}
	}
}

// What the file itself says about its values, as SPSS does, is heard.
func TestLabels(t *testing.T) {
	s := sheet(rowsOf(20, "x", func(i int) any { return []int{1, 2, 8}[i%3] }))
	s.Header, s.Records = s.Records[0], s.Records[1:]
	s.Labels, s.Missing = map[int]map[string]string{0: {"1": "male", "2": "female"}}, map[int][]string{0: {"8"}}
	r, err := Table("f.sav", s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c := r.Columns[0]; r.HeaderRow != 0 || r.Rows != 20 || c.Missing != 6 || c.Levels["male"] != 7 || c.Levels["female"] != 7 {
		t.Errorf("%+v", c)
	}
}

// The JSON has the agreed keys, lists and objects never null, whatever the number of cores.
func TestContract(t *testing.T) {
	text := rowsOf(50, "x,y", random(1), yn)
	one := runtime.GOMAXPROCS(1)
	a, _ := json.Marshal(tableOf(t, text, Options{Target: "y"}))
	runtime.GOMAXPROCS(max(2, one))
	b, _ := json.Marshal(tableOf(t, text, Options{Target: "y"}))
	runtime.GOMAXPROCS(one)
	want := `{"encoding":"utf-8","delimiter":",","sheet":"","header_row":1,"records":50,"rows":50,"excluded":[],"columns":[` +
		`{"name":"x","kind":"number","role":"feature","reason":"","missing":0,"levels":{},"proposals":[]},` +
		`{"name":"y","kind":"category","role":"target","reason":"","missing":0,"levels":{"N":37,"Y":13},"proposals":[]}]}`
	if string(a) != want || !reflect.DeepEqual(a, b) {
		t.Errorf("%s\n%s\nwant %s", a, b, want)
	}
}

// The bound of 1,000,000 × 30 is 10 s: go test -run '^$' -bench Check -benchtime 1x ./check
func BenchmarkCheck(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	s := &source.Sheet{Records: make([][]string, 1_000_001)}
	for r := range s.Records {
		row := make([]string, 30)
		for c := range row {
			row[c] = fmt.Sprintf("%.2f", 100*rng.NormFloat64())
		}
		row[29] = fmt.Sprint(r % 2)
		if r == 0 {
			for c := range row {
				row[c] = fmt.Sprint("c", c)
			}
		}
		s.Records[r] = row
	}
	for b.Loop() {
		if _, err := Table("big.csv", s, Options{Target: "c29"}); err != nil {
			b.Fatal(err)
		}
	}
}
