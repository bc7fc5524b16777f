// Command encodingcsv reads the table with Go's own encoding/csv and strconv, into one slice of float64 a column.
package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"peer"
	"runtime"
	"strconv"
)

// read is the columns of a table whose first line names them.
func read(text []byte) ([][]float64, error) {
	r := csv.NewReader(bytes.NewReader(text))
	r.ReuseRecord = true
	head, err := r.Read()
	if err != nil {
		return nil, err
	}
	columns := make([][]float64, len(head))
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return columns, nil
		}
		if err != nil {
			return nil, err
		}
		for k, cell := range cells {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				return nil, err
			}
			columns[k] = append(columns[k], v)
		}
	}
}

// contents is the mean of |x| over the cells, and that of the last column.
func contents(columns [][]float64) []float64 {
	last := len(columns) - 1
	cells, events := 0., 0.
	for _, column := range columns[:last] {
		for _, v := range column {
			cells += math.Abs(v)
		}
	}
	for _, v := range columns[last] {
		events += v
	}
	n := float64(len(columns[last]))
	return []float64{cells / n / float64(last), events / n}
}

func build(folder, work string) (*peer.Job, error) {
	if work != "csv-read" {
		return nil, nil
	}
	var list struct {
		Table struct {
			Rows int
			File string
		}
	}
	b, err := os.ReadFile(filepath.Join(folder, "bench.json"))
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &list); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(folder, list.Table.File))
	if err != nil {
		return nil, err
	}
	var columns [][]float64
	run := func() {
		if columns, err = read(text); err != nil {
			panic(err)
		}
	}
	return &peer.Job{
		Steps: list.Table.Rows, Once: true, Ready: func() { columns = nil }, Run: run,
		Losses: func() []float64 { return contents(columns) },
	}, nil
}

func main() { peer.Serve("encoding/csv", runtime.Version()+", with strconv", build) }
