package serve

import (
	"errors"
	"net/http"
	"strconv"

	"gradus/internal/say"
)

// problem is why a request is refused: a status, a sentence, and where in the request it is. It never holds a value of a row.
type problem struct {
	status  int
	why     *say.Err
	row     int      // counted from 1; 0: of no row
	column  string   // or a field of the request
	found   string   // kind of the value that stands there
	allowed []string // what may stand there
	close   bool     // the rest of the request is not read
}

// Error is the sentence in English.
func (p *problem) Error() string { return p.why.Error() }

// Unwrap is the error of the catalogue.
func (p *problem) Unwrap() error { return p.why }

// refuse makes a problem.
func refuse(status int, why *say.Err) *problem { return &problem{status: status, why: why} }

// at says where the problem is.
func (p *problem) at(row int, column string) *problem {
	p.row, p.column = row, column
	return p
}

// sight says what was found and what may stand there.
func (p *problem) sight(found string, allowed ...string) *problem {
	p.found, p.allowed = found, allowed
	return p
}

// shut ends the connection after the answer.
func (p *problem) shut() *problem {
	p.close = true
	return p
}

// problemOf makes a problem of any error: of the input it is the request's fault, another the service's own.
func problemOf(err error) *problem {
	if p, ok := errors.AsType[*problem](err); ok {
		return p
	}
	e, ok := errors.AsType[*say.Err](err)
	switch {
	case !ok:
		return refuse(http.StatusInternalServerError, say.Failure("serve.failed"))
	case e.Fault:
		return refuse(http.StatusInternalServerError, e)
	}
	return refuse(http.StatusUnprocessableEntity, e).from(e)
}

// from takes row and column out of an error of a table.
func (p *problem) from(e *say.Err) *problem {
	for i := 0; i+1 < len(e.Args); i += 2 {
		switch v := e.Args[i+1].(type) {
		case int:
			if e.Args[i] == "row" {
				p.row = v
			}
		case string:
			if e.Args[i] == "column" {
				p.column = v
			}
		}
	}
	return p
}

// append writes the problem as application/problem+json (RFC 9457); "error" is what clients of the inference protocol read.
func (p *problem) append(b []byte, lang say.Lang) []byte {
	b = append(b, `{"type":"about:blank","title":`...)
	b = appendString(b, http.StatusText(p.status))
	b = strconv.AppendInt(append(b, `,"status":`...), int64(p.status), 10)
	b = appendString(append(b, `,"code":`...), p.why.Key)
	if p.row > 0 {
		b = strconv.AppendInt(append(b, `,"row":`...), int64(p.row), 10)
	}
	if p.column != "" {
		b = appendString(append(b, `,"column":`...), p.column)
	}
	if p.found != "" {
		b = appendString(append(b, `,"found":`...), p.found)
	}
	for i, a := range p.allowed {
		if i == 0 {
			b = append(b, `,"allowed":[`...)
		} else {
			b = append(b, ',')
		}
		b = appendString(b, a)
	}
	if len(p.allowed) > 0 {
		b = append(b, ']')
	}
	detail := p.why.In(lang)
	b = appendString(append(b, `,"detail":`...), detail)
	b = appendString(append(b, `,"error":`...), detail)
	return append(b, "}\n"...)
}
