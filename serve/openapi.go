package serve

import (
	"encoding/json"

	"gradus/model"
	"gradus/table"
)

// object is a part of the description; its members are written in the order of their names.
type object map[string]any

// openapi answers GET /openapi.json.
func (x *exchange) openapi(string) error {
	b, err := json.Marshal(x.s.description())
	if err != nil {
		return err
	}
	x.out = append(append(x.out[:0], b...), '\n')
	return x.send(jsonType)
}

// description is the service as OpenAPI 3.1, made from the models that are served now.
func (s *Server) description() object {
	list := *s.models.Load()
	paths, schemas := object{}, object{"Problem": problemSchema(), "Warning": warningSchema()}
	for i, v := range list {
		schemas[v.schema("Row")], schemas[v.schema("Prediction")] = v.rowSchema(), v.predictionSchema()
		if i == 0 {
			paths["/predict"] = object{"post": v.operation("predict")}
		}
		paths["/models/"+pathName(v.name)+"/predict"] = object{"post": v.operation("predict_" + v.schema(""))}
		paths["/models/"+pathName(v.name)+"/drift"] = object{"get": plain("drift_"+v.schema(""), "Rows by the bins of the training summary of "+v.name, "200")}
		paths["/v2/models/"+pathName(v.name)] = object{"get": plain("v2_"+v.schema(""), "Metadata of "+v.name+" in the open inference protocol", "200")}
		paths["/v2/models/"+pathName(v.name)+"/infer"] = object{"post": inferOperation(v)}
	}
	for path, what := range map[string][2]string{
		"/livez": {"livez", "The process is there"}, "/readyz": {"readyz", "The service wants requests"}, "/models": {"models", "The models"},
		"/drift": {"drift", "Rows by the bins of the first model's training summary"}, "/metrics": {"metrics", "Metrics as Prometheus reads them"}, "/openapi.json": {"openapi", "This description"}, "/v2": {"v2", "The server in the open inference protocol"},
		"/v2/health/live": {"v2_live", "The process is there"}, "/v2/health/ready": {"v2_ready", "The service wants requests"},
	} {
		paths[path] = object{"get": plain(what[0], what[1], "200")}
	}
	d := object{
		"openapi": "3.1.0",
		"info": object{
			"title": "gradus serve", "version": model.Version,
			"description": model.Disclaimer + "\n\nPredictions of models trained with gradus. Numbers are those of gradus predict, bit for bit.",
		},
		"paths": paths, "components": object{"schemas": schemas},
	}
	if s.opt.Tokens != nil {
		d["components"].(object)["securitySchemes"] = object{"bearer": object{"type": "http", "scheme": "bearer"}}
		d["security"] = []object{{"bearer": []string{}}}
	}
	return d
}

// schema is a name for a part of v among the schemas, in letters that OpenAPI allows there.
func (v *served) schema(part string) string {
	name := []byte(v.name)
	for i, c := range name {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
			name[i] = '_'
		}
	}
	if part == "" {
		return string(name)
	}
	return part + "_" + string(name) + "_" + v.hash[:8]
}

func reference(name string) object { return object{"$ref": "#/components/schemas/" + name} }

// plain describes a GET.
func plain(id, summary, code string) object {
	return object{"operationId": id, "summary": summary, "responses": object{code: object{"description": summary}, "default": problemAnswer()}}
}

func problemAnswer() object {
	return object{"description": "A problem that names what is wrong", "content": object{"application/problem+json": object{"schema": reference("Problem")}}}
}

// operation describes the prediction of rows.
func (v *served) operation(id string) object {
	rows := object{
		"type": "object", "required": []string{"rows"}, "additionalProperties": false,
		"properties": object{
			"rows":   object{"type": "array", "items": reference(v.schema("Row"))},
			"model":  object{"type": "string", "description": "Name of the model, where the path does not name it"},
			"format": object{"type": "string", "enum": formatNames},
			"subject": object{
				"description": "Of an answer in FHIR: a reference to the patient or group that the rows are of, or one for each row. It is neither stored nor logged.",
				"type":        []string{"string", "array"}, "items": object{"type": "string"},
			},
		},
	}
	answers := object{
		"type": "object", "required": []string{"predictions", "model", "disclaimer"},
		"properties": object{
			"predictions": object{"type": "array", "items": reference(v.schema("Prediction"))},
			"model":       object{"type": "object", "properties": object{"name": object{"type": "string"}, "sha256": object{"type": "string"}}},
			"disclaimer":  object{"type": "string"},
		},
	}
	csv := object{"schema": object{"type": "string"}}
	content := object{typeJSON: object{"schema": answers}, typeCSV: csv}
	if v.gives(typeFHIR) {
		content[typeFHIR] = object{"schema": object{"type": "object", "description": "FHIR R4: a RiskAssessment, of several rows a Bundle of them"}}
	}
	return object{
		"operationId": id, "summary": "Predict rows with " + v.name,
		"requestBody": object{"required": true, "content": object{typeJSON: object{"schema": rows}, typeCSV: csv}},
		"responses": object{
			"200":     object{"description": "A prediction for each row, in order. " + model.Disclaimer, "content": content},
			"default": problemAnswer(),
		},
	}
}

// inferOperation describes the open inference protocol.
func inferOperation(v *served) object {
	tensor := func(more object) object {
		p := object{"name": object{"type": "string"}, "datatype": object{"type": "string", "enum": datatypes}, "shape": object{"type": "array", "items": object{"type": "integer", "minimum": 0}}, "parameters": object{"type": "object"}}
		for k, m := range more {
			p[k] = m
		}
		return object{"type": "object", "required": []string{"name", "datatype", "shape"}, "properties": p}
	}
	data := object{"data": object{"type": "array"}}
	ask := object{"type": "object", "required": []string{"inputs"}, "properties": object{
		"id": object{"type": "string"}, "parameters": object{"type": "object"},
		"inputs":  object{"type": "array", "items": tensor(data)},
		"outputs": object{"type": "array", "items": object{"type": "object", "required": []string{"name"}, "properties": object{"name": object{"type": "string"}, "parameters": object{"type": "object"}}}},
	}}
	answer := object{"type": "object", "properties": object{"model_name": object{"type": "string"}, "model_version": object{"type": "string"}, "id": object{"type": "string"}, "outputs": object{"type": "array", "items": tensor(data)}}}
	binary := object{"schema": object{"type": "string", "format": "binary"}}
	return object{
		"operationId": "infer_" + v.schema(""), "summary": "Infer with " + v.name + " by the open inference protocol",
		"requestBody": object{"required": true, "content": object{typeJSON: object{"schema": ask}, octets[0]: binary}},
		"responses":   object{"200": object{"description": "Tensors. " + model.Disclaimer, "content": object{typeJSON: object{"schema": answer}, octets[0]: binary}}, "default": problemAnswer()},
	}
}

// rowSchema describes a row: its columns with their kinds, ranges and levels.
func (v *served) rowSchema() object {
	properties, required := object{}, []string{}
	for i := range v.model.Preparation.Inputs {
		in := &v.model.Preparation.Inputs[i]
		required = append(required, in.Name)
		if in.Kind == table.Number {
			properties[in.Name] = object{
				"type": []string{"number", "null"}, "description": "null is missing. A value outside the training range is answered with a warning.",
				"x-training-range": []float64{in.Low, in.High},
			}
			continue
		}
		properties[in.Name] = object{
			"type": []string{"string", "number", "boolean", "null"}, "description": "null is missing. A level that training did not know is answered with a warning.",
			"x-levels": in.Levels, "examples": in.Levels[:min(len(in.Levels), 3)],
		}
	}
	for _, name := range v.fields[v.inputs():] {
		if _, known := properties[name]; !known {
			properties[name] = object{"type": []string{"string", "number", "boolean", "null"}, "description": "Not used."}
		}
	}
	return object{"type": "object", "required": required, "properties": properties, "additionalProperties": false}
}

// predictionSchema describes an answer.
func (v *served) predictionSchema() object {
	m := v.model
	number, chance := object{"type": "number"}, object{"type": "number", "minimum": 0, "maximum": 1}
	properties, required := object{"warnings": object{"type": "array", "items": reference("Warning")}}, []string{"warnings"}
	chances := func(names []string) object {
		p := object{}
		for _, n := range names {
			p[n] = chance
		}
		return object{"type": "object", "required": names, "properties": p, "additionalProperties": false}
	}
	switch {
	case m.Survival != nil:
		var names []string
		for _, h := range m.Survival.Horizons {
			names = append(names, table.Format(h))
		}
		properties["risk"], properties["survival"] = number, chances(names)
		required = append(required, "risk", "survival")
	case len(m.Target.Levels) == 0:
		properties["prediction"] = number
		required = append(required, "prediction")
	default:
		properties["p"], properties["prediction"] = chances(m.Target.Levels), object{"type": "string", "enum": m.Target.Levels}
		required = append(required, "p", "prediction")
	}
	return object{"type": "object", "required": required, "properties": properties}
}

func problemSchema() object {
	text := object{"type": "string"}
	return object{"type": "object", "required": []string{"title", "status", "code", "detail"}, "properties": object{
		"type": text, "title": text, "status": object{"type": "integer"}, "code": object{"type": "string", "description": "Names the problem in every language"},
		"row": object{"type": "integer", "minimum": 1}, "column": text, "found": text, "allowed": object{"type": "array", "items": text}, "detail": text, "error": text,
	}}
}

func warningSchema() object {
	text, number := object{"type": "string"}, object{"type": "number"}
	kinds := make([]string, len(doubts))
	for i, d := range doubts {
		kinds[i] = string(d)
	}
	return object{"type": "object", "required": []string{"column", "kind", "message"}, "properties": object{
		"column": text, "kind": object{"type": "string", "enum": kinds}, "level": text, "value": number, "low": number, "high": number, "message": text,
	}}
}
