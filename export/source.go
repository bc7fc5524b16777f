package export

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gradus/model"
	"gradus/table"
)

// writer writes one source file; the first failure of w is kept.
type writer struct {
	w   io.Writer
	m   *model.Model
	p   *program
	err error
}

func (s *writer) f(format string, args ...any) {
	if s.err == nil {
		_, s.err = fmt.Fprintf(s.w, format, args...)
	}
}

// ops are the steps that s.p takes, each once, in the order of the first.
func (s *writer) ops() (list []string) {
	for _, step := range s.p.steps {
		if !slices.Contains(list, step.op) {
			list = append(list, step.op)
		}
	}
	return list
}

// functions are the activations' functions of the library, by name; those that are missing here are written out in place.
var functions = map[string]string{
	"sigmoid": "sigmoid", "tanh": "tanh", "elu": "elu", "softplus": "softplus", "mish": "mish", "gelu": "gelu", "gelu-tanh": "geluTanh", "silu": "silu",
}

// needs are the library's functions that the program calls.
func (s *writer) needs() (list []string) {
	for _, op := range s.ops() {
		if f := functions[op]; f != "" {
			list = append(list, f)
		} else if op == "softmax" {
			list = append(list, "exp")
		}
	}
	switch s.m.Target.Task {
	case table.TaskBinary:
		list = append(list, "sigmoid")
	case table.TaskClasses:
		list = append(list, "exp")
	}
	return list
}

// numbers writes values, comma by comma, in lines that can be read.
func numbers(n int, text func(i int) string) string {
	var out strings.Builder
	for i := range n {
		switch {
		case i > 0 && i%10 == 0:
			out.WriteString(",\n\t")
		case i > 0:
			out.WriteString(", ")
		}
		out.WriteString(text(i))
	}
	return out.String()
}

func double(v float64) string {
	text := strconv.FormatFloat(v, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

func single(v float32) string {
	text := strconv.FormatFloat(float64(v), 'g', -1, 32)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	return text
}

// identifiers makes one name of each column: its letters and digits as keep allows them, numbered where two would be the same.
func identifiers(columns []table.Input, name func(string) string) []string {
	var list []string
	for i := range columns {
		id := name(columns[i].Name)
		for n := 2; slices.Contains(list, id); n++ {
			id = name(columns[i].Name) + "_" + strconv.Itoa(n)
		}
		list = append(list, id)
	}
	return list
}

// joined is the letters and digits of s that keep allows, all others as _.
func joined(s string, keep func(rune) bool) string {
	return strings.Map(func(r rune) rune {
		if keep(r) {
			return r
		}
		return '_'
	}, s)
}

// remark is s for a comment of one line: no line ends in it, and no comment.
func remark(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\\' {
			return ' '
		}
		return r
	}, s)
	return strings.NewReplacer("*/", "* /", "/*", "/ *").Replace(s)
}

// says describes what a column may hold.
func says(in *table.Input) string {
	if in.Kind == table.Number {
		return fmt.Sprintf("%s to %s in training", table.Format(in.Low), table.Format(in.High))
	}
	return strings.Join(in.Levels, ", ")
}

// slots are the places of the features of a category: of its first level, of "other" and of "missing", −1 where there is none.
func slots(in *table.Input, at int) (other, missing, end int) {
	other, missing, end = -1, -1, at+len(in.Levels)
	if in.Other {
		other = end
		end++
	}
	if in.Missing {
		missing = end
		end++
	}
	return other, missing, end
}
