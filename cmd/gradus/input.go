package main

import (
	"context"
	"encoding/csv"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"gradus/internal/disk"
	"gradus/internal/say"
)

// openInput opens the file at path; "-" is the standard input, of which a read ends when the user stops the run.
func (a *app) openInput(path string) (io.ReadCloser, error) {
	if path != "-" {
		return disk.Open(path)
	}
	r, w := io.Pipe()
	context.AfterFunc(a.ctx, func() { w.CloseWithError(a.ctx.Err()) })
	go func() {
		_, err := io.Copy(w, a.in)
		w.CloseWithError(err)
	}()
	return r, nil
}

// numbers reads "1,-2.5,3e-1", the value of flag. Only finite numbers.
func numbers(flag, list string) ([]float64, error) {
	parts := strings.Split(list, ",")
	values := make([]float64, len(parts))
	for i, part := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, say.Error("cmd.number", "flag", flag, "place", i+1, "value", part)
		}
		values[i] = v
	}
	return values, nil
}

// columnNames reads the values of a flag that lists columns: with commas, a name that holds one in quotes, as in CSV.
func columnNames(flag string, lists ...string) ([]string, error) {
	var names []string
	for _, list := range lists {
		r := csv.NewReader(strings.NewReader(list))
		r.TrimLeadingSpace = true
		line, err := r.Read()
		if rest, _ := r.Read(); err != nil || rest != nil {
			return nil, say.Error("cmd.column_list", "flag", flag, "value", list)
		}
		for _, name := range line {
			names = append(names, strings.TrimSpace(name))
		}
	}
	return names, nil
}

// sameFile tells whether two paths are one file, or will be.
func sameFile(a, b string) bool {
	if a == "-" || b == "-" {
		return false
	}
	if x, err := os.Stat(a); err == nil {
		y, err := os.Stat(b)
		return err == nil && os.SameFile(x, y) && x.Mode().IsRegular()
	}
	x, _ := filepath.Abs(a)
	y, _ := filepath.Abs(b)
	return x == y
}
