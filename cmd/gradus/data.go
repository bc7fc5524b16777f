package main

import (
	"strconv"

	"github.com/spf13/cobra"

	"gradus/data"
)

// newData is gradus data [NAME] [--csv].
func newData(a *app) *cobra.Command {
	var csv bool
	c := a.command("data [NAME]", 0, 1, func(args []string) error {
		if len(args) == 0 {
			return a.listData()
		}
		set, err := data.Get(args[0])
		if err != nil {
			return err
		}
		if csv {
			_, _ = a.Write(set.CSV()) // a failed write is kept for the exit code
			return nil
		}
		return a.describeData(set)
	})
	c.Flags().BoolVar(&csv, "csv", false, a.text("cmd.data_csv"))
	c.ValidArgs = data.Names()
	c.Example = "gradus data\ngradus data breast_cancer\ngradus data iris --csv > iris.csv"
	return c
}

// described is a table with what is said about it.
type described struct {
	data.Set
	Title    string `json:"title"`
	Question string `json:"question"`
	Source   string `json:"source"`
	License  string `json:"license"`
	Badge    string `json:"badge,omitempty"`
}

func (a *app) described(s data.Set) described {
	return described{s, s.Title(a.lang), s.Question(a.lang), s.Source(a.lang), s.License(a.lang), s.Badge(a.lang)}
}

func (a *app) listData() error {
	var rows [][]string
	var list []described
	for _, s := range data.All() {
		list = append(list, a.described(s))
		title := s.Title(a.lang)
		if badge := s.Badge(a.lang); badge != "" {
			title += " [" + badge + "]"
		}
		rows = append(rows, []string{s.Name, strconv.Itoa(s.Rows), strconv.Itoa(s.Columns), s.Target, s.Task, title})
	}
	if a.json {
		return a.writeJSON(list)
	}
	a.table([]string{
		a.text("cmd.data_name"), a.text("cmd.data_rows"), a.text("cmd.data_columns"), a.text("cmd.data_target"),
		a.text("cmd.data_task"), a.text("cmd.data_title"),
	}, rows)
	a.note(a.text("cmd.data_next"))
	return nil
}

func (a *app) describeData(s data.Set) error {
	d := a.described(s)
	if a.json {
		return a.writeJSON(d)
	}
	a.print(a.paint(a.tty, bold, d.Title))
	if d.Badge != "" {
		a.print(a.paint(a.tty, red, d.Badge))
	}
	a.print(a.text("cmd.data_about", "question", d.Question, "rows", s.Rows, "columns", s.Columns, "target", s.Target, "task", s.Task))
	a.print(d.Source)
	a.print(d.License)
	a.print("SHA-256 " + s.SHA256)
	a.note(a.text("cmd.data_take", "name", s.Name))
	return nil
}
