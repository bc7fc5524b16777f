// Package modeltest lends models of every task to the tests of packages that write them in other forms.
package modeltest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"gradus/data"
	"gradus/fit"
	"gradus/model"
	"gradus/table"
)

// Kept are the names of the models that the model package's tests keep.
var Kept = []string{"binary", "classes", "number", "layers"}

// Read is a kept model and its rows.
func Read(t *testing.T, name string) (*model.Model, *table.Table) {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	path := filepath.Join(filepath.Dir(here), "..", "..", "model", "testdata", "v1", name)
	b, err := os.ReadFile(path + ".gradus")
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.Read(b, name)
	if err != nil {
		t.Fatal(err)
	}
	csv, err := os.ReadFile(path + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	return m, parse(t, csv, m)
}

func parse(t *testing.T, csv []byte, m *model.Model) *table.Table {
	t.Helper()
	var opt table.Options
	if m != nil {
		opt.Kinds = m.Preparation.Kinds()
	}
	tbl, err := table.Read(bytes.NewReader(csv), "test.csv", opt)
	if err != nil {
		t.Fatal(err)
	}
	return tbl
}

// Trained is the default ensemble after two epochs on a bundled table, and the table's rows.
func Trained(t *testing.T, set string) (*model.Model, *table.Table) {
	t.Helper()
	d, err := data.Get(set)
	if err != nil {
		t.Fatal(err)
	}
	tbl, s := parse(t, d.CSV(), nil), model.Settings{Epochs: 2, Seed: 3}
	target, y, err := table.NewTarget(tbl, d.Target, "", "")
	if d.Task == string(table.TaskSurvival) {
		time := make([]float64, tbl.Rows)
		for i := range time {
			time[i] = tbl.Column("days").Number(i)
		}
		target, y, err = table.NewSurvival(tbl, "days", time, d.Target, "1")
		s.Leave, s.Horizons = []string{d.Target}, []float64{180, 365}
	}
	if err != nil {
		t.Fatal(err)
	}
	run, err := fit.New(tbl, nil, target, y, s)
	if err != nil {
		t.Fatal(err)
	}
	m, err := run.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return m, parse(t, d.CSV(), m)
}

// Hostile is the first rows of tbl, of whose cells some are missing, unknown, or as far outside the training range as far says.
func Hostile(t *testing.T, m *model.Model, tbl *table.Table, far string) *table.Table {
	t.Helper()
	var header []string
	var records [][]string
	for i := range m.Preparation.Inputs {
		header = append(header, m.Preparation.Inputs[i].Name)
	}
	for r := range min(tbl.Rows, 80) {
		var row []string
		for c, name := range header {
			cell, number := tbl.Column(name).Text(r), m.Preparation.Inputs[c].Kind == table.Number
			switch (r + c) % 6 {
			case 1:
				cell = ""
			case 2:
				if cell = "never seen \"처음\" ??/"; number {
					cell = far
				}
			case 3:
				if number {
					cell = "-12345.678"
				}
			}
			row = append(row, cell)
		}
		records = append(records, row)
	}
	out, err := table.FromRecords("hostile", header, records, table.Options{Kinds: m.Preparation.Kinds()})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
