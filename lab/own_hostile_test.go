package lab

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// What people drop that is no table gets a sentence.
func TestHostileFiles(t *testing.T) {
	p := serve(t)
	p.refused(409, "labdata.no_table", "POST", "/api/check", "{}")
	p.refused(409, "labdata.no_table", "POST", "/api/study", small)
	p.refused(404, "labdata.no_study", "GET", "/api/report?lang=ko", "")
	p.refused(400, "labdata.question", "POST", "/api/check", `{"target":`)
	p.refused(400, "labdata.question", "POST", "/api/study", `{"path":"/etc/passwd"}`)
	for name, content := range map[string]string{
		"scan.csv": "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + strings.Repeat("\x00\xff", 500), "empty.csv": "", "zero.csv": strings.Repeat("\x00", 4000),
		"broken.xlsx": "PK\x03\x04" + strings.Repeat("x", 300), "picture.csv": "\x89PNG\r\n\x1a\n" + strings.Repeat("\x01", 300),
	} {
		var e struct{ Error trouble }
		if p.want(422, &e, "POST", "/api/table", content, "X-Gradus-Name", name); e.Error.Korean == "" || e.Error.Key == "labdata.failed" {
			t.Errorf("%s: %+v", name, e.Error)
		}
	}
	p.drop("한 글 (최종) 2.csv", rows(60))
	for body, key := range map[string]string{
		`{"folds":2}`:                                  "labdata.no_target",
		`{"target":"dead"}`:                            "check.no_column",
		`{"target":"died","folds":1}`:                  "check.study_field",
		`{"target":"died","folds":1000000}`:            "check.study_field",
		`{"target":"died","threshold":"harm:much"}`:    "study.rule_value",
		`{"target":"died","roles":{"died":"feature"}}`: "study.target_role",
		`{"target":"died","roles":{"x":"feature"}}`:    "labdata.no_column",
		`{"target":"died","roles":{"age":"king"}}`:     "check.study_field",
		`{"target":"died","known":["x"]}`:              "labdata.no_column",
	} {
		p.refused(422, key, "POST", "/api/study", body)
	}
}

// A file of 2 GB is refused before it is read, by its announced length and by what comes.
func TestTwoGigabytes(t *testing.T) {
	o := NewOwn()
	for _, announced := range []int64{2 << 30, -1} {
		read := &endless{}
		r := httptest.NewRequest("POST", "/api/table", read)
		r.ContentLength, r.RemoteAddr = announced, "127.0.0.1:9"
		r.Header.Set("X-Gradus-Token", o.token)
		w := httptest.NewRecorder()
		if o.ServeHTTP(w, r); w.Code != 413 || !strings.Contains(w.Body.String(), "labdata.too_large") {
			t.Errorf("%d: %d %s", announced, w.Code, w.Body)
		}
		if announced > 0 && read.n > 0 || read.n > mostTable+1<<20 {
			t.Errorf("%d bytes were read", read.n)
		}
	}
}

// endless gives letters without end.
type endless struct{ n int64 }

func (e *endless) Read(b []byte) (int, error) {
	e.n += int64(len(b))
	return len(b), nil
}

func (e *endless) Close() error { return nil }

// The name of a file loses its folders and what no name shows.
func TestFileName(t *testing.T) {
	for given, want := range map[string]string{
		"cohort.csv": "cohort.csv", "%ED%95%9C%20%EA%B8%80.csv": "한 글.csv", `C:\Users\이\표.csv`: "표.csv", "../../etc/passwd": "passwd", "a%00b%0a.csv": "ab.csv",
		"": "table", "..%2f": "..", "%zz.csv": "%zz.csv", strings.Repeat("가", 300) + ".csv": strings.Repeat("가", 116) + ".csv",
	} {
		if got := fileName(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}
