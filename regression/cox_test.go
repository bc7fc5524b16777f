package regression

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"testing"

	"gradus/internal/say"
	"gradus/mat"
)

type coxFixture struct {
	Efron         map[string]float64 `json:"coef_efron"`
	SE            map[string]float64 `json:"se_efron"`
	Likelihood    []float64          `json:"loglik_null_full_efron"`
	Breslow       map[string]float64 `json:"coef_breslow"`
	LikelihoodToo []float64          `json:"loglik_breslow"`
	S365          []float64          `json:"cox_S365_first3rows"`
}

var coxColumns = []string{"age", "stage", "trt"}

// coxData is survival.csv and what R's survival 3.5-3 says of it.
func coxData(t *testing.T) (x mat.Matrix[float64], time []float64, event []bool, want coxFixture) {
	t.Helper()
	f, err := os.Open("testdata/survival.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records[1:] {
		for _, cell := range r[:3] {
			v, _ := strconv.ParseFloat(cell, 64)
			x.Data = append(x.Data, v)
		}
		v, _ := strconv.ParseFloat(r[3], 64)
		time, event = append(time, v), append(event, r[4] == "1")
	}
	b, err := os.ReadFile("testdata/expected_survival_R.json")
	if err := errors.Join(err, json.Unmarshal(b, &want)); err != nil {
		t.Fatal(err)
	}
	return mat.View(len(time), 3, x.Data), time, event, want
}

func TestCoxFixture(t *testing.T) {
	x, time, event, want := coxData(t)
	efron, err := Cox(x, time, event, Efron, 0)
	breslow, err2 := Cox(x, time, event, Breslow, 0)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	for j, name := range coxColumns {
		near(t, "Efron "+name, efron.Coefficients[j], want.Efron[name], 1e-8)
		near(t, "se "+name, efron.SE[j], want.SE[name], 1e-8)
		near(t, "Breslow "+name, breslow.Coefficients[j], want.Breslow[name], 1e-8)
	}
	near(t, "null", efron.Null, want.Likelihood[0], 1e-8)
	near(t, "likelihood", efron.LogLikelihood, want.Likelihood[1], 1e-8)
	near(t, "Breslow null", breslow.Null, want.LikelihoodToo[0], 1e-8)
	near(t, "Breslow likelihood", breslow.LogLikelihood, want.LikelihoodToo[1], 1e-8)
	for i, s := range want.S365 {
		near(t, "S(365)", efron.Survival(x.Row(i), 365), s, 1e-8)
	}
	if s := efron.Survival(x.Row(0), -1); s != 1 {
		t.Error("before any event S is", s)
	}
}

// A column that orders the events perfectly has no likeliest coefficient: refused without a ridge, finite with one.
func TestCoxRefuses(t *testing.T) {
	x := mat.From([]float64{1}, []float64{2}, []float64{3}, []float64{4})
	time, event := []float64{4, 3, 2, 1}, []bool{true, true, true, true}
	for _, c := range []struct {
		key   string
		time  []float64
		event []bool
		ties  Ties
	}{
		{"stats.cox_separated", time, event, Efron},
		{"stats.cox_no_event", time, make([]bool, 4), Efron},
		{"stats.cox_arguments", time, event, "exact"},
		{"stats.cox_arguments", time, event[:3], Efron},
		{"stats.cox_time", []float64{4, 3, -2, 1}, event, Efron},
	} {
		_, err := Cox(x, c.time, c.event, c.ties, 0)
		if e, ok := errors.AsType[*say.Err](err); !ok || e.Key != c.key {
			t.Errorf("%v, want %s", err, c.key)
		}
	}
	if f, err := Cox(x, time, event, Efron, 1); err != nil || !(f.Coefficients[0] > 0 && f.Coefficients[0] < 10) {
		t.Error(f, err)
	}
}
