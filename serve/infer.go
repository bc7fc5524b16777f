package serve

import (
	"bytes"
	"net/http"
	"strconv"

	"gradus/internal/say"
)

// headerLength is where the JSON of a request with binary tensors ends.
const headerLength = "Inference-Header-Content-Length"

// inference is a request of the inference protocol and its answer.
type inference struct {
	x       *exchange
	s       scanner
	id      []byte
	inputs  []tensor
	outputs []asked
	binary  bool // all outputs, where none is named
	rows    int
}

// asked is an output that the answer has.
type asked struct {
	output
	binary bool
	data   []byte
}

// infer answers POST /v2/models/NAME/infer.
func (x *exchange) infer(name string) (err error) {
	if x.model, err = x.s.find(name); err != nil {
		return err
	}
	if err := x.read(); err != nil {
		return err
	}
	head := len(x.body)
	if h := x.r.Header[headerLength]; len(h) > 0 {
		n, err := strconv.Atoi(h[0])
		if err != nil || n < 0 || n > len(x.body) {
			return refuse(http.StatusBadRequest, say.Error("serve.header_length")).at(0, headerLength)
		}
		head = n
	}
	if x.worker, err = x.s.gate.work(x.r.Context()); err != nil {
		return err
	}
	return x.work(head)
}

// work works it off. A worker is held meanwhile, whatever happens, but not while the answer is sent.
func (x *exchange) work(head int) error {
	q := &inference{x: x, s: scanner{b: x.body[:head]}}
	header, err := q.answer(x.body[head:])
	if err != nil {
		return err
	}
	kind := jsonType
	if header > 0 {
		kind = octets
		x.w.Header()[headerLength] = []string{strconv.Itoa(header)}
	}
	return x.send(kind)
}

var octets = []string{"application/octet-stream"}

// answer writes the answer and returns the length of its JSON where binary tensors follow it, else 0.
func (q *inference) answer(binary []byte) (header int, err error) {
	defer q.x.s.gate.worked(q.x.worker)
	if err := q.members(); err != nil {
		return 0, err
	}
	if err := q.settle(binary); err != nil {
		return 0, err
	}
	r, err := q.x.model.enter(q.x.worker)
	if err != nil {
		return 0, err
	}
	defer r.leave()
	if err := q.predict(r); err != nil {
		return 0, err
	}
	return q.write(), q.x.hold(cap(q.x.body) + 2*cap(q.x.out))
}

// settle checks the inputs against the model, cuts the binary data and picks the outputs.
func (q *inference) settle(binary []byte) error {
	v, have := q.x.model, map[int]bool{}
	for i := range q.inputs {
		t := &q.inputs[i]
		n, err := t.rows(v, q.x.s.opt.Limits.Rows)
		if err != nil {
			return err
		}
		if have[t.field] || t.field < 0 && len(q.inputs) > 1 {
			return t.wrong("serve.twice", "")
		}
		if have[t.field] = true; i > 0 && n != q.rows {
			return t.wrong("serve.shape", shapeText(t.shape), "["+strconv.Itoa(q.rows)+",1]")
		}
		if q.rows = n; t.binary < 0 {
			continue
		}
		if t.binary > len(binary) {
			return t.wrong("serve.data_size", strconv.Itoa(t.binary), strconv.Itoa(len(binary)))
		}
		t.raw, binary = binary[:t.binary], binary[t.binary:]
	}
	if len(binary) > 0 {
		return refuse(http.StatusBadRequest, say.Error("serve.bytes_left", "found", len(binary)))
	}
	for i := range v.inputs() {
		if !have[i] && !have[-1] {
			return refuse(422, say.Error("serve.missing", "column", shown(v.fields[i]))).at(0, v.fields[i]).sight("", v.allowed(i)...)
		}
	}
	return q.pick()
}

// pick finds the outputs that are asked for, all but the warnings where none is.
func (q *inference) pick() error {
	all := q.x.model.outputs()
	if len(q.outputs) == 0 {
		for _, o := range all[:len(all)-1] {
			q.outputs = append(q.outputs, asked{output: o, binary: q.binary})
		}
		return nil
	}
	for i := range q.outputs {
		o := &q.outputs[i]
		var names []string
		found := false
		for _, one := range all {
			if names = append(names, one.name); one.name == o.name {
				o.output, found = one, true
			}
		}
		if !found {
			return refuse(422, say.Error("serve.no_output", "name", shown(o.name), "nearest", say.Nearest(o.name, names))).at(0, shown(o.name)).sight("", names...)
		}
	}
	return nil
}

// predict answers all rows, a sheet at a time.
func (q *inference) predict(r *room) error {
	a := answer{form: q, most: q.x.s.opt.Limits.Rows, watch: q.x.s.opt.Watcher, x: q.x}
	for start := 0; start < q.rows; start += r.size {
		n := min(r.size, q.rows-start)
		r.sheet.Begin(n)
		for i := range q.inputs {
			if err := q.inputs[i].fill(r, start, n); err != nil {
				return err
			}
		}
		if err := r.predict(&a, n); err != nil {
			return err
		}
	}
	for i := range q.inputs {
		if err := q.inputs[i].over(); err != nil {
			return err
		}
	}
	q.x.rows = a.rows
	q.x.model.count.rows.Add(uint64(a.rows))
	return nil
}

// members reads the JSON.
func (q *inference) members() error {
	s := &q.s
	if s.kind() != "object" {
		return s.broken("'{'")
	}
	s.i++
	seen := map[string]bool{}
	err := s.members(func(name string) error {
		if seen[name] {
			return refuse(422, say.Error("serve.twice", "column", shown(name))).at(0, shown(name))
		}
		seen[name] = true
		return q.member(name)
	})
	if err != nil {
		return err
	}
	if !seen["inputs"] {
		return refuse(422, say.Error("serve.missing", "column", "inputs")).at(0, "inputs").sight("", "array")
	}
	return s.end()
}

var inferMembers = []string{"id", "parameters", "inputs", "outputs"}

// member reads one of them.
func (q *inference) member(name string) error {
	s := &q.s
	switch name {
	case "id":
		id, err := s.text()
		q.id = bytes.Clone(id)
		return err
	case "parameters":
		p, err := q.parameters()
		q.binary = p.output
		return err
	case "inputs":
		return q.list(q.input)
	case "outputs":
		return q.list(q.output)
	}
	return refuse(422, say.Error("serve.extra", "column", shown(name), "nearest", say.Nearest(name, inferMembers))).at(0, shown(name)).sight("", inferMembers...)
}

// list reads an array of objects; each reads a member of one, begin its start.
func (q *inference) list(each func(key string) error) error {
	s := &q.s
	if err := s.want('['); err != nil {
		return err
	}
	for first := true; ; first = false {
		more, err := s.more(first, ']')
		if err != nil || !more {
			return err
		}
		if err := s.want('{'); err != nil {
			return err
		}
		if err := each(""); err != nil {
			return err
		}
		if err := s.members(each); err != nil {
			return err
		}
	}
}

// input reads a member of the last input; "" begins another.
func (q *inference) input(key string) (err error) {
	s := &q.s
	if key == "" {
		if len(q.inputs) > len(q.x.model.fields)+1 {
			return refuse(422, say.Error("serve.many_tensors", "limit", len(q.x.model.fields))).at(0, "inputs")
		}
		q.inputs = append(q.inputs, tensor{at: -1, binary: -1})
		return nil
	}
	t := &q.inputs[len(q.inputs)-1]
	switch key {
	case "name":
		t.name, err = s.word16()
	case "datatype":
		t.datatype, err = s.word16()
	case "shape":
		t.shape, err = s.shape()
	case "parameters":
		var p parameters
		p, err = q.parameters()
		t.binary = p.size
	case "data":
		if s.kind() != "array" {
			return t.wrong("serve.kind", s.kind(), "array")
		}
		s.peek()
		t.at = s.i
		err = s.skip()
		t.next = scanner{b: s.b[:s.i], i: t.at}
	default:
		return refuse(422, say.Error("serve.extra", "column", shown(key), "nearest", "parameters")).at(0, shown(key)).sight("", "name", "datatype", "shape", "parameters", "data")
	}
	return err
}

// output reads a member of the last output; "" begins another.
func (q *inference) output(key string) (err error) {
	if key == "" {
		if len(q.outputs) > 8 {
			return refuse(422, say.Error("serve.many_tensors", "limit", 8)).at(0, "outputs")
		}
		q.outputs = append(q.outputs, asked{binary: q.binary})
		return nil
	}
	o := &q.outputs[len(q.outputs)-1]
	switch key {
	case "name":
		o.name, err = q.s.word16()
	case "parameters":
		var p parameters
		p, err = q.parameters()
		o.binary = p.data
	default:
		return refuse(422, say.Error("serve.extra", "column", shown(key), "nearest", "parameters")).at(0, shown(key)).sight("", "name", "parameters")
	}
	return err
}
