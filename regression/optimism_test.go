package regression

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"gradus/data"
	"gradus/mat"
	"gradus/metric"
)

// rFit is testdata/expected_bootstrap_optimism_R.json's fit of nine terms to the training rows of the cohort; testdata/README.md says how
// it was made.
type rFit struct {
	B        int
	N        int                `json:"n"`
	Coef     map[string]float64 `json:"coef"`
	Deviance float64            `json:"deviance"`
	AUC      float64            `json:"apparent_auc"`
	Optimism float64            `json:"optimism_auc"`
	Noise    float64            `json:"mc_se_of_optimism"`
	Brier    float64            `json:"apparent_brier"`
	BrierC   float64            `json:"corrected_brier"`
	Slope    float64            `json:"corrected_slope"`
	Offset   float64            `json:"corrected_intercept"`
	RMS      struct {
		Optimism float64 `json:"Dxy_optimism"`
		Slope    float64 `json:"Slope_corrected"`
		Offset   float64 `json:"Intercept_corrected"`
		Brier    float64 `json:"Brier_corrected"`
	} `json:"rms_validate_B500"`
}

var nineTerms = []string{"age", "male", "bmi", "sbp", "creatinine", "crp", "diabetes", "cur", "form"}

// nine are the nine terms of the 1096 training rows: medians in gaps, smoking that is not known is neither current nor former.
func nine(t *testing.T) (x mat.Matrix[float64], y []bool) {
	t.Helper()
	split, err := os.ReadFile("../table/testdata/cohort_split.txt")
	if err != nil {
		t.Fatal(err)
	}
	set, err := data.Get("cohort")
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(set.CSV())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for j, name := range records[0] {
		at[name] = j
	}
	var v []float64
	for i, r := range records[1:] {
		if split[i] != 'T' {
			continue
		}
		number := func(name string, gap float64) float64 {
			if f, err := strconv.ParseFloat(r[at[name]], 64); err == nil {
				return f
			}
			return gap
		}
		is := func(name, level string) float64 {
			if r[at[name]] == level {
				return 1
			}
			return 0
		}
		v = append(v, number("age", 63), is("sex", "M"), number("bmi", 24.5), number("sbp", 128), number("creatinine", .96), number("crp", 2.6),
			number("diabetes", 0), is("smoking", "current"), is("smoking", "former"))
		y = append(y, r[at["died_30d"]] == "1")
	}
	return mat.Matrix[float64]{Rows: len(y), Cols: len(nineTerms), Data: v}, y
}

// judged are the AUROC, Brier score, slope and intercept of a fit on rows.
func judged(t *testing.T, f *LogisticFit, x mat.Matrix[float64], y []bool) (m [4]float64) {
	t.Helper()
	p := make([]float64, len(y))
	for i := range p {
		p[i] = f.Predict(x.Row(i))
		e := p[i]
		if y[i] {
			e--
		}
		m[1] += e * e / float64(len(y))
	}
	a, err := metric.AUROC(y, p)
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range p {
		p[i] = math.Log(q / (1 - q))
	}
	line, err := Logistic(mat.Matrix[float64]{Rows: len(p), Cols: 1, Data: p}, y, 0)
	if err != nil {
		t.Fatal(err)
	}
	m[0], m[2], m[3] = float64(a.Value), line.Coefficients[0], line.Intercept
	return m
}

// Harrell's optimism of unpenalised regression is R's: what is fixed to 1e-8, the means over draws within three standard errors of their
// difference.
func TestOptimismAgainstR(t *testing.T) {
	b, err := os.ReadFile("testdata/expected_bootstrap_optimism_R.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	var want rFit
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(all["risk_train_9_terms"], &want); err != nil {
		t.Fatal(err)
	}
	x, y := nine(t)
	f, err := Logistic(x, y, 0)
	if err != nil || len(y) != want.N {
		t.Fatal(err, len(y))
	}
	near(t, "intercept", f.Intercept, want.Coef["(Intercept)"], 1e-8)
	for j, name := range nineTerms {
		near(t, name, f.Coefficients[j], want.Coef[name], 1e-8)
	}
	apparent := judged(t, f, x, y)
	near(t, "deviance", 2*f.LogLoss, want.Deviance, 1e-8)
	near(t, "AUROC", apparent[0], want.AUC, 1e-8)
	near(t, "Brier score", apparent[1], want.Brier, 1e-8)
	mean, noise := optimismOf(t, x, y, want.B)
	if r := noise[0] / want.Noise; r < .9 || r > 1.1 {
		t.Errorf("standard error %v, want %v", noise[0], want.Noise)
	}
	for _, c := range []struct {
		what string
		k    int
		want float64
		rms  float64 // 500 draws
	}{
		{"AUROC", 0, want.Optimism, want.RMS.Optimism / 2},
		{"Brier score", 1, want.Brier - want.BrierC, want.Brier - want.RMS.Brier},
		{"slope", 2, 1 - want.Slope, 1 - want.RMS.Slope},
		{"intercept", 3, -want.Offset, -want.RMS.Offset},
	} {
		t.Logf("optimism of the %s: %.6f ± %.6f, R %.6f, rms %.6f", c.what, mean[c.k], noise[c.k], c.want, c.rms)
		for draws, r := range map[float64]float64{float64(want.B): c.want, 500: c.rms} {
			// both means are of draws: their difference has the noise of both
			if most := 3 * noise[c.k] * math.Sqrt(1+float64(want.B)/draws); math.Abs(mean[c.k]-r) > most {
				t.Errorf("optimism of the %s is %v, R has %v ± %v", c.what, mean[c.k], r, most)
			}
		}
	}
}

// optimismOf is the mean over draws of (measure on the draw − measure on all rows), and its standard error.
func optimismOf(t *testing.T, x mat.Matrix[float64], y []bool, draws int) (mean, noise [4]float64) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 0))
	d, z := mat.New[float64](x.Rows, x.Cols), make([]bool, len(y))
	for range draws {
		for i := range z {
			k := r.IntN(len(y))
			copy(d.Row(i), x.Row(k))
			z[i] = y[k]
		}
		f, err := Logistic(d, z, 0)
		if err != nil {
			t.Fatal(err)
		}
		own, other := judged(t, f, d, z), judged(t, f, x, y)
		for k := range own {
			mean[k] += (own[k] - other[k]) / float64(draws)
			noise[k] += (own[k] - other[k]) * (own[k] - other[k]) / float64(draws)
		}
	}
	for k := range noise {
		noise[k] = math.Sqrt((noise[k] - mean[k]*mean[k]) / float64(draws-1))
	}
	return mean, noise
}
