package main

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gradus/source"
)

// ugly are the forms of the ugly hospital table, and one with resident numbers and telephones beside.
var ugly = []string{"messy_cp949.csv", "messy_euckr_semicolon_lf.csv", "messy_utf8bom.csv", "messy_utf16le.tsv", "messy.xlsx", "persons.csv"}

// uglyTable is one of them, in a folder of its own, and what of it must stand nowhere else.
func uglyTable(t *testing.T, name string) (path string, private []string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	from := "../../check/testdata/" + name
	if name == "persons.csv" {
		from = "../../check/testdata/messy_utf8bom.csv"
	}
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if name == "persons.csv" {
		b = withPersons(t, b)
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	sheet, err := source.Decode(name, b, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	head := slices.IndexFunc(sheet.Records, func(r []string) bool { return r[0] == "등록번호" })
	for j, column := range sheet.Records[head] {
		if slices.Contains([]string{"등록번호", "환자명", "비고", "주민등록번호", "전화번호"}, column) {
			for _, record := range sheet.Records[head+1:] {
				private = append(private, strings.Split(record[j], "\n")...)
			}
		}
	}
	slices.Sort(private)
	private = slices.DeleteFunc(slices.Compact(private), func(s string) bool { return s == "" || s == "합계" })
	if len(private) < 40 {
		t.Fatalf("%s: %d private cells", name, len(private))
	}
	return path, private
}

// withPersons gives each record a resident number and a telephone of nobody.
func withPersons(t *testing.T, b []byte) []byte {
	t.Helper()
	sheet, err := source.Decode("messy.csv", b, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for i, record := range sheet.Records {
		born, phone := "800101-1", "010-5550-"
		more := []string{born + padded(i, 6), phone + padded(i, 4)}
		if i == 0 {
			more = []string{"주민등록번호", "전화번호"}
		}
		for j, cell := range append(slices.Clone(record), more...) {
			if j > 0 {
				out.WriteByte(',')
			}
			out.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		out.WriteByte('\n')
	}
	return out.Bytes()
}

func padded(i, digits int) string {
	s := []byte(strings.Repeat("0", digits))
	for k := digits - 1; i > 0; i, k = i/10, k-1 {
		s[k] = byte('0' + i%10)
	}
	return string(s)
}

// searched is b with what a zip file holds laid open.
func searched(t *testing.T, b []byte) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return b
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		part, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		b = append(b, part...)
	}
	return b
}

// No identifier, name, resident number, telephone or free text of the ugly tables stands in anything that any command prints or leaves:
// model, study file, figures, reports, checkpoint, cleaned table, predictions, records.
func TestPrivacy(t *testing.T) {
	for _, name := range ugly {
		t.Run(name, func(t *testing.T) {
			path, private := uglyTable(t, name)
			dir := t.TempDir()
			in := func(file string) string { return filepath.Join(dir, file) }
			kept := map[string][]byte{}
			home := map[string]string{"XDG_DATA_HOME": in("records"), "HOME": dir, "LocalAppData": dir}
			said := func(args ...string) {
				t.Helper()
				r := launch(context.Background(), "", home, args...)
				if r.code != 0 {
					t.Errorf("%s: exit %d, %s", args, r.code, r.err)
				}
				kept[strings.Join(args, " ")] = []byte(r.out + r.err)
			}
			chain(in, path, said)
			kept["a study that was stopped"] = interrupted(t, in, path, home)
			for file, b := range everyFile(t, dir) {
				kept[file] = searched(t, b)
			}
			if len(kept) < 45 {
				t.Errorf("only %d things to search", len(kept))
			}
			for _, cell := range private {
				about := regexp.MustCompile(`(^|[^0-9.])` + regexp.QuoteMeta(cell) + `([^0-9]|$)`)
				for what, b := range kept {
					if bytes.Contains(b, []byte(cell)) && about.Match(b) {
						t.Errorf("%s holds %q", strings.ReplaceAll(what, dir, ""), cell)
					}
				}
			}
		})
	}
}

// chain is every command of the practice on one table. A study writes its reports in both languages.
func chain(in func(string) string, path string, said func(args ...string)) {
	target := []string{"--target", "30일내사망"}
	said(append([]string{"study", path, "--out", in("study"), "--outer", "2", "--inner", "2", "--draws", "10", "--epochs", "2"}, target...)...)
	said(append([]string{"check", path, "-o", in("study.yaml")}, target...)...)
	said("check", path, "--study", in("study.yaml"), "--clean", in("clean.csv"))
	said("check", path, "--study", in("study.yaml"), "--clean", in("clean.xlsx"))
	said(append([]string{"train", in("clean.csv"), "--out", in("m.gradus"), "--epochs", "2", "--members", "1"}, target...)...)
	for _, lang := range []string{"ko", "en"} {
		say := func(args ...string) { said(append(args, "--lang", lang)...) }
		say(append([]string{"check", path}, target...)...)
		say(append([]string{"check", path, "--json"}, target...)...)
		for _, m := range []string{in("m.gradus"), in("study/model.gradus")} {
			say("predict", m, in("clean.csv"), "--out", m+lang+".csv")
			say("evaluate", m, in("clean.csv"))
			say("drift", m, in("clean.csv"))
			say("inspect", m)
		}
		say("explain", in("m.gradus"), in("clean.csv"))
		say("runs")
		say("runs", "--json")
		say("runs", "--audit")
		say("compare", "1", "2")
	}
}

// interrupted leaves what a study on the way leaves, and is what it says when it is stopped.
func interrupted(t *testing.T, in func(string) string, path string, home map[string]string) []byte {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() { // once a fold is written
		for ctx.Err() == nil {
			if _, err := os.Stat(in("part-checkpoint")); err == nil {
				stop()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	r := launch(ctx, "", home, "study", path, "--target", "30일내사망", "--out", in("part"), "--outer", "4", "--inner", "2", "--repeats", "5", "--draws", "20", "--epochs", "2")
	if _, err := os.Stat(in("part-checkpoint")); err != nil || r.code != 130 {
		t.Errorf("exit %d, %v: %s", r.code, err, r.err)
	}
	return []byte(r.out + r.err)
}

// everyFile is what stands below a folder.
func everyFile(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
