package serve

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"gradus/internal/modeltest"
	"gradus/internal/say"
	"gradus/model"
	"gradus/table"
)

type quantity struct{ Value *float64 }

// assessment is a RiskAssessment as far as the service writes one.
type assessment struct {
	ResourceType, Status string
	Method, Code         struct{ Text string }
	Subject              struct{ Reference string }
	OccurrenceDateTime   string
	Prediction           []struct {
		Outcome            struct{ Text string }
		ProbabilityDecimal *float64
		WhenRange          *struct{ Low, High quantity }
	}
	Note []struct{ Text string }
}

type bundle struct {
	ResourceType, Type string
	Entry              []struct {
		FullURL  string
		Resource assessment
	}
}

// about is a question with whom its rows are of.
func about(question, subject string) string { return `{"subject":` + subject + `,` + question[1:] }

// Every row is a RiskAssessment with the bits of the Predictor, the subject given for it and its warnings.
func TestFHIR(t *testing.T) {
	b := start(t, Options{}, "binary", "classes", "cohort", "lifetimes")
	for name, m := range b.models {
		tbl := modeltest.Hostile(t, m, b.rows[name], "1e9")
		want, doubts, err := m.All(tbl)
		if err != nil {
			t.Fatal(err)
		}
		var who []string
		for r := range tbl.Rows {
			who = append(who, fmt.Sprint("https://ward.example/fhir/Patient/p-", r))
		}
		list, err := json.Marshal(who)
		if err != nil {
			t.Fatal(err)
		}
		question := asJSON(t, m, tbl, 0, tbl.Rows)
		w := b.ask("POST", "/models/"+name+"/predict", about(question, string(list)), "Content-Type", typeJSON, "Accept", "application/fhir+json; fhirVersion=4.0")
		var got bundle
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 200 || got.ResourceType != "Bundle" || got.Type != "collection" || len(got.Entry) != tbl.Rows || w.Header().Get("Content-Type") != fhirType[0] {
			t.Fatalf("%s: %d %v %.400s", name, w.Code, err, w.Body)
		}
		seen := map[string]bool{}
		for r, e := range got.Entry {
			if seen[e.FullURL] || !regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(e.FullURL) {
				t.Error("fullUrl", e.FullURL)
			}
			seen[e.FullURL] = true
			held(t, m, name, e.Resource, who[r], want.Row(r), doubtsOf(doubts, r))
		}
		var single assessment
		w = b.ask("POST", "/models/"+name+"/predict?_format=application/fhir+json", about(asJSON(t, m, tbl, 2, 3), `"Group/ward-7"`), "Content-Type", typeJSON)
		if err := json.Unmarshal(w.Body.Bytes(), &single); err != nil || w.Code != 200 {
			t.Fatal(w.Code, err, w.Body)
		}
		held(t, m, name, single, "Group/ward-7", want.Row(2), doubtsOf(doubts, 2))
	}
}

func doubtsOf(all []table.Warning, row int) (own []table.Warning) {
	for _, d := range all {
		if d.Row == row {
			own = append(own, d)
		}
	}
	return own
}

// held holds a resource against the values of its row.
func held(t *testing.T, m *model.Model, name string, a assessment, who string, values []float64, doubts []table.Warning) {
	t.Helper()
	ok := a.ResourceType == "RiskAssessment" && a.Status == "preliminary" && a.Subject.Reference == who && strings.Contains(a.Method.Text, name) && len(a.Note) == len(doubts)+1
	ok = ok && a.Note[len(doubts)].Text == say.Text(say.English, "serve.disclaimer") && regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`).MatchString(a.OccurrenceDateTime)
	for i, d := range doubts {
		ok = ok && a.Note[i].Text == d.In(say.English)
	}
	outcomes, chances := m.Target.Levels, values
	code := m.Target.Column
	if m.Survival != nil {
		code, outcomes, chances = m.Target.Status, nil, nil
		for i, h := range m.Survival.Horizons {
			outcomes, chances = append(outcomes, m.Target.Event), append(chances, 1-values[1+i])
			ok = ok && i < len(a.Prediction) && *a.Prediction[i].WhenRange.High.Value == h && *a.Prediction[i].WhenRange.Low.Value == 0
		}
	}
	ok = ok && a.Code.Text == code && len(a.Prediction) == len(outcomes)
	for i, l := range outcomes {
		ok = ok && a.Prediction[i].Outcome.Text == code+" = "+l && *a.Prediction[i].ProbabilityDecimal == chances[i]
	}
	if !ok {
		t.Errorf("%s: %+v\nof %s, %v, %v", name, a, who, values, doubts)
	}
}

// What cannot be answered in FHIR is refused with a status, as an OperationOutcome, and the reference stands in no answer but its own.
func TestFHIRRefuses(t *testing.T) {
	b := start(t, Options{}, "binary", "number")
	question := asJSON(t, b.models["binary"], b.rows["binary"], 0, 2)
	const secret = "Patient/Q9SECRET"
	for _, c := range []struct {
		name, path, body, accept string
		code                     int
		why                      string
	}{
		{"no subject", "/predict", question, typeFHIR, 422, "serve.no_subject"},
		{"csv", "/predict", "x\n1\n", typeFHIR, 422, "serve.no_subject"},
		{"another resource", "/predict", about(question, `"Practitioner/Q9SECRET"`), typeFHIR, 422, "serve.subject, row 1"},
		{"no reference", "/predict", about(question, `"Hong Gil-dong Q9SECRET"`), typeFHIR, 422, "serve.subject, row 1"},
		{"one of two is none", "/predict", about(question, `["`+secret+`","javascript:Q9SECRET"]`), typeFHIR, 422, "serve.subject, row 2"},
		{"no string", "/predict", about(question, `[7]`), typeFHIR, 422, "serve.subject, row 1"},
		{"none", "/predict", about(question, `[]`), typeFHIR, 422, "serve.subject, column subject"},
		{"too few", "/predict", about(question, `["`+secret+`"]`), typeFHIR, 422, "serve.subjects"},
		{"too many", "/predict", about(question, `["`+secret+`","`+secret+`","`+secret+`"]`), typeFHIR, 422, "serve.subjects"},
		{"too long", "/predict", about(question, `"https://`+strings.Repeat("a", 600)+`/`+secret+`"`), typeFHIR, 422, "serve.subject, row 1"},
		{"twice", "/predict", about(about(question, `"`+secret+`"`), `"`+secret+`"`), typeFHIR, 422, "serve.twice"},
		{"broken row", "/predict", `{"subject":"` + secret + `","rows":[{}]}`, typeFHIR, 422, "serve.missing, row 1"},
		{"a number", "/models/number/predict", about(question, `"`+secret+`"`), typeFHIR, 406, "serve.accept"},
		{"xml", "/predict?_format=xml", about(question, `"`+secret+`"`), "", 406, "serve.format"},
		{"R5", "/predict", about(question, `"`+secret+`"`), typeFHIR + ";fhirVersion=5.0", 406, "serve.accept"},
		{"unused", "/predict", about(question, `"`+secret+`"`), typeJSON, 422, "serve.subject_unused"},
	} {
		kind := typeJSON
		if c.name == "csv" {
			kind = typeCSV
		}
		headers := []string{"Content-Type", kind}
		if c.accept != "" {
			headers = append(headers, "Accept", c.accept)
		}
		w := b.ask("POST", c.path, c.body, headers...)
		var outcome struct {
			ResourceType string
			Issue        []struct{ Severity, Code, Diagnostics string }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &outcome); err != nil || w.Code != c.code || !strings.Contains(w.Body.String(), c.why) {
			t.Errorf("%s: %d %v %s", c.name, w.Code, err, w.Body)
		}
		if c.code == 422 && c.accept == typeFHIR && (outcome.ResourceType != "OperationOutcome" || len(outcome.Issue) != 1 || outcome.Issue[0].Severity != "error") {
			t.Errorf("%s: %s", c.name, w.Body)
		}
		if strings.Contains(w.Body.String(), "Q9SECRET") {
			t.Errorf("%s: the answer repeats the reference: %s", c.name, w.Body)
		}
	}
	if w := b.ask("POST", "/models/number/predict", `{"format":"fhir","subject":"Patient/1","rows":[]}`, "Content-Type", typeJSON); w.Code != 406 || !strings.Contains(w.Body.String(), "fhir_number") {
		t.Error(w.Code, w.Body)
	}
	// An answer in FHIR leaves nothing behind for the next request of the pool.
	b.ask("POST", "/predict", about(question, `"`+secret+`"`), "Content-Type", typeJSON, "Accept", typeFHIR)
	if w := b.ask("POST", "/predict", question, "Content-Type", typeJSON, "Accept", typeFHIR); w.Code != 422 {
		t.Error(w.Code, w.Body)
	}
}

// No rows are a Bundle without a list of entries: FHIR knows no empty list.
func TestFHIRNoRows(t *testing.T) {
	b := start(t, Options{}, "binary")
	w := b.ask("POST", "/predict", `{"subject":"Patient/1","rows":[]}`, "Content-Type", typeJSON, "Accept", typeFHIR)
	if !regexp.MustCompile(`^\{"resourceType":"Bundle","type":"collection","timestamp":"[^"]+"\}\n$`).MatchString(w.Body.String()) {
		t.Error(w.Code, w.Body)
	}
}

// The members of a question may come in any order.
func TestFHIROrder(t *testing.T) {
	b := start(t, Options{}, "binary")
	q := asJSON(t, b.models["binary"], b.rows["binary"], 0, 1)
	rows := strings.TrimSuffix(strings.TrimPrefix(q, "{"), "}")
	for _, body := range []string{
		`{"format":"fhir","subject":"Patient/1",` + rows + `}`, `{` + rows + `,"format":"fhir","subject":["Patient/1"]}`,
		`{"subject":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7",` + rows + `,"format":"fhir"}`,
	} {
		if w := b.ask("POST", "/predict", body, "Content-Type", typeJSON); w.Code != 200 || !strings.HasPrefix(w.Body.String(), `{"resourceType":"RiskAssessment"`) {
			t.Error(w.Code, w.Body)
		}
	}
}

// What is taken with a subject is answered as a resource that names it, and nothing else is.
func FuzzFHIR(f *testing.F) {
	b := &bench{t: &testing.T{}}
	const row = `{"sepal_length":5.1,"sepal_width":3.5,"petal_length":1.4,"petal_width":0.2}`
	for _, seed := range []string{
		`{"subject":"Patient/1","rows":[` + row + `]}`, `{"rows":[` + row + `,` + row + `],"subject":["Group/a","urn:oid:1.2"]}`, `{"subject":[],"rows":[]}`,
		`{"subject":["Patient/1"],"rows":[]}`, `{"subject":"https://a/Patient/1/_history/2","rows":[` + row + `],"format":"csv"}`, `{"subject":"\u0050atient/1","rows":[` + row + `]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if b.server == nil {
			*b = *start(t, Options{Limits: Limits{Rows: 50}}, "iris")
		}
		w := fuzzed(t, b, "/predict", body, "Content-Type", typeJSON, "Accept", typeFHIR)
		if w.Code != 200 || w.Header().Get("Content-Type") != fhirType[0] {
			return
		}
		var asked struct{ Subject any }
		var got struct {
			assessment
			Entry []struct{ Resource assessment }
		}
		if err := json.Unmarshal(body, &asked); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		all := []assessment{got.assessment}
		if got.ResourceType == "Bundle" {
			all = nil
			for _, e := range got.Entry {
				all = append(all, e.Resource)
			}
		}
		for i, a := range all {
			who := asked.Subject
			if list, ok := who.([]any); ok {
				who = list[i]
			}
			if a.Subject.Reference != who || !fhirReference.MatchString(a.Subject.Reference) {
				t.Fatalf("%q for %v of %q", a.Subject.Reference, who, body)
			}
		}
	})
}
