// Package metric turns truths and predictions into the numbers a reviewer asks for: slices in, numbers out.
//
// The direction is never guessed: a higher prediction means "more likely the event", and an AUROC below one half stays below it.
// Errors are the sentinels below, sometimes inside a RowError that says where; the caller words them for people.
package metric

import (
	"errors"
	"math"
	"strconv"
)

// What can be wrong with the input.
var (
	ErrEmpty       = errors.New("metric: there is no row")
	ErrLength      = errors.New("metric: the slices differ in length")
	ErrOneClass    = errors.New("metric: all rows belong to one class")
	ErrClass       = errors.New("metric: a class number lies outside the classes")
	ErrProbability = errors.New("metric: a probability is not a number within [0, 1]")
	ErrSum         = errors.New("metric: the probabilities of a row do not add up to 1")
	ErrScore       = errors.New("metric: a score is not a number")
	ErrThreshold   = errors.New("metric: a threshold of net benefit lies outside [0, 1)")
)

// RowError says at which row (counted from 1) which value broke the rule of Err.
type RowError struct {
	Row   int
	Value float64
	Err   error
}

// Error is the sentence of the rule with the row and the value.
func (e *RowError) Error() string {
	return e.Err.Error() + ": row " + strconv.Itoa(e.Row) + " holds " + strconv.FormatFloat(e.Value, 'g', -1, 64)
}

// Unwrap is the rule that was broken.
func (e *RowError) Unwrap() error { return e.Err }

// Number is a figure that may be undefined: NaN here, null in JSON.
type Number float64

var undefined = Number(math.NaN())

// Defined reports whether the figure has a value.
func (v Number) Defined() bool { return !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0) }

// MarshalJSON writes the shortest decimal that reads back the same, or null. It is written here and not by encoding/json, which would make
// the page's engine a quarter larger.
func (v Number) MarshalJSON() ([]byte, error) {
	if !v.Defined() {
		return []byte("null"), nil
	}
	form, size := byte('f'), math.Abs(float64(v))
	if size != 0 && (size < 1e-6 || size >= 1e21) {
		form = 'e'
	}
	b := strconv.AppendFloat(nil, float64(v), form, -1, 64)
	if n := len(b); form == 'e' && n >= 4 && b[n-4] == 'e' && b[n-3] == '-' && b[n-2] == '0' {
		b = append(b[:n-2], b[n-1]) // e-09 is e-9
	}
	return b, nil
}

// UnmarshalJSON reads a number or null.
func (v *Number) UnmarshalJSON(b []byte) error {
	*v = undefined
	if string(b) == "null" {
		return nil
	}
	x, err := strconv.ParseFloat(string(b), 64)
	if err == nil {
		*v = Number(x)
	}
	return err
}

// Estimate is a value with its 95 % interval.
type Estimate struct {
	Value Number `json:"value"`
	Low   Number `json:"low"`
	High  Number `json:"high"`
}

const z95 = 1.959963984540054 // the 97.5 % point of the normal distribution

// Wilson is the share k/n with Wilson's score interval; undefined when n is 0.
func Wilson(k, n int) Estimate {
	if n == 0 {
		return Estimate{undefined, undefined, undefined}
	}
	m := float64(n)
	share := float64(k) / m
	centre := (share + z95*z95/(2*m)) / (1 + z95*z95/m)
	half := float64(z95 / (1 + z95*z95/m) * math.Sqrt(share*(1-share)/m+z95*z95/(4*m*m)))
	low, high := centre-half, centre+half
	if k == 0 {
		low = 0 // what rounding leaves there
	}
	if k == n {
		high = 1
	}
	return Estimate{Number(share), Number(low), Number(high)}
}

func checkScores(y []bool, p []float64) error {
	return check(y, p, func(v float64) bool { return v == v }, ErrScore)
}

func checkProbabilities(y []bool, p []float64) error {
	return check(y, p, probability, ErrProbability)
}

func probability(v float64) bool { return v >= 0 && v <= 1 }

func check(y []bool, p []float64, ok func(float64) bool, rule error) error {
	if len(y) != len(p) {
		return ErrLength
	}
	if len(y) == 0 {
		return ErrEmpty
	}
	for i, v := range p {
		if !ok(v) {
			return &RowError{i + 1, v, rule}
		}
	}
	return nil
}

func count(y []bool) (events int) {
	for _, event := range y {
		if event {
			events++
		}
	}
	return events
}

// ratio is a/b, undefined when b is 0.
func ratio(a, b float64) Number {
	if b == 0 {
		return undefined
	}
	return Number(a / b)
}
