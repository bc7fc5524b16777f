package main

import (
	"bytes"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gradus/adopt"
	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/model"
	"gradus/network"
	"gradus/onnx"
	"gradus/table"
)

// importFlags are the flags of import as they are typed.
type importFlags struct {
	out, target, columns, table, levels, output, activation, order string
	epsilon                                                        float64
	before                                                         bool
}

// newImport is gradus import FILE.
func newImport(a *app) *cobra.Command {
	var f importFlags
	c := a.command("import FILE", 1, 1, func(args []string) error { return a.imports(args[0], f) })
	set := c.Flags()
	set.StringVar(&f.out, "out", "model.gradus", a.text("adopt.flag_out"))
	set.StringVar(&f.target, "target", "", a.text("adopt.flag_target"))
	set.StringVar(&f.columns, "columns", "", a.text("adopt.flag_columns"))
	set.StringVar(&f.table, "table", "", a.text("adopt.flag_table"))
	set.StringVar(&f.levels, "levels", "", a.text("adopt.flag_levels"))
	set.StringVar(&f.output, "output", "", a.text("adopt.flag_output"))
	set.StringVar(&f.activation, "activation", "", a.text("adopt.flag_activation"))
	set.StringVar(&f.order, "order", "", a.text("adopt.flag_order"))
	set.Float64Var(&f.epsilon, "epsilon", 0, a.text("adopt.flag_epsilon"))
	set.BoolVar(&f.before, "before-norm", false, a.text("adopt.flag_before"))
	_ = c.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(adopt.Outputs, cobra.ShellCompDirectiveNoFileComp))
	c.Example = "gradus import mlp.onnx --target diagnosis --table breast_cancer.csv --levels benign,malignant\n" +
		"gradus import net.safetensors --target died --columns age,sbp,crp --activation relu --output sigmoid --levels no,yes"
	return c
}

func (a *app) imports(path string, f importFlags) error {
	if f.target == "" {
		return say.Error("cmd.flag_missing", "name", "--target", "usage", "--target diagnosis")
	}
	for _, other := range []string{path, f.table} {
		if sameFile(f.out, other) {
			return say.Error("cmd.same_file", "flag", "--out", "path", f.out, "other", other)
		}
	}
	if !(f.epsilon >= 0) || math.IsInf(f.epsilon, 0) {
		return say.Error("cmd.flag_value", "name", "--epsilon", "value", f.epsilon, "type", say.Error("cmd.type_number"))
	}
	net, parts, w, err := a.foreign(path, f)
	if err != nil {
		return err
	}
	w.Target, w.Output = f.target, f.output
	if f.levels != "" {
		w.Levels = cut(f.levels)
	}
	if err := a.names(&w, f); err != nil {
		return err
	}
	m, err := adopt.Model(net, w)
	if err != nil {
		return err
	}
	if err := disk.WriteFile(f.out, m.Write); err != nil {
		return err
	}
	return a.showImported(m, parts, w, f.out)
}

// cut parts a list with commas.
func cut(list string) []string {
	words := strings.Split(list, ",")
	for i := range words {
		words[i] = strings.TrimSpace(words[i])
	}
	return words
}

// foreign reads a network of whichever kind.
func (a *app) foreign(path string, f importFlags) (net *network.Network[float32], parts []adopt.Part, w adopt.Meaning, err error) {
	in, err := a.openInput(path)
	if err != nil {
		return nil, nil, w, err
	}
	defer in.Close()
	b, err := disk.ReadLimited(in, maxModel, path)
	if err != nil {
		return nil, nil, w, err
	}
	name := inputName(path)
	if err := a.strange(b, name); err != nil {
		return nil, nil, w, err
	}
	if len(b) < 9 || b[8] != '{' {
		w.Origin = "onnx"
		read, err := onnx.Read(b, name, onnx.Options{External: neighbours(path)})
		if err != nil {
			return nil, nil, w, err
		}
		w.Levels = read.Labels
		return read.Network, nil, w, nil
	}
	w.Origin = "safetensors"
	o := adopt.Options{Epsilon: f.epsilon, BeforeNorm: f.before}
	if f.activation != "" {
		o.Activation = cut(f.activation)
	}
	if f.order != "" {
		o.Order = cut(f.order)
	}
	read, err := adopt.Safetensors(b, name, o)
	if err != nil {
		return nil, nil, w, err
	}
	return read.Network, read.Parts, w, nil
}

// neighbours opens files that stand beside the model or below, and no other.
func neighbours(path string) func(name string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		root, err := os.OpenRoot(filepath.Dir(path))
		if err != nil {
			return nil, say.Error("disk.missing", "path", name)
		}
		defer root.Close()
		file, err := root.Open(filepath.FromSlash(name))
		if err != nil {
			return nil, say.Error("disk.missing", "path", name)
		}
		defer file.Close()
		return disk.ReadLimited(file, maxModel, name)
	}
}

// strange names files that hold networks in a form that is not read, and says how to have another.
func (a *app) strange(b []byte, name string) error {
	for start, found := range map[string][2]string{
		"PK\x03\x04": {"adopt.is_zip", "adopt.how_torch"}, "\x80\x02": {"adopt.is_pickle", "adopt.how_torch"}, "\x80\x04": {"adopt.is_pickle", "adopt.how_torch"},
		"\x89HDF\r\n": {"adopt.is_hdf5", "adopt.how_keras"},
	} {
		if !bytes.HasPrefix(b, []byte(start)) {
			continue
		}
		how := found[1]
		if strings.HasSuffix(name, ".keras") {
			how = "adopt.how_keras"
		}
		return say.Error("adopt.kind", "name", name, "found", say.Error(found[0]), "how", say.Error(how))
	}
	return nil
}

// names takes the columns from --columns, or from the header of --table, whose rows it keeps.
func (a *app) names(w *adopt.Meaning, f importFlags) error {
	if f.columns != "" {
		w.Columns = cut(f.columns)
	}
	if f.table == "" {
		return nil
	}
	in, err := a.openInput(f.table)
	if err != nil {
		return err
	}
	defer in.Close()
	b, err := disk.ReadLimited(in, maxModel, f.table)
	if err != nil {
		return err
	}
	text := bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if header := bytes.TrimSpace(text); !bytes.ContainsRune(header, '\n') {
		if w.Columns == nil {
			w.Columns = without(cut(string(header)), f.target)
		}
		return nil
	}
	tbl, err := table.Read(io.NewSectionReader(bytes.NewReader(b), 0, int64(len(b))), inputName(f.table), table.Options{})
	if err != nil {
		return err
	}
	w.Rows = tbl
	if w.Columns == nil {
		w.Columns = without(tbl.Names(), f.target)
	}
	return nil
}

func without(names []string, target string) (rest []string) {
	for _, n := range names {
		if n = strings.Trim(n, `"`); n != target {
			rest = append(rest, n)
		}
	}
	return rest
}

// showImported says what was read, layer by layer, so that a wrong order or a wrong place of an activation is seen.
func (a *app) showImported(m *model.Model, parts []adopt.Part, w adopt.Meaning, out string) error {
	if a.json {
		return a.writeJSON(append(describe(m), member{"out", out}))
	}
	if parts == nil {
		for i, s := range m.Network.Specs() {
			parts = append(parts, adopt.Part{Name: strconv.Itoa(i), Spec: s})
		}
	}
	var rows [][]string
	for _, p := range parts {
		shape, f := "", p.Activation
		if p.In > 0 {
			shape = strconv.Itoa(p.In) + " → " + strconv.Itoa(p.Out)
		} else if p.Units > 0 {
			shape = "→ " + strconv.Itoa(p.Units)
		}
		if f == "" {
			f = "linear"
		}
		rows = append(rows, []string{p.Name, p.Kind, shape, f})
	}
	a.table([]string{a.text("adopt.head_layer"), a.text("adopt.head_kind"), a.text("adopt.head_shape"), a.text("adopt.head_activation")}, rows)
	a.print("")
	a.showCard(m)
	a.print("")
	a.print(a.text("cmd.disclaimer"))
	a.print("")
	a.print(a.text("adopt.written", "out", out))
	if w.Rows == nil {
		a.note(a.text("adopt.no_ranges"))
	}
	return nil
}
