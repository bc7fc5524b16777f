package lab

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzQuestions sends anything to what the page asks about a person's own table, but for a study of it: an answer, or a refusal in both
// languages that is the asker's fault.
func FuzzQuestions(f *testing.F) {
	paths := []string{"/api/table", "/api/check", "/api/look", "/api/playground", "/api/study"}
	for i, body := range []string{
		rows(12), `{"lang":"ko","target":"died","sheet":""}`, `{"lang":"en","kind":"report"}`, `{"address":"4-5-21&w1=1"}`, `{"target":"nobody","folds":-1}`, "{", `{"target":"died"} x`, "null", "[]", "\"\xff\"",
	} {
		f.Add(byte(i), body)
	}
	f.Fuzz(func(t *testing.T, which byte, body string) {
		o := NewOwn()
		defer o.Close()
		ask := func(path, body string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
			r.RemoteAddr = "127.0.0.1:1"
			r.Header.Set("X-Gradus-Token", o.Token())
			r.Header.Set("X-Gradus-Name", "t.csv")
			w := httptest.NewRecorder()
			o.ServeHTTP(w, r)
			return w
		}
		path := paths[int(which)%len(paths)]
		if path != "/api/study" { // without a table it is refused, however it reads
			ask("/api/table", rows(12))
		}
		w := ask(path, body)
		if w.Code < 300 {
			return
		}
		var refused struct{ Error *trouble }
		if err := json.Unmarshal(w.Body.Bytes(), &refused); err != nil || refused.Error == nil || refused.Error.Korean == "" || w.Code >= 500 {
			t.Errorf("%s %q: %d %s", path, body, w.Code, w.Body)
		}
	})
}
