//go:build !page

package trace

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"gradus/internal/say"
)

// UnmarshalJSON reads a finite number.
func (n *Number) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return say.Error("trace.number", "value", clip(string(b)))
	}
	*n = Number(v)
	return nil
}

// UnmarshalJSON reads "sigmoid" or {"name":"leaky-relu","slope":0.01}.
func (a *Activation) UnmarshalJSON(b []byte) error {
	switch {
	case len(b) > 2 && b[0] == '"':
		return json.Unmarshal(b, &a.Name)
	case len(b) > 0 && b[0] != '{' && string(b) != "null":
		return say.Error("trace.form", "what", "activation", "value", clip(string(b)), "example", `"relu", {"name":"leaky-relu","slope":0.01}`)
	}
	type plain Activation
	return strict(b, (*plain)(a), "activation", "name", "slope")
}

// MarshalJSON writes the short form where it says all.
func (a Activation) MarshalJSON() ([]byte, error) {
	if a.Slope == nil {
		return json.Marshal(a.Name)
	}
	type plain Activation
	return json.Marshal(plain(a))
}

// UnmarshalJSON reads name, form, alpha and the values of the rule.
func (o *Optimizer) UnmarshalJSON(b []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil || all == nil {
		return say.Error("trace.form", "what", "optimizer", "value", clip(string(b)), "example", `{"name":"descent","alpha":0.5}`)
	}
	o.Values = map[string]float64{}
	for key, raw := range all {
		if err := o.set(key, raw); err != nil {
			return say.Error("say.inside", "where", "optimizer."+clip(key), "cause", err)
		}
	}
	return nil
}

func (o *Optimizer) set(key string, raw json.RawMessage) error {
	switch key {
	case "name":
		return word(raw, &o.Name)
	case "form":
		return word(raw, &o.Form)
	case "alpha":
		o.Alpha = new(Number)
		return json.Unmarshal(raw, o.Alpha)
	}
	switch string(raw) {
	case "true":
		o.Values[key] = 1
	case "false":
		o.Values[key] = 0
	default:
		var v Number
		if err := json.Unmarshal(raw, &v); err != nil {
			return err
		}
		o.Values[key] = float64(v)
	}
	return nil
}

func word(raw json.RawMessage, to *string) error {
	if json.Unmarshal(raw, to) != nil {
		return say.Error("trace.word", "value", clip(string(raw)))
	}
	return nil
}

// MarshalJSON writes what UnmarshalJSON reads.
func (o Optimizer) MarshalJSON() ([]byte, error) {
	all := map[string]any{"name": o.Name}
	if o.Form != "" {
		all["form"] = o.Form
	}
	if o.Alpha != nil {
		all["alpha"] = *o.Alpha
	}
	for k, v := range o.Values {
		all[k] = v
	}
	return json.Marshal(all)
}

// maxBytes bounds a spec; a network that is written down by hand is far below.
const maxBytes = 64 << 20

// Read parses a spec; its error names the line and column, or the key, and what is allowed.
func Read(r io.Reader) (Spec, error) {
	var s Spec
	b, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return s, err
	}
	if len(b) > maxBytes {
		return s, say.Error("trace.large", "limit", maxBytes>>20)
	}
	if len(bytes.TrimSpace(b)) == 0 {
		return s, say.Error("trace.empty")
	}
	if err := strict(b, &s, "spec", "precision", "layers", "cost", "optimizer", "batches", "kind", "activation", "weights", "biases",
		"gamma", "beta", "epsilon", "momentum", "on", "delta", "positive_weight", "class_weights", "label_smoothing", "x", "y"); err != nil {
		return s, err
	}
	return s, nil
}

// strict unmarshals b, refusing unknown keys (the nearest of keys is suggested) and anything behind the value.
func strict(b []byte, to any, what string, keys ...string) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return explain(b, err, what, keys)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		line, column := place(b, d.InputOffset())
		return say.Error("trace.behind", "line", line, "column", column)
	}
	return nil
}

func explain(b []byte, err error, what string, keys []string) error {
	if e, ok := errors.AsType[*say.Err](err); ok {
		return e
	}
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		line, column := place(b, e.Offset-1) // Offset is behind the byte
		return say.Error("trace.syntax", "line", line, "column", column, "reason", e.Error())
	}
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		line, column := place(b, e.Offset)
		return say.Error("trace.type", "line", line, "column", column, "field", e.Field, "value", e.Value)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		line, column := place(b, int64(len(b)))
		return say.Error("trace.syntax", "line", line, "column", column, "reason", "unexpected end")
	}
	if _, name, ok := strings.Cut(err.Error(), "unknown field "); ok {
		name = strings.Trim(name, `"`)
		slices.Sort(keys)
		return say.Error("trace.key", "what", what, "name", clip(name), "nearest", say.Nearest(name, keys), "known", keys)
	}
	return say.Error("say.inside", "where", what, "cause", err)
}

// place turns a byte offset into line and column, from 1.
func place(b []byte, offset int64) (line, column int) {
	before := b[:min(max(offset, 0), int64(len(b)))]
	line = bytes.Count(before, []byte("\n")) + 1
	return line, len(before) - bytes.LastIndexByte(before, '\n')
}
