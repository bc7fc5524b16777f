package metric

import "testing"

// Four classes and ninety numbers against scikit-learn and SciPy (testdata/classes_sklearn.py).
func TestClassesAgainstScikitLearn(t *testing.T) {
	want := decode[struct {
		Y                         []int
		P                         [][]float64
		Accuracy, OVR, OVO, Brier float64
		LogLoss                   float64   `json:"log_loss"`
		Confusion                 [][]int   `json:"confusion"`
		Area                      []float64 `json:"each_auroc"`
		EachBrier                 []float64 `json:"each_brier"`
	}](t, "classes_sklearn.json")
	got, err := Classes(want.Y, want.P)
	detail, err2 := DetailClasses(want.Y, want.P)
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	for what, c := range map[string][2]float64{
		"accuracy": {float64(got.Accuracy), want.Accuracy}, "its share": {float64(detail.Accuracy.Value), want.Accuracy}, "ovr": {float64(got.AUROC), want.OVR},
		"Hand and Till": {float64(got.HandTill), want.OVO}, "Brier": {float64(got.Brier), want.Brier}, "log loss": {float64(got.LogLoss), want.LogLoss},
	} {
		nearBy(t, what, Number(c[0]), c[1], 1e-13)
	}
	for c, one := range detail.Each {
		nearBy(t, "auroc", one.AUROC.Value, want.Area[c], 1e-13)
		nearBy(t, "brier", one.Brier, want.EachBrier[c], 1e-13)
		rows, called := 0, 0
		for k, n := range detail.Confusion[c] {
			if n != want.Confusion[c][k] {
				t.Error(c, detail.Confusion[c], want.Confusion[c])
			}
			rows, called = rows+n, called+detail.Confusion[k][c]
		}
		if one.N != rows || one.Confusion.TP != detail.Confusion[c][c] || one.Confusion.TP+one.Confusion.FP != called || one.Confusion.TP+one.Confusion.FN != rows {
			t.Error(c, one.N, one.Confusion)
		}
		if !one.Calibration.Slope.Defined() || !one.Calibration.ICI.Defined() {
			t.Error(c, one.Calibration)
		}
	}
	// a class that nobody has, and one that everybody has
	odd, err := Classes([]int{0, 2, 0}, [][]float64{{.5, .3, .2}, {.2, .2, .6}, {.4, .3, .3}})
	if err != nil || odd.HandTill != 1 {
		t.Error(odd, err)
	}
	if odd, err = Classes([]int{1, 1}, [][]float64{{.5, .5}, {.1, .9}}); err != nil || odd.HandTill.Defined() {
		t.Error(odd, err)
	}
}

func TestNumbersAgainstSciPy(t *testing.T) {
	want := decode[struct {
		Number struct {
			Y, H                     []float64
			R2, RMSE, MAE, SD, Slope float64
			SlopeSE                  float64 `json:"slope_se"`
			Intercept                float64
			InterceptSE              float64 `json:"intercept_se"`
			Bias, Lower, Upper       [3]float64
		}
	}](t, "classes_sklearn.json").Number
	got, err := Numbers(want.Y, want.H)
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string][2]float64{
		"R²": {float64(got.R2), want.R2}, "RMSE": {float64(got.RMSE), want.RMSE}, "MAE": {float64(got.MAE), want.MAE}, "SD": {float64(got.Agreement.SD), want.SD},
		"slope": {float64(got.Slope), want.Slope}, "its SE": {float64(got.SlopeSE), want.SlopeSE},
		"intercept": {float64(got.Intercept), want.Intercept}, "SE of it": {float64(got.InterceptSE), want.InterceptSE},
	} {
		nearBy(t, what, Number(c[0]), c[1], 1e-11)
	}
	for i, e := range []Estimate{got.Agreement.Bias, got.Agreement.Lower, got.Agreement.Upper} {
		w := [][3]float64{want.Bias, want.Lower, want.Upper}[i]
		nearBy(t, "agreement", e.Value, w[0], 1e-11)
		nearBy(t, "low", e.Low, w[1], 1e-11)
		nearBy(t, "high", e.High, w[2], 1e-11)
	}
	one, err := Numbers([]float64{3}, []float64{5})
	if err != nil || one.Agreement.Bias.Value != 2 || one.Agreement.SD.Defined() || one.Agreement.Upper.Low.Defined() || one.Slope.Defined() {
		t.Error(one, err)
	}
	flat, err := Numbers([]float64{1, 2, 3}, []float64{.1, .1, .1})
	if err != nil || flat.Slope.Defined() || flat.InterceptSE.Defined() || !flat.Agreement.SD.Defined() {
		t.Error(flat, err)
	}
}
