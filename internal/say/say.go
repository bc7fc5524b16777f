// Package say holds every sentence gradus speaks to a person, in English and Korean, in one catalogue.
//
// A sentence is named by a key "area.name" and stands in catalogue/area.json with both languages side by side.
// Errors are made with Error (the input is wrong, exit code 2) or Failure (the run failed, exit code 1): they carry the
// key and its arguments, so the same error can be shown in either language after it was made.
package say

import (
	"errors"
	"strconv"
	"strings"
)

// Lang is a language of the catalogue.
type Lang string

// The languages every sentence exists in.
const (
	English Lang = "en"
	Korean  Lang = "ko"
)

// Text returns the sentence of key in lang, its {placeholders} filled from the name, value pairs in args.
func Text(lang Lang, key string, args ...any) string {
	return fill(lang, template(lang, key), args)
}

// Has reports whether the catalogue holds key.
func Has(key string) bool { return entry(key) != nil }

// Err is an error that can be shown in every language of the catalogue.
type Err struct {
	Key   string // area.name
	Args  []any  // name, value, name, value …
	Fault bool   // true: the run failed (exit 1); false: the input is wrong (exit 2)
}

// Error makes the error of an input that is wrong: exit code 2. args are name, value pairs.
func Error(key string, args ...any) *Err { return &Err{Key: key, Args: args} }

// Failure makes the error of a run that failed although its input was right: exit code 1.
func Failure(key string, args ...any) *Err { return &Err{Key: key, Args: args, Fault: true} }

// Error is the English sentence.
func (e *Err) Error() string { return e.In(English) }

// In is the sentence in lang.
func (e *Err) In(lang Lang) string { return Text(lang, e.Key, e.Args...) }

// Unwrap returns the first argument that is itself an error.
func (e *Err) Unwrap() error {
	for i := 1; i < len(e.Args); i += 2 {
		if err, ok := e.Args[i].(error); ok {
			return err
		}
	}
	return nil
}

// In shows any error in lang: a catalogue error translated, another as it is.
func In(lang Lang, err error) string {
	if e, ok := errors.AsType[*Err](err); ok {
		return e.In(lang)
	}
	return err.Error()
}

func template(lang Lang, key string) string {
	if e := entry(key); e != nil && e[lang] != "" {
		return e[lang]
	}
	return "[" + key + "]"
}

func entry(key string) map[Lang]string {
	area, name, ok := strings.Cut(key, ".")
	if !ok {
		return nil
	}
	return load(area)[name]
}

func fill(lang Lang, s string, args []any) string {
	if len(args) == 0 {
		return s
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+args[i].(string)+"}", show(lang, args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

func show(lang Lang, v any) string {
	if err, ok := v.(error); ok {
		return In(lang, err)
	}
	return Shown(v)
}

// Shown is an argument as it stands in a sentence, in every language the same.
func Shown(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case float32:
		return strconv.FormatFloat(float64(v), 'g', -1, 32)
	case []string:
		return strings.Join(v, ", ")
	}
	return plain(v)
}
