package trace

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
)

// golden is testdata/pytorch.json.gz: random specs with PyTorch's numbers of steps 1, 2 and 20, written by testdata/compare.py.
type golden struct {
	Source string `json:"source"`
	Cases  []struct {
		Spec  json.RawMessage `json:"spec"`
		Turns []int           `json:"turns"` // the order of the batches
		Want  Result          `json:"want"`
	} `json:"cases"`
}

func loadGolden(t testing.TB) (list []Spec, wants []Result) {
	t.Helper()
	b, err := os.ReadFile("testdata/pytorch.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.NewDecoder(z).Decode(&g); err != nil {
		t.Fatal(err)
	}
	for _, c := range g.Cases {
		s, err := Read(bytes.NewReader(c.Spec))
		if err != nil {
			t.Fatal(err)
		}
		once := s.Batches
		s.Batches = nil
		for _, i := range c.Turns {
			s.Batches = append(s.Batches, once[i])
		}
		list, wants = append(list, s), append(wants, c.Want)
	}
	return list, wants
}

// flat lists every number of slices in slices.
func flat(v any) (list []float64) {
	switch v := v.(type) {
	case float64:
		return []float64{v}
	case []float64:
		return v
	case [][]float64:
		for _, row := range v {
			list = append(list, row...)
		}
	}
	return list
}

// near tells how far got is from want in the measure of the contract: max|a−b| / max(1, max|b|).
func near(got, want any) float64 {
	a, b := flat(got), flat(want)
	if len(a) != len(b) {
		return math.Inf(1)
	}
	size, worst := 1.0, 0.0
	for _, v := range b {
		size = max(size, math.Abs(v))
	}
	for i := range b {
		worst = max(worst, math.Abs(a[i]-b[i]))
	}
	return worst / size
}

// compare reports every array of two structs of one type that is further apart than limit.
func compare(t *testing.T, where string, got, want any, limit float64) (worst float64) {
	t.Helper()
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	for i := range g.NumField() {
		name := g.Type().Field(i).Name
		if name == "Kind" || name == "Layers" || name == "Check" {
			continue
		}
		d := near(g.Field(i).Interface(), w.Field(i).Interface())
		if !(d <= limit) {
			t.Errorf("%s: %s is off by %.3g", where, name, d)
		}
		worst = max(worst, d)
	}
	return worst
}

func compareResult(t *testing.T, where string, got, want Result, limit float64) (worst float64) {
	t.Helper()
	if len(got.Steps) != 20 || len(want.Steps) != 3 || len(got.Layers) != len(want.Layers) {
		t.Fatalf("%s: %d steps, %d layers", where, len(got.Steps), len(got.Layers))
	}
	for i, step := range []int{1, 2, 20} {
		g, w := got.Steps[step-1], want.Steps[i]
		worst = max(worst, compare(t, fmt.Sprint(where, " step ", step), g, w, limit))
		for l := range w.Layers {
			worst = max(worst, compare(t, fmt.Sprint(where, " step ", step, " layer ", l+1), g.Layers[l], w.Layers[l], limit))
		}
	}
	for l := range want.Layers {
		worst = max(worst, compare(t, fmt.Sprint(where, " final layer ", l+1), got.Layers[l], want.Layers[l], limit))
	}
	return worst
}

// Every array of 20 iterations agrees with PyTorch to max|a−b| ≤ 1e-10·max(1, max|b|).
func TestPyTorch(t *testing.T) {
	specs, wants := loadGolden(t)
	worst := 0.0
	for i, s := range specs {
		got, err := Run(context.Background(), s, Options{})
		if err != nil {
			t.Errorf("case %d: %v", i, err)
			continue
		}
		worst = max(worst, compareResult(t, fmt.Sprint("case ", i), got, wants[i], 1e-10))
	}
	t.Logf("%d specs, largest difference %.2g", len(specs), worst)
}

// The stored specs use every word of the contract, so that no row of it goes unproved.
func TestGoldenCoversEveryWord(t *testing.T) {
	specs, _ := loadGolden(t)
	seen := map[string]bool{}
	for _, s := range specs {
		for _, l := range s.Layers {
			seen["kind "+l.Kind], seen[l.Activation.Name] = true, true
			seen["slope"] = seen["slope"] || l.Activation.Slope != nil
			seen["biases"] = seen["biases"] || l.Biases != nil
		}
		o := s.Optimizer
		seen[strings.TrimSpace(o.Name+" "+o.Form)] = true
		for k := range o.Values {
			seen["optimizer "+k] = true
		}
		seen["cost "+s.Cost.Name+" "+s.Cost.On] = true
		seen["delta"] = seen["delta"] || s.Cost.Delta != nil
		seen["positive_weight"] = seen["positive_weight"] || s.Cost.PositiveWeight != nil
		seen["class_weights"] = seen["class_weights"] || s.Cost.ClassWeights != nil
		seen["label_smoothing"] = seen["label_smoothing"] || s.Cost.LabelSmoothing != nil
	}
	for _, word := range strings.Split("kind dense,kind batch-norm,kind layer-norm,step,linear,sigmoid,tanh,relu,leaky-relu,elu,gelu,gelu-tanh,silu,"+
		"softplus,softmax,slope,biases,descent deck,momentum reference,momentum deck,nesterov reference,nesterov deck,adagrad reference,adagrad deck,"+
		"rmsprop reference,rmsprop deck,adam reference,adam deck,adam printed,amsgrad reference,amsgrad deck,adamw reference,adamw deck,"+
		"optimizer gamma,optimizer beta1,optimizer beta2,optimizer epsilon,optimizer centred,optimizer dampening,optimizer momentum,"+
		"optimizer weight_decay,cost mae ,cost mse ,cost half-sse ,cost huber ,cost binary-cross-entropy ,cost binary-cross-entropy logits,"+
		"cost cross-entropy ,cost cross-entropy logits,delta,positive_weight,class_weights,label_smoothing", ",") {
		if !seen[word] {
			t.Errorf("no stored spec has %q", word)
		}
	}
}

// float32 runs the same specs: its first step is the float64 one, rounded.
func TestFloat32(t *testing.T) {
	specs, wants := loadGolden(t)
	for i, s := range specs {
		s.Precision = "float32"
		got, err := Run(context.Background(), s, Options{})
		if err != nil {
			t.Errorf("case %d: %v", i, err)
			continue
		}
		if d := math.Abs(got.Steps[0].Cost-wants[i].Steps[0].Cost) / max(1, wants[i].Steps[0].Cost); len(got.Steps) != 20 || !(d < 2e-5) {
			t.Errorf("case %d: cost of step 1 off by %g after %d steps", i, d, len(got.Steps))
		}
	}
}

// smooth are the activations without kink; a saturated net (cost near 0 slopes) is left to TestPyTorch.
func smooth(s Spec) bool {
	for _, l := range s.Layers {
		if strings.Contains("relu leaky-relu elu step", l.Activation.Name) && l.Activation.Name != "" {
			return false
		}
	}
	for _, b := range s.Batches {
		for _, row := range b.X {
			for _, v := range row {
				if math.Abs(float64(v)) > 5 {
					return false
				}
			}
		}
	}
	return s.Cost.Name != "mae" && s.Cost.Name != "huber"
}

func TestCheckIsSmallForSmoothNets(t *testing.T) {
	specs, _ := loadGolden(t)
	n := 0
	for i, s := range specs {
		if !smooth(s) {
			continue
		}
		n++
		s.Batches = s.Batches[:4]
		got, err := Run(context.Background(), s, Options{Check: true})
		if err != nil {
			t.Fatal(i, err)
		}
		for k, step := range got.Steps {
			if !(*step.Check < 1e-6) {
				t.Errorf("case %d step %d: check %g", i, k+1, *step.Check)
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d smooth specs", n)
	}
}
