package serve

import (
	"encoding/binary"
	"math"
	"net/http"
	"strconv"

	"gradus/internal/say"
	"gradus/table"
)

// parameters are those that the binary data extension knows.
type parameters struct {
	size   int  // binary_data_size, −1: none
	data   bool // binary_data
	output bool // binary_data_output
}

// unheard are parameters that ask for what this service does not do: an answer that leaves it out would be wrong.
var unheard = map[string]bool{"classification": true, "shared_memory_region": true}

// parameters reads an object of scalars. Those that do not concern the answer are stepped over, as the protocol has it.
func (q *inference) parameters() (p parameters, err error) {
	s := &q.s
	p.size = -1
	if err := s.want('{'); err != nil {
		return p, err
	}
	err = s.members(func(name string) (err error) {
		switch {
		case name == "binary_data_size":
			p.size, err = s.count()
		case name == "binary_data" || name == "binary_data_output":
			var word []byte
			word, err = s.scalar()
			p.data = p.data || name == "binary_data" && string(word) == "true"
			p.output = p.output || name == "binary_data_output" && string(word) == "true"
		case unheard[name]:
			err = refuse(http.StatusUnprocessableEntity, say.Error("serve.parameter", "name", name)).at(0, name)
		default:
			err = s.skip()
		}
		return err
	})
	return p, err
}

// word16 reads a string to keep.
func (s *scanner) word16() (string, error) {
	b, err := s.text()
	return string(b), err
}

// count reads a number that counts.
func (s *scanner) count() (int, error) {
	b, err := s.number()
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(string(b))
	if err != nil || n < 0 || n > 1<<40 {
		return 0, s.broken("0 … 1099511627776")
	}
	return n, nil
}

// shape reads the sizes of a tensor.
func (s *scanner) shape() (shape []int, err error) {
	if err := s.want('['); err != nil {
		return nil, err
	}
	for first := true; ; first = false {
		more, err := s.more(first, ']')
		if err != nil || !more {
			return shape, err
		}
		n, err := s.count()
		if err != nil {
			return nil, err
		}
		if shape = append(shape, min(n, math.MaxInt32)); len(shape) > 8 {
			return nil, s.broken("']'")
		}
	}
}

func (q *inference) begin(b []byte) []byte { return b }

func (q *inference) end(b []byte, _ int) []byte { return b }

// row appends a row to every output: an inference is the form of its own answer.
func (q *inference) row(b []byte, number int, values []float64, doubts []table.Warning) []byte {
	for i := range q.outputs {
		o := &q.outputs[i]
		if !o.binary && number > 1 {
			o.data = append(o.data, ',')
		}
		switch {
		case o.append == nil:
			o.text(q.said(o.name, values, doubts))
		case o.binary:
			for _, v := range o.append(values) {
				o.data = binary.LittleEndian.AppendUint64(o.data, math.Float64bits(v))
			}
		default:
			for k, v := range o.append(values) {
				if k > 0 {
					o.data = append(o.data, ',')
				}
				o.data = appendNumber(o.data, v)
			}
		}
	}
	return b
}

// said is the text of an output of text.
func (q *inference) said(name string, values []float64, doubts []table.Warning) string {
	if name == "prediction" {
		return q.x.model.model.Call(values)
	}
	lang, all := q.x.lang(), ""
	for i := range doubts {
		if i > 0 {
			all += "; "
		}
		all += doubts[i].In(lang)
	}
	return all
}

func (o *asked) text(s string) {
	if o.binary {
		o.data = append(binary.LittleEndian.AppendUint32(o.data, uint32(len(s))), s...)
	} else {
		o.data = appendString(o.data, s)
	}
}

// write writes the answer and returns the length of its JSON where binary tensors follow it.
func (q *inference) write() (header int) {
	v := q.x.model
	b := appendString(append(q.x.out[:0], `{"model_name":`...), v.name)
	b = append(b, `,"model_version":"1"`...)
	if q.id != nil {
		b = appendString(append(b, `,"id":`...), string(q.id))
	}
	b = append(b, `,"outputs":[`...)
	some := false
	for i := range q.outputs {
		if i > 0 {
			b = append(b, ',')
		}
		b = q.outputs[i].write(b, q.rows)
		some = some || q.outputs[i].binary
	}
	b = append(b, "]}"...)
	if some {
		header = len(b)
		for i := range q.outputs {
			if q.outputs[i].binary {
				b = append(b, q.outputs[i].data...)
			}
		}
	}
	q.x.out = b
	return header
}

// write writes an output's place in the JSON, with its data if that is not binary.
func (o *asked) write(b []byte, rows int) []byte {
	b = appendString(append(b, `{"name":`...), o.name)
	b = appendString(append(b, `,"datatype":`...), o.datatype)
	b = strconv.AppendInt(append(b, `,"shape":[`...), int64(rows), 10)
	if o.width > 0 {
		b = strconv.AppendInt(append(b, ','), int64(o.width), 10)
	}
	if o.binary {
		b = strconv.AppendInt(append(b, `],"parameters":{"binary_data_size":`...), int64(len(o.data)), 10)
		return append(b, "}}"...)
	}
	b = append(append(b, `],"data":[`...), o.data...)
	return append(b, "]}"...)
}
