// Package data carries the tables that come with gradus: five real ones and two synthetic ones, a patient cohort and times to death.
//
// The tables are embedded as CSV files, gzipped; PROVENANCE.md says where each comes from.
package data

import (
	"compress/gzip"
	"embed"
	"io"

	"gradus/internal/say"
)

//go:embed *.csv.gz
var files embed.FS

// Set describes one table.
type Set struct {
	Name      string `json:"name"`
	Rows      int    `json:"rows"`
	Columns   int    `json:"columns"` // the target included
	Target    string `json:"target"`
	Task      string `json:"task"`      // binary, classes, number, or survival, of whose event Target is the column
	Synthetic bool   `json:"synthetic"` // no row describes a real person or thing
	SHA256    string `json:"sha256"`    // of the CSV bytes
}

// All lists the tables in the order they are shown.
func All() []Set {
	return []Set{
		{"breast_cancer", 569, 31, "diagnosis", "binary", false, "fefd0594fe431ad9205a996d0fb446ec2f093a41fbee00c6df7fcc29518b15c6"},
		{"wine", 178, 14, "cultivar", "classes", false, "9823017997cff0e628fbc81e9fc0867152879a6799a5068b03b508f8ea30a052"},
		{"digits", 1797, 65, "digit", "classes", false, "592cc047d0a1cc7fdef9fd724514209dcb45a80aa147dc3ab375e3e1a9a380f4"},
		{"iris", 150, 5, "species", "classes", false, "a03f64d16359c75850b800d90f0a035db967603f6ac3c8dcb7cb9cb62096b380"},
		{"diabetes", 442, 11, "progression", "number", false, "10d35e5b3fe6855244175482756c09af0e0026de373e6199dac1b6b41c25d829"},
		{"cohort", 2400, 12, "died_30d", "binary", true, "fd5157e1ed746268eafc2dd7e3528ba8c8ceabc337a016158b388938e8493eba"},
		{"lifetimes", 600, 12, "died", "survival", true, "6cee8fe2d12dbb98ce79ee4002f7fd14d3b7a07df8b2a8de71639ffaef28ba07"},
	}
}

// Names lists the tables' names in the order of All.
func Names() []string {
	var names []string
	for _, s := range All() {
		names = append(names, s.Name)
	}
	return names
}

// Get finds a table by name; an unknown name is an error that suggests the nearest.
func Get(name string) (Set, error) {
	for _, s := range All() {
		if s.Name == name {
			return s, nil
		}
	}
	return Set{}, say.Error("data.unknown", "name", name, "nearest", say.Nearest(name, Names()), "known", Names())
}

// CSV is the table's file: UTF-8, comma separated, a header line, LF. It is nil for a Set that Get or All did not make.
func (s Set) CSV() []byte {
	f, err := files.Open(s.Name + ".csv.gz")
	if err != nil {
		return nil
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil // embedded, so a test sees it first
	}
	b, err := io.ReadAll(z)
	if err != nil {
		return nil
	}
	return b
}

// Title is the table's name for people.
func (s Set) Title(lang say.Lang) string { return say.Text(lang, "data."+s.Name+"_title") }

// Question is what a model of this table answers.
func (s Set) Question(lang say.Lang) string { return say.Text(lang, "data."+s.Name+"_question") }

// Source says where the table comes from.
func (s Set) Source(lang say.Lang) string { return say.Text(lang, "data."+s.Name+"_source") }

// License says under which terms the table is passed on.
func (s Set) License(lang say.Lang) string {
	if s.Synthetic {
		return say.Text(lang, "data.license_synthetic")
	}
	return say.Text(lang, "data.license_package")
}

// Badge marks a synthetic table; it is empty for a real one.
func (s Set) Badge(lang say.Lang) string {
	if s.Synthetic {
		return say.Text(lang, "data.badge_synthetic")
	}
	return ""
}
