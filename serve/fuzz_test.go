package serve

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
)

// fuzzed asks the service and demands an answer of the documented kind: JSON, and never a fault.
func fuzzed(t *testing.T, b *bench, path string, body []byte, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, bytes.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.server.ServeHTTP(w, r)
	if w.Code >= 500 {
		t.Fatalf("%d %s for %q", w.Code, w.Body, body)
	}
	if h := w.Header().Get(headerLength); h == "" && w.Header().Get("Content-Type") != csvType[0] && !json.Valid(w.Body.Bytes()) {
		t.Fatalf("%q is no JSON, for %q", w.Body, body)
	}
	return w
}

// What the reader of rows takes is JSON, and means what encoding/json says of it.
func FuzzPredict(f *testing.F) {
	b := &bench{t: &testing.T{}}
	for _, seed := range []string{
		`{"rows":[]}`, `{"rows":[{"sepal_length":5.1,"sepal_width":3.5,"petal_length":1.4,"petal_width":0.2}]}`, `{"model":"iris","rows":[{"sepal_length":null}],"format":"csv"}`,
		`{"rows":[{"\u0073epal_length":-0.0e+10,"sepal_width":1e400}]}`, "{\"rows\":[{\"\xff\":1}]}", `{"rows":[{"a":[[[[]]]]}],"model":"iris"}`, `[`, `{"rows":[{"species":"x"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if b.server == nil {
			*b = *start(t, Options{Limits: Limits{Rows: 50}}, "iris")
		}
		w := fuzzed(t, b, "/predict", body, "Content-Type", typeJSON)
		if w.Code != http.StatusOK {
			return
		}
		var asked struct {
			Rows []map[string]*float64
		}
		if !json.Valid(body) {
			t.Fatalf("taken, but no JSON: %q", body)
		}
		if json.Unmarshal(body, &asked) != nil || w.Header().Get("Content-Type") != typeJSON {
			return // a column that is not used may hold anything
		}
		var got said
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Predictions) != len(asked.Rows) {
			t.Fatalf("%d answers to %d rows, %v: %q", len(got.Predictions), len(asked.Rows), err, body)
		}
	})
}

// The reader of tensors never breaks, whatever the JSON and the bytes behind it say of each other.
func FuzzInfer(f *testing.F) {
	b := &bench{t: &testing.T{}}
	for _, seed := range []string{
		`{"inputs":[{"name":"input","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}`, `{"id":"a","inputs":[{"name":"input","shape":[1,4],"datatype":"FP16","parameters":{"binary_data_size":8}}],"outputs":[{"name":"probability","parameters":{"binary_data":true}}]}abcdefgh`,
		`{"inputs":[{"name":"sepal_length","shape":[1],"datatype":"INT64","data":[[[1]]]}]}`, `{"parameters":{"binary_data_output":true},"inputs":[]}`, `{"inputs":[{"name":"input","shape":[0,4],"datatype":"FP32","data":[]}]}`,
	} {
		f.Add([]byte(seed), len(seed))
		f.Add([]byte(seed), bytes.LastIndexByte([]byte(seed), '}')+1)
	}
	f.Fuzz(func(t *testing.T, body []byte, head int) {
		if b.server == nil {
			*b = *start(t, Options{Limits: Limits{Rows: 50}}, "iris", "cohort")
		}
		fuzzed(t, b, "/v2/models/iris/infer", body, headerLength, strconv.Itoa(head))
		fuzzed(t, b, "/v2/models/cohort/infer", body)
	})
}
