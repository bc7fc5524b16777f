package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"gradus/internal/modeltest"
	"gradus/model"
	"gradus/table"
	"gradus/validate"
)

// summarised is a model with a training summary, served as name.
func (b *bench) summarised(name string) (*model.Model, *table.Table) {
	b.t.Helper()
	m, tbl := lent(b.t, name)
	if err := m.Summarise(tbl); err != nil {
		b.t.Fatal(err)
	}
	b.models[name], b.rows[name] = m, tbl
	return m, tbl
}

// drifting is a service of models that have a training summary.
func drifting(t *testing.T, names ...string) *bench {
	t.Helper()
	b := &bench{t: t, models: map[string]*model.Model{}, rows: map[string]*table.Table{}, folder: t.TempDir()}
	var opt Options
	for _, name := range names {
		m, _ := b.summarised(name)
		opt.Files = append(opt.Files, File{name, b.write(name, m)})
	}
	var err error
	if b.server, err = New(opt); err != nil {
		t.Fatal(err)
	}
	return b
}

type told struct {
	Model       struct{ SHA256 string }
	Rows        *int
	Largest     *float64 `json:"largest_psi"`
	Columns     []toldColumn
	Predictions toldColumn
}

type toldColumn struct {
	Name, Verdict string
	PSI           *float64
	Bins          []struct {
		Kind, Bin     string
		Training, Now int
	}
}

func (b *bench) drift(name string) (d told) {
	b.t.Helper()
	w := b.ask("GET", "/models/"+name+"/drift", "")
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil || w.Code != 200 {
		b.t.Fatal(w.Code, err, w.Body)
	}
	return d
}

// asCSV are the rows of a table as a file.
func asCSV(m *model.Model, tbl *table.Table) string {
	var out strings.Builder
	for r := -1; r < tbl.Rows; r++ {
		for i := len(m.Preparation.Inputs) - 1; i >= 0; i-- { // not in the order of the inputs
			cell := m.Preparation.Inputs[i].Name
			if r >= 0 {
				cell = tbl.Column(cell).Text(r)
			}
			out.Write(table.AppendCell(nil, cell))
			if i > 0 {
				out.WriteByte(',')
			}
		}
		out.WriteByte('\n')
	}
	return out.String()
}

// The rows of five requests, by every way in, give the very PSI that gradus drift gives of them, in /drift and in /metrics.
func TestDrift(t *testing.T) {
	names := []string{"cohort", "iris", "lifetimes"}
	b := drifting(t, names...)
	for _, name := range names {
		m := b.models[name]
		tbl := modeltest.Hostile(t, m, b.rows[name], "1e9")
		want, err := validate.Compare(m, tbl, "")
		if err != nil {
			t.Fatal(err)
		}
		question, _ := asJSON(t, m, tbl, 0, tbl.Rows), ""
		infer, _ := tensors(t, m, tbl, false)
		for _, q := range [][3]string{
			{"/models/" + name + "/predict", question, typeJSON},
			{"/models/" + name + "/predict", question, typeJSON},
			{"/models/" + name + "/predict", asCSV(m, tbl), typeCSV},
			{"/models/" + name + "/predict", asCSV(m, tbl), typeCSV},
			{"/v2/models/" + name + "/infer", infer, typeJSON},
		} {
			if w := b.ask("POST", q[0], q[1], "Content-Type", q[2]); w.Code != 200 {
				t.Fatalf("%s: %d %.300s", name, w.Code, w.Body)
			}
		}
		got, page := b.drift(name), b.ask("GET", "/metrics", "").Body.String()
		if got.Rows == nil || *got.Rows != 5*tbl.Rows || len(got.Columns) != len(want.Columns) {
			t.Fatalf("%s: %+v", name, got)
		}
		for i, c := range append(want.Columns, want.Predictions) {
			g := got.Predictions
			label := ""
			if i < len(got.Columns) {
				g, label = got.Columns[i], c.Name
			}
			if c.PSI.Defined() != (g.PSI != nil) || g.PSI != nil && *g.PSI != float64(c.PSI) || g.Verdict != c.Verdict || g.Name != c.Name {
				t.Errorf("%s: %+v, want %+v", name, g, c)
			}
			if line := fmt.Sprintf(`gradus_drift_psi{model=%q,column=%q} %v`, name, label, float64(c.PSI)); c.PSI.Defined() && !strings.Contains(page, line+"\n") {
				t.Errorf("%s is not in the metrics", line)
			}
		}
	}
}

// No row and no few rows are seen: nothing before fifty rows, then whole fives only; and no value of a row, no unknown level, stands anywhere.
func TestDriftShowsNoRow(t *testing.T) {
	b := drifting(t, "cohort")
	m, tbl := b.models["cohort"], b.rows["cohort"]
	before, pages := b.ask("GET", "/drift", "").Body.String(), ""
	for r := range 49 {
		b.ask("POST", "/predict", asJSON(t, m, tbl, r, r+1), "Content-Type", typeJSON)
		if now := b.ask("GET", "/drift", "").Body.String(); now != before {
			t.Fatalf("row %d is seen:\n%s\n%s", r, before, now)
		}
	}
	strange := strings.Replace(asJSON(t, m, tbl, 49, 50), `"sex":"`, `"sex":"ZQX`, 1)
	if w := b.ask("POST", "/predict", strange, "Content-Type", typeJSON); w.Code != 200 || !strings.Contains(w.Body.String(), "ZQX") {
		t.Fatal(w.Code, w.Body)
	}
	d := b.drift("cohort")
	if *d.Rows != 50 {
		t.Error(*d.Rows)
	}
	for _, c := range append(d.Columns, d.Predictions) {
		for _, one := range c.Bins {
			if one.Now%driftCell != 0 || one.Kind == "unknown_level" && one.Now != 0 {
				t.Errorf("%s: %+v", c.Name, one)
			}
		}
	}
	pages = b.ask("GET", "/drift", "").Body.String() + b.ask("GET", "/metrics", "").Body.String()
	if strings.Contains(pages, "ZQX") {
		t.Error("a level of a row is shown")
	}
}

// The same file read again goes on counting, another begins anew; a model without a summary has none and says so.
func TestDriftReload(t *testing.T) {
	b := drifting(t, "cohort")
	m, tbl := b.models["cohort"], b.rows["cohort"]
	ask := func() {
		t.Helper()
		if w := b.ask("POST", "/predict", asJSON(t, m, tbl, 0, 60), "Content-Type", typeJSON); w.Code != 200 {
			t.Fatal(w.Code, w.Body)
		}
	}
	ask()
	b.server.Reload(true)
	ask()
	if d := b.drift("cohort"); *d.Rows != 120 {
		t.Error(*d.Rows)
	}
	var out bytes.Buffer
	other := *m
	other.Card.Epochs++
	if err := other.Write(&out); err != nil {
		t.Fatal(err)
	}
	replace(t, b.server.opt.Files[0].Path, out.Bytes())
	b.server.Reload(false)
	if d := b.drift("cohort"); *d.Rows != 0 {
		t.Error(*d.Rows)
	}
	ask()
	if d := b.drift("cohort"); *d.Rows != 60 {
		t.Error(*d.Rows)
	}
	plain := start(t, Options{}, "number")
	if d := plain.drift("number"); d.Rows != nil || plain.ask("GET", "/metrics", "").Code != 200 {
		t.Error(d)
	}
}

// What counting costs of one row and of many of them.
func BenchmarkDrift(b *testing.B) {
	for _, rows := range []int{1, 128} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			t := &testing.T{}
			m, tbl := modeltest.Trained(t, "cohort")
			if err := m.Summarise(tbl); err != nil {
				b.Fatal(err)
			}
			d := newDrift(m, 2)
			p, err := m.NewPredictor(tbl, rows)
			if err != nil {
				b.Fatal(err)
			}
			values, _ := p.Predict(0, rows)
			b.ReportAllocs()
			for b.Loop() {
				d.count(tbl, 0, values)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows*len(m.Preparation.Inputs)), "ns/value")
		})
	}
}
