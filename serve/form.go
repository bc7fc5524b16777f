package serve

import (
	"maps"
	"slices"
	"strconv"

	"gradus/internal/say"
	"gradus/table"
)

// The media types of rows and answers.
const (
	typeJSON = "application/json"
	typeCSV  = "text/csv"
	typeFHIR = "application/fhir+json"
)

// form is a way to write the answers of a request, one row after the other. It holds nothing of a request.
type form interface {
	begin(b []byte) []byte
	row(b []byte, number int, values []float64, doubts []table.Warning) []byte
	end(b []byte, rows int) []byte
}

// formats are the names by which "format" in a request asks for a media type.
var formats = map[string]string{"json": typeJSON, "csv": typeCSV, "fhir": typeFHIR}

var formatNames = slices.Sorted(maps.Keys(formats))

// formsOf are the ways in which the answers of v are written, by media type and language.
func formsOf(v *served) map[string]map[say.Lang]form {
	forms := map[string]map[say.Lang]form{typeJSON: {}, typeCSV: {}}
	for _, lang := range []say.Lang{say.English, say.Korean} {
		forms[typeJSON][lang] = newJSONForm(v, lang)
		forms[typeCSV][lang] = csvForm{v, lang}
	}
	return forms
}

// csvForm writes what gradus predict writes.
type csvForm struct {
	of   *served
	lang say.Lang
}

func (f csvForm) begin(b []byte) []byte {
	for i, name := range f.of.model.Heading(nil) {
		if i > 0 {
			b = append(b, ',')
		}
		b = table.AppendCell(b, name)
	}
	return append(b, '\n')
}

func (f csvForm) row(b []byte, number int, values []float64, doubts []table.Warning) []byte {
	return f.of.model.AppendLine(strconv.AppendInt(b, int64(number), 10), values, doubts, f.lang)
}

func (f csvForm) end(b []byte, _ int) []byte { return b }

// jsonForm writes {"predictions":[…]}, with what is the same in every row made once.
type jsonForm struct {
	of    *served
	lang  say.Lang
	names [][]byte // before each value
	calls [][]byte // of a class: what follows the values where it is called
	tail  []byte   // what follows the values, before the warnings
	last  []byte
}

func newJSONForm(v *served, lang say.Lang) *jsonForm {
	m := v.model
	f := &jsonForm{of: v, lang: lang, tail: []byte(`,"warnings":[`)}
	f.last = appendString([]byte("],\"model\":{\"name\":"), v.name)
	f.last = appendString(append(f.last, `,"sha256":`...), v.hash)
	f.last = appendString(append(f.last, `},"disclaimer":`...), say.Text(lang, "serve.disclaimer"))
	f.last = append(f.last, "}\n"...)
	switch {
	case m.Survival != nil:
		f.names = append(f.names, []byte(`{"risk":`))
		for i, h := range m.Survival.Horizons {
			start := `,"survival":{`
			if i > 0 {
				start = ","
			}
			f.names = append(f.names, append(appendString([]byte(start), table.Format(h)), ':'))
		}
		f.tail = []byte(`},"warnings":[`)
	case len(m.Target.Levels) == 0:
		f.names = [][]byte{[]byte(`{"prediction":`)}
	default:
		for i, l := range m.Target.Levels {
			start := `{"p":{`
			if i > 0 {
				start = ","
			}
			f.names = append(f.names, append(appendString([]byte(start), l), ':'))
			f.calls = append(f.calls, append(appendString([]byte(`},"prediction":`), l), `,"warnings":[`...))
		}
	}
	return f
}

func (f *jsonForm) begin(b []byte) []byte { return append(b, `{"predictions":[`...) }

func (f *jsonForm) end(b []byte, _ int) []byte { return append(b, f.last...) }

func (f *jsonForm) row(b []byte, number int, values []float64, doubts []table.Warning) []byte {
	if number > 1 {
		b = append(b, ',')
	}
	for i, v := range values {
		b = appendNumber(append(b, f.names[i]...), v)
	}
	if f.calls == nil {
		b = append(b, f.tail...)
	} else {
		b = append(b, f.calls[f.of.model.CallIndex(values)]...)
	}
	for i := range doubts {
		if i > 0 {
			b = append(b, ',')
		}
		b = f.doubt(b, &doubts[i])
	}
	return append(b, "]}"...)
}

// doubt writes one warning.
func (f *jsonForm) doubt(b []byte, w *table.Warning) []byte {
	b = appendString(append(b, `{"column":`...), w.Column)
	b = appendString(append(b, `,"kind":`...), string(w.Doubt))
	switch w.Doubt {
	case table.UnknownLevel:
		b = appendString(append(b, `,"level":`...), w.Level)
	case table.OutOfRange:
		b = appendNumber(append(b, `,"value":`...), w.Value)
		b = appendNumber(append(b, `,"low":`...), w.Low)
		b = appendNumber(append(b, `,"high":`...), w.High)
	}
	b = appendString(append(b, `,"message":`...), w.In(f.lang))
	return append(b, '}')
}
