package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gradus/check"
	"gradus/source"
)

// messyStudy copies the ugly hospital table in all its forms and makes the study of its CP949 form.
func messyStudy(t *testing.T) (in func(name string) string) {
	t.Helper()
	dir := t.TempDir()
	in = func(name string) string { return filepath.Join(dir, name) }
	for _, name := range []string{"messy_cp949.csv", "messy_utf16le.tsv", "messy_utf8bom.csv", "messy.xlsx"} {
		b, err := os.ReadFile("../../check/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(in(name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	gradus("", "check", in("messy_cp949.csv"), "--target", "30일내사망", "-o", in("study.yaml")).ok(t)
	return in
}

// A raw workbook becomes, by the study of another raw file, the strict table its model predicts, evaluates and compares.
func TestCleanEndToEnd(t *testing.T) {
	in := messyStudy(t)
	for _, c := range [][2]string{{"messy_cp949.csv", "a.csv"}, {"messy.xlsx", "b.csv"}, {"messy_utf16le.tsv", "c.csv"}, {"messy_utf8bom.csv", "d.xlsx"}} {
		gradus("", "check", in(c[0]), "--study", in("study.yaml"), "--clean", in(c[1])).ok(t)
	}
	files := map[string][]byte{}
	for _, name := range []string{"a.csv", "b.csv", "c.csv", "d.xlsx"} {
		var err error
		if files[name], err = os.ReadFile(in(name)); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files["a.csv"], files["c.csv"]) || !bytes.HasPrefix(files["a.csv"], []byte(mark)) || bytes.HasPrefix(files["b.csv"], []byte(mark)) {
		t.Error("one table in two encodings, or its mark")
	}
	header := strings.TrimPrefix(strings.SplitN(string(files["a.csv"]), "\n", 2)[0], mark)
	for _, column := range []string{"환자번호", "이름", "성명", "주민", "전화", "비고", "일자"} {
		if strings.Contains(header, column) {
			t.Error(header, "holds", column)
		}
	}
	book, err := source.Read(in("d.xlsx"), source.Options{})
	if err != nil || strings.Join(book.Records[0], ",") != header || len(book.Records) != 113 {
		t.Error(err, book)
	}
	gradus("", "train", in("a.csv"), "--target", "30일내사망", "--out", in("m.gradus"), "--epochs", "2", "--no-record").ok(t)
	if out := gradus("", "predict", in("m.gradus"), in("b.csv")).ok(t).out; strings.Count(out, "\n") != 41 {
		t.Error(out)
	}
	gradus("", "evaluate", in("m.gradus"), in("b.csv"), "--no-record").ok(t)
	gradus("", "drift", in("m.gradus"), in("b.csv")).ok(t)
	for out, marked := range map[string]bool{"from-a.csv": true, "from-b.csv": false} {
		gradus("", "predict", in("m.gradus"), in(out[5:]), "--out", in(out)).ok(t)
		if b, err := os.ReadFile(in(out)); err != nil || bytes.HasPrefix(b, []byte(mark)) != marked {
			t.Error(out, err)
		}
	}
	gradus("", "predict", in("m.gradus"), in("b.csv"), "--keep", "성별", "--out", in("p.xlsx")).ok(t)
	book, err = source.Read(in("p.xlsx"), source.Options{})
	if err != nil || len(book.Records) != 41 || strings.Join(book.Records[0], " ") != "row 성별 p_N p_Y prediction warnings" || !strings.HasPrefix(book.Records[1][2], "0.") {
		t.Error(err, book)
	}
}

// Rows of next year: other spellings, another limit, no target, columns that the study drops not there.
func TestCleanOfNewRows(t *testing.T) {
	in := messyStudy(t)
	raw := "나이,성별,체질량지수(BMI),수축기혈압,크레아티닌,CRP,당뇨,흡연,기관,등록번호,이름\n" +
		"71세, 남자 ,24.1,120,0.9 mg/dL,<0.7,no,비흡연,본원,A001,홍길동\n65,WOMAN,,131,1.1,2.5,YES,새로운,본원,A002,김철수\n"
	if err := os.WriteFile(in("new.csv"), []byte(raw), 0o600); err != nil {
		t.Fatal(err)
	}
	r := gradus("", "check", in("new.csv"), "--study", in("study.yaml"), "--clean", in("out.csv")).ok(t)
	b, err := os.ReadFile(in("out.csv"))
	want := "성별,나이,체질량지수(BMI),수축기혈압,크레아티닌,CRP,당뇨,흡연,기관\n남,71,24.1,120,0.9,0.35,N,비흡연,본원\n여,65,,131,1.1,2.5,Y,새로운,본원\n"
	if err != nil || string(b) != want || !strings.Contains(r.err, "30일내사망") {
		t.Errorf("%q %v %s", b, err, r.err)
	}
}

func TestCleanRefuses(t *testing.T) {
	in := messyStudy(t)
	study, err := os.ReadFile(in("study.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := check.ReadStudy("study.yaml", study)
	if err != nil {
		t.Fatal(err)
	}
	person := ""
	for _, c := range s.Columns {
		if c.Kind == check.Person {
			person = c.Name
		}
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--clean", in("x.csv")}, "--study"},
		{[]string{"--study", in("study.yaml")}, "--clean"},
		{[]string{"--study", in("study.yaml"), "--clean", in("x.txt")}, "x.txt"},
		{[]string{"--study", in("study.yaml"), "--clean", in("messy_cp949.csv")}, "--clean"},
		{[]string{"--study", in("study.yaml"), "--clean", in("x.csv"), "--keep", person}, person},
		{[]string{"--study", in("study.yaml"), "--clean", in("x.csv"), "--target", "a"}, "--target"},
	} {
		gradus("", append([]string{"check", in("messy_cp949.csv")}, c.args...)...).refused(t, 2, c.want)
	}
	if err := os.WriteFile(in("short.csv"), []byte("나이,성별\n1,남\n2,여\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	gradus("", "check", in("short.csv"), "--study", in("study.yaml"), "--clean", in("x.csv")).refused(t, 2, "체질량지수")
}
