package experiment

import (
	"strconv"

	"gradus/internal/say"
)

// number writes v for a sentence: three digits, which read back as a number.
func number(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }

// cost3 is number of a cell that may hold none.
func cost3(cell any) string {
	if v, ok := cell.(float64); ok {
		return number(v)
	}
	return "–"
}

// Word is a value of a table in words where the catalogue has some, else as it stands.
func Word(lang say.Lang, value string) string {
	if key := "experiment.word_" + value; say.Has(key) {
		return say.Text(lang, key)
	}
	return value
}
