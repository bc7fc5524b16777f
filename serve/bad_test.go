package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"gradus/internal/say"
	"gradus/mat"
	"gradus/model"
	"gradus/table"
)

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// trouble is a problem as it is sent.
type trouble struct {
	Status  int
	Code    string
	Row     int
	Column  string
	Found   string
	Allowed []string
	Detail  string
	Error   string
}

// Each kind of bad input has its status, its key, and its place; the log names none of the row's values, nor the metrics.
func TestBadRows(t *testing.T) {
	var logged bytes.Buffer
	b := start(t, Options{Requests: &logged, Limits: Limits{Rows: 3, Body: 200_000}}, "cohort")
	good := asJSON(t, b.models["cohort"], b.rows["cohort"], 0, 1)
	row := strings.TrimSuffix(strings.TrimPrefix(good, `{"rows":[`), `]}`)
	with := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%s has no %s", good, old)
		}
		return strings.Replace(good, old, new, 1)
	}
	const secret = "77123.456"
	for _, c := range []struct {
		name, body     string
		status, row    int
		code, column   string
		found, allowed string
	}{
		{"wrong type", with(`"age":61`, `"age":"`+secret+`"`), 422, 1, "serve.kind", "age", "string", "number null"},
		{"an object", with(`"sex":"M"`, `"sex":{"a":`+secret+`}`), 422, 1, "serve.kind", "sex", "object", "string number boolean null"},
		{"a boolean", with(`"age":61`, `"age":true`), 422, 1, "serve.kind", "age", "boolean", "number null"},
		{"missing field", with(`"age":61,`, ``), 422, 1, "serve.missing", "age", "", "number null"},
		{"extra field", with(`"age":61`, `"age":61,"agee":`+secret), 422, 1, "serve.extra", "agee", "", ""},
		{"duplicate field", with(`"age":61`, `"age":61,"age":`+secret), 422, 1, "serve.twice", "age", "", ""},
		{"duplicate field by an escape", with(`"age":61`, `"age":61,"\u0061ge":62`), 422, 1, "serve.twice", "age", "", ""},
		{"NaN", with(`"age":61`, `"age":NaN`), 400, 1, "serve.no_number", "age", "", "number null"},
		{"Infinity", with(`"age":61`, `"age":-Infinity`), 400, 1, "serve.no_json", "age", "", ""},
		{"1e400", with(`"age":61`, `"age":1e400`), 422, 1, "serve.too_far", "age", "number", "number null"},
		{"-1e400", with(`"age":61`, `"age":-1e400`), 422, 1, "serve.too_far", "age", "number", "number null"},
		{"01", with(`"age":61`, `"age":061`), 400, 1, "serve.no_json", "age", "", ""},
		{"+1", with(`"age":61`, `"age":+61`), 400, 1, "serve.no_json", "age", "", ""},
		{"1.", with(`"age":61`, `"age":61.`), 400, 1, "serve.no_json", "age", "", ""},
		{"hex", with(`"age":61`, `"age":0x61`), 400, 1, "serve.no_json", "", "", ""},
		{"invalid UTF-8", with(`"sex":"M"`, "\"sex\":\"\xff\xfe"+secret+"\""), 400, 1, "serve.no_utf8", "sex", "", ""},
		{"half a pair", with(`"sex":"M"`, `"sex":"\ud800"`), 400, 1, "serve.no_json", "sex", "", ""},
		{"a zero byte", with(`"sex":"M"`, `"sex":"a\u0000b"`), 422, 1, "serve.no_text", "sex", "", ""},
		{"a control character", with(`"sex":"M"`, "\"sex\":\"a\nb\""), 400, 1, "serve.no_json", "sex", "", ""},
		{"deep in a cell", with(`"age":61`, `"age":`+strings.Repeat("[", 10_000)), 422, 1, "serve.kind", "age", "array", "number null"},
		{"deep", strings.Repeat("[", 10_000), 400, 0, "serve.no_json", "", "", ""},
		{"deep rows before the model", `{"rows":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `,"model":"cohort"}`, 400, 0, "serve.too_deep", "", "", ""},
		{"the third row", `{"rows":[` + row + "," + row + "," + strings.Replace(row, `"age":61`, `"age":[]`, 1) + `]}`, 422, 3, "serve.kind", "age", "array", "number null"},
		{"rows that are no objects", `{"rows":[[1,2]]}`, 422, 1, "serve.kind", "rows", "array", "object"},
		{"rows that are no array", `{"rows":{}}`, 422, 0, "serve.kind", "rows", "object", "array"},
		{"no rows", `{}`, 422, 0, "serve.missing", "rows", "", "array"},
		{"rows twice", `{"rows":[],"rows":[],"model":"cohort"}`, 422, 0, "serve.twice", "rows", "", ""},
		{"too many rows", `{"rows":[` + row + "," + row + "," + row + "," + row + `]}`, 413, 0, "serve.many_rows", "rows", "", ""},
		{"an unknown member", `{"rws":[]}`, 422, 0, "serve.extra", "rws", "", "rows model format subject"},
		{"an unknown model", `{"model":"other","rows":[]}`, 404, 0, "serve.no_model", "model", "", "cohort"},
		{"an unknown model behind the rows", `{"rows":[],"model":"other"}`, 404, 0, "serve.no_model", "model", "", "cohort"},
		{"an unknown format", `{"format":"xml","rows":[]}`, 422, 0, "serve.format", "format", "", "csv fhir json"},
		{"a model that is no name", `{"model":7,"rows":[]}`, 422, 0, "serve.kind", "model", "number", "string"},
		{"truncated", good[:len(good)-9], 400, 0, "serve.cut_off", "", "", ""},
		{"more behind it", good + "]", 400, 0, "serve.no_json", "", "", ""},
		{"a comma too many", `{"rows":[` + row + `,]}`, 400, 0, "serve.no_json", "", "", ""},
		{"nothing", "", 400, 0, "serve.cut_off", "", "", ""},
		{"too large", `{"rows":[` + strings.Repeat(" ", 200_000) + `]}`, 413, 0, "serve.too_large", "", "", ""},
	} {
		w := b.ask("POST", "/predict", c.body, "Content-Type", typeJSON)
		var p trouble
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %v in %s", c.name, err, w.Body)
		}
		if w.Code != c.status || p.Status != c.status || p.Row != c.row || p.Code != c.code || p.Column != c.column && c.column != "" || p.Found != c.found || strings.Join(p.Allowed, " ") != c.allowed && c.allowed != "" || p.Detail == "" || p.Error != p.Detail {
			t.Errorf("%s: %d %+v", c.name, w.Code, p)
		}
		if strings.Contains(w.Body.String(), secret) || placeholder.MatchString(p.Detail) {
			t.Errorf("%s: %s", c.name, w.Body)
		}
	}
	if w := b.ask("POST", "/predict", good, "Content-Type", typeJSON); w.Code != 200 {
		t.Errorf("the row that the others come from: %s", w.Body)
	}
	if strings.Contains(logged.String(), secret) || strings.Contains(logged.String(), "agee") || !strings.Contains(logged.String(), "why=serve.extra") {
		t.Errorf("the log: %s", logged.String())
	}
	if m := b.ask("GET", "/metrics", "").Body.String(); strings.Contains(m, secret) || !strings.Contains(m, `gradus_requests_total{route="/predict",code="422"}`) {
		t.Errorf("the metrics: %s", m)
	}
}

// What is wrong beside the rows.
func TestBadRequests(t *testing.T) {
	b := start(t, Options{Hosts: []string{"localhost"}, Limits: Limits{Body: 1000}}, "number")
	for _, c := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		code                     string
	}{
		{"no path", "GET", "/etc/passwd", "", nil, 404, "serve.no_path"},
		{"a path above", "GET", "/v2/models/../../x", "", nil, 404, "serve.no_path"},
		{"a method", "GET", "/predict", "", nil, 405, "serve.method"},
		{"a method of a GET", "DELETE", "/metrics", "", nil, 405, "serve.method"},
		{"an unknown model", "POST", "/models/x/predict", "{}", []string{"Content-Type", typeJSON}, 404, "serve.no_model"},
		{"an unknown version", "POST", "/v2/models/number/versions/2/infer", "{}", nil, 404, "serve.no_version"},
		{"two models", "POST", "/models/number/predict", `{"model":"x","rows":[]}`, []string{"Content-Type", typeJSON}, 422, "serve.two_models"},
		{"a media type", "POST", "/predict", "<rows/>", []string{"Content-Type", "application/xml"}, 415, "serve.media"},
		{"a form", "POST", "/predict", "a=1", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "serve.media"},
		{"a character set", "POST", "/predict", "{}", []string{"Content-Type", "application/json; charset=cp949"}, 415, "serve.charset"},
		{"a compressed body", "POST", "/predict", "{}", []string{"Content-Type", typeJSON, "Content-Encoding", "gzip"}, 415, "serve.compressed"},
		{"an answer", "POST", "/predict", "{}", []string{"Content-Type", typeJSON, "Accept", "application/xml"}, 406, "serve.accept"},
		{"a host", "GET", "/livez", "", []string{"Host", "evil.example"}, 421, "serve.host"},
		{"an origin", "POST", "/predict", "{}", []string{"Content-Type", typeJSON, "Origin", "https://evil.example"}, 403, "serve.origin"},
		{"a page elsewhere", "POST", "/predict", "{}", []string{"Content-Type", typeJSON, "Sec-Fetch-Site", "cross-site"}, 403, "serve.origin"},
		{"CSV without rows", "POST", "/predict", "", []string{"Content-Type", typeCSV}, 422, "table.empty_file"},
		{"CSV of other columns", "POST", "/predict", "a,b\n1,2\n", []string{"Content-Type", typeCSV}, 422, "table.renamed_column"},
	} {
		r := httptest.NewRequest(c.method, "http://localhost"+c.path, strings.NewReader(c.body))
		for i := 0; i < len(c.headers); i += 2 {
			if c.headers[i] == "Host" {
				r.Host = c.headers[i+1]
			}
			r.Header.Set(c.headers[i], c.headers[i+1])
		}
		w := httptest.NewRecorder()
		b.server.ServeHTTP(w, r)
		var p trouble
		if _ = json.Unmarshal(w.Body.Bytes(), &p); w.Code != c.status || p.Code != c.code {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
	}
}

// Bad tensors are refused with the tensor named.
func TestBadTensors(t *testing.T) {
	b := start(t, Options{Limits: Limits{Rows: 1000}}, "iris")
	four := `{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}`
	column := func(name, rest string) string { return `{"name":"` + name + `","datatype":"FP64",` + rest + `}` }
	names := (*b.server.models.Load())[0].fields
	rest := column(names[1], `"shape":[1],"data":[1]`) + "," + column(names[2], `"shape":[1],"data":[1]`) + "," + column(names[3], `"shape":[1,1],"data":[[1]]`)
	for _, c := range []struct {
		name, body, header string
		status             int
		code, column       string
	}{
		{"right", `{"inputs":[` + four + `]}`, "", 200, "", ""},
		{"right by columns", `{"inputs":[` + column(names[0], `"shape":[1,1],"data":[[2]]`) + "," + rest + `]}`, "", 200, "", ""},
		{"no inputs", `{}`, "", 422, "serve.missing", "inputs"},
		{"an input too few", `{"inputs":[` + rest + `]}`, "", 422, "serve.missing", names[0]},
		{"an input twice", `{"inputs":[` + rest + "," + rest + `]}`, "", 422, "serve.twice", names[1]},
		{"all and one", `{"inputs":[` + four + "," + rest + `]}`, "", 422, "serve.twice", "input"},
		{"an unknown input", `{"inputs":[{"name":"x","shape":[1,1],"datatype":"FP32","data":[1]}]}`, "", 422, "serve.extra", "x"},
		{"a datatype", `{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP8","data":[1,2,3,4]}]}`, "", 422, "serve.datatype", "input"},
		{"text for a number", `{"inputs":[{"name":"` + names[0] + `","shape":[1,1],"datatype":"BYTES","data":["1"]},` + rest + `]}`, "", 422, "serve.datatype", names[0]},
		{"text in numbers", `{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,"3",4]}]}`, "", 422, "serve.kind", names[2]},
		{"a shape", `{"inputs":[{"name":"` + names[0] + `","shape":[1,2],"datatype":"FP32","data":[1,2]},` + rest + `]}`, "", 422, "serve.shape", names[0]},
		{"rows that differ", `{"inputs":[` + column(names[0], `"shape":[2],"data":[1,2]`) + "," + rest + `]}`, "", 422, "serve.shape", names[1]},
		{"too few values", `{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3]}]}`, "", 422, "serve.data_count", "input"},
		{"too many values", `{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,4,5]}]}`, "", 422, "serve.data_count", "input"},
		{"no data", `{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32"}]}`, "", 422, "serve.no_data", "input"},
		{"a huge shape", `{"inputs":[{"name":"input","shape":[1099511627776,4],"datatype":"FP32","data":[1]}]}`, "", 413, "serve.many_rows", "rows"},
		{"a negative shape", `{"inputs":[{"name":"input","shape":[-1,4],"datatype":"FP32","data":[1]}]}`, "", 400, "serve.no_json", ""},
		{"binary that is not there", `{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","parameters":{"binary_data_size":16}}]}`, "all", 422, "serve.data_size", "input"},
		{"binary that nobody wants", `{"inputs":[` + four + `]}xxxx`, "all but 4", 400, "serve.bytes_left", ""},
		{"a header beyond the body", `{"inputs":[` + four + `]}`, "9999", 400, "serve.header_length", headerLength},
		{"a header that is no length", `{"inputs":[` + four + `]}`, "-1", 400, "serve.header_length", headerLength},
		{"NaN", `{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,NaN,4]}]}`, "", 400, "serve.no_json", ""},
		{"1e400", `{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,1e400,4]}]}`, "", 422, "serve.too_far", names[2]},
		{"an unknown output", `{"inputs":[` + four + `],"outputs":[{"name":"probabilities"}]}`, "", 422, "serve.no_output", "probabilities"},
		{"a classification", `{"inputs":[` + four + `],"outputs":[{"name":"probability","parameters":{"classification":2}}]}`, "", 422, "serve.parameter", "classification"},
		{"shared memory", `{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","parameters":{"shared_memory_region":"a"}}]}`, "", 422, "serve.parameter", "shared_memory_region"},
		{"deep parameters", `{"parameters":{"a":` + strings.Repeat("[", 10_000) + `}`, "", 400, "serve.too_deep", ""},
		{"no JSON", `inputs`, "", 400, "serve.no_json", ""},
	} {
		headers := []string{"Content-Type", typeJSON}
		switch c.header {
		case "all":
			c.header = strconv.Itoa(len(c.body))
		case "all but 4":
			c.header = strconv.Itoa(len(c.body) - 4)
		}
		if c.header != "" {
			headers = append(headers, headerLength, c.header)
		}
		w := b.ask("POST", "/v2/models/iris/infer", c.body, headers...)
		var p trouble
		if _ = json.Unmarshal(w.Body.Bytes(), &p); w.Code != c.status || p.Code != c.code || c.column != "" && p.Column != c.column {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
	}
}

// A model with categories has no tensor of all columns, and says so.
func TestOneTensorOfCategories(t *testing.T) {
	b := start(t, Options{}, "cohort")
	n := len(b.models["cohort"].Preparation.Inputs)
	w := b.ask("POST", "/v2/models/cohort/infer", `{"inputs":[{"name":"input","shape":[1,`+strconv.Itoa(n)+`],"datatype":"FP32","data":[]}]}`)
	if w.Code != 422 || !strings.Contains(w.Body.String(), "serve.not_numbers") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// late is a body that ends in an error.
type late struct {
	io.Reader
	err error
}

func (l late) Read(b []byte) (int, error) {
	n, err := l.Reader.Read(b)
	if err == io.EOF {
		err = l.err
	}
	return n, err
}

// A slow body and a truncated one have their own statuses and end the connection.
func TestBodiesThatDoNotEnd(t *testing.T) {
	b := start(t, Options{}, "number")
	for status, err := range map[int]error{408: os.ErrDeadlineExceeded, 400: io.ErrUnexpectedEOF} {
		r := httptest.NewRequest("POST", "/predict", late{strings.NewReader(`{"rows":[`), err})
		r.Header.Set("Content-Type", typeJSON)
		w := httptest.NewRecorder()
		if b.server.ServeHTTP(w, r); w.Code != status || w.Header().Get("Connection") != "close" {
			t.Errorf("%v: %d %s", err, w.Code, w.Body)
		}
	}
}

// Problems speak the language that is asked for.
func TestLanguages(t *testing.T) {
	b := start(t, Options{}, "number")
	for header, want := range map[string]say.Lang{"": "en", "ko": "ko", "ko-KR,ko;q=0.9,en;q=0.8": "ko", "en-US,ko;q=0.5": "en", "fr, ko;q=0.1": "ko", "fr": "en", "ko;q=0": "en", ";;q": "en"} {
		w := b.ask("POST", "/predict", `{}`, "Content-Type", typeJSON, "Accept-Language", header)
		if p := say.Text(want, "serve.missing", "column", "rows"); !strings.Contains(w.Body.String(), p) {
			t.Errorf("%q: %s", header, w.Body)
		}
	}
}

// Tokens: unknown, expired, none, another scheme, another file; health needs none.
func TestTokens(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tokens")
	write := func(text string, age time.Duration) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Now(), time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	write("# ward\nalpha-0123456789abcdef\nbeta-0123456789abcdef 2030-01-31\n\ngamma-0123456789abcdef 2030-01-31T12:00:00+09:00\n", time.Hour)
	tokens, err := ReadTokens(path)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2030, 1, 31, 2, 59, 59, 0, time.UTC)
	tokens.now = func() time.Time { return now }
	b := start(t, Options{Tokens: tokens}, "number")
	ask := func(authorization string) (int, string, string) {
		headers := []string{"Content-Type", typeJSON}
		if authorization != "" {
			headers = append(headers, "Authorization", authorization)
		}
		w := b.ask("POST", "/predict", `{"rows":[]}`, headers...)
		var p trouble
		_ = json.Unmarshal(w.Body.Bytes(), &p)
		return w.Code, p.Code, w.Header().Get("WWW-Authenticate")
	}
	want := func(authorization string, status int, code string) {
		t.Helper()
		if got, key, challenge := ask(authorization); got != status || key != code || (status == 401) != strings.HasPrefix(challenge, "Bearer") {
			t.Errorf("%s: %d %s %q", authorization, got, key, challenge)
		}
	}
	want("", 401, "serve.no_token")
	want("Basic YTpi", 401, "serve.no_token")
	want("Bearer wrong-0123456789abcdef", 401, "serve.wrong_token")
	want("Bearer", 401, "serve.wrong_token")
	want("Bearer alpha-0123456789abcdef", 200, "")
	want("bearer beta-0123456789abcdef", 200, "")
	want("Bearer gamma-0123456789abcdef", 200, "")
	now = now.Add(time.Second)
	want("Bearer gamma-0123456789abcdef", 401, "serve.token_over")
	now = now.Add(21 * time.Hour)
	want("Bearer beta-0123456789abcdef", 401, "serve.token_over")
	for _, path := range []string{"/livez", "/readyz", "/v2/health/ready"} {
		if w := b.ask("GET", path, ""); w.Code != 200 {
			t.Errorf("%s needs a token", path)
		}
	}
	for _, path := range []string{"/metrics", "/openapi.json", "/models", "/v2"} {
		if w := b.ask("GET", path, ""); w.Code != 401 {
			t.Errorf("%s needs no token: %d", path, w.Code)
		}
	}
	write("delta-0123456789abcdef\n", 0)
	now = now.Add(2 * time.Second)
	want("Bearer delta-0123456789abcdef", 200, "")
	want("Bearer alpha-0123456789abcdef", 401, "serve.wrong_token")
	write("broken line of words\n", -time.Hour)
	now = now.Add(2 * time.Second)
	want("Bearer delta-0123456789abcdef", 200, "")
	for text, key := range map[string]string{
		"": "serve.no_tokens", "# only\n": "serve.no_tokens", "short\n": "serve.token_line", "alpha-0123456789abcdef 2030\n": "serve.token_time", "alpha-0123456789abcdef 2030-01-01 x\n": "serve.token_line",
	} {
		_, err := parseTokens([]byte(text))
		if e, ok := errors.AsType[*say.Err](err); !ok || e.Key != key || strings.Contains(err.Error(), "alpha") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// When more comes than can be worked off, the rest is told to come again, and nothing is lost of what is in work.
func TestBackPressure(t *testing.T) {
	b := start(t, Options{Limits: Limits{Requests: 2, Workers: 1, Wait: 20 * time.Millisecond, Memory: 1 << 20}}, "number")
	refused := func(code string) {
		t.Helper()
		w := b.ask("POST", "/predict", `{"rows":[]}`, "Content-Type", typeJSON)
		var p trouble
		if _ = json.Unmarshal(w.Body.Bytes(), &p); w.Code != 429 || p.Code != code || w.Header().Get("Retry-After") == "" {
			t.Errorf("want %s: %d %s", code, w.Code, w.Body)
		}
	}
	worker := <-b.server.gate.workers
	refused("serve.waited")
	b.server.gate.worked(worker)
	reader, writer := io.Pipe()
	done := make(chan int)
	for range 2 {
		go func() {
			r := httptest.NewRequest("POST", "/predict", reader)
			r.Header.Set("Content-Type", typeJSON)
			w := httptest.NewRecorder()
			b.server.ServeHTTP(w, r)
			done <- w.Code
		}()
	}
	for b.server.InWork() < 2 {
		time.Sleep(time.Millisecond)
	}
	refused("serve.busy")
	writer.Close()
	<-done
	<-done
	if b.server.gate.taken.Load() != 0 || b.server.InWork() != 0 {
		t.Errorf("%d bytes, %d requests are left", b.server.gate.taken.Load(), b.server.InWork())
	}
	w := b.ask("POST", "/predict", `{"rows":[`+strings.Repeat(" ", 3<<20)+`]}`, "Content-Type", typeJSON)
	if w.Code != 429 || !strings.Contains(w.Body.String(), "serve.memory") || b.server.gate.taken.Load() != 0 {
		t.Errorf("a body beyond the memory: %d %s, %d", w.Code, w.Body, b.server.gate.taken.Load())
	}
	metrics := b.ask("GET", "/metrics", "").Body.String()
	for _, reason := range []string{"requests", "wait", "memory"} {
		if !strings.Contains(metrics, `gradus_rejected_total{reason="`+reason+`"} 1`) {
			t.Errorf("%s: %s", reason, metrics)
		}
	}
	if w := b.ask("POST", "/predict", `{"rows":[]}`, "Content-Type", typeJSON); w.Code != 200 {
		t.Errorf("afterwards: %d", w.Code)
	}
}

// A fault of our own is answered with 500, logged by its place and leaves nothing behind.
func TestFault(t *testing.T) {
	var logged bytes.Buffer
	b := start(t, Options{Log: slog.New(slog.NewJSONHandler(&logged, nil)), Watcher: breaking{}}, "number")
	body := asJSON(t, b.models["number"], b.rows["number"], 0, 1)
	if w := b.ask("POST", "/predict", body, "Content-Type", typeJSON); w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(logged.String(), "breaking") || strings.Contains(logged.String(), "secret") || b.server.InWork() != 0 || len(b.server.gate.workers) != cap(b.server.gate.workers) {
		t.Errorf("%s, %d in work", logged.String(), b.server.InWork())
	}
}

// breaking is a watcher with a fault.
type breaking struct{}

func (breaking) Watch(string, *model.Model, *table.Table, int, mat.Matrix[float64], []table.Warning) {
	panic("secret 77")
}
