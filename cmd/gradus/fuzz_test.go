package main

import (
	"errors"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"gradus/internal/say"
	"gradus/optimizer"
)

// sentence fails the test where err is none of the catalogue's.
func sentence(t *testing.T, what string, err error) {
	t.Helper()
	if _, ok := errors.AsType[*say.Err](err); err != nil && !ok {
		t.Errorf("%s: no sentence: %v", what, err)
	}
}

// FuzzFlags gives the same text to every reader of a flag's value.
func FuzzFlags(f *testing.F) {
	for _, s := range []string{"64,32", "0", "adam,beta1=0.9,form=deck,alpha=.1,l2=1", "momentum,=", "1,-2.5,3e-1", "true", "1e400", "a,\"b,c\" ,p_d", "yes=p,no=q", "yes=p,yes=q", "\"", "max 100000", "５"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		hidden, err := widths(s)
		sentence(t, "--hidden", err)
		for _, n := range hidden {
			if n < 1 {
				t.Errorf("--hidden %q: %v", s, hidden)
			}
		}
		list, err := numbers("--at", s)
		sentence(t, "--at", err)
		for _, v := range list {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("--at %q: %v", s, list)
			}
		}
		r, err := newRacer(s, optimizer.Course{On: optimizer.Surfaces()[0], Alpha: .1})
		sentence(t, "--rule", err)
		if err == nil && (r.rule == nil || !(r.course.Alpha > 0)) {
			t.Errorf("--rule %q: %+v", s, r)
		}
		_, err = columnNames("--keep", s)
		sentence(t, "--keep", err)
		levels, columns, err := metricsFlags{truth: "y", prob: []string{s}}.levelColumns()
		sentence(t, "--prob", err)
		if err == nil && (len(levels) != len(columns) || len(levels) < 2) {
			t.Errorf("--prob %q: %q %q", s, levels, columns)
		}
		if g := grant(fstest.MapFS{"cpu.max": {Data: []byte(s)}}, ".", true); g < 0 || math.IsNaN(g) {
			t.Errorf("cpu.max %q: %v", s, g)
		}
	})
}

// FuzzPredictions gives gradus metrics and recalibrate tables of predictions, and values for their flags.
func FuzzPredictions(f *testing.F) {
	f.Add("y,p\n1,.9\n0,.1\n1,.4\n0,.6\n", "p", "0.5", byte(0))
	f.Add("y,p,q\nyes,1,0\nno,0,1\nyes,1e-300,.5\n", "p,q", ".1", byte(1))
	f.Add("y,a,b,c\na,.2,.3,.5\nb,.1,.9,0\nc,1,0,0\n", "a,b,c", "1", byte(2))
	f.Add("y,p\n1.5,2\n-1,1e308\n1e308,-1e308\n", "p", "2", byte(3))
	f.Add("y,p\n1,.9\n0,.1\n1,.4\n0,.6\n", "p", "isotonic", byte(4))
	f.Add("y,p\n,\n\"\n", "p", "logistic", byte(4))
	f.Fuzz(func(t *testing.T, csv, prob, value string, how byte) {
		if len(csv) > 1<<12 || strings.HasPrefix(prob, "-") || strings.HasPrefix(value, "-") {
			return
		}
		args := []string{"metrics", "-", "--truth", "y", "--prob", prob, "--threshold", value}
		switch how % 5 {
		case 1:
			args = append(args[:6:6], "--event", value, "--json")
		case 2:
			args = append(args[:6:6], "--task", "classes", "--json")
		case 3:
			args = []string{"metrics", "-", "--task", "number", "--truth", "y", "--pred", prob, "--json"}
		case 4:
			name := filepath.Join(t.TempDir(), "p.csv")
			if os.WriteFile(name, []byte(csv), 0o600) != nil || os.WriteFile(name+"2", []byte(csv+"\n"), 0o600) != nil {
				t.Skip("no file can be written")
			}
			args = []string{"recalibrate", name, name + "2", "--truth", "y", "--prob", prob, "--method", value}
		}
		r := gradus(csv, args...)
		if strings.Contains(r.err, say.Text(say.English, "cmd.panic", "cause", "")[:24]) || strings.Contains(r.out, "NaN") {
			t.Fatalf("%q: %s%s", args, r.out, r.err)
		}
		if r.code != 0 && !(r.code == 2 && strings.HasPrefix(r.err, "gradus: ")) {
			t.Fatalf("%q: exit %d, %q", args, r.code, r.err)
		}
	})
}

// FuzzLesson reads files of lessons: an address that a browser reads back, or a sentence.
func FuzzLesson(f *testing.F) {
	f.Add([]byte(`{"gradus":"lesson","version":1,"pages":["4-1-8","4-5-21"],"hide":["a&b=c"],"seed":"7"}`))
	f.Add([]byte(`{"gradus":"lesson","version":1,"pages":["4-1-8#%zz"],"each":true}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		address, err := whereLesson(b, "lesson.json")
		sentence(t, "lesson", err)
		if err != nil {
			return
		}
		page, rest, _ := strings.Cut(address, "&")
		if _, bad := url.QueryUnescape(page); bad != nil {
			t.Error(bad)
		}
		if v, bad := url.ParseQuery(rest); bad != nil || v.Get("lesson") == "" {
			t.Errorf("%q: %v %v", address, v, bad)
		}
	})
}
