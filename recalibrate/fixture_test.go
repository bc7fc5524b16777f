package recalibrate

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"gradus/metric"
)

// part is the rows of risk_predictions.csv of one split.
func part(t *testing.T, split, column string) (y []bool, p []float64) {
	t.Helper()
	f, err := os.Open("testdata/risk_predictions.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	c, s, e := slices.Index(records[0], column), slices.Index(records[0], "split"), slices.Index(records[0], "y")
	for _, r := range records[1:] {
		if r[s] == split {
			v, _ := strconv.ParseFloat(r[c], 64)
			y, p = append(y, r[e] == "1"), append(p, v)
		}
	}
	return y, p
}

type expected struct {
	Params struct {
		A, B, T float64
		X, Y    []float64
	}
	AUROC   float64   `json:"external_auroc"`
	Brier   float64   `json:"external_brier"`
	LogLoss float64   `json:"external_log_loss"`
	First   []float64 `json:"first5"`
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-8*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: %.12g, want %.12g", what, got, want)
	}
}

// Fitted on the temporal rows, judged on the external ones: statsmodels, scipy and scikit-learn have these numbers.
func TestFixture(t *testing.T) {
	b, err := os.ReadFile("testdata/expected_recalibration.json")
	var all map[string]map[string]expected
	if err := errors.Join(err, json.Unmarshal(b, &all)); err != nil {
		t.Fatal(err)
	}
	for _, column := range []string{"p_mlp", "p_overfit"} {
		y, p := part(t, "temporal", column)
		z, q := part(t, "external", column)
		for name, method := range map[string]Method{
			"intercept_only": Intercept, "logistic_platt_on_logit": Logistic, "temperature": Temperature, "isotonic": Isotonic,
		} {
			m, err := Fit(method, y, p)
			if err != nil {
				t.Error(column, name, err)
				continue
			}
			checkMap(t, column+" "+name, m, all[column][name], z, q)
		}
	}
}

func checkMap(t *testing.T, name string, m Map, want expected, z []bool, q []float64) {
	t.Helper()
	after := make([]float64, len(q))
	for i, v := range q {
		after[i] = m.Apply(v)
	}
	for i, v := range want.First {
		near(t, name+" p", after[i], v)
	}
	switch m.Method {
	case Intercept, Logistic:
		near(t, name+" a", m.A, want.Params.A)
	case Isotonic:
		if len(m.X) != len(want.Params.X) {
			t.Fatalf("%s: %d corners, want %d", name, len(m.X), len(want.Params.X))
		}
		for i := range m.X {
			near(t, name+" x", m.X[i], want.Params.X[i])
			near(t, name+" y", m.Y[i], want.Params.Y[i])
		}
	}
	brier, _ := metric.Brier(z, after)
	loss, _ := metric.LogLoss(z, after)
	area, _ := metric.AUROC(z, after)
	near(t, name+" Brier", brier, want.Brier)
	near(t, name+" log loss", loss, want.LogLoss)
	near(t, name+" AUROC", float64(area.Value), want.AUROC)
}

func TestRefuses(t *testing.T) {
	for _, method := range []Method{Intercept, Logistic, Temperature} {
		if _, err := Fit(method, []bool{true, true}, []float64{.5, .7}); !errors.Is(err, ErrUnsettled) {
			t.Error(method, "of one class", err)
		}
	}
	if _, err := Fit(Logistic, []bool{false, true}, []float64{.2, .7}); !errors.Is(err, ErrUnsettled) {
		t.Error("parted classes", err)
	}
	if _, err := Fit("magic", []bool{false, true}, []float64{.2, .7}); !errors.Is(err, ErrMethod) {
		t.Error(err)
	}
	if _, err := Fit(Logistic, []bool{false, true}, []float64{.2, 1.7}); !errors.Is(err, metric.ErrProbability) {
		t.Error(err)
	}
}
