package experiment

import (
	"bytes"
	"encoding/csv"
	"math"
	"math/rand/v2"
	"strconv"

	"gradus/data"
	"gradus/internal/say"
	"gradus/internal/trial"
)

// stream is the chance of one purpose; purposes do not disturb each other.
func stream(seed, purpose uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, purpose)) }

// real is a bundled table in the order of seed, its numbers standardised by its first fit rows: what comes after them is held out.
// A target in words is 1 where it is event; a number is standardised too.
func real(name, event string, seed uint64, fit int) (trial.Set, error) {
	set, err := data.Get(name)
	if err != nil {
		return trial.Set{}, err
	}
	cells, err := csv.NewReader(bytes.NewReader(set.CSV())).ReadAll()
	if err != nil {
		return trial.Set{}, say.Failure("experiment.data", "name", name, "cause", err)
	}
	cells = cells[1:]
	stream(seed, 1).Shuffle(len(cells), func(i, j int) { cells[i], cells[j] = cells[j], cells[i] })
	x, y := make([][]float64, len(cells)), make([][]float64, len(cells))
	for i, row := range cells {
		last := len(row) - 1
		for _, text := range row[:last] {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return trial.Set{}, say.Failure("experiment.data", "name", name, "cause", err)
			}
			x[i] = append(x[i], v)
		}
		v, err := strconv.ParseFloat(row[last], 64)
		if err != nil && row[last] == event {
			v = 1
		}
		y[i] = []float64{v}
	}
	standardise(x, fit)
	if event == "" {
		standardise(y, fit)
	}
	return trial.Rows(x, y), nil
}

// cancer is the breast_cancer table: malignant or not, by 30 measurements of cell nuclei.
func cancer(seed uint64, fit int) (trial.Set, error) {
	return real("breast_cancer", "malignant", seed, fit)
}

// standardise is z = (x − mean)/sd by column, with mean and sd of the first fit rows.
func standardise(x [][]float64, fit int) {
	for c := range x[0] {
		mean, square := 0.0, 0.0
		for _, row := range x[:fit] {
			mean += row[c]
		}
		mean /= float64(fit)
		for _, row := range x[:fit] {
			d := row[c] - mean
			square += float64(d * d)
		}
		sd := math.Sqrt(square / float64(fit))
		if sd == 0 {
			sd = 1
		}
		for _, row := range x {
			row[c] = (row[c] - mean) / sd
		}
	}
}
