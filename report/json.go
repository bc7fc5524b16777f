package report

import (
	"encoding/json"
	"io"
	"unicode"
	"unicode/utf8"

	"gradus/internal/say"
	"gradus/model"
)

// Content is a report for programs: its figures, its checklist, its limits, in the language asked for.
type Content struct {
	Gradus     string            `json:"gradus"`
	Lang       say.Lang          `json:"lang"`
	Title      string            `json:"title"`
	Verdict    string            `json:"verdict"`
	Validation *model.Validation `json:"validation"`
	Nested     *model.Nested     `json:"nested,omitempty"`
	Study      *model.Study      `json:"study,omitempty"`
	Card       *model.Card       `json:"card,omitempty"`
	Opened     int               `json:"test_set_opened,omitempty"`
	Checklist  []Item            `json:"tripod_ai"`
	Limits     []string          `json:"limits"`
	Disclaimer string            `json:"disclaimer"`
}

// JSON writes the content of a report.
func JSON(w io.Writer, in Input) error {
	r, err := newWriter(in)
	if err != nil {
		return err
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(Content{
		Gradus: in.Validation.Gradus, Lang: in.Lang, Title: in.Title, Verdict: r.verdict(), Validation: in.Validation, Nested: in.Nested,
		Study: in.Study, Card: in.Card, Opened: in.Opened, Checklist: r.checklist(), Limits: r.limitList(), Disclaimer: model.Disclaimer,
	})
}

// verdict is the one sentence to remember.
func (r *writer) verdict() string {
	if r.in.Verdict != "" {
		return upper(r.in.Verdict)
	}
	if r.b == nil {
		return ""
	}
	return Verdict(r.in.Lang, r.v)
}

// upper begins a sentence with a capital.
func upper(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
