package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf16"
)

// lines is a table of n rows below its header.
func lines(header string, n int, row func(i int) string) string {
	b := []byte(header + "\n")
	for i := range n {
		b = append(b, row(i)...)
		b = append(b, '\n')
	}
	return string(b)
}

// compound is an OLE2 file, what Excel before 2007 and a workbook with a password are, that names a stream.
func compound(stream string) string {
	b := []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 1016))
	for _, u := range utf16.Encode([]rune(stream)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b) + strings.Repeat("\x00", 1024)
}

// What a table can be that no model comes of: each has its own sentence in both languages, and nothing is left behind.
func TestBadTables(t *testing.T) {
	all := []string{"check", "train", "study"}
	learning := all[1:]
	repairing := []string{"check", "study"}
	for _, c := range []struct {
		name, text, more string
		commands         []string
		want             map[string][]string
	}{
		{"old.xls", compound("Workbook"), "", repairing, map[string][]string{"en": {"old.xls", ".xlsx"}, "ko": {"old.xls", ".xlsx"}}},
		{"old.xls", compound("Workbook"), "", []string{"train"}, map[string][]string{"en": {"UTF-8", "save the file"}, "ko": {"UTF-8", "저장하십시오"}}},
		{"locked.xlsx", compound("EncryptedPackage"), "", repairing, map[string][]string{"en": {"locked.xlsx", "password"}, "ko": {"locked.xlsx", "암호"}}},
		{"one_row.csv", "a,b,y\n1,2,0\n", "", all, map[string][]string{"en": {`"y"`, "at least two"}, "ko": {`"y"`, "둘 이상|두 가지 이상"}}},
		{"one_column.csv", lines("y", 40, func(i int) string { return fmt.Sprint(i % 2) }), "", learning, map[string][]string{"en": {"no column is left", "add a column"}, "ko": {"배울 열", "넣으십시오"}}},
		{"empty.csv", lines("a,b,y", 40, func(i int) string { return fmt.Sprintf(",,%d", i%2) }), "", learning, map[string][]string{"en": {"no column is left", "add a column"}, "ko": {"배울 열", "넣으십시오"}}},
		{"one_class.csv", lines("a,b,y", 40, func(i int) string { return fmt.Sprintf("%d,%d,0", i%7, i%5) }), "", all, map[string][]string{"en": {`"y"`, "two"}, "ko": {`"y"`, "이상"}}},
		{"future.csv", lines("visit_date,a,y", 90, func(i int) string {
			year := 2019
			if i == 17 {
				year = 2091
			}
			return fmt.Sprintf("%d-01-%02d,%d,%d", year, i%28+1, i%9, i/2%3/2)
		}), "--split temporal --time visit_date", []string{"study"}, map[string][]string{"en": {"visit_date", "future", "row 18", "line 19", "correct"}, "ko": {"visit_date", "미래", "18", "고치십시오"}}},
		{"far.csv", lines("visit_date,a,y", 90, func(i int) string {
			year := 2019
			if i == 17 {
				year = 2999
			}
			return fmt.Sprintf("%d-01-%02d,%d,%d", year, i%28+1, i%9, i/2%3/2)
		}), "--split temporal --time visit_date", []string{"study"}, map[string][]string{"en": {"visit_date", "future", "row 18", "line 19", "correct"}, "ko": {"visit_date", "미래", "18", "고치십시오"}}},
		{"s.yaml", "gradus: 1\ntaget: y\n", "", []string{"study"}, map[string][]string{"en": {"s.yaml", "line 2", `"taget"`, `"target"`}, "ko": {"s.yaml", "2번째 줄", `"taget"`, `"target"`}}},
	} {
		for _, command := range c.commands {
			for lang, want := range c.want {
				d := newFolder(t)
				args := []string{command, d.write(t, c.name, c.text), "--lang", lang, "--quiet"}
				if c.name != "s.yaml" {
					args = append(args, "--target", "y")
				}
				switch command {
				case "train":
					args = append(args, "--epochs", "2", "--out", d.place("m.gradus"))
				case "study":
					args = append(args, "--epochs", "2", "--out", d.place("out"), "--outer", "2", "--inner", "2", "--draws", "10")
				case "check":
					args = append(args, "-o", d.place("made.yaml"))
				}
				r := gradus("", append(args, strings.Fields(c.more)...)...)
				sentence := r.err[strings.LastIndex(strings.TrimSuffix(r.err, "\n"), "\n")+1:]
				if r.code != 2 || r.out != "" || !strings.HasPrefix(sentence, "gradus: ") {
					t.Errorf("%s %s: exit %d, %q, %q", command, c.name, r.code, r.out, r.err)
				}
				for _, w := range want {
					if a, b, _ := strings.Cut(w, "|"); !strings.Contains(sentence, a) && (b == "" || !strings.Contains(sentence, b)) {
						t.Errorf("%s %s: %q does not say %q", command, c.name, sentence, w)
					}
				}
				d.holds(t, c.name)
			}
		}
	}
}

// Perfect, reversed, tied and certain scores have figures, and where a figure is undefined it is null.
func TestBadScores(t *testing.T) {
	d := newFolder(t)
	for _, c := range []struct {
		name          string
		p             []string // of a row without and with the event, by turns
		auroc         float64
		low, high     float64
		clipped, flat bool
	}{
		{"perfect", []string{"0.2", "0.8"}, 1, .5, 1, false, false},
		{"reversed", []string{"0.8", "0.2"}, 0, 0, .5, false, false},
		{"tied", []string{"0.5", "0.5"}, .5, .5, .5, false, true},
		{"certain", []string{"0", "1"}, 1, .5, 1, true, false},
		{"wrongly certain", []string{"1", "0"}, 0, 0, .5, true, false},
	} {
		path := d.write(t, c.name+".csv", lines("y,p", 40, func(i int) string { return fmt.Sprintf("%d,%s", i%2, c.p[i%2]) }))
		r := gradus("", "metrics", path, "--truth", "y", "--prob", "p", "--json").ok(t)
		var got struct {
			AUROC       struct{ Value, Low, High float64 }
			LogLoss     *float64 `json:"log_loss"`
			Calibration struct{ Slope *float64 }
			Clipped     any
		}
		r.into(t, &got)
		if got.AUROC.Value != c.auroc || got.LogLoss == nil || strings.Contains(r.out, "NaN") || strings.Contains(r.out, "Inf") {
			t.Errorf("%s: %s", c.name, r.out)
		}
		if a := got.AUROC; a.Low < c.low || a.High > c.high || !c.flat && a.High-a.Low < .05 {
			t.Errorf("%s: interval %v to %v", c.name, a.Low, a.High)
		}
		if clipped := fmt.Sprint(got.Clipped) != "0"; clipped != c.clipped {
			t.Errorf("%s: clipped %v", c.name, got.Clipped)
		}
	}
}

// A table as wide as 5,000 columns and one that a plane parts are trained on; ridge keeps the regression beside finite.
func TestWideAndPartedTables(t *testing.T) {
	d := newFolder(t)
	names := make([]string, 5000)
	for j := range names {
		names[j] = fmt.Sprintf("c%d", j)
	}
	wide := d.write(t, "wide.csv", lines(strings.Join(names, ",")+",y", 40, func(i int) string {
		var b strings.Builder
		for j := range names {
			fmt.Fprintf(&b, "%d,", i*j*7919%13)
		}
		return b.String() + fmt.Sprint(i%2)
	}))
	gradus("", "check", wide, "--target", "y").ok(t)
	gradus("", "train", wide, "--target", "y", "--epochs", "2", "--members", "1", "--out", d.place("w.gradus")).ok(t)
	parted := d.write(t, "parted.csv", lines("a,b,y", 60, func(i int) string { return fmt.Sprintf("%d.5,%d,%d", i, i%5, i/30) }))
	r := gradus("", "study", parted, "--target", "y", "--epochs", "2", "--out", d.place("s"), "--outer", "2", "--inner", "2", "--draws", "10").ok(t)
	if b, err := os.ReadFile(d.place("s/study.json")); err != nil || strings.Contains(string(b)+r.out, "NaN") || strings.Contains(string(b), "Inf") {
		t.Error(err, r.out)
	}
}
