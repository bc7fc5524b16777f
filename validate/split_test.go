package validate

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// visits are n patients of one to four rows with a rare event, both drawn.
func visits(n int, seed uint64) (group []int, y []float64) {
	r := rand.New(rand.NewPCG(seed, 1))
	for g := range n {
		for range 1 + r.IntN(4) {
			group = append(group, g)
			v := 0.
			if r.Float64() < .2 {
				v = 1
			}
			y = append(y, v)
		}
	}
	return group, y
}

// Whole patients go to folds; rows and events are spread, no fold is empty, every row is judged once.
func TestGroupedFolds(t *testing.T) {
	for seed := range uint64(20) {
		group, y := visits(200, seed)
		p := Parting{Scheme: CrossValidation, Folds: 10, Repeats: 2, Seed: seed, Group: group}
		folds, err := p.Split(y, true)
		if err != nil || len(folds) != 20 {
			t.Fatal(len(folds), err)
		}
		judged, total := make([]int, len(y)), 0.
		for _, v := range y {
			total += v
		}
		for i, f := range folds {
			events := 0.
			for _, row := range f.Test {
				judged[row]++
				events += y[row]
			}
			if share := events / total; share < .07 || share > .13 || len(f.Test) < len(y)/14 {
				t.Errorf("seed %d, fold %d: %d rows, %v of the events", seed, i, len(f.Test), share)
			}
		}
		if slices.ContainsFunc(judged, func(n int) bool { return n != 2 }) {
			t.Error("a row is not judged once a repeat")
		}
	}
}

// As many patients as folds leave no fold empty, even where one patient has most rows; one patient fewer is an error.
func TestFewPatients(t *testing.T) {
	group, y := []int{0, 0, 0, 0, 0, 0, 1, 2, 3}, []float64{1, 0, 1, 0, 1, 0, 0, 0, 0}
	if folds, err := (Parting{Folds: 4, Repeats: 1, Group: group}).Split(y, true); err != nil || len(folds) != 4 {
		t.Error(folds, err)
	}
	if _, err := (Parting{Folds: 5, Repeats: 1, Group: group}).Split(y, true); key(err) != "study.few_groups" {
		t.Error(err)
	}
}

func TestApartRefuses(t *testing.T) {
	whole := []Fold{{Train: []int{0, 1}, Test: []int{2, 3}}}
	if err := Apart(whole, []int{7, 8, 9, 9}); err != nil {
		t.Error(err)
	}
	for want, c := range map[string]struct {
		folds []Fold
		group []int
	}{
		"study.leak":       {whole, []int{7, 8, 8, 9}}, // patient 8 is learnt from and judged
		"study.empty_fold": {[]Fold{{Train: []int{0}}}, nil},
	} {
		if err := Apart(c.folds, c.group); key(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if err := Apart([]Fold{{Train: []int{0, 1}, Test: []int{1}}}, nil); key(err) != "study.leak" {
		t.Errorf("a row in both parts: %v", err)
	}
}

// The first visit decides: a patient who came early is never judged, not by a late visit either.
func TestTemporal(t *testing.T) {
	group, at := []int{0, 1, 2, 3, 0, 1}, []float64{1, 2, 8, 9, 99, 3}
	p := Parting{Scheme: Temporal, Late: .5, Group: group, Time: at}
	folds, err := p.Split(make([]float64, 6), false)
	if err != nil || !slices.Equal(folds[0].Train, []int{0, 1, 4, 5}) || !slices.Equal(folds[0].Test, []int{2, 3}) {
		t.Error(folds, err)
	}
	p.Time = []float64{5, 5, 5, 5, 5, 5}
	if _, err := p.Split(make([]float64, 6), false); key(err) != "study.one_time" {
		t.Error(err)
	}
}

func TestExternal(t *testing.T) {
	p := Parting{Scheme: External, Site: []string{"나", "가", "나", "다"}}
	folds, err := p.Split(make([]float64, 4), false)
	if err != nil || len(folds) != 3 || folds[1].Name != "나" || !slices.Equal(folds[1].Test, []int{0, 2}) || !slices.Equal(folds[1].Train, []int{1, 3}) {
		t.Error(folds, err)
	}
	p.Group = []int{1, 1, 2, 3} // a patient of two sites
	if _, err := p.Split(make([]float64, 4), false); key(err) != "study.leak" {
		t.Error(err)
	}
	if _, err := (Parting{Scheme: External, Site: []string{"가", "가"}}).Split(make([]float64, 2), false); key(err) != "study.one_site" {
		t.Error(err)
	}
}
