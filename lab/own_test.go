package lab

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"gradus/source"
)

// program is a lab that serves, with what it logs.
type program struct {
	t    *testing.T
	own  *Own
	url  string
	logs *bytes.Buffer
	sent *bytes.Buffer // every answer's body
}

func serve(t *testing.T) *program {
	t.Helper()
	s, o := site(t), NewOwn()
	s.Attach(o)
	p := &program{t: t, own: o, logs: &bytes.Buffer{}, sent: &bytes.Buffer{}}
	server := httptest.NewUnstartedServer(s.Handler("127.0.0.1"))
	server.Config.ErrorLog = log.New(p.logs, "", 0)
	server.Start()
	t.Cleanup(func() { o.Close(); server.Close() })
	p.url = server.URL
	return p
}

// ask sends a request with the token; header changes what is sent, "" takes a header away.
func (p *program) ask(method, path, body string, header ...string) (int, []byte, http.Header) {
	p.t.Helper()
	r, err := http.NewRequest(method, p.url+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("X-Gradus-Token", p.own.token)
	for i := 0; i < len(header); i += 2 {
		if r.Header.Set(header[i], header[i+1]); header[i] == "Host" {
			r.Host = header[i+1]
		}
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	p.sent.Write(b)
	return answer.StatusCode, b, answer.Header
}

// want asks and reads the answer into v.
func (p *program) want(code int, v any, method, path, body string, header ...string) {
	p.t.Helper()
	got, b, _ := p.ask(method, path, body, header...)
	if got != code {
		p.t.Fatalf("%s %s: %d, want %d: %.300s", method, path, got, code, b)
	}
	if v != nil {
		if err := json.Unmarshal(b, v); err != nil {
			p.t.Fatalf("%s: %v in %.300s", path, err, b)
		}
	}
}

// refused asks and reads which error comes, in both languages.
func (p *program) refused(code int, key, method, path, body string, header ...string) {
	p.t.Helper()
	var e struct{ Error trouble }
	p.want(code, &e, method, path, body, header...)
	if e.Error.Key != key || e.Error.Korean == "" || e.Error.English == "" || e.Error.Korean == e.Error.English || strings.HasPrefix(e.Error.English, "[") {
		p.t.Errorf("%s %s: %+v, want %s", method, path, e.Error, key)
	}
}

func (p *program) drop(name, content string) {
	p.t.Helper()
	var s state
	p.want(200, &s, "POST", "/api/table", content, "X-Gradus-Name", url.PathEscape(name))
	if s.Table == nil || s.Table.Bytes != len(content) || s.Study != nil {
		p.t.Fatalf("%+v", s)
	}
}

// wait waits until the study has ended.
func (p *program) wait() state {
	p.t.Helper()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		var s state
		if p.want(200, &s, "GET", "/api/state", ""); s.Study != nil && s.Study.State != running {
			return s
		}
	}
	p.t.Fatal("the study does not end")
	return state{}
}

// rows are a table of n rows with a column that tells the outcome with noise.
func rows(n int) string {
	var b strings.Builder
	b.WriteString("age,crp,sex,died\n")
	for i := range n {
		age, died := 40+i*7%50, "no"
		if (i*13+i/3)%7 < 2+age/45 {
			died = "yes"
		}
		b.WriteString(strings.Join([]string{itoa(age), itoa(i * 31 % 97), []string{"M", "F"}[i*5%3%2], died}, ",") + "\n")
	}
	return b.String()
}

func itoa(n int) string {
	b, _ := json.Marshal(n)
	return string(b)
}

const small = `{"target":"died","folds":2,"inner":2,"draws":20,"seed":1}`

// Who may ask: this machine, our page, with the token of this start.
func TestOwnIsGuarded(t *testing.T) {
	p := serve(t)
	p.want(200, nil, "GET", "/api/state", "")
	p.refused(403, "labdata.wrong_token", "GET", "/api/state", "", "X-Gradus-Token", "")
	p.refused(403, "labdata.wrong_token", "GET", "/api/state", "", "X-Gradus-Token", p.own.token[1:]+"A")
	for _, header := range [][]string{{"Host", "evil.example"}, {"Origin", "http://evil.example"}, {"Origin", "null"}} {
		if code, b, _ := p.ask("POST", "/api/table", rows(9), header...); code != 403 || bytes.Contains(b, []byte("age")) {
			t.Errorf("%v: %d %s", header, code, b)
		}
	}
	r := httptest.NewRequest("GET", "http://127.0.0.1/api/state", nil) // from another machine, with the token
	r.Header.Set("X-Gradus-Token", p.own.token)
	w := httptest.NewRecorder()
	if p.own.ServeHTTP(w, r); w.Code != 403 || !strings.Contains(w.Body.String(), "labdata.only_here") {
		t.Error(w.Code, w.Body)
	}
	if code, _, _ := p.ask("GET", "/api/look/x", "", "X-Gradus-Token", ""); code != 403 {
		t.Error("a look without a ticket:", code)
	}
	if code, _, _ := p.ask("PUT", "/api/table", ""); code != 405 {
		t.Error("PUT:", code)
	}
}

// The token stands in the page that this machine gets, in no other and in no file of the page.
func TestTokenIsInThePage(t *testing.T) {
	s, o := site(t), NewOwn()
	s.Attach(o)
	for remote, want := range map[string]bool{"127.0.0.1:9": true, "[::1]:9": true, "10.0.0.7:9": false} {
		r := httptest.NewRequest("GET", "http://127.0.0.1/", nil)
		r.RemoteAddr = remote
		w := httptest.NewRecorder()
		if s.Handler("127.0.0.1").ServeHTTP(w, r); w.Code != 200 || strings.Contains(w.Body.String(), o.token) != want && strings.Contains(w.Body.String(), "<head>") {
			t.Errorf("%s: %d", remote, w.Code)
		}
	}
	err := s.Files(func(name string, content []byte) error {
		if bytes.Contains(content, []byte(o.token)) {
			t.Error(name, "holds the token")
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// A study runs to its report; the socket tells of it, one who comes late too; a second one waits.
func TestStudyOnTheSocket(t *testing.T) {
	p := serve(t)
	p.drop("표 1.csv", rows(400))
	texts, frames := p.watch()
	p.want(202, nil, "POST", "/api/study", `{"target":"died","folds":4,"inner":2,"draws":200,"seed":1}`)
	p.refused(409, "labdata.busy", "POST", "/api/study", small)
	p.refused(409, "labdata.busy", "POST", "/api/table", rows(60))
	if s := p.wait(); s.Study.State != finished || s.Study.Result.Verdict.Korean == "" || len(s.Study.Result.Headline["en"].Rows) < 4 || len(s.Study.Result.Files) != 4 {
		t.Fatalf("%+v %+v", s.Study, s.Study.Error)
	} else if f := s.Study.Folds; len(f) != 4 || f[0].Network <= 0 || f[0].Network > 1 || f[0].Regression <= 0 {
		t.Errorf("the folds as they ended: %+v", f)
	}
	var last state
	if got := texts(); json.Unmarshal(got, &last) != nil || last.Study == nil || last.Study.State != finished || frames() == 0 {
		t.Errorf("the socket's last word: %.200s, %d frames", got, frames())
	}
	late, _ := p.watch()
	if got := late(); !bytes.Contains(got, []byte(`"done"`)) {
		t.Errorf("who comes late hears %.200s", got)
	}
	for path, want := range map[string]string{"/api/report?lang=en": `<html lang="en">`, "/api/report?lang=ko": `<html lang="ko">`, "/api/report": `<html lang="ko">`, "/api/protocol": "gradus: 1", "/api/model": "gradus"} {
		code, b, h := p.ask("GET", path, "")
		if code != 200 || !bytes.Contains(b, []byte(want)) || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d", path, code)
		}
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'self'") || strings.Contains(csp, "script") || h.Get("X-Frame-Options") != "SAMEORIGIN" {
			t.Errorf("%s: %s", path, csp)
		}
	}
	var ticket struct{ Path string }
	p.want(200, &ticket, "POST", "/api/look?lang=en", "")
	if code, b, _ := p.ask("GET", "/"+ticket.Path, "", "X-Gradus-Token", ""); code != 200 || !bytes.Contains(b, []byte(`<html lang="en">`)) {
		t.Error("a ticket shows nothing", code)
	}
	if code, _, _ := p.ask("GET", "/"+ticket.Path, "", "X-Gradus-Token", ""); code != 403 {
		t.Error("a ticket is good twice", code)
	}
	p.want(200, nil, "DELETE", "/api/table", "")
	p.refused(404, "labdata.no_study", "GET", "/api/report?lang=ko", "")
}

// watch opens a socket; last gives the last text once it tells of an end, frames how many binary frames came before it.
func (p *program) watch() (last func() []byte, frames func() int) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	p.t.Cleanup(cancel)
	c, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(p.url, "http")+"/api/progress", &websocket.DialOptions{Subprotocols: []string{protocolName, p.own.token}})
	if err != nil {
		p.t.Fatal(err)
	}
	n, end := 0, make(chan []byte, 1)
	go func() {
		defer close(end)
		for {
			kind, b, err := c.Read(ctx)
			switch {
			case err != nil:
				return
			case kind == websocket.MessageBinary && len(b) >= 8 && len(b)%20 == 8:
				n++
			case bytes.Contains(b, []byte(`"state":"done"`)) || bytes.Contains(b, []byte(`"state":"cancelled"`)):
				end <- b
				return
			}
		}
	}()
	return func() []byte { return <-end }, func() int { return n }
}

// A socket without the token, or of another page, is not opened.
func TestSocketIsGuarded(t *testing.T) {
	p := serve(t)
	for _, o := range []*websocket.DialOptions{
		nil,
		{Subprotocols: []string{protocolName, "wrong"}},
		{Subprotocols: []string{protocolName, p.own.token}, HTTPHeader: http.Header{"Origin": {"http://evil.example"}}},
	} {
		if c, _, err := websocket.Dial(context.Background(), "ws"+strings.TrimPrefix(p.url, "http")+"/api/progress", o); err == nil {
			_ = c.CloseNow()
			t.Errorf("%+v opens a socket", o)
		}
	}
}

// A study that is cancelled ends soon, says so and leaves nothing; the next one may begin.
func TestCancel(t *testing.T) {
	p := serve(t)
	p.drop("t.csv", rows(2000))
	p.want(202, nil, "POST", "/api/study", `{"target":"died","folds":50,"inner":5,"draws":2000,"seed":1}`)
	time.Sleep(100 * time.Millisecond)
	var s state
	if p.want(200, &s, "DELETE", "/api/study", ""); s.Study == nil || s.Study.State != cancelled { // of 250 fits, hardly one is done
		t.Fatalf("%+v", s.Study)
	}
	p.refused(404, "labdata.no_study", "GET", "/api/model", "")
	p.drop("t.csv", rows(60))
	p.want(202, nil, "POST", "/api/study", small)
	p.own.Close() // as the program ends
	if s := p.own.state(); s.Study.State == running {
		t.Error("a study outlives the program")
	}
}

// Korean hospital files: the encoding is found, roles follow, and neither answers nor logs hold a patient.
func TestOwnPrivacy(t *testing.T) {
	for file, want := range map[string]struct {
		rows    int
		patient string
	}{"messy_cp949.csv": {112, "등록번호"}, "messy.xlsx": {40, ""}} {
		p := serve(t)
		content, err := os.ReadFile("../check/testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		p.drop("환자 명단.csv", string(content))
		var d described
		p.want(200, &d, "POST", "/api/check", `{"target":"30일내사망","lang":"en"}`)
		if d.Event != "Y" || d.Patient != want.patient || d.Time != "내원일" || d.Rows != want.rows || len(d.Columns) < 15 {
			t.Errorf("%s: %+v", file, d)
		}
		p.want(202, nil, "POST", "/api/study", `{"target":"30일내사망","folds":2,"inner":2,"draws":20,"seed":1,"roles":{"재원일수":"dropped"}}`)
		if s := p.wait(); s.Study.State != finished {
			t.Fatalf("%s: %+v", file, s.Study.Error)
		}
		for _, path := range []string{"/api/report?lang=ko", "/api/report?lang=en", "/api/protocol", "/api/model"} {
			p.want(200, nil, "GET", path, "")
		}
		said := p.sent.String() + p.logs.String()
		sheet, err := source.Decode(file, content, source.Options{})
		if err != nil {
			t.Fatal(err)
		}
		hidden := 0
		for _, r := range sheet.Records {
			for _, at := range []int{0, 1, 15} { // number, name, remark
				if at >= len(r) || len(r) < 11 || strings.HasPrefix(r[0], "등록") || len(strings.TrimSpace(r[at])) < 3 {
					continue
				}
				if hidden++; strings.Contains(said, strings.TrimSpace(r[at])) {
					t.Fatalf("%s: %q is in an answer", file, r[at])
				}
			}
		}
		if hidden < 2*want.rows {
			t.Errorf("%s: only %d cells looked for", file, hidden)
		}
	}
}

// Whatever roles a person gives, the study is made or a sentence says why not.
func TestRoles(t *testing.T) {
	p := serve(t)
	content, err := os.ReadFile("../check/testdata/messy_utf8bom.csv")
	if err != nil {
		t.Fatal(err)
	}
	p.drop("표.csv", string(content))
	for _, c := range []struct{ more, protocol string }{
		{`"roles":{"나이":"group"}`, "group: 나이"},
		{`"roles":{"내원일":"dropped","등록번호":"dropped"}`, `time: ""`},
		{`"roles":{"사망일자":"time"}`, "time: 사망일자"},
		{`"known":["재원일수"]`, "known_at_prediction: true"},
		{`"split":"external","site":"성별"`, "site: 성별"},
		{`"split":"temporal","threshold":"sensitivity:0.9"`, "threshold: sensitivity:0.9"},
		{`"event":"N","class_weights":true`, "event: \"N\""},
	} {
		p.want(202, nil, "POST", "/api/study", `{"target":"30일내사망","folds":2,"inner":2,"draws":20,"seed":1,`+c.more+`}`)
		if s := p.wait(); s.Study.State == failed && (s.Study.Error.Key == "labdata.failed" || s.Study.Error.Korean == "") {
			t.Errorf("%s: %+v", c.more, s.Study.Error)
		} else if s.Study.State == finished {
			if _, b, _ := p.ask("GET", "/api/protocol", ""); !strings.Contains(string(b), c.protocol) {
				t.Errorf("%s: no %s in\n%s", c.more, c.protocol, b)
			}
		} else {
			t.Logf("%s: %s", c.more, s.Study.Error.English)
		}
	}
}
