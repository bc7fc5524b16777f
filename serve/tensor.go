package serve

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"

	"gradus/internal/say"
	"gradus/table"
)

// tensor is an input of the inference protocol: a column [N,1] or [N], or all columns of numbers [N,width] in the model's order.
type tensor struct {
	name     string
	datatype string
	shape    []int
	at       int // of the data in the JSON, −1: none
	binary   int // bytes of it behind the JSON, −1: none
	raw      []byte
	field    int // the input, −1: all of them
	next     scanner
}

// sizes are the bytes of a value by datatype, 0 where they differ.
var sizes = map[string]int{
	"BOOL": 1, "UINT8": 1, "UINT16": 2, "UINT32": 4, "UINT64": 8, "INT8": 1, "INT16": 2, "INT32": 4, "INT64": 8, "FP16": 2, "FP32": 4, "FP64": 8, "BYTES": 0,
}

// datatypes are their names in order.
var datatypes = []string{"BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "FP32", "FP64", "BYTES"}

// wrong is the refusal of a tensor, of which it names a part.
func (t *tensor) wrong(key string, found string, allowed ...string) error {
	p := refuse(422, say.Error(key, "column", shown(t.name), "found", found, "allowed", allowed)).at(0, shown(t.name)).sight(found, allowed...)
	return p
}

// rows is how many rows the tensor has, after it was checked to be what v takes.
func (t *tensor) rows(v *served, most int) (int, error) {
	size, known := sizes[t.datatype]
	if !known {
		return 0, t.wrong("serve.datatype", shown(t.datatype), datatypes...)
	}
	width := 1
	field, named := v.index[t.name]
	switch {
	case named && field < v.inputs():
		t.field = field
		if number := v.model.Preparation.Inputs[field].Kind == table.Number; number && t.datatype == "BYTES" {
			return 0, t.wrong("serve.datatype", t.datatype, datatypes[:len(datatypes)-1]...)
		} else if !number && t.datatype[0] == 'F' {
			return 0, t.wrong("serve.datatype", t.datatype, "BYTES", "BOOL", "INT64", "INT32")
		}
	case len(t.shape) == 2 && t.shape[1] == v.inputs() && v.numbers && size > 0:
		t.field, width = -1, v.inputs()
	case len(t.shape) == 2 && t.shape[1] == v.inputs() && !v.numbers && v.inputs() > 1:
		return 0, t.wrong("serve.not_numbers", "")
	default:
		nearest := say.Nearest(t.name, v.fields[:v.inputs()])
		return 0, refuse(422, say.Error("serve.extra", "column", shown(t.name), "nearest", shown(nearest))).at(0, shown(t.name))
	}
	if len(t.shape) == 0 || len(t.shape) > 2 || len(t.shape) == 2 && t.shape[1] != width {
		return 0, t.wrong("serve.shape", shapeText(t.shape), "[N,"+strconv.Itoa(width)+"]")
	}
	n := t.shape[0]
	if n > most {
		return 0, manyRows(most)
	}
	if (t.at < 0) == (t.binary < 0) {
		return 0, t.wrong("serve.no_data", "", "data", "binary_data_size")
	}
	if t.binary >= 0 && size > 0 && t.binary != n*width*size {
		return 0, t.wrong("serve.data_size", strconv.Itoa(t.binary), strconv.Itoa(n*width*size))
	}
	return n, nil
}

func shapeText(shape []int) string {
	b := []byte{'['}
	for i, n := range shape {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, int64(n), 10)
	}
	return string(append(b, ']'))
}

// fill sets the cells of the rows [start, start+n) of the tensor to the rows from 0 on of the sheet.
func (t *tensor) fill(r *room, start, n int) (err error) {
	for i := range n {
		switch {
		case t.binary < 0:
			err = t.textRow(r, i)
		case t.datatype == "BYTES":
			err = t.bytesRow(r, i)
		case t.field < 0 && t.datatype == "FP32":
			err = t.singles(r, start+i, i)
		default:
			err = t.binaryRow(r, start+i, i)
		}
		if err != nil {
			return placed(err, start+i+1, t.name)
		}
	}
	return nil
}

// span are the inputs that the tensor fills.
func (t *tensor) span(r *room) (from, to int) {
	if t.field < 0 {
		return 0, r.inputs()
	}
	return t.field, t.field + 1
}

// singles sets a row of all columns from float32.
func (t *tensor) singles(r *room, row, n int) error {
	width := len(r.numbers)
	raw := t.raw[4*width*row:][:4*width]
	for i, column := range r.numbers {
		v := float64(math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:])))
		column[n] = v
		if v-v != 0 && v == v {
			return t.infinite(r, i)
		}
	}
	return nil
}

func (t *tensor) infinite(r *room, i int) error {
	return refuse(422, say.Error("serve.too_far", "column", shown(r.fields[i]))).at(0, r.fields[i]).sight("number", "number", "NaN")
}

// binaryRow sets a row from binary numbers.
func (t *tensor) binaryRow(r *room, row, n int) error {
	from, to := t.span(r)
	size := sizes[t.datatype]
	raw := t.raw[size*(to-from)*row:]
	for i := from; i < to; i++ {
		v, whole := decode(t.datatype, raw[size*(i-from):])
		if r.numbers[i] == nil {
			r.sheet.SetText(i, n, strconv.AppendInt(r.scratch[:0], whole, 10))
			if t.datatype == "BOOL" {
				r.sheet.SetText(i, n, strconv.AppendBool(r.scratch[:0], whole != 0))
			}
			continue
		}
		if r.numbers[i][n] = v; v-v != 0 && v == v {
			return t.infinite(r, i)
		}
	}
	return nil
}

// decode reads one binary value: as a number, and as a whole one where the datatype is of those.
func decode(datatype string, b []byte) (v float64, whole int64) {
	switch datatype {
	case "FP32":
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(b))), 0
	case "FP64":
		return math.Float64frombits(binary.LittleEndian.Uint64(b)), 0
	case "FP16":
		return half(binary.LittleEndian.Uint16(b)), 0
	case "UINT64":
		u := binary.LittleEndian.Uint64(b)
		return float64(u), int64(u)
	case "INT64":
		whole = int64(binary.LittleEndian.Uint64(b))
	case "UINT32":
		whole = int64(binary.LittleEndian.Uint32(b))
	case "INT32":
		whole = int64(int32(binary.LittleEndian.Uint32(b)))
	case "UINT16":
		whole = int64(binary.LittleEndian.Uint16(b))
	case "INT16":
		whole = int64(int16(binary.LittleEndian.Uint16(b)))
	case "INT8":
		whole = int64(int8(b[0]))
	default: // UINT8, BOOL
		whole = int64(b[0])
	}
	return float64(whole), whole
}

// half is the value of a float16.
func half(u uint16) float64 {
	sign, exponent, fraction := 1., int(u>>10&31), float64(u&1023)
	if u>>15 == 1 {
		sign = -1
	}
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 31:
		if fraction != 0 {
			return math.NaN()
		}
		return sign * math.Inf(1)
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}

// bytesRow sets a cell from text that its length stands before.
func (t *tensor) bytesRow(r *room, n int) error {
	if len(t.raw) < 4 {
		return t.wrong("serve.data_size", strconv.Itoa(t.binary))
	}
	length := binary.LittleEndian.Uint32(t.raw)
	if uint64(length) > uint64(len(t.raw)-4) {
		return t.wrong("serve.data_size", strconv.Itoa(t.binary))
	}
	cell := t.raw[4 : 4+length]
	t.raw = t.raw[4+length:]
	if !r.sheet.SetText(t.field, n, cell) {
		return refuse(422, say.Error("serve.no_text", "column", shown(t.name)))
	}
	return nil
}

// textRow sets a row from the JSON, whose values stand in any nesting of arrays.
func (t *tensor) textRow(r *room, n int) error {
	from, to := t.span(r)
	for i := from; i < to; i++ {
		if t.ended() {
			return t.wrong("serve.data_count", "")
		}
		r.b, r.i = t.next.b, t.next.i
		if err := r.cell(i, n); err != nil {
			return placed(err, 0, r.fields[i])
		}
		t.next.i = r.i
	}
	return nil
}

// ended steps to the next value in the JSON, false where there is one.
func (t *tensor) ended() bool {
	for slices.Contains([]byte("[],"), t.next.peek()) {
		t.next.i++
	}
	return t.next.i >= len(t.next.b)
}

// over checks that nothing of the tensor is left when its rows are read.
func (t *tensor) over() error {
	if t.binary < 0 && !t.ended() {
		return t.wrong("serve.data_count", "")
	}
	if t.datatype == "BYTES" && t.binary >= 0 && len(t.raw) > 0 {
		return t.wrong("serve.data_size", strconv.Itoa(t.binary))
	}
	return nil
}
