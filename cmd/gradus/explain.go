package main

import (
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gradus/explain"
	"gradus/internal/disk"
	"gradus/internal/picture"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/model"
	"gradus/table"
)

// explainFlags are the flags of explain as they are typed.
type explainFlags struct {
	method, column, rows, scale, level, svg string
	row                                     int
}

// methods are the words of --method.
var methods = []string{"permutation", "pdp", "ice", "gradients", "shapley"}

// Sizes of what is shown: values of a number's grid, lines of ICE, rows of the background, rows to explain at once.
const (
	gridPoints = 21
	iceLines   = 50
	background = 100
	rowsAtOnce = 1000
)

// newExplain is gradus explain MODEL TABLE.csv.
func newExplain(a *app) *cobra.Command {
	var f explainFlags
	c := a.command("explain MODEL TABLE.csv|-", 2, 2, func(args []string) error {
		if sameFile(f.svg, args[0]) || sameFile(f.svg, args[1]) {
			return say.Error("cmd.same_file", "flag", "--svg", "path", f.svg, "other", strings.Join(args, " "))
		}
		return a.explain(args[0], args[1], f)
	})
	c.Short, c.Long = a.text("explain.command"), a.text("explain.command_long")
	set := c.Flags()
	set.StringVar(&f.method, "method", "", a.text("explain.flag_method"))
	set.IntVar(&f.row, "row", 0, a.text("explain.flag_row"))
	set.StringVar(&f.rows, "rows", "", a.text("explain.flag_rows"))
	set.StringVar(&f.column, "column", "", a.text("explain.flag_column"))
	set.StringVar(&f.scale, "scale", "", a.text("explain.flag_scale"))
	set.StringVar(&f.level, "level", "", a.text("explain.flag_level"))
	set.StringVar(&f.svg, "svg", "", a.text("explain.flag_svg"))
	_ = c.RegisterFlagCompletionFunc("method", cobra.FixedCompletions(methods, cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("scale", cobra.FixedCompletions([]string{"probability", "logit"}, cobra.ShellCompDirectiveNoFileComp))
	c.Example = "gradus explain model.gradus held_out.csv\n" +
		"gradus explain model.gradus held_out.csv --row 3\n" +
		"gradus explain model.gradus held_out.csv --method ice --column age --svg age.svg\n" +
		"gradus explain model.gradus held_out.csv --method gradients --rows 1-5,9 --scale logit --json"
	return c
}

// explained is one run of explain.
type explained struct {
	*app
	flags  explainFlags
	m      *model.Model
	tbl    *table.Table
	x      mat.Matrix[float64]
	f      *explain.Function
	groups []explain.Group
	rows   []int // asked for, counted from 0
}

func (a *app) explain(modelPath, tablePath string, flags explainFlags) error {
	e := &explained{app: a, flags: flags}
	if err := e.choose(); err != nil {
		return err
	}
	if err := e.read(modelPath, tablePath); err != nil {
		return err
	}
	result, figure, err := e.compute()
	if err != nil {
		return err
	}
	if flags.svg != "" {
		figure.ID, figure.Lang = "explain", string(a.lang)
		figure.Foot = a.text("explain.cause") + " · gradus " + model.Version
		if err := disk.WriteFile(flags.svg, func(w io.Writer) error { _, err := w.Write(figure.SVG()); return err }); err != nil {
			return err
		}
	}
	if a.json {
		return a.writeJSON(e.whole(result))
	}
	a.print("")
	a.print(a.text("explain.cause"))
	if flags.svg != "" {
		a.note(a.text("explain.drawn", "file", flags.svg))
	}
	return nil
}

// whole is what is printed as JSON.
func (e *explained) whole(result object) object {
	head := object{{"method", e.flags.method}, {"level", e.level()}, {"scale", string(e.f.Scale())}, {"note", e.text("explain.cause")}}
	return append(head, result...)
}

// choose settles the method, and refuses flags that it has no use for.
func (e *explained) choose() error {
	f := &e.flags
	one := f.row != 0 || f.rows != ""
	if f.method == "" {
		f.method = "permutation"
		if one {
			f.method = "shapley"
		} else if f.column != "" {
			f.method = "pdp"
		}
	}
	switch f.method {
	case "permutation":
		if one {
			return say.Error("explain.whole_table", "method", f.method)
		}
	case "pdp", "ice":
		if f.column == "" {
			return say.Error("cmd.flag_missing", "name", "--column", "usage", "--column age")
		}
	case "gradients", "shapley":
		if !one {
			return say.Error("cmd.flag_missing", "name", "--row", "usage", "--row 1")
		}
	default:
		return say.Error("explain.method", "value", f.method, "nearest", say.Nearest(f.method, methods), "known", methods)
	}
	if f.row < 0 || f.row != 0 && f.rows != "" {
		return say.Error("explain.row", "value", f.row)
	}
	return nil
}

// read reads the model and, as strictly as predict does, the table: the target too where the method needs it.
func (e *explained) read(modelPath, tablePath string) (err error) {
	if e.m, err = e.readJudged(modelPath); err != nil {
		return err
	}
	if e.f, err = explain.NewFunction(e.m, e.flags.level, explain.Scale(e.flags.scale)); err != nil {
		return err
	}
	if e.tbl, err = e.readTable(tablePath, table.Options{Kinds: e.kinds()}); err != nil {
		return err
	}
	return e.prepare()
}

// kinds are those of the columns that the method needs.
func (e *explained) kinds() map[string]table.Kind {
	kinds := e.m.Preparation.Kinds()
	if e.flags.method == "permutation" {
		kinds[e.m.Target.Column] = e.m.Target.Kind
	}
	return kinds
}

// prepare turns the table into what the network sees.
func (e *explained) prepare() error {
	seen, _, err := e.m.Preparation.Apply(e.tbl, nil)
	if err != nil {
		return err
	}
	if seen.Rows == 0 {
		return say.Error("explain.no_rows")
	}
	e.x = mat.New[float64](seen.Rows, seen.Cols)
	for i, v := range seen.Data {
		e.x.Data[i] = float64(v)
	}
	e.groups = model.Groups(e.m.Preparation)
	return e.chosenRows()
}

// chosenRows reads --row and --rows against the table.
func (e *explained) chosenRows() (err error) {
	if e.flags.row > 0 {
		e.flags.rows = strconv.Itoa(e.flags.row)
	}
	if e.flags.rows != "" {
		e.rows, err = rowList(e.flags.rows, e.tbl.Rows)
	}
	return err
}

// rowList reads "3,7-9" as rows counted from 0 of a table of n.
func rowList(list string, n int) ([]int, error) {
	var rows []int
	for _, part := range strings.Split(list, ",") {
		low, high, span := strings.Cut(strings.TrimSpace(part), "-")
		from, err := strconv.Atoi(low)
		to := from
		if span && err == nil {
			to, err = strconv.Atoi(high)
		}
		if err != nil || from < 1 || to < from || to > n {
			return nil, say.Error("explain.rows", "value", part, "rows", n)
		}
		if to-from >= rowsAtOnce-len(rows) {
			return nil, say.Error("explain.many_rows", "most", rowsAtOnce)
		}
		for r := from; r <= to; r++ {
			rows = append(rows, r-1)
		}
	}
	return rows, nil
}

func (e *explained) compute() (object, picture.Figure, error) {
	switch e.flags.method {
	case "permutation":
		return e.permutation()
	case "pdp", "ice":
		return e.dependence()
	}
	return e.parts()
}

// level is whose probability is explained, "" for a number.
func (e *explained) level() string {
	if e.flags.level != "" {
		return e.flags.level
	}
	return e.m.Target.Event
}

// what names f for a person: P(died_30d = 1), logit P(…), or the target itself.
func (e *explained) what() string {
	switch e.f.Scale() {
	case explain.Value:
		return e.m.Target.Column
	case explain.Logit:
		return "logit P(" + e.m.Target.Column + " = " + e.level() + ")"
	}
	return "P(" + e.m.Target.Column + " = " + e.level() + ")"
}

// bar shows how far a long work is.
func (e *explained) bar(total int) (explain.Progress, func()) {
	p := e.progress(e.text("explain.progress"), total)
	return func(done, _ int) { p.to(done, "") }, p.end
}
