package scene

import (
	"math"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Append adds v as JSON to b: the subset of encoding/json that scenes need (structs with tags, slices, strings, numbers, pointers,
// maps with string keys), without what would make the page's engine a quarter larger. A number that is not finite is null.
func Append(b []byte, v any) []byte { return appendValue(b, reflect.ValueOf(v)) }

func appendValue(b []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return append(b, "null"...)
		}
		return appendValue(b, v.Elem())
	case reflect.String:
		return appendString(b, v.String())
	case reflect.Bool:
		return strconv.AppendBool(b, v.Bool())
	case reflect.Int, reflect.Int64:
		return strconv.AppendInt(b, v.Int(), 10)
	case reflect.Uint64:
		return strconv.AppendUint(b, v.Uint(), 10)
	case reflect.Float64:
		return appendFloat(b, v.Float(), 64)
	case reflect.Float32:
		return appendFloat(b, v.Float(), 32)
	case reflect.Slice, reflect.Array:
		return appendList(b, v)
	case reflect.Map:
		return appendMap(b, v)
	case reflect.Struct:
		return appendStruct(b, v)
	}
	panic("scene: JSON of a " + v.Kind().String())
}

func appendFloat(b []byte, v float64, bits int) []byte {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return append(b, "null"...)
	}
	return strconv.AppendFloat(b, v, 'g', -1, bits)
}

func appendList(b []byte, v reflect.Value) []byte {
	if list, ok := v.Interface().([]float32); ok { // a plane has thousands: no reflection for each
		return appendPlane(b, list)
	}
	b = append(b, '[')
	for i := range v.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendValue(b, v.Index(i))
	}
	return append(b, ']')
}

// appendPlane writes values of a plane; most have few digits.
func appendPlane(b []byte, list []float32) []byte {
	b = append(b, '[')
	for i, v := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendFloat(b, float64(v), 32)
	}
	return append(b, ']')
}

func appendMap(b []byte, v reflect.Value) []byte {
	keys := make([]string, 0, v.Len())
	for _, k := range v.MapKeys() {
		keys = append(keys, k.String())
	}
	sortStrings(keys)
	b = append(b, '{')
	for i, k := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, k), ':')
		b = appendValue(b, v.MapIndex(reflect.ValueOf(k)))
	}
	return append(b, '}')
}

func sortStrings(list []string) {
	for i := range list {
		for j := i; j > 0 && list[j] < list[j-1]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

func appendStruct(b []byte, v reflect.Value) []byte {
	b, _ = appendFields(append(b, '{'), v, true)
	return append(b, '}')
}

// appendFields adds the fields of v, those of an embedded struct among them.
func appendFields(b []byte, v reflect.Value, first bool) ([]byte, bool) {
	for _, f := range shapeOf(v.Type()) {
		x := v.Field(f.index)
		switch {
		case f.embedded:
			b, first = appendFields(b, x, first)
			continue
		case f.omit && (x.IsZero() || x.Kind() == reflect.Slice && x.Len() == 0):
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = appendValue(append(b, f.name...), x)
	}
	return b, first
}

// field is what JSON needs to know of a field of a struct.
type field struct {
	index          int
	name           string // as JSON has it, with its colon
	omit, embedded bool
}

// shapes keeps the fields of every type that was written: a plane has hundreds of points, and tags are slow to read.
var shapes sync.Map

func shapeOf(t reflect.Type) []field {
	if list, ok := shapes.Load(t); ok {
		return list.([]field)
	}
	var list []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, rest, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.Anonymous && (name == "-" || !f.IsExported()) {
			continue
		}
		if name == "" {
			name = f.Name
		}
		list = append(list, field{i, string(append(appendString(nil, name), ':')), rest != "", f.Anonymous})
	}
	shapes.Store(t, list)
	return list
}

const hex = "0123456789abcdef"

func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range strings.ToValidUTF8(s, "�") {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ' || r == '<' || r == '\u2028' || r == '\u2029':
			b = append(b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		default:
			b = append(b, string(r)...)
		}
	}
	return append(b, '"')
}
