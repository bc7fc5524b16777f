package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"

	"gradus/internal/say"
)

// The checksums in All are those of the source's SHA256SUMS (tidy/*.csv), so this proves the bytes are the source's.
func TestEverySetIsWhatItSays(t *testing.T) {
	for _, s := range All() {
		b := s.CSV()
		if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != s.SHA256 {
			t.Errorf("%s: checksum %x", s.Name, sum)
		}
		rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
		if err != nil {
			t.Fatal(s.Name, err)
		}
		if len(rows) != s.Rows+1 || len(rows[0]) != s.Columns || rows[0][s.Columns-1] != s.Target {
			t.Errorf("%s: %d rows, %d columns, target %s", s.Name, len(rows)-1, len(rows[0]), rows[0][len(rows[0])-1])
		}
	}
}

// Class counts as PROVENANCE.md gives them.
func TestClassCounts(t *testing.T) {
	for name, want := range map[string]map[string]int{
		"breast_cancer": {"malignant": 212, "benign": 357},
		"wine":          {"class_0": 59, "class_1": 71, "class_2": 48},
		"iris":          {"setosa": 50, "versicolor": 50, "virginica": 50},
		"cohort":        {"0": 2176, "1": 224},
		"lifetimes":     {"0": 164, "1": 436},
	} {
		s, err := Get(name)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, line := range strings.Split(strings.TrimSpace(string(s.CSV())), "\n")[1:] {
			got[line[strings.LastIndexByte(line, ',')+1:]]++
		}
		if len(got) != len(want) {
			t.Errorf("%s: %v", name, got)
		}
		for level, n := range want {
			if got[level] != n {
				t.Errorf("%s: %s %d, want %d", name, level, got[level], n)
			}
		}
	}
}

// scikit-learn's file says 0 for malignant and 1 for benign; here the levels have names, and it is the malignant masses that are large.
func TestMalignantIsNotZero(t *testing.T) {
	s, err := Get("breast_cancer")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(s.CSV())).ReadAll()
	if err != nil || rows[0][0] != "mean_radius" && rows[0][0] != "mean radius" {
		t.Fatal(rows[0], err)
	}
	sum, n := map[string]float64{}, map[string]float64{}
	for _, r := range rows[1:] {
		radius, err := strconv.ParseFloat(r[0], 64)
		if err != nil {
			t.Fatal(err)
		}
		sum[r[len(r)-1]], n[r[len(r)-1]] = sum[r[len(r)-1]]+radius, n[r[len(r)-1]]+1
	}
	if m, b := sum["malignant"]/n["malignant"], sum["benign"]/n["benign"]; len(n) != 2 || m < 17.4 || m > 17.5 || b < 12.1 || b > 12.2 {
		t.Errorf("malignant %v, benign %v", m, b)
	}
}

func TestCohortHidesTheTruth(t *testing.T) {
	s, _ := Get("cohort")
	header, _, _ := strings.Cut(string(s.CSV()), "\n")
	for _, hidden := range []string{"true_p", "split"} {
		if strings.Contains(header, hidden) {
			t.Errorf("%s is in %s", hidden, header)
		}
	}
	if !s.Synthetic || s.Badge(say.English) == "" || s.Badge(say.Korean) == s.Badge(say.English) {
		t.Error("the cohort is not badged synthetic")
	}
}

func TestUnknownNameSuggestsTheNearest(t *testing.T) {
	_, err := Get("brest_cancer")
	if err == nil || !strings.Contains(err.Error(), `"breast_cancer"`) || !strings.Contains(say.In(say.Korean, err), "brest_cancer") {
		t.Error(err)
	}
	if b := (Set{Name: "none"}).CSV(); b != nil {
		t.Error("a set that does not exist has a file")
	}
}

func TestTextsInBothLanguages(t *testing.T) {
	for _, s := range All() {
		for _, text := range []func(say.Lang) string{s.Title, s.Question, s.Source, s.License} {
			en, ko := text(say.English), text(say.Korean)
			if en == ko || strings.HasPrefix(en, "[") || strings.HasPrefix(ko, "[") {
				t.Errorf("%s: %q, %q", s.Name, en, ko)
			}
		}
		if !s.Synthetic && s.Badge(say.English) != "" {
			t.Errorf("%s is real", s.Name)
		}
	}
}
