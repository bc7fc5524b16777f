package scene

import (
	"math"
	"reflect"
	"strconv"
	"strings"
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
	b = append(b, '[')
	for i := range v.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendValue(b, v.Index(i))
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
	for i := range v.NumField() {
		f, x := v.Type().Field(i), v.Field(i)
		name, rest, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			b, first = appendFields(b, x, first)
			continue
		case name == "-" || !f.IsExported() || rest != "" && (x.IsZero() || x.Kind() == reflect.Slice && x.Len() == 0):
			continue
		case name == "":
			name = f.Name
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = appendValue(append(appendString(b, name), ':'), x)
	}
	return b, first
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
