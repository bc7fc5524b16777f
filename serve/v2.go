package serve

import (
	"net/http"
	"strconv"

	"gradus/model"
	"gradus/table"
)

// live answers that the process is there.
func (x *exchange) live(string) error {
	x.out = append(x.out[:0], "{\"live\":true}\n"...)
	return x.send(jsonType)
}

// isReady answers whether the service wants requests.
func (x *exchange) isReady(string) error { return x.sendReady("") }

// modelReady answers the same of one model.
func (x *exchange) modelReady(name string) (err error) {
	if x.model, err = x.s.find(name); err != nil {
		return err
	}
	return x.sendReady(x.model.name)
}

func (x *exchange) sendReady(name string) error {
	ready := x.s.ready.Load()
	x.out = append(x.out[:0], '{')
	if name != "" {
		x.out = append(appendString(append(x.out, `"name":`...), name), ',')
	}
	x.out = strconv.AppendBool(append(x.out, `"ready":`...), ready)
	x.out = append(x.out, "}\n"...)
	if ready {
		return x.send(jsonType)
	}
	h := x.w.Header()
	h["Content-Type"], h["Cache-Control"] = jsonType, noStore
	x.code = http.StatusServiceUnavailable
	x.w.WriteHeader(x.code)
	_, _ = x.w.Write(x.out)
	return nil
}

// about answers GET /v2.
func (x *exchange) about(string) error {
	x.out = appendString(append(x.out[:0], `{"name":"gradus","version":`...), model.Version)
	x.out = append(x.out, `,"extensions":["binary_tensor_data"],"disclaimer":`...)
	x.out = append(appendString(x.out, model.Disclaimer), "}\n"...)
	return x.send(jsonType)
}

// modelInfo answers GET /v2/models/NAME.
func (x *exchange) modelInfo(name string) (err error) {
	if x.model, err = x.s.find(name); err != nil {
		return err
	}
	x.out = append(x.out[:0], x.model.info...)
	return x.send(jsonType)
}

// list answers GET /models.
func (x *exchange) list(string) error {
	x.out = append(x.out[:0], `{"models":[`...)
	for i, v := range *x.s.models.Load() {
		if i > 0 {
			x.out = append(x.out, ',')
		}
		x.out = append(x.out, v.info[:len(v.info)-1]...)
	}
	x.out = append(x.out, "]}\n"...)
	return x.send(jsonType)
}

// output is a tensor that a model gives.
type output struct {
	name     string
	datatype string
	width    int // 0: one dimension
	append   appender
}

// outputs are those of a model; the last, warnings, only comes where it is asked for.
func (v *served) outputs() []output {
	m := v.model
	warnings := output{"warnings", "BYTES", 0, nil}
	switch {
	case m.Survival != nil:
		return []output{{"risk", "FP64", 1, part0}, {"survival", "FP64", len(m.Survival.Horizons), rest}, warnings}
	case len(m.Target.Levels) == 0:
		return []output{{"prediction", "FP64", 1, part0}, warnings}
	}
	return []output{{"probability", "FP64", len(m.Target.Levels), whole}, {"prediction", "BYTES", 0, nil}, warnings}
}

// appender picks the numbers of an output from the values of a row.
type appender func(values []float64) []float64

func whole(values []float64) []float64 { return values }
func part0(values []float64) []float64 { return values[:1] }
func rest(values []float64) []float64  { return values[1:] }

// metadata is what the inference protocol says of a model, and its hash, target and label.
func (v *served) metadata() []byte {
	m := v.model
	b := appendString([]byte(`{"name":`), v.name)
	b = append(b, `,"versions":["1"],"platform":"gradus","inputs":[`...)
	for i := range m.Preparation.Inputs {
		if i > 0 {
			b = append(b, ',')
		}
		in := &m.Preparation.Inputs[i]
		datatype := "BYTES"
		if in.Kind == table.Number {
			datatype = "FP64"
		}
		b = appendTensor(b, in.Name, datatype, 1)
	}
	b = append(b, `],"outputs":[`...)
	for i, o := range v.outputs() {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendTensor(b, o.name, o.datatype, o.width)
	}
	b = appendString(append(b, `],"parameters":{"sha256":`...), v.hash)
	b = appendString(append(b, `,"target":`...), m.Target.Column)
	b = appendString(append(b, `,"task":`...), string(m.Target.Task))
	for i, l := range m.Target.Levels {
		if i == 0 {
			b = append(b, `,"levels":[`...)
		} else {
			b = append(b, ',')
		}
		b = appendString(b, l)
		if i == len(m.Target.Levels)-1 {
			b = append(b, ']')
		}
	}
	b = appendString(append(b, `,"disclaimer":`...), model.Disclaimer)
	return append(b, "}}\n"...)
}

// appendTensor writes the metadata of a tensor of any number of rows.
func appendTensor(b []byte, name, datatype string, width int) []byte {
	b = appendString(append(b, `{"name":`...), name)
	b = appendString(append(b, `,"datatype":`...), datatype)
	b = append(b, `,"shape":[-1`...)
	if width > 0 {
		b = strconv.AppendInt(append(b, ','), int64(width), 10)
	}
	return append(b, "]}"...)
}
