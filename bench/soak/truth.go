package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
)

// table is a bundled table: its text, and its rows as the service takes them.
type table struct {
	text []byte
	rows []map[string]any
}

// truth is what gradus predict says of every row of the table, by one model.
type truth struct {
	csv  []byte
	rows []answer
}

// answer is that of one row.
type answer struct {
	P          map[string]float64
	Prediction string
}

// prepare trains the two models that take turns, and asks gradus predict about every row.
func (s *soak) prepare() {
	text, code := s.run("data", "cohort", "--csv")
	s.must(code, text)
	file := filepath.Join(s.dir, "cohort.csv")
	fatal(os.WriteFile(file, text, 0o600))
	s.tables["cohort"] = parse(text)
	for i := range s.paths {
		s.paths[i] = filepath.Join(s.dir, strconv.Itoa(i)+".model")
		out, code := s.run("train", file, "--target", "died_30d", "--drop", "site", "--hidden", "16,8", "--epochs", "3", "--seed", strconv.Itoa(i+1), "--out", s.paths[i], "--no-record", "--quiet")
		s.must(code, out)
		s.learn(s.paths[i], file)
	}
	copyFile(s.paths[0], s.served())
}

func (s *soak) served() string { return filepath.Join(s.dir, "ward.gradus") }

func (s *soak) must(code int, out []byte) {
	if code != 0 {
		os.Stderr.Write(out)
		os.Exit(1)
	}
}

// learn keeps what gradus predict says.
func (s *soak) learn(model, file string) {
	b, err := os.ReadFile(model)
	fatal(err)
	t := &truth{}
	out, code := s.run("predict", model, file, "--json", "--quiet")
	s.must(code, out)
	fatal(json.Unmarshal(out, &t.rows))
	t.csv, code = s.run("predict", model, file, "--quiet")
	s.must(code, t.csv)
	sum := sha256.Sum256(b)
	s.models[hex.EncodeToString(sum[:])] = t
}

// parse makes rows of a table: a number where a cell reads as one, null where there is none.
func parse(text []byte) table {
	records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	fatal(err)
	t := table{text: text}
	for _, r := range records[1:] {
		row := map[string]any{}
		for i, cell := range r {
			if v, err := strconv.ParseFloat(cell, 64); err == nil {
				row[records[0][i]] = v
			} else if cell != "" {
				row[records[0][i]] = cell
			} else {
				row[records[0][i]] = nil
			}
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// copyFile puts a copy of a file in the place of another, at once.
func copyFile(from, to string) {
	b, err := os.ReadFile(from)
	fatal(err)
	fatal(os.WriteFile(to+".new", b, 0o600))
	fatal(os.Rename(to+".new", to))
}
