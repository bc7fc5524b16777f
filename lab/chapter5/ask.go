package chapter5

import (
	"math"

	"gradus/lab/scene"
)

// any lets a field of a mistake hold what it likes.
var anything = math.NaN()

// number5 to number6 are how exactly a number is asked.
const (
	fourPlaces = 5e-5
	fivePlaces = 1e-5
	fiveSharp  = 5e-6
)

// mistake is a wrong answer with the sentence that names its cause.
//
//go:noinline
func mistake(key string, values ...float64) scene.Mistake {
	return scene.Mistake{Key: "lab45.m_" + key, Values: values}
}

// field is a number to be found.
//
//go:noinline
func field(label string, right, within float64) scene.Field {
	return scene.Field{Label: scene.Text(label), Right: right, Within: within}
}

// fields are numbers of the ledger to be found.
func (q *sheet) fields(within float64, symbols ...string) []scene.Field {
	var list []scene.Field
	for _, s := range symbols {
		list = append(list, field(left(q.Rows[q.Row(s)].Formula), q.value(s), within))
	}
	return list
}

// values are numbers of the ledger.
func (q *sheet) values(symbols ...string) []float64 {
	var list []float64
	for _, s := range symbols {
		list = append(list, q.value(s))
	}
	return list
}

// task is exercise n of a page. Of its mistakes those are left out that are right for these numbers, or the same as one before.
func (q *sheet) task(n string, fields []scene.Field, mistakes []scene.Mistake, args ...any) scene.Exercise {
	e := scene.Exercise{Key: q.leaf.key("_task" + n), Args: args, Fields: fields}
	for _, m := range mistakes {
		if finite(m.Values) && !same(fields, m.Values, rights(fields)) && !known(e, m) {
			e.Mistakes = append(e.Mistakes, m)
		}
	}
	return e
}

func finite(values []float64) bool {
	for _, v := range values {
		if math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// rights are the right answers as numbers.
func rights(fields []scene.Field) []float64 {
	list := make([]float64, len(fields))
	for i, f := range fields {
		switch {
		case f.Order != nil:
			list[i] = digits(f.Order)
		case f.Options != nil:
			list[i] = float64(f.Choice)
		default:
			list[i] = f.Right
		}
	}
	return list
}

// known reports whether an earlier mistake would be named in the place of m.
func known(e scene.Exercise, m scene.Mistake) bool {
	for _, other := range e.Mistakes {
		if same(e.Fields, other.Values, fill(m.Values, rights(e.Fields))) {
			return true
		}
	}
	return false
}

// fill puts the right answer in the place of what may be anything.
func fill(values, right []float64) []float64 {
	list := make([]float64, len(values))
	for i, v := range values {
		if list[i] = v; math.IsNaN(v) {
			list[i] = right[i]
		}
	}
	return list
}

// same reports whether answers b would be taken for a.
func same(fields []scene.Field, a, b []float64) bool {
	for i, f := range fields {
		if !math.IsNaN(a[i]) && !math.IsNaN(b[i]) && math.Abs(a[i]-b[i]) > f.Within*(1+1e-9) {
			return false
		}
	}
	return true
}

// digits is the answer to an order as a number.
func digits(order []int) float64 {
	v := 0
	for _, n := range order {
		v = 10*v + n
	}
	return float64(v)
}

// choice is one of options, which are sentences of the section.
//
//go:noinline
func choice(label scene.Words, right int, options ...scene.Words) scene.Field {
	return scene.Field{Label: label, Options: options, Choice: right}
}

// texts are options that every language writes alike.
func texts(list ...string) []scene.Words {
	var words []scene.Words
	for _, s := range list {
		words = append(words, scene.Text(s))
	}
	return words
}

// says are options that are sentences.
func says(keys ...string) []scene.Words {
	var words []scene.Words
	for _, k := range keys {
		words = append(words, scene.Say("lab45."+k))
	}
	return words
}

// shuffled deals tiles for an order: the right order of the first n among all of them.
func (q *sheet) shuffled(n int, tiles ...string) scene.Field {
	place := q.dice().Perm(len(tiles))
	f := scene.Field{Options: make([]scene.Words, len(tiles)), Order: make([]int, n)}
	for i, t := range tiles {
		f.Options[place[i]] = scene.Text(t)
		if i < n {
			f.Order[i] = place[i] + 1
		}
	}
	return f
}

// tile is the number of the tile with a text.
func tile(f scene.Field, text string) int {
	for i, o := range f.Options {
		if o.Text == text {
			return i + 1
		}
	}
	return 0
}

// order is the answer that lays tiles in a row.
func order(f scene.Field, tiles ...string) float64 {
	var list []int
	for _, t := range tiles {
		list = append(list, tile(f, t))
	}
	return digits(list)
}
