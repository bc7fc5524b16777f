package serve

import (
	"bytes"
	"net/http"
	"strings"

	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

// predict answers POST /predict.
func (x *exchange) predict(name string) error {
	kind, err := x.mediaType()
	if err != nil {
		return err
	}
	if kind != typeJSON && kind != typeCSV && kind != "" {
		return refuse(http.StatusUnsupportedMediaType, say.Error("serve.media", "found", shown(kind))).at(0, "Content-Type").sight("", typeJSON, typeCSV).shut()
	}
	if x.model, err = x.s.find(name); err != nil {
		return err
	}
	wants, err := x.accepts(kind)
	if err != nil {
		return err
	}
	if err := x.read(); err != nil {
		return err
	}
	if x.worker, err = x.s.gate.work(x.r.Context()); err != nil {
		return err
	}
	wants, err = x.answer(kind, name, wants)
	if err != nil {
		return err
	}
	return x.send(contentType(wants))
}

// answer works the body off. A worker is held meanwhile, whatever happens.
func (x *exchange) answer(kind, name, wants string) (string, error) {
	defer x.s.gate.worked(x.worker)
	if kind == typeCSV {
		return wants, x.records(wants)
	}
	return x.question(name, wants)
}

func contentType(kind string) []string {
	switch kind {
	case typeJSON:
		return jsonType
	case typeCSV:
		return csvType
	case typeFHIR:
		return fhirType
	}
	return []string{kind}
}

// accepts is the media type in which the answer is asked for: the best of Accept that there is, of equal ones and without one that of
// the request.
func (x *exchange) accepts(kind string) (string, error) {
	if kind == "" {
		kind = typeJSON
	}
	if wants, err := x.fhirFormat(); wants != "" || err != nil {
		return wants, err
	}
	header := x.r.Header["Accept"]
	if len(header) == 0 || len(header) == 1 && (header[0] == "*/*" || header[0] == kind) {
		return kind, nil
	}
	wants, best := "", 0.
	for one := range strings.SplitSeq(strings.Join(header, ","), ",") {
		t, q := weighed(one)
		if any, ok := strings.CutSuffix(t, "/*"); ok && (any == "*" || strings.HasPrefix(kind, any+"/")) {
			t = kind
		}
		if x.model.gives(t) && !otherFHIR(t, one) && (q > best || q == best && t == kind) && q > 0 {
			wants, best = t, q
		}
	}
	if wants == "" {
		return "", refuse(http.StatusNotAcceptable, say.Error("serve.accept")).at(0, "Accept").sight("", typeJSON, typeCSV, typeFHIR)
	}
	x.fhir = wants == typeFHIR
	return wants, nil
}

// task is an empty answer of the exchange's model.
func (x *exchange) task(wants string) answer {
	f := x.model.forms[wants][x.lang()]
	if x.fhir {
		f = newFHIRForm(x)
	}
	return answer{form: f, out: x.out[:0], most: x.s.opt.Limits.Rows, watch: x.s.opt.Watcher, x: x}
}

// done keeps what an answer grew to.
func (x *exchange) done(a *answer) {
	x.out, x.rows = a.out, a.rows
	x.model.count.rows.Add(uint64(a.rows))
}

// complete ends an answer, where there are as many subjects as rows.
func (x *exchange) complete(a *answer) error {
	if x.each && len(x.whose) != a.rows {
		return refuse(http.StatusUnprocessableEntity, say.Error("serve.subjects", "found", len(x.whose), "rows", a.rows)).at(0, "subject")
	}
	a.out = a.form.end(a.out, a.rows)
	x.done(a)
	return nil
}

// question works off a JSON body: {"rows":[…],"model":NAME,"format":FORMAT,"subject":REFERENCE}. Where rows is the last member, which is
// so just where the body ends with an array of objects, it is read once; else it is stepped over first.
func (x *exchange) question(name, wants string) (string, error) {
	s := &scanner{b: x.body}
	q := questioner{x: x, s: s, name: name, wants: wants, last: lastIsArray(x.body), rows: -1}
	if err := q.members(); err != nil {
		return "", err
	}
	if q.rows < 0 {
		return "", refuse(http.StatusUnprocessableEntity, say.Error("serve.missing", "column", "rows")).at(0, "rows").sight("", "array")
	}
	r, err := x.model.enter(x.worker)
	if err != nil {
		return "", err
	}
	defer r.leave()
	if err := x.subjects(); err != nil {
		return "", err
	}
	r.b, r.i = x.body, q.rows
	a := x.task(q.wants)
	a.out = a.form.begin(a.out)
	err = r.rows(&a)
	if err == nil && q.open {
		if err = r.want('}'); err == nil {
			err = r.end()
		}
	}
	if err == nil {
		err = x.complete(&a)
	}
	return q.wants, err
}

// lastIsArray reports whether a body ends with an array of objects, or an empty one, and }.
func lastIsArray(body []byte) bool {
	want := "}]"
	for i := len(body) - 1; i >= 0; i-- {
		switch c := body[i]; {
		case c == ' ' || c == '\n' || c == '\r' || c == '\t':
		case want == "":
			return c == '}' || c == '['
		case c != want[0]:
			return false
		default:
			want = want[1:]
		}
	}
	return false
}

// questioner reads the members of a question.
type questioner struct {
	x     *exchange
	s     *scanner
	name  string // of the model in the path
	wants string
	last  bool // rows, if it comes, is the last member
	rows  int  // where they begin
	open  bool // what follows them is not read yet
	seen  [4]bool
}

var members = []string{"rows", "model", "format", "subject"}

func (q *questioner) members() error {
	if q.s.kind() != "object" {
		return q.s.broken("'{'")
	}
	q.s.i++
	for first := true; ; first = false {
		more, err := q.s.more(first, '}')
		if err != nil {
			return err
		}
		if !more {
			return q.s.end()
		}
		if err := q.member(); err != nil || q.open {
			return err
		}
	}
}

// member reads one of them.
func (q *questioner) member() error {
	key, err := q.s.key()
	if err != nil {
		return err
	}
	for i, name := range members {
		if string(key) != name {
			continue
		}
		if q.seen[i] {
			return refuse(http.StatusUnprocessableEntity, say.Error("serve.twice", "column", name)).at(0, name)
		}
		q.seen[i] = true
		if name == "subject" {
			return q.subject()
		}
		if i > 0 {
			return q.word(name)
		}
		if q.rows, q.open = q.s.i, q.last; q.open {
			return nil
		}
		return q.s.skip()
	}
	given := shown(string(key))
	return refuse(http.StatusUnprocessableEntity, say.Error("serve.extra", "column", given, "nearest", say.Nearest(given, members))).at(0, given).sight("", members...)
}

// word reads "model" or "format".
func (q *questioner) word(name string) error {
	if found := q.s.kind(); found != "string" {
		if found == "" {
			return q.s.broken("string")
		}
		return refuse(http.StatusUnprocessableEntity, say.Error("serve.kind", "column", name, "found", found, "allowed", "string")).at(0, name).sight(found, "string")
	}
	text, err := q.s.text()
	if err != nil {
		return err
	}
	if name == "model" {
		if q.name != "" && q.name != string(text) {
			return refuse(http.StatusUnprocessableEntity, say.Error("serve.two_models")).at(0, name)
		}
		q.x.model, err = q.x.s.find(string(text))
		return err
	}
	kind, known := formats[string(text)]
	if !known {
		return refuse(http.StatusUnprocessableEntity, say.Error("serve.format")).at(0, name).sight("", formatNames...)
	}
	q.wants, q.x.fhir = kind, kind == typeFHIR
	return nil
}

// records works off a CSV body.
func (x *exchange) records(wants string) error {
	if err := x.subjects(); err != nil {
		return err
	}
	m := x.model
	a := x.task(wants)
	a.out = a.form.begin(a.out)
	each := func(p model.Answer[[]byte]) error {
		if p.Start == 0 {
			p.Page.Out = p.Page.Out[:0]
		}
		if p.Page.First+p.Start+p.Values.Rows > a.most {
			return manyRows(a.most)
		}
		return m.answers(&a, p)
	}
	done := func(p *table.Page[[]byte]) error {
		a.out = append(a.out, p.Out...)
		a.rows += p.Rows
		return a.account()
	}
	err := model.Stream(m.model, bytes.NewReader(x.body), "request", table.Options{Workers: 1}, each, done)
	if err == nil {
		a.out = a.form.end(a.out, a.rows)
		x.done(&a)
	}
	return err
}

// answers writes the answers for a part of a page to the page.
func (v *served) answers(a *answer, p model.Answer[[]byte]) error {
	first := p.Page.First + p.Start
	if err := v.note(a, first, p.Page.Table, p.Start, p.Values, p.Doubts); err != nil {
		return err
	}
	doubts := p.Doubts
	for i := range p.Values.Rows {
		own := 0
		for own < len(doubts) && doubts[own].Row == p.Start+i {
			own++
		}
		p.Page.Out = a.form.row(p.Page.Out, first+i+1, p.Values.Row(i), doubts[:own])
		doubts = doubts[own:]
	}
	return nil
}
