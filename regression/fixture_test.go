package regression

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"gradus/mat"
)

// load reads a bundled data set: the features (n,d) and the last column as text.
func load(t testing.TB, name string) (x mat.Matrix[float64], target []string) {
	t.Helper()
	f, err := os.Open("../data/" + name + ".csv.gz")
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
	d := len(records[0]) - 1
	for _, r := range records[1:] {
		for _, cell := range r[:d] {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(name, err)
			}
			x.Data = append(x.Data, v)
		}
		target = append(target, r[d])
	}
	return mat.View(len(target), d, x.Data), target
}

func breastCancer(t testing.TB) (mat.Matrix[float64], []bool) {
	x, target := load(t, "breast_cancer")
	y := make([]bool, len(target))
	for i, v := range target {
		y[i] = v == "malignant"
	}
	return x, y
}

func classes(target []string) (y []int, k int) {
	levels := slices.Clone(target)
	slices.Sort(levels)
	levels = slices.Compact(levels)
	for _, v := range target {
		y = append(y, slices.Index(levels, v))
	}
	return y, len(levels)
}

func diabetes(t testing.TB) (mat.Matrix[float64], []float64) {
	x, target := load(t, "diabetes")
	y := make([]float64, len(target))
	for i, v := range target {
		y[i], _ = strconv.ParseFloat(v, 64)
	}
	return x, y
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: %.13g, want %.13g", what, got, want)
	}
}

type golden struct {
	OLS struct {
		Coef      []float64
		Intercept float64
		R2        float64 `json:"r2_train"`
	} `json:"diabetes_ols"`
	Logistic struct {
		Coef      []float64
		Intercept float64
		LogLoss   float64 `json:"sum_log_loss"`
		Objective float64 `json:"objective_value"`
	} `json:"breast_cancer_ridge_lr"`
	Softmax struct {
		Coef      [][]float64
		Intercept []float64
		Objective float64 `json:"objective_value"`
	} `json:"wine_softmax_lr"`
}

// exact reads testdata/expected_baseline_fits.json: the exact optima by scikit-learn 1.2.1 and statsmodels 0.13.5, z-scores with
// the sd over n, C = 1 with a free intercept.
func exact(t *testing.T) (g golden) {
	b, err := os.ReadFile("testdata/expected_baseline_fits.json")
	if err == nil {
		err = json.Unmarshal(b, &g)
	}
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestLogisticAgainstTheExactOptimum(t *testing.T) {
	want := exact(t).Logistic
	x, y := breastCancer(t)
	f, err := Logistic(x, y, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "objective", f.Objective, want.Objective, 1e-11)
	near(t, "log loss", f.LogLoss, want.LogLoss, 1e-7) // free to move where the objective is flat
	near(t, "intercept", f.StandardIntercept, want.Intercept, 1e-6)
	for j, w := range want.Coef {
		near(t, "coefficient", f.StandardCoefficients[j], w, 1e-6)
	}
}

func TestSoftmaxAgainstTheExactOptimum(t *testing.T) {
	want := exact(t).Softmax
	x, target := load(t, "wine")
	y, k := classes(target)
	f, err := Softmax(x, y, k, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "objective", f.Objective, want.Objective, 1e-11)
	for c, b := range want.Intercept {
		near(t, "intercept", f.StandardIntercept[c], b, 1e-6)
		for j, w := range want.Coef[c] {
			near(t, "coefficient", f.StandardCoefficients[c][j], w, 1e-6)
		}
	}
	t.Log(f.Iterations)
}

func TestLinearAgainstTheExactOptimum(t *testing.T) {
	want := exact(t).OLS
	x, y := diabetes(t)
	f, err := Linear(x, y, 0)
	if err != nil {
		t.Fatal(err)
	}
	total := 0.
	for _, v := range y {
		total += (v - f.StandardIntercept) * (v - f.StandardIntercept)
	}
	near(t, "R²", 1-f.Squares/total, want.R2, 1e-11)
	near(t, "intercept", f.StandardIntercept, want.Intercept, 1e-11)
	for j, w := range want.Coef {
		near(t, "coefficient", f.StandardCoefficients[j], w, 1e-11)
	}
}
