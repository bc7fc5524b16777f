package say

import (
	"reflect"
	"strconv"
)

// plain is a value as fmt.Sprint shows it: package fmt would be a large part of the engine in a page. What has no form here, a struct or
// a map, is shown by other.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return "<nil>"
	case error:
		return v.Error()
	case interface{ String() string }:
		return v.String()
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.String:
		return r.String()
	case reflect.Bool:
		return strconv.FormatBool(r.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(r.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.FormatUint(r.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return strconv.FormatFloat(r.Float(), 'g', -1, r.Type().Bits())
	case reflect.Slice, reflect.Array:
		return list(r)
	}
	return other(v)
}

func list(r reflect.Value) string {
	b := []byte{'['}
	for i := range r.Len() {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, plain(r.Index(i).Interface())...)
	}
	return string(append(b, ']'))
}
