package serve

import (
	"crypto/rand"
	"encoding/hex"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

// FHIR R4 (4.0.1): a row's answer is a RiskAssessment, several are a Bundle of them, a refusal is an OperationOutcome.

var fhirType = []string{"application/fhir+json; charset=utf-8"}

// fhirFormats are the values of _format that mean it; a plus in an address is a space.
var fhirFormats = map[string]bool{"json": true, "fhir": true, typeJSON: true, typeFHIR: true, "application/fhir json": true}

// fhirFormat is what ?_format= asks for, as servers of FHIR have it: it stands above Accept.
func (x *exchange) fhirFormat() (string, error) {
	if !strings.Contains(x.r.URL.RawQuery, "_format") {
		return "", nil
	}
	format := x.r.URL.Query().Get("_format")
	if !fhirFormats[format] {
		return "", refuse(http.StatusNotAcceptable, say.Error("serve.format")).at(0, "_format").sight("", typeFHIR)
	}
	x.fhir = true
	return typeFHIR, nil
}

// gives reports whether answers can be of a media type.
func (v *served) gives(kind string) bool {
	_, ok := v.forms[kind]
	return ok || kind == typeFHIR && v.model.Target.Task != table.TaskNumber
}

// otherFHIR reports whether an element of Accept asks for a version of FHIR other than R4.
func otherFHIR(kind, element string) bool {
	if kind != typeFHIR || !strings.Contains(element, ";") {
		return false
	}
	_, params, err := mime.ParseMediaType(element)
	version := params["fhirversion"]
	return err != nil || version != "" && version != "4.0"
}

// reference to a patient or a group: TYPE/ID, an address that ends so, or a URN.
var fhirReference = regexp.MustCompile(`^(?:(?:https?://[A-Za-z0-9._~:/%$+@-]+/)?(?:Patient|Group)/[A-Za-z0-9.-]{1,64}(?:/_history/[A-Za-z0-9.-]{1,64})?` +
	`|urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+)$`)

// longestReference bounds a reference, in bytes.
const longestReference = 512

// subject reads "subject": a reference for all rows, or an array with one for each.
func (q *questioner) subject() error {
	s := q.s
	if s.kind() != "array" {
		return q.one()
	}
	s.i++
	for first := true; ; first = false {
		more, err := s.more(first, ']')
		if err != nil {
			return err
		}
		if !more {
			if len(q.x.whose) == 0 {
				return refuse(http.StatusUnprocessableEntity, say.Error("serve.subject")).at(0, "subject").sight("array", "string", "array")
			}
			q.x.each = true
			return nil
		}
		if len(q.x.whose) == q.x.s.opt.Limits.Rows {
			return manyRows(q.x.s.opt.Limits.Rows)
		}
		if err := q.one(); err != nil {
			return err
		}
	}
}

// one reads a reference. What it says is kept until the answer is sent, and told to nobody else.
func (q *questioner) one() error {
	row := len(q.x.whose) + 1
	if found := q.s.kind(); found != "string" {
		if found == "" {
			return q.s.broken("string")
		}
		return refuse(http.StatusUnprocessableEntity, say.Error("serve.subject")).at(row, "subject").sight(found, "string")
	}
	text, err := q.s.text()
	if err != nil {
		return err
	}
	if len(text) > longestReference || !fhirReference.Match(text) {
		return refuse(http.StatusUnprocessableEntity, say.Error("serve.subject")).at(row, "subject").sight("string", "Patient/ID", "Group/ID", "urn:uuid:…")
	}
	q.x.whose = append(q.x.whose, string(text))
	return nil
}

// subjects checks that an answer in FHIR can be given, and that nothing was said of whom the rows are without need.
func (x *exchange) subjects() error {
	switch {
	case !x.fhir && x.whose != nil:
		return refuse(http.StatusUnprocessableEntity, say.Error("serve.subject_unused")).at(0, "subject")
	case x.fhir && !x.model.gives(typeFHIR):
		return refuse(http.StatusNotAcceptable, say.Error("serve.fhir_number")).sight("", typeJSON, typeCSV)
	case x.fhir && x.whose == nil:
		return refuse(http.StatusUnprocessableEntity, say.Error("serve.no_subject")).at(0, "subject").sight("", "string", "array")
	}
	return nil
}

// fhirForm writes the answers of one request.
type fhirForm struct {
	x        *exchange
	lang     say.Lang
	start    int    // where the answer begins in the buffer
	before   []byte // of a resource: before the reference
	after    []byte // behind it
	outcomes [][]byte
	last     []byte // the note that ends every resource
}

const (
	fhirBundle = `{"resourceType":"Bundle","type":"collection","timestamp":`
	fhirEntry  = `{"fullUrl":"urn:uuid:`
)

// newFHIRForm makes what all resources of an answer share.
func newFHIRForm(x *exchange) *fhirForm {
	v, lang := x.model, x.lang()
	m := v.model
	f := &fhirForm{x: x, lang: lang}
	method := say.Text(lang, "serve.fhir_method", "name", v.name, "version", model.Version, "hash", v.hash)
	f.before = appendString([]byte(`{"resourceType":"RiskAssessment","status":"preliminary","method":{"text":`), method)
	target := m.Target.Column
	if m.Survival != nil {
		target = m.Target.Status
	}
	f.before = appendString(append(f.before, `},"code":{"text":`...), target)
	f.before = append(f.before, `},"subject":{"reference":`...)
	f.after = appendString([]byte(`},"occurrenceDateTime":`), x.began.UTC().Format(time.RFC3339))
	f.after = appendString(append(f.after, `,"performer":{"display":`...), "gradus "+model.Version)
	f.after = append(f.after, `},"prediction":[`...)
	level := m.Target.Levels
	if m.Survival != nil {
		level = nil
		for range m.Survival.Horizons {
			level = append(level, m.Target.Event)
		}
	}
	for i, l := range level {
		b := []byte(`{"outcome":{"text":`)
		if i > 0 {
			b = append([]byte{','}, b...)
		}
		f.outcomes = append(f.outcomes, append(appendString(b, target+" = "+l), `},"probabilityDecimal":`...))
	}
	f.last = append(appendString([]byte(`{"text":`), say.Text(lang, "serve.disclaimer")), "}]}"...)
	return f
}

func (f *fhirForm) begin(b []byte) []byte {
	f.start = len(b)
	b = appendString(append(b, fhirBundle...), f.x.began.UTC().Format(time.RFC3339))
	return append(b, `,"entry":[`...)
}

// row writes a RiskAssessment as an entry of a Bundle.
func (f *fhirForm) row(b []byte, number int, values []float64, doubts []table.Warning) []byte {
	if number > 1 {
		b = append(b, ',')
	}
	b = append(appendUUID(append(b, fhirEntry...)), `","resource":`...)
	who := 0
	if f.x.each {
		who = min(number, len(f.x.whose)) - 1
	}
	b = append(appendString(append(b, f.before...), f.x.whose[who]), f.after...)
	if s := f.x.model.model.Survival; s != nil {
		for i, h := range s.Horizons {
			b = appendNumber(append(b, f.outcomes[i]...), 1-values[1+i])
			b = append(appendNumber(append(b, `,"whenRange":{"low":{"value":0},"high":{"value":`...), h), "}}}"...)
		}
	} else {
		for i, p := range values {
			b = append(appendNumber(append(b, f.outcomes[i]...), p), '}')
		}
	}
	b = append(b, `],"note":[`...)
	for i := range doubts {
		b = append(appendString(append(b, `{"text":`...), doubts[i].In(f.lang)), "},"...)
	}
	return append(append(b, f.last...), '}')
}

// end closes the Bundle, which has no list of no entries, or takes the only resource out of it.
func (f *fhirForm) end(b []byte, rows int) []byte {
	switch rows {
	case 0:
		return append(b[:len(b)-len(`,"entry":[`)], "}\n"...)
	case 1:
	default:
		return append(b, "]}\n"...)
	}
	head := len(f.begin(nil)) + len(fhirEntry) + uuidLength + len(`","resource":`)
	whole := b[f.start:]
	n := copy(whole, whole[head:len(whole)-1])
	return append(b[:f.start+n], '\n')
}

const uuidLength = 36

// appendUUID appends a random UUID (version 4).
func appendUUID(b []byte) []byte {
	var u [16]byte
	_, _ = rand.Read(u[:]) // it does not fail
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80
	for i, n := range []int{4, 2, 2, 2, 6} {
		if i > 0 {
			b = append(b, '-')
		}
		at := []int{0, 4, 6, 8, 10}[i]
		b = hex.AppendEncode(b, u[at:at+n])
	}
	return b
}

// issues are the kinds of issue of an OperationOutcome by status.
var issues = map[int]string{
	400: "structure", 401: "login", 403: "forbidden", 404: "not-found", 405: "not-supported", 406: "not-supported", 408: "timeout", 413: "too-long",
	415: "not-supported", 429: "throttled", 499: "transient", 500: "exception", 503: "transient",
}

// outcome writes the problem as an OperationOutcome: in diagnostics the code, and where it is.
func (p *problem) outcome(b []byte, lang say.Lang) []byte {
	kind, known := issues[p.status]
	if !known {
		kind = "invalid"
	}
	where := p.why.Key
	if p.row > 0 {
		where += ", row " + strconv.Itoa(p.row)
	}
	if p.column != "" {
		where += ", column " + p.column
	}
	b = appendString(append(b, `{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":`...), kind)
	b = appendString(append(b, `,"details":{"text":`...), p.why.In(lang))
	b = appendString(append(b, `},"diagnostics":`...), where)
	return append(b, "}]}\n"...)
}
