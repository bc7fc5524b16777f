package onnx

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"gradus/activation"
	"gradus/internal/modeltest"
	"gradus/model"
	"gradus/network"
	"gradus/table"
)

// python is a Python that has onnx and onnxruntime: GRADUS_PYTHON's, else python3. Without one the test is skipped.
func python(t *testing.T) string {
	t.Helper()
	name := os.Getenv("GRADUS_PYTHON")
	if name == "" {
		name = "python3"
	}
	if err := exec.Command(name, "-c", "import onnx, onnxruntime").Run(); err != nil {
		t.Skip("it needs a Python with onnx and onnxruntime, named by GRADUS_PYTHON")
	}
	return name
}

// feeds are the raw columns of tbl as a runtime is given them.
func feeds(m *model.Model, tbl *table.Table) map[string][]any {
	columns := map[string][]any{}
	for i := range m.Preparation.Inputs {
		in := &m.Preparation.Inputs[i]
		c := tbl.Column(in.Name)
		list := make([]any, tbl.Rows)
		for r := range list {
			switch {
			case in.Kind == table.Category:
				list[r] = c.Text(r)
			case !c.Missing(r):
				list[r] = c.Number(r)
			}
		}
		columns[in.Name] = list
	}
	return columns
}

// TestRuntime writes models of every task and every kind of layer, has the official checker check them, and holds what ONNX Runtime
// answers against gradus: within 1e-6 of a probability, of a number, whose scale is its own, within 2e-6 of its spread.
func TestRuntime(t *testing.T) {
	py, dir := python(t), t.TempDir()
	type run struct {
		name string
		m    *model.Model
		tbl  *table.Table
	}
	var runs []run
	add := func(name string, m *model.Model, tbl *table.Table) {
		runs = append(runs, run{name, m, tbl}, run{name + ", hostile", m, modeltest.Hostile(t, m, tbl, "1e7")})
	}
	for _, name := range modeltest.Kept {
		m, tbl := modeltest.Read(t, name)
		add(name, m, tbl)
	}
	for _, set := range []string{"cohort", "wine", "diabetes", "lifetimes"} {
		m, tbl := modeltest.Trained(t, set)
		add(set, m, tbl)
	}
	for _, f := range activation.All[float32]() {
		m, tbl := modeltest.Read(t, "binary")
		specs := []network.Spec{{Kind: "dense", Units: 6, Activation: f.Name()}, {Kind: "layer-norm", Activation: f.Name()}, {Kind: "dense", Units: 1}}
		var err error
		if m.Network, err = network.Build[float32](m.Preparation.Width(), specs); err != nil {
			t.Fatal(err)
		}
		m.Network.Init(5)
		add(f.Name(), m, tbl)
	}
	var paths []string
	for i, r := range runs {
		path := filepath.Join(dir, fmt.Sprint(i))
		paths = append(paths, path)
		var b, again bytes.Buffer
		if err := Write(&b, r.m); err != nil {
			t.Fatal(err)
		}
		if _ = Write(&again, r.m); !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Errorf("%s: not the same bytes twice", r.name)
		}
		columns, err := json.Marshal(feeds(r.m, r.tbl))
		if err != nil {
			t.Fatal(err)
		}
		for end, body := range map[string][]byte{".onnx": b.Bytes(), ".json": columns} {
			if err := os.WriteFile(path+end, body, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	var stderr bytes.Buffer
	cmd := exec.Command(py, append([]string{"testdata/run.py"}, paths...)...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	var got []map[string][]json.RawMessage
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	for i, r := range runs {
		compare(t, r.name, r.m, r.tbl, got[i])
	}
}

func compare(t *testing.T, name string, m *model.Model, tbl *table.Table, got map[string][]json.RawMessage) {
	t.Helper()
	want, _, err := m.All(tbl)
	if err != nil {
		t.Fatal(err)
	}
	scale, worst := 1., 0.
	if m.Target.Task == table.TaskNumber {
		scale = m.Scale.SD
	}
	for r := range tbl.Rows {
		var values []float64
		for _, output := range outputs(m) {
			if output == Prediction && m.Target.Task != table.TaskNumber {
				var called string
				if json.Unmarshal(got[Prediction][r], &called); called != m.Call(want.Row(r)) {
					t.Errorf("%s row %d: %q, want %q", name, r, called, m.Call(want.Row(r)))
				}
				continue
			}
			var row []float64
			if err := json.Unmarshal(got[output][r], &row); err != nil {
				t.Fatal(err)
			}
			values = append(values, row...)
		}
		for i, v := range values {
			worst = max(worst, math.Abs(v-want.At(r, i))/max(scale, math.Abs(want.At(r, i))))
		}
		if len(values) != want.Cols {
			t.Fatalf("%s: %d values a row, want %d", name, len(values), want.Cols)
		}
	}
	t.Logf("%s: %d rows, furthest %.1e", name, tbl.Rows, worst)
	limit := 1e-6
	if m.Target.Task == table.TaskNumber {
		limit = 2e-6
	}
	if !(worst <= limit) {
		t.Errorf("%s: %.2e away", name, worst)
	}
}

// A column with the name of an output is refused by name.
func TestNameOfAnOutput(t *testing.T) {
	m, _ := modeltest.Read(t, "number")
	m.Preparation.Inputs[0].Name = Prediction
	if err := Write(&bytes.Buffer{}, m); err == nil || !slices.Contains(outputs(m), m.Preparation.Inputs[0].Name) {
		t.Fatal(err)
	}
}
