package serve

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gradus/internal/modeltest"
	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

// bench is a service of models of every task, and what they say of their rows.
type bench struct {
	t      *testing.T
	server *Server
	models map[string]*model.Model
	rows   map[string]*table.Table
	folder string
}

// every are the kept models, one with categories and one of survival.
func start(t *testing.T, opt Options, names ...string) *bench {
	t.Helper()
	b := &bench{t: t, models: map[string]*model.Model{}, rows: map[string]*table.Table{}, folder: t.TempDir()}
	for _, name := range names {
		m, rows := lent(t, name)
		b.models[name], b.rows[name] = m, rows
		opt.Files = append(opt.Files, File{name, b.write(name, m)})
	}
	var err error
	if b.server, err = New(opt); err != nil {
		t.Fatal(err)
	}
	return b
}

func lent(t *testing.T, name string) (*model.Model, *table.Table) {
	t.Helper()
	if slices.Contains(modeltest.Kept, name) {
		return modeltest.Read(t, name)
	}
	return modeltest.Trained(t, name)
}

// write writes a model's file and returns its path.
func (b *bench) write(name string, m *model.Model) string {
	b.t.Helper()
	var out bytes.Buffer
	if err := m.Write(&out); err != nil {
		b.t.Fatal(err)
	}
	path := filepath.Join(b.folder, name+".gradus")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return path
}

// ask sends a request; headers are name, value pairs.
func (b *bench) ask(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.server.ServeHTTP(w, r)
	return w
}

// asJSON are the rows [from, to) of a table as a question; what is missing is null.
func asJSON(t *testing.T, m *model.Model, tbl *table.Table, from, to int) string {
	t.Helper()
	var rows []map[string]any
	for r := from; r < to; r++ {
		row := map[string]any{}
		for i := range m.Preparation.Inputs {
			c := tbl.Column(m.Preparation.Inputs[i].Name)
			switch {
			case c.Missing(r):
				row[c.Name] = nil
			case c.Kind == table.Number:
				row[c.Name] = c.Number(r)
			default:
				row[c.Name] = c.Text(r)
			}
		}
		rows = append(rows, row)
	}
	b, err := json.Marshal(map[string]any{"rows": rows})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// said is an answer.
type said struct {
	Predictions []struct {
		P          map[string]float64
		Prediction any
		Risk       float64
		Survival   map[string]float64
		Warnings   []struct{ Column, Kind, Message string }
	}
}

var all = []string{"binary", "classes", "number", "layers", "cohort", "lifetimes"}

// Every task answers with the bits of the Predictor and its warnings, hostile rows included, in one row and in many.
func TestTheNumbersOfThePredictor(t *testing.T) {
	b := start(t, Options{}, all...)
	for _, name := range all {
		m := b.models[name]
		tbl := modeltest.Hostile(t, m, b.rows[name], "1e9")
		want, doubts, err := m.All(tbl)
		if err != nil {
			t.Fatal(err)
		}
		for i, span := range [][2]int{{0, tbl.Rows}, {1, 2}, {3, 4}, {0, tbl.Rows}} {
			question := asJSON(t, m, tbl, span[0], span[1])
			if i == 3 { // as Python writes it
				question = strings.NewReplacer(`,"`, `, "`, `":`, `": `).Replace(question)
			}
			w := b.ask("POST", "/models/"+name+"/predict", question, "Content-Type", typeJSON)
			var got said
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 200 || len(got.Predictions) != span[1]-span[0] {
				t.Fatalf("%s: %d %v %.300s", name, w.Code, err, w.Body)
			}
			for i, p := range got.Predictions {
				same(t, m, name, want.Row(span[0]+i), p.P, p.Survival, p.Risk, p.Prediction)
				var own []table.Warning
				for _, d := range doubts {
					if d.Row == span[0]+i {
						own = append(own, d)
					}
				}
				for k, d := range own {
					if k >= len(p.Warnings) || p.Warnings[k].Column != d.Column || p.Warnings[k].Kind != string(d.Doubt) || p.Warnings[k].Message != d.In(say.English) {
						t.Errorf("%s, row %d: warnings %v, want %v", name, i, p.Warnings, own)
						break
					}
				}
				if len(own) != len(p.Warnings) {
					t.Errorf("%s, row %d: warnings %v, want %v", name, i, p.Warnings, own)
				}
			}
		}
	}
}

// same compares an answer with the values of the Predictor.
func same(t *testing.T, m *model.Model, name string, want []float64, p, survival map[string]float64, risk float64, prediction any) {
	t.Helper()
	ok := true
	switch {
	case m.Survival != nil:
		ok = risk == want[0] && len(survival) == len(want)-1
		for i, h := range m.Survival.Horizons {
			ok = ok && survival[table.Format(h)] == want[1+i]
		}
	case len(m.Target.Levels) == 0:
		ok = prediction == want[0]
	default:
		ok = prediction == m.Call(want) && len(p) == len(want)
		for i, l := range m.Target.Levels {
			ok = ok && p[l] == want[i]
		}
	}
	if !ok {
		t.Errorf("%s: p %v, survival %v, risk %v, prediction %v; want %v", name, p, survival, risk, prediction, want)
	}
}

// tensors are the rows of a table in the inference protocol: JSON alone, or binary behind it.
func tensors(t *testing.T, m *model.Model, tbl *table.Table, inBinary bool) (body string, header int) {
	t.Helper()
	var inputs []map[string]any
	var tail bytes.Buffer
	for i := range m.Preparation.Inputs {
		c := tbl.Column(m.Preparation.Inputs[i].Name)
		in := map[string]any{"name": c.Name, "shape": []int{tbl.Rows, 1}, "datatype": "FP64"}
		var data []any
		var raw bytes.Buffer
		for r := range tbl.Rows {
			switch {
			case m.Preparation.Inputs[i].Kind != table.Number:
				data = append(data, c.Text(r))
				_ = binary.Write(&raw, binary.LittleEndian, uint32(len(c.Text(r))))
				raw.WriteString(c.Text(r))
				in["datatype"] = "BYTES"
			case c.Missing(r):
				data = append(data, nil)
				_ = binary.Write(&raw, binary.LittleEndian, math.NaN())
			default:
				data = append(data, []any{c.Number(r)})
				_ = binary.Write(&raw, binary.LittleEndian, c.Number(r))
			}
		}
		if inBinary {
			in["parameters"] = map[string]any{"binary_data_size": raw.Len()}
			tail.Write(raw.Bytes())
		} else {
			in["data"] = data
		}
		inputs = append(inputs, in)
	}
	q := map[string]any{"id": "한 \"1\"", "inputs": inputs, "parameters": map[string]any{"binary_data_output": inBinary}}
	b, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	return string(b) + tail.String(), len(b)
}

// inferred is an answer of the inference protocol.
type inferred struct {
	ID      string
	Outputs []struct {
		Name       string
		Datatype   string
		Shape      []int
		Data       []any
		Parameters struct {
			Size int `json:"binary_data_size"`
		}
	}
}

// The inference protocol gives the same bits, in JSON and in binary.
func TestInferIsThePredictor(t *testing.T) {
	b := start(t, Options{}, all...)
	for _, name := range all {
		m := b.models[name]
		tbl := modeltest.Hostile(t, m, b.rows[name], "1e9")
		want, _, err := m.All(tbl)
		if err != nil {
			t.Fatal(err)
		}
		for _, inBinary := range []bool{false, true} {
			body, header := tensors(t, m, tbl, inBinary)
			headers := []string{"Content-Type", typeJSON}
			if inBinary {
				headers = []string{headerLength, fmt.Sprint(header)}
			}
			w := b.ask("POST", "/v2/models/"+name+"/versions/1/infer", body, headers...)
			got := readInferred(t, w)
			if got.ID != "한 \"1\"" {
				t.Errorf("id %q", got.ID)
			}
			var values [][]float64
			for r := range tbl.Rows {
				var row []float64
				for _, o := range got.Outputs {
					if o.Datatype != "FP64" {
						if o.Data[r] != m.Call(want.Row(r)) {
							t.Errorf("%s, row %d: called %v", name, r, o.Data[r])
						}
						continue
					}
					width := o.Shape[1]
					for _, v := range o.Data[r*width : (r+1)*width] {
						row = append(row, v.(float64))
					}
				}
				values = append(values, row)
			}
			for r, row := range values {
				if fmt.Sprint(row) != fmt.Sprint(want.Row(r)) {
					t.Fatalf("%s, binary %v, row %d: %v, want %v", name, inBinary, r, row, want.Row(r))
				}
			}
		}
	}
}

// readInferred reads an answer; binary tensors become its data.
func readInferred(t *testing.T, w *httptest.ResponseRecorder) (got inferred) {
	t.Helper()
	body := w.Body.Bytes()
	head := body
	if h := w.Header().Get(headerLength); h != "" {
		var n int
		fmt.Sscan(h, &n)
		head, body = body[:n], body[n:]
	}
	if err := json.Unmarshal(head, &got); err != nil || w.Code != 200 {
		t.Fatalf("%d %v %.400s", w.Code, err, head)
	}
	for i := range got.Outputs {
		o := &got.Outputs[i]
		raw := body[:o.Parameters.Size]
		for len(raw) > 0 {
			if o.Datatype == "FP64" {
				o.Data = append(o.Data, math.Float64frombits(binary.LittleEndian.Uint64(raw)))
				raw = raw[8:]
				continue
			}
			n := binary.LittleEndian.Uint32(raw)
			o.Data = append(o.Data, string(raw[4:4+n]))
			raw = raw[4+n:]
		}
		if o.Parameters.Size > 0 {
			body = body[o.Parameters.Size:]
		}
	}
	return got
}

// All columns of numbers as one tensor of float32 are the columns rounded to float32.
func TestOneTensor(t *testing.T) {
	b := start(t, Options{}, "iris")
	m, tbl := b.models["iris"], b.rows["iris"]
	var raw bytes.Buffer
	var header []string
	var records [][]string
	for i := range m.Preparation.Inputs {
		header = append(header, m.Preparation.Inputs[i].Name)
	}
	for r := range tbl.Rows {
		var record []string
		for _, name := range header {
			v := float32(tbl.Column(name).Number(r))
			_ = binary.Write(&raw, binary.LittleEndian, v)
			cell := table.Format(float64(v))
			if v != v {
				cell = ""
			}
			record = append(record, cell)
		}
		records = append(records, record)
	}
	rounded, err := table.FromRecords("rounded", header, records, table.Options{Kinds: m.Preparation.Kinds()})
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := m.All(rounded)
	if err != nil {
		t.Fatal(err)
	}
	head := fmt.Sprintf(`{"inputs":[{"name":"input","shape":[%d,%d],"datatype":"FP32","parameters":{"binary_data_size":%d}}],"outputs":[{"name":"probability","parameters":{"binary_data":true}}]}`, tbl.Rows, len(header), raw.Len())
	got := readInferred(t, b.ask("POST", "/v2/models/iris/infer", head+raw.String(), headerLength, fmt.Sprint(len(head))))
	for i, v := range got.Outputs[0].Data {
		if v != want.Data[i] {
			t.Fatalf("value %d: %v, want %v", i, v, want.Data[i])
		}
	}
	if len(got.Outputs) != 1 || len(got.Outputs[0].Data) != len(want.Data) {
		t.Errorf("%d outputs", len(got.Outputs))
	}
}

// What a request of health, metadata and metrics is told.
func TestAround(t *testing.T) {
	b := start(t, Options{}, "binary", "number")
	for path, want := range map[string]string{
		"/livez": `"live":true`, "/readyz": `"ready":true`, "/v2/health/live": `"live":true`, "/v2/health/ready": `"ready":true`, "/v2": `"binary_tensor_data"`, "/v2/": `"gradus"`,
		"/v2/models/number": `"datatype":"FP64"`, "/v2/models/number/ready": `"ready":true`, "/v2/models/number/versions/1/ready": `"ready":true`, "/models": `"name":"binary"`,
		"/metrics": "gradus_requests_total{", "/openapi.json": `"openapi":"3.1.0"`,
	} {
		w := b.ask("GET", path, "")
		if w.Code != 200 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %.200s", path, w.Code, w.Body)
		}
	}
	b.server.Drain()
	for _, path := range []string{"/readyz", "/v2/health/ready", "/v2/models/number/ready"} {
		if w := b.ask("GET", path, ""); w.Code != 503 || !strings.Contains(w.Body.String(), `"ready":false`) {
			t.Errorf("%s while draining: %d %s", path, w.Code, w.Body)
		}
	}
	if w := b.ask("GET", "/livez", ""); w.Code != 200 {
		t.Error("dead while draining")
	}
	if w := b.ask("HEAD", "/livez", ""); w.Code != 200 {
		t.Error("HEAD is refused")
	}
}
