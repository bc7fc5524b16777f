package scene

import "reflect"

var numberType = reflect.TypeFor[Number]()

// walk calls f with every number that v holds.
func walk(v any, f func(Number)) { walkValue(reflect.ValueOf(v), f) }

func walkValue(v reflect.Value, f func(Number)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			walkValue(v.Elem(), f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walkValue(v.Index(i), f)
		}
	case reflect.Struct:
		if v.Type() == numberType {
			f(v.Interface().(Number))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walkValue(v.Field(i), f)
			}
		}
	}
}
