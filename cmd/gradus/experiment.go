package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gradus/experiment"
	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/model"
)

// newExperiment is gradus experiment NAME [TABLE] [--table TABLE] [--svg FILE].
func newExperiment(a *app) *cobra.Command {
	var svg, table string
	c := a.command("experiment [NAME] [TABLE]", 0, 2, func(args []string) error {
		if len(args) == 0 {
			return a.listExperiments()
		}
		if len(args) == 2 {
			if table != "" {
				return say.Error("cmd.experiment_one_table", "first", args[1], "second", table)
			}
			table = args[1]
		}
		return a.experiment(args[0], table, svg)
	})
	c.Flags().StringVar(&svg, "svg", "", a.text("cmd.experiment_svg"))
	c.Flags().StringVar(&table, "table", "", a.text("cmd.experiment_table"))
	c.ValidArgs = experiment.Names()
	c.Example = "gradus experiment vanishing --svg vanishing.svg\ngradus experiment overfitting --json\ngradus experiment xor XOR3\n" +
		"gradus experiment local-minimum --seed 2"
	return c
}

func (a *app) listExperiments() error {
	var rows [][]string
	var list []object
	for _, r := range experiment.All() {
		rows = append(rows, []string{r.Name, strings.Join(r.Pages, " "), r.About(a.lang)})
		list = append(list, object{{"name", r.Name}, {"pages", r.Pages}, {"about", r.About(a.lang)}})
	}
	if a.json {
		return a.writeJSON(list)
	}
	a.table([]string{a.text("cmd.experiment_name"), a.text("cmd.experiment_pages"), a.text("cmd.experiment_shows")}, rows)
	a.note(a.text("cmd.experiment_next"))
	return nil
}

func (a *app) experiment(name, table, svg string) error {
	r, err := experiment.Run(a.ctx, name, experiment.Options{Seed: a.seed, Table: table})
	if err != nil {
		return err
	}
	if svg != "" {
		foot := a.text("cmd.experiment_foot", "version", model.Version, "name", name, "seed", a.seed)
		picture := r.Figure(a.lang, foot).SVG()
		if err := disk.WriteFile(svg, func(w io.Writer) error { _, err := w.Write(picture); return err }); err != nil {
			return err
		}
	}
	if a.json {
		return a.writeJSON(experimentJSON(r))
	}
	for i, t := range r.Tables {
		if i > 0 {
			a.print("")
		}
		a.showPart(t)
	}
	a.print("")
	for _, f := range r.Findings {
		a.print(f.In(a.lang))
	}
	if svg != "" {
		a.note(a.text("cmd.experiment_drawn", "file", svg))
	}
	return nil
}

// experimentJSON is {"name","seed","rows":[…],"cure":[…]} and what else was measured, each row an object in the order of its
// columns.
func experimentJSON(r experiment.Result) object {
	o := object{{"name", r.Name}, {"seed", r.Seed}}
	for _, t := range r.Tables {
		rows := make([]object, len(t.Rows))
		for i, cells := range t.Rows {
			for k, cell := range cells {
				rows[i] = append(rows[i], member{t.Columns[k], cell})
			}
		}
		o = append(o, member{t.Key, rows})
	}
	return o
}

// showPart prints one table, the rows that a summary leaves out counted.
func (a *app) showPart(t *experiment.Table) {
	a.print(a.paint(a.tty, bold, t.Title(a.lang)))
	header := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		header[i] = experiment.Heading(a.lang, c)
	}
	var rows [][]string
	folded := 0
	for i, cells := range t.Rows {
		if t.Fold != nil && t.Fold(i) {
			folded++
			continue
		}
		row := make([]string, len(cells))
		for k, cell := range cells {
			row[k] = a.showCell(cell)
		}
		rows = append(rows, row)
	}
	a.table(header, rows)
	if folded > 0 {
		a.print(a.paint(a.tty, dim, a.text("cmd.experiment_folded", "n", folded)))
	}
}

func (a *app) showCell(cell any) string {
	switch v := cell.(type) {
	case nil:
		return none
	case string:
		return experiment.Word(a.lang, v)
	case bool:
		return experiment.Word(a.lang, strconv.FormatBool(v))
	case float64:
		return measured(v)
	case []float64:
		return strings.Join(each(v, measured), ", ")
	case [][]float64:
		parts := make([]string, len(v))
		for i, row := range v {
			parts[i] = strings.Join(each(row, measured), ", ")
		}
		return strings.Join(parts, "; ")
	}
	return fmt.Sprint(cell)
}

// measured is a number of a measurement: four significant digits.
func measured(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }
