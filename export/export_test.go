package export

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gradus/activation"
	"gradus/internal/kernel"
	"gradus/internal/modeltest"
	"gradus/model"
	"gradus/network"
	"gradus/table"
)

// plain makes the kernel compute in plain Go, as exported source does, until the test ends.
func plain(t *testing.T) {
	t.Helper()
	was := kernel.ISA()
	t.Cleanup(func() { _ = kernel.Use(was) })
	if err := kernel.Use("go"); err != nil {
		t.Fatal(err)
	}
}

// sample is a model and rows for it, of which some have what training did not know.
type sample struct {
	name string
	m    *model.Model
	tbl  *table.Table
}

// samples are models of every task and with every kind of layer and activation.
func samples(t *testing.T) (list []sample) {
	t.Helper()
	for _, name := range modeltest.Kept {
		m, tbl := modeltest.Read(t, name)
		list = append(list, sample{name, m, modeltest.Hostile(t, m, tbl, "1e300")})
	}
	for _, set := range []string{"cohort", "wine", "lifetimes"} {
		m, tbl := modeltest.Trained(t, set)
		list = append(list, sample{set, m, modeltest.Hostile(t, m, tbl, "1e300")})
	}
	for _, f := range activation.All[float32]() {
		m, tbl := modeltest.Read(t, "binary")
		specs := []network.Spec{
			{Kind: "dense", Units: 6, Activation: f.Name(), NoBias: true},
			{Kind: "batch-norm", Activation: f.Name(), Epsilon: 1e-3},
			{Kind: "layer-norm", Epsilon: 1e-5},
			{Kind: "dense", Units: 1},
		}
		var err error
		if m.Network, err = network.Build[float32](m.Preparation.Width(), specs); err != nil {
			t.Fatal(err)
		}
		m.Network.Init(5)
		list = append(list, sample{f.Name(), m, modeltest.Hostile(t, m, tbl, "1e300")})
	}
	return list
}

// want are the bits that gradus gives, a line for each row.
func (s sample) want(t *testing.T) string {
	t.Helper()
	all, _, err := s.m.All(s.tbl)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for r := range all.Rows {
		for _, v := range all.Row(r) {
			fmt.Fprintf(&out, "%016x ", math.Float64bits(v))
		}
		out.WriteString("\n")
	}
	return out.String()
}

// rows are the table's rows as initialisers of the source's Row.
func (s sample) rows(nan string, quote func(string) string) string {
	var out strings.Builder
	for r := range s.tbl.Rows {
		out.WriteString("\t{")
		for i := range s.m.Preparation.Inputs {
			in := &s.m.Preparation.Inputs[i]
			c := s.tbl.Column(in.Name)
			switch {
			case in.Kind == table.Category:
				out.WriteString(quote(c.Text(r)))
			case c.Missing(r):
				out.WriteString(nan)
			default:
				out.WriteString(strconv.FormatFloat(c.Number(r), 'g', -1, 64))
			}
			out.WriteString(", ")
		}
		out.WriteString("},\n")
	}
	return out.String()
}

// TestGo builds the exported Go and holds its answers against gradus, bit by bit.
func TestGo(t *testing.T) {
	plain(t)
	dir, list := t.TempDir(), samples(t)
	write(t, filepath.Join(dir, "go.mod"), "module exported\n\ngo 1.26\n")
	imports, body := "", ""
	for i, s := range list {
		name := fmt.Sprint("m", i)
		var b bytes.Buffer
		if err := Go(&b, s.m, name); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		write(t, filepath.Join(dir, name, "model.go"), b.String())
		call := "for _, v := range NAME.Predict(&r) { show(v) }"
		switch s.m.Target.Task {
		case table.TaskNumber:
			call = "show(NAME.Predict(&r))"
		case table.TaskSurvival:
			call = "risk, chance := NAME.Predict(&r); show(risk); for _, v := range chance { show(v) }"
		}
		imports += strconv.Quote("exported/"+name) + "\n"
		body += "for _, r := range []" + name + ".Row{\n" + s.rows("nan", strconv.Quote) + "} {\n" + strings.ReplaceAll(call, "NAME", name) + "\nfmt.Println()\n}\nfmt.Println()\n"
	}
	write(t, filepath.Join(dir, "main.go"), "package main\n\nimport (\n\"fmt\"\n\"math\"\n"+imports+")\n\nvar nan = math.NaN()\n\n"+
		"func show(v float64) { fmt.Printf(\"%016x \", math.Float64bits(v)) }\n\nfunc main() {\n"+body+"}\n")
	run(t, dir, "go", "vet", "-composites=false", "./...")
	got := strings.Split(run(t, dir, "go", "run", "."), "\n\n")
	for i, s := range list {
		same(t, s, got[i]+"\n")
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stderr = dir, &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, stderr.String())
	}
	return string(out)
}

func same(t *testing.T, s sample, got string) {
	t.Helper()
	want := strings.Split(s.want(t), "\n")
	lines := strings.Split(strings.ReplaceAll(got, "\r", ""), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%s: %d lines, want %d", s.name, len(lines), len(want))
	}
	for r := range want {
		if lines[r] != want[r] {
			t.Fatalf("%s, row %d: %s, want %s", s.name, r+1, lines[r], want[r])
		}
	}
}

// TestC compiles the exported C, with warnings as errors, and holds its answers against gradus, bit by bit; of survival within 1e-15 of a chance.
func TestC(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("it needs gcc, which is missing")
	}
	plain(t)
	for _, s := range samples(t) {
		t.Run(s.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := C(&b, s.m); err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			write(t, filepath.Join(dir, "model.c"), b.String()+"\n#include <stdio.h>\n"+
				"static uint64_t bits(double x) { uint64_t b; memcpy(&b, &x, 8); return b; }\nstatic const gradus_row rows[] = {\n"+s.rows("NAN", cQuote)+
				"};\nint main(void) {\n\tsize_t r;\n\tint i;\n\tfor (r = 0; r < sizeof rows / sizeof *rows; r++) {\n\t\tdouble p[GRADUS_OUTPUTS];\n\t\tgradus_predict(&rows[r], p);\n"+
				"\t\tfor (i = 0; i < GRADUS_OUTPUTS; i++) printf(\"%016llx \", (unsigned long long)bits(p[i]));\n\t\tprintf(\"\\n\");\n\t}\n\treturn 0;\n}\n")
			run(t, dir, "gcc", "-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-Wno-unused-const-variable", "-Wno-unused-variable",
				"-ffp-contract=off", "-o", "model", "model.c", "-lm")
			got := run(t, dir, filepath.Join(dir, "model"))
			if s.m.Target.Task == table.TaskSurvival {
				near(t, s, got)
				return
			}
			same(t, s, got)
		})
	}
}

// near holds numbers against gradus within 1e-15 of the larger of 1 and themselves.
func near(t *testing.T, s sample, got string) {
	t.Helper()
	a, b := strings.Fields(got), strings.Fields(s.want(t))
	if len(a) != len(b) {
		t.Fatalf("%d numbers, want %d", len(a), len(b))
	}
	for i := range a {
		x, _ := strconv.ParseUint(a[i], 16, 64)
		y, _ := strconv.ParseUint(b[i], 16, 64)
		v, want := math.Float64frombits(x), math.Float64frombits(y)
		if !(math.Abs(v-want) <= 1e-15*max(1, math.Abs(want))) {
			t.Errorf("number %d: %v, want %v", i, v, want)
		}
	}
}
