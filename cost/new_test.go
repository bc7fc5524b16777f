package cost

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"gradus/internal/say"
	"gradus/mat"
)

// wants checks the sentence's key, that it holds word, and that it speaks both languages without a gap.
func wants(t *testing.T, err error, key, word string) {
	t.Helper()
	e, ok := err.(*say.Err)
	if !ok || e.Key != key || e.Fault {
		t.Errorf("got %v, want %s", err, key)
		return
	}
	for _, s := range []string{e.In(say.English), e.In(say.Korean)} {
		if strings.ContainsAny(s, "{}[]") || !strings.Contains(s, word) {
			t.Errorf("%s without %q: %s", key, word, s)
		}
	}
}

func TestByNameKnowsAll(t *testing.T) {
	names := "mae mse half-sse huber binary-cross-entropy cross-entropy"
	var got []string
	for _, f := range All[float32]() {
		got = append(got, f.Name())
		same, err := ByName[float32](f.Name())
		if err != nil || !reflect.DeepEqual(same, f) {
			t.Errorf("%s: %#v, want %#v (%v)", f.Name(), same, f, err)
		}
	}
	if strings.Join(got, " ") != names {
		t.Errorf("All is %v, want %s", got, names)
	}
	_, err := ByName[float32]("hubert")
	wants(t, err, "cost.unknown", `"huber"`)
	_, err = ByName[float32]("")
	wants(t, err, "cost.unknown", "mae")
}

func TestNewTakesParameters(t *testing.T) {
	for _, c := range []struct {
		name, spec string
		want       Func[float64]
	}{
		{"huber", `{"delta":0.5}`, Huber[float64]{Delta: 0.5}},
		{"huber", `{"delta":null}`, Huber[float64]{}},
		{"binary-cross-entropy", `{"on":"logits","positive_weight":3}`, BinaryCrossEntropy[float64]{On: Logits, PositiveWeight: 3}},
		{
			"cross-entropy", `{"on":"probabilities","class_weights":[1,0],"label_smoothing":1,"reduction":"weights"}`,
			CrossEntropy[float64]{On: Probabilities, ClassWeights: []float64{1, 0}, LabelSmoothing: 1, Reduction: Weights},
		},
		{"cross-entropy", `{"label_smoothing":0,"class_weights":[]}`, CrossEntropy[float64]{}},
	} {
		var p Params
		if err := json.Unmarshal([]byte(c.spec), &p); err != nil {
			t.Fatal(err)
		}
		if f, err := New[float64](c.name, p); err != nil || !reflect.DeepEqual(f, c.want) {
			t.Errorf("%s %s: %#v (%v)", c.name, c.spec, f, err)
		}
	}
}

// The class weights of the cost are its own: changing the caller's list changes nothing.
func TestNewOwnsItsWeights(t *testing.T) {
	w := []float64{1, 2}
	f, err := New[float64]("cross-entropy", Params{ClassWeights: w})
	w[0] = 9
	if err != nil || f.(CrossEntropy[float64]).ClassWeights[0] != 1 {
		t.Error(f, err)
	}
}

func TestNewRefuses(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name      string
		p         Params
		key, word string
	}{
		{"huber", Params{Delta: new(0.0)}, "cost.positive", "delta"},
		{"huber", Params{Delta: new(-1.0)}, "cost.positive", "-1"},
		{"huber", Params{Delta: new(nan)}, "cost.positive", "NaN"},
		{"huber", Params{Delta: new(inf)}, "cost.positive", "Inf"},
		{"binary-cross-entropy", Params{PositiveWeight: new(0.0)}, "cost.positive", "positive_weight"},
		{"binary-cross-entropy", Params{PositiveWeight: new(-2.0)}, "cost.positive", "-2"},
		{"binary-cross-entropy", Params{On: "logit"}, "cost.word", `"logits"`},
		{"cross-entropy", Params{LabelSmoothing: new(1.5)}, "cost.smoothing", "1.5"},
		{"cross-entropy", Params{LabelSmoothing: new(-0.1)}, "cost.smoothing", "-0.1"},
		{"cross-entropy", Params{LabelSmoothing: new(nan)}, "cost.smoothing", "NaN"},
		{"cross-entropy", Params{ClassWeights: []float64{1, -1}}, "cost.class_weight", "-1"},
		{"cross-entropy", Params{ClassWeights: []float64{nan}}, "cost.class_weight", "NaN"},
		{"cross-entropy", Params{Reduction: "weight"}, "cost.word", `"weights"`},
		{"cross-entropy", Params{Delta: new(1.0)}, "cost.option", "label_smoothing"},
		{"mae", Params{On: Logits}, "cost.no_options", `"on"`},
		{"mse", Params{Reduction: Rows}, "cost.no_options", `"reduction"`},
		{"huber", Params{PositiveWeight: new(1.0)}, "cost.option", "delta"},
		{"huber", Params{ClassWeights: []float64{1}}, "cost.option", "class_weights"},
		{"huber", Params{LabelSmoothing: new(0.0)}, "cost.option", "label_smoothing"},
	} {
		f, err := New[float64](c.name, c.p)
		wants(t, err, c.key, c.word)
		if f != nil {
			t.Errorf("%s: a cost beside the error", c.name)
		}
	}
}

func TestCheckCountsClassWeights(t *testing.T) {
	f, _ := New[float64]("cross-entropy", Params{ClassWeights: []float64{1, 2, 3}})
	if err := Check(f, 3); err != nil {
		t.Error(err)
	}
	wants(t, Check(f, 4), "cost.class_weights", "4")
	for _, f := range All[float64]() {
		if err := Check(f, 4); err != nil {
			t.Error(err)
		}
	}
}

func TestCheckTargets(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(-1)
	rows := mat.From[float64]
	mse, binary, classes := Func[float64](MSE[float64]{}), Func[float64](BinaryCrossEntropy[float64]{}), Func[float64](CrossEntropy[float64]{})
	for _, c := range []struct {
		f         Func[float64]
		y         mat.Matrix[float64]
		out       int
		key, word string // "" is right
	}{
		{mse, rows([]float64{1e300, -5}), 2, "", ""},
		{mse, mat.New[float64](0, 2), 2, "", ""},
		{mse, rows([]float64{1}), 2, "cost.columns", "2"},
		{mse, rows([]float64{1, 2}, []float64{3, nan}), 2, "cost.finite", "NaN"},
		{mse, rows([]float64{inf}), 1, "cost.finite", "-Inf"},
		{binary, rows([]float64{0, 0.5, 1}), 3, "", ""},
		{binary, rows([]float64{0, 2}), 2, "cost.probability", "2"},
		{binary, rows([]float64{nan}), 1, "cost.probability", "NaN"},
		{binary, rows([]float64{1}), 3, "cost.columns", "3"},
		{classes, rows([]float64{0}, []float64{2}), 3, "", ""},
		{classes, rows([]float64{0.2, 0.3, 0.5}), 3, "", ""},
		{classes, rows([]float64{0.4}), 1, "", ""}, // one output: a probability
		{classes, rows([]float64{0}, []float64{3}), 3, "cost.class_index", "2"},
		{classes, rows([]float64{-1}), 3, "cost.class_index", "-1"},
		{classes, rows([]float64{0.5}), 3, "cost.class_index", "0.5"},
		{classes, rows([]float64{nan}), 3, "cost.class_index", "NaN"},
		{classes, rows([]float64{1, 0}), 3, "cost.class_columns", "3"},
		{classes, rows([]float64{1, -0.1, 0}), 3, "cost.probability", "-0.1"},
	} {
		err := CheckTargets(c.f, c.y, c.out)
		if c.key == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		wants(t, err, c.key, c.word)
	}
	// Rows and columns are counted from 1, where the person will look for them.
	err := CheckTargets(mse, rows([]float64{1, 2}, []float64{3, nan}), 2)
	if !strings.Contains(err.Error(), "row 2, column 2") {
		t.Error(err)
	}
}
