package main

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"strings"
)

// finite rebuilds v with null in place of every NaN and ±Inf, which JSON cannot hold. It knows the shapes results are made
// of: structs with json tags, slices, arrays, maps, pointers and interfaces.
func finite(v any) any { return rebuild(reflect.ValueOf(v)) }

func rebuild(v reflect.Value) any {
	if v.IsValid() && v.Type().Implements(reflect.TypeFor[json.Marshaler]()) {
		return v.Interface()
	}
	switch v.Kind() {
	case reflect.Invalid:
		return nil
	case reflect.Float32, reflect.Float64:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return nil
		}
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		return rebuild(v.Elem())
	case reflect.Slice, reflect.Array:
		return rebuildList(v)
	case reflect.Map:
		if v.IsNil() {
			return nil
		}
		m := map[string]any{}
		for _, k := range v.MapKeys() {
			m[k.String()] = rebuild(v.MapIndex(k))
		}
		return m
	case reflect.Struct:
		return rebuildStruct(v)
	}
	return v.Interface()
}

func rebuildList(v reflect.Value) any {
	if v.Kind() == reflect.Slice && v.IsNil() {
		return nil
	}
	list := make([]any, v.Len())
	for i := range list {
		list[i] = rebuild(v.Index(i))
	}
	return list
}

func rebuildStruct(v reflect.Value) object {
	var o object
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			o = append(o, rebuildStruct(v.Field(i))...)
		case option == "omitempty" && empty(v.Field(i)), option == "omitzero" && v.Field(i).IsZero():
		default:
			if name == "" {
				name = f.Name
			}
			o = append(o, member{name, rebuild(v.Field(i))})
		}
	}
	return o
}

func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Array, reflect.Map, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// object is a JSON object that keeps the order of its members.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := e.Encode(m.name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := e.Encode(m.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
