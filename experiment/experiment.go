// Package experiment is the deck's warnings as runs that anyone can repeat: what goes wrong, measured, and its cure beside it.
//
// Every number comes from the engine in its exact float64 path, so one seed gives the same rows on every machine; only what is
// called a timing does not. The regressions of resampling and leakage take exp from the platform, which may move their last digits.
package experiment

import (
	"context"

	"gradus/internal/picture"
	"gradus/internal/say"
)

// Row describes one experiment.
type Row struct {
	Name  string
	Pages []string // of the deck
	run   func(context.Context, Options) (Result, error)
}

// All lists every experiment in the order of the deck. To add one: its file, a row here, its sentences in the catalogue.
func All() []Row {
	return []Row{
		{"vanishing", []string{"D0", "4-2-4", "4-2-5"}, vanishing},
		{"overfitting", []string{"D0"}, overfitting},
		{"cost-of-depth", []string{"D0"}, costOfDepth},
		{"xor", []string{"4-1-10", "4-1-11"}, xor},
		{"collapse", []string{"4-2-1"}, collapse},
		{"dying-relu", []string{"4-2-6"}, dyingReLU},
		{"learning-rate", []string{"4-4-3", "4-4-4"}, learningRate},
		{"batches", []string{"4-4-5", "4-4-6"}, batches},
		{"local-minimum", []string{"4-4-7", "4-4-8"}, localMinimum},
		{"resampling", []string{"title"}, resampling},
		{"leakage", []string{"title"}, leakage},
	}
}

// Names lists the experiments' names in the order of All.
func Names() []string {
	var list []string
	for _, r := range All() {
		list = append(list, r.Name)
	}
	return list
}

// About says in one line what the experiment shows.
func (r Row) About(lang say.Lang) string { return say.Text(lang, "experiment.about_"+r.Name) }

// Options are what the user may set.
type Options struct {
	Seed  uint64
	Table string // of xor: a truth table as perceptron.ParseTable reads it; "": XOR
}

// Result is a finished experiment.
type Result struct {
	Name     string
	Seed     uint64
	Pages    []string
	Tables   []*Table  // rows and cure first
	Findings []Finding // what the numbers say
	draw     func(lang say.Lang) []picture.Panel
}

// Table is one part of the result. Cells of a row stand in the order of Columns.
type Table struct {
	Key     string // rows, cure or what else it holds
	Columns []string
	Rows    [][]any          // numbers, words, truth values, lists or nil
	Timing  bool             // measured on this machine: another run differs
	Fold    func(i int) bool // rows that a summary leaves out; nil: none
}

// Finding is a sentence made of numbers of the run.
type Finding struct {
	Key  string
	Args []any
}

// In is the sentence in lang.
func (f Finding) In(lang say.Lang) string { return say.Text(lang, f.Key, f.Args...) }

// text adds a finding.
func (r *Result) text(key string, args ...any) { r.Findings = append(r.Findings, Finding{key, args}) }

// table adds a table.
func (r *Result) table(key string, columns ...string) *Table {
	t := &Table{Key: key, Columns: columns}
	r.Tables = append(r.Tables, t)
	return t
}

func (t *Table) add(cells ...any) { t.Rows = append(t.Rows, cells) }

// Table is the part called key, with no rows where there is none.
func (r Result) Table(key string) *Table {
	for _, t := range r.Tables {
		if t.Key == key {
			return t
		}
	}
	return &Table{Key: key}
}

// Heading is the name of a column for people.
func Heading(lang say.Lang, column string) string { return say.Text(lang, "experiment.column_"+column) }

// Title is the name of a table for people.
func (t *Table) Title(lang say.Lang) string { return say.Text(lang, "experiment.table_"+t.Key) }

// Figure is the picture of the result.
func (r Result) Figure(lang say.Lang, foot string) picture.Figure {
	title := say.Text(lang, "experiment.title_"+r.Name)
	words := ""
	for i, f := range r.Findings {
		if i > 0 {
			words += " "
		}
		words += f.In(lang)
	}
	return picture.Figure{
		ID: "experiment-" + r.Name, Lang: string(lang), Title: title, Description: words, Foot: foot, Panels: r.draw(lang),
	}
}

// Run runs the experiment called name.
func Run(ctx context.Context, name string, opt Options) (Result, error) {
	for _, row := range All() {
		if row.Name != name {
			continue
		}
		if opt.Table != "" && name != "xor" {
			return Result{}, say.Error("experiment.table_only_xor", "name", name)
		}
		r, err := row.run(ctx, opt)
		r.Name, r.Seed, r.Pages = row.Name, opt.Seed, row.Pages
		return r, err
	}
	return Result{}, say.Error("experiment.unknown", "name", name, "nearest", say.Nearest(name, Names()), "known", Names())
}
