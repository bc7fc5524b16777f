package trace

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"gradus/internal/say"
)

// deckSpec is the worked example, deck 4-5-2 to 4-5-31.
const deckSpec = `{"precision":"float64","layers":[
 {"kind":"dense","activation":"sigmoid","weights":[[0.6,0.4],[0.1,0.3]],"biases":null},
 {"kind":"dense","activation":"sigmoid","weights":[[0.3,0.8],[0.5,0.3]],"biases":null}],
 "cost":{"name":"half-sse"},"optimizer":{"name":"descent","form":"reference","alpha":0.5},
 "batches":[{"x":[[0.1,0.2]],"y":[[0.8,0.6]]}]}`

func runText(t testing.TB, text string, opt Options) (Result, error) {
	t.Helper()
	s, err := Read(strings.NewReader(text))
	if err != nil {
		return Result{}, err
	}
	return Run(context.Background(), s, opt)
}

func ran(t *testing.T, text string, opt Options) Result {
	t.Helper()
	r, err := runText(t, text, opt)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return r
}

// The exact values are those of the deck's worked example in float64, shared with deck_test.go.
func TestWorkedExample(t *testing.T) {
	r := ran(t, deckSpec, Options{Check: true})
	s := r.Steps[0]
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"E", s.Cost, .01284127},
		{"h11", s.Layers[0].H[0][0], .53494295},
		{"h22", s.Layers[1].H[0][1], .60413378},
		{"∂E/∂h21", s.Layers[1].DH[0][0], -.16020438},
		{"∂E/∂h11", s.Layers[0].DH[0][0], -.01058177},
		{"w11'", r.Layers[0].Weights[0][0], .60013163},
		{"w24'", r.Layers[1].Weights[1][1], .29974420},
	} {
		if math.Abs(c.got-c.want) > 1e-8 {
			t.Errorf("%s = %.10f, want %.8f", c.name, c.got, c.want)
		}
	}
	if !(*s.Check < 1e-10) {
		t.Errorf("check %g", *s.Check)
	}
}

// The keys of the answer are a contract with other programs.
func TestKeysOfTheAnswer(t *testing.T) {
	b, err := json.Marshal(ran(t, normSpec, Options{Check: true}))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range strings.Fields("steps layers cost dx check o h do dh dw db dgamma dbeta gamma beta running_mean running_variance biases") {
		if !bytes.Contains(b, []byte(`"`+key+`":`)) {
			t.Errorf("no %q in %s", key, b)
		}
	}
	b, _ = json.Marshal(ran(t, deckSpec, Options{}))
	if !bytes.Contains(b, []byte(`"db":null`)) || !bytes.Contains(b, []byte(`"biases":null`)) || bytes.Contains(b, []byte("check")) || bytes.Contains(b, []byte("gamma")) {
		t.Errorf("%s", b)
	}
}

const normSpec = `{"layers":[{"weights":[[0.6,0.4],[0.1,0.3]],"biases":[0.1,0]},{"kind":"batch-norm","activation":"tanh"},
 {"kind":"layer-norm","gamma":[1,2],"beta":[0,0.5]},{"weights":[[0.3,0.8]],"biases":null}],
 "cost":{"name":"mse"},"optimizer":{"name":"descent","alpha":0.5},
 "batches":[{"x":[[0.1,0.2],[3,1],[0,-1]],"y":[[0.8],[0.6],[0]]}]}`

// change replaces the first old in the worked example, which must be there.
func change(t *testing.T, old, new string) string {
	t.Helper()
	if !strings.Contains(deckSpec, old) {
		t.Fatalf("the example has no %q", old)
	}
	return strings.Replace(deckSpec, old, new, 1)
}

func TestBadInput(t *testing.T) {
	batch, layer := `"batches":[{"x":[[0.1,0.2]],"y":[[0.8,0.6]]}]`, `"weights":[[0.6,0.4],[0.1,0.3]],"biases":null`
	binary, classes := `"cost":{"name":"binary-cross-entropy"}`, `"cost":{"name":"cross-entropy"}`
	wide := strings.Replace(deckSpec, `"cost":{"name":"half-sse"}`, binary, 1)
	class := strings.Replace(deckSpec, `"cost":{"name":"half-sse"}`, classes, 1)
	for _, c := range []struct{ name, text, want string }{
		{"empty", " \n", "empty"},
		{"not JSON", "layers: 3", "line 1, column 1"},
		{"cut off", deckSpec[:100], "not JSON"},
		{"trailing garbage", deckSpec + "\n{}", "line 6"},
		{"deep nesting", `{"layers":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000) + "}", "JSON"},
		{"a list", "[1]", "cannot be a array"},
		{"unknown key", change(t, `"batches"`, `"batchs"`), `did you mean "batches"?`},
		{"unknown key of a layer", change(t, `"kind":"dense",`, `"kind":"dense","unit":3,`), `no key "unit"`},
		{"unknown key of an activation", change(t, `"activation":"sigmoid"`, `"activation":{"name":"leaky-relu","slop":1}`), `did you mean "slope"?`},
		{"unknown key of the optimizer", change(t, `"alpha":0.5`, `"alpha":0.5,"gama":0.9`), `gama`},
		{"key of another optimizer", change(t, `"name":"descent"`, `"name":"adagrad","beta1":0.9`), `beta1`},
		{"key of another cost", change(t, `"name":"half-sse"`, `"name":"half-sse","delta":1`), "delta"},
		{"precision", change(t, "float64", "float16"), `"float16"`},
		{"kind", change(t, `"kind":"dense"`, `"kind":"densee"`), `did you mean "dense"?`},
		{"activation", change(t, `"sigmoid"`, `"sigmod"`), `layer 1: there is no activation "sigmod"; did you mean "sigmoid"?`},
		{"activation is a number", change(t, `"sigmoid"`, `5`), "activation cannot be 5"},
		{"activation without a name", change(t, `"sigmoid"`, `""`), "activation cannot be"},
		{"slope of relu", change(t, `"sigmoid"`, `{"name":"relu","slope":0}`), "takes no slope"},
		{"cost", change(t, `"half-sse"`, `"half-see"`), `did you mean "half-sse"?`},
		{"no cost", change(t, `"name":"half-sse"`, ``), "cost.name is missing"},
		{"optimizer", change(t, `"descent"`, `"decsent"`), `did you mean "descent"?`},
		{"optimizer is a word", change(t, `{"name":"descent","form":"reference","alpha":0.5}`, `"adam"`), "optimizer cannot be"},
		{"no optimizer", change(t, `"optimizer":{"name":"descent","form":"reference","alpha":0.5},`, ``), "optimizer.name is missing"},
		{"name is a number", change(t, `"name":"descent"`, `"name":7`), "7 is not a name"},
		{"form", change(t, `"reference"`, `"printed"`), `no form "printed"`},
		{"alpha 0", change(t, `"alpha":0.5`, `"alpha":0`), "> 0"},
		{"alpha −0", change(t, `"alpha":0.5`, `"alpha":-0.0`), "> 0"},
		{"alpha negative", change(t, `"alpha":0.5`, `"alpha":-1`), "-1 is not allowed"},
		{"alpha NaN", change(t, `"alpha":0.5`, `"alpha":NaN`), "not JSON"},
		{"alpha in words", change(t, `"alpha":0.5`, `"alpha":"NaN"`), "not a finite number"},
		{"alpha null", change(t, `"alpha":0.5`, `"alpha":null`), "not a finite number"},
		{"alpha missing", change(t, `,"alpha":0.5`, ``), "is required"},
		{"1e400", change(t, `0.6`, `1e400`), "1e400"},
		{"null in an array", change(t, `[0.6,0.4]`, `[0.6,null]`), "null is not a finite number"},
		{"null row", change(t, `[0.1,0.3]`, `null`), "row 2 has 0 numbers"},
		{"text in an array", change(t, `[0.6,0.4]`, `[0.6,"x"]`), "not a finite number"},
		{"ragged weights", change(t, `[0.1,0.3]`, `[0.1]`), "row 2 has 1 numbers"},
		{"shapes that do not chain", change(t, `[[0.3,0.8],[0.5,0.3]]`, `[[0.3,0.8,1],[0.5,0.3,1]]`), "layer 2 takes 3 inputs, but layer 1 gives 2"},
		{"no weights", change(t, layer, `"biases":null`), `"weights" is missing`},
		{"empty weights", change(t, `[[0.6,0.4],[0.1,0.3]]`, `[[]]`), `"weights" is missing`},
		{"biases", change(t, `"biases":null`, `"biases":[1]`), "1 biases for 2 neurons"},
		{"gamma of dense", change(t, `"biases":null`, `"gamma":[1,1]`), "dense layer has no"},
		{"no layers", `{"layers":[]}`, `"layers" is missing`},
		{"no batches", change(t, batch, `"batches":[]`), `"batches" is missing`},
		{"batch of 0 rows", change(t, `{"x":[[0.1,0.2]],"y":[[0.8,0.6]]}`, `{"x":[],"y":[]}`), "no rows"},
		{"batch null", change(t, `{"x":[[0.1,0.2]],"y":[[0.8,0.6]]}`, `null`), "no rows"},
		{"rows of x and y", change(t, `[[0.8,0.6]]`, `[[0.8,0.6],[1,1]]`), "x has 1 rows and y has 2"},
		{"columns of x", change(t, `[[0.1,0.2]]`, `[[0.1]]`), "x has 1 columns"},
		{"ragged x", change(t, `"x":[[0.1,0.2]],"y":[[0.8,0.6]]`, `"x":[[0.1,0.2],[1]],"y":[[0.8,0.6],[0,0]]`), "x has 1 columns"},
		{"columns of y", change(t, `[[0.8,0.6]]`, `[[0.8,0.6,0]]`), "y has 3 columns"},
		{"target above 1", strings.Replace(wide, "0.8,0.6]]}", "1.5,0.6]]}", 1), "between 0 and 1"},
		{"target below 0", strings.Replace(class, "0.8,0.6]]}", "-0.1,0.6]]}", 1), "batch 1: row 1, column 1"},
		{"class weights", strings.Replace(class, `"cross-entropy"`, `"cross-entropy","class_weights":[1,2,3]`, 1), "3 class weights"},
		{"label smoothing", strings.Replace(class, `"cross-entropy"`, `"cross-entropy","label_smoothing":2`, 1), "label_smoothing"},
		{"on", strings.Replace(class, `"cross-entropy"`, `"cross-entropy","on":"logit"`, 1), `did you mean "logits"?`},
		{"one class index for three outputs", strings.Replace(class, "[[0.8,0.6]]", "[[1]]", 1), "y has 1 columns"},
		{"delta 0", change(t, `"name":"half-sse"`, `"name":"huber","delta":0`), "greater than 0"},
		{"positive weight 0", strings.Replace(wide, `-entropy"`, `-entropy","positive_weight":0`, 1), "greater than 0"},
		{"gamma 1", change(t, `"name":"descent"`, `"name":"momentum","gamma":1`), "gamma < 1"},
		{"weight decay", change(t, `"alpha":0.5`, `"alpha":0.5,"weight_decay":-1`), "weight_decay"},
		{"one-row batch-norm", strings.Replace(normSpec, `"x":[[0.1,0.2],[3,1],[0,-1]],"y":[[0.8],[0.6],[0]]`, `"x":[[0.1,0.2]],"y":[[0.8]]`, 1), "one row"},
		{"epsilon 0", strings.Replace(normSpec, `"kind":"batch-norm"`, `"kind":"batch-norm","epsilon":0`, 1), "layer 2: epsilon: 0 is not allowed"},
		{"momentum 0", strings.Replace(normSpec, `"kind":"batch-norm"`, `"kind":"batch-norm","momentum":0`, 1), "layer 2: momentum: 0 is not allowed"},
		{"momentum of layer-norm", strings.Replace(normSpec, `"kind":"layer-norm"`, `"kind":"layer-norm","momentum":0.1`, 1), "layer 3"},
		{"gamma of another width", strings.Replace(normSpec, `"gamma":[1,2]`, `"gamma":[1]`, 1), "1 gamma for 2"},
		{"weights of a norm", strings.Replace(normSpec, `"kind":"batch-norm"`, `"kind":"batch-norm","weights":[[1]]`, 1), "weights, biases"},
		{"beyond float32", strings.Replace(strings.Replace(deckSpec, "float64", "float32", 1), "0.6,", "1e39,", 1), "1e+39 is beyond"},
		{"α lost in float32", strings.Replace(strings.Replace(deckSpec, "float64", "float32", 1), `"alpha":0.5`, `"alpha":1e-50`, 1), "1e-50 is beyond"},
	} {
		_, err := runText(t, c.text, Options{})
		e, ok := errors.AsType[*say.Err](err)
		if !ok || e.Fault || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q as wrong input", c.name, err, c.want)
			continue
		}
		if ko := say.In(say.Korean, err); strings.Contains(ko, "[trace.") || ko == err.Error() {
			t.Errorf("%s: not in Korean: %s", c.name, ko)
		}
	}
}

// What is not finite ends the run with the step, the layer and α.
func TestNotFiniteIsAFailure(t *testing.T) {
	explode := strings.ReplaceAll(strings.Replace(deckSpec, `"alpha":0.5`, `"alpha":1e200`, 1), "sigmoid", "linear")
	twice := strings.Replace(explode, `[{"x":[[0.1,0.2]],"y":[[0.8,0.6]]}]`, `[{"x":[[0.1,0.2]],"y":[[0.8,0.6]]},{"x":[[0.1,0.2]],"y":[[0.8,0.6]]}]`, 1)
	zero := change(t, `"name":"descent"`, `"name":"adagrad","epsilon":0`)
	zero = strings.Replace(strings.Replace(zero, "[[0.1,0.2]]", "[[0,0]]", 1), "sigmoid", "linear", 1)
	for name, c := range map[string]struct{ text, want string }{
		"exploding":         {twice, "step 2, layer 2: o became"},
		"0/0 of ε = 0":      {zero, "step 1, layer 1: w became NaN"},
		"log of 0":          {strings.ReplaceAll(strings.Replace(deckSpec, "half-sse", "cross-entropy", 1), "sigmoid", "step"), "∂E/∂h became"},
		"running statistic": {strings.Replace(normSpec, "[3,1]", "[1e160,1]", 1), "step 1, layer 2"},
	} {
		if name == "log of 0" {
			c.text = strings.Replace(c.text, "[[0.3,0.8],[0.5,0.3]]", "[[-0.3,-0.8],[0.5,0.3]]", 1)
			c.want = "step 1, layer 2: E became"
		}
		_, err := runText(t, c.text, Options{})
		e, ok := errors.AsType[*say.Err](err)
		if !ok || !e.Fault || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "α = ") {
			t.Errorf("%s: %v, want %q as failure", name, err, c.want)
		}
	}
}

// A zero that is written down is a zero, not the default.
func TestExplicitZeros(t *testing.T) {
	slope := func(a string) Result {
		return ran(t, strings.Replace(strings.Replace(deckSpec, `"sigmoid"`, a, 1), "[0.6,0.4]", "[-0.6,-0.4]", 1), Options{})
	}
	if h := slope(`{"name":"leaky-relu","slope":0}`).Steps[0].Layers[0].H[0][0]; h != 0 {
		t.Errorf("leaky-relu with slope 0 gives %g", h)
	}
	if h := slope(`"leaky-relu"`).Steps[0].Layers[0].H[0][0]; math.Abs(h+.0014) > 1e-15 {
		t.Errorf("leaky-relu gives %g", h)
	}
	after := func(o string) float64 {
		text := strings.Replace(deckSpec, `{"name":"descent","form":"reference","alpha":0.5}`, o, 1)
		text = strings.Replace(text, `}]}`, `},{"x":[[0.1,0.2]],"y":[[0.8,0.6]]}]}`, 1)
		return ran(t, text, Options{}).Layers[0].Weights[0][0]
	}
	for _, c := range [][3]string{
		{`{"name":"momentum","alpha":0.5,"gamma":0}`, `{"name":"descent","alpha":0.5}`, `{"name":"momentum","alpha":0.5}`},
		{`{"name":"adam","alpha":0.5,"beta1":0,"beta2":0,"epsilon":0}`, `{"name":"rmsprop","alpha":0.5,"gamma":0,"epsilon":0}`, `{"name":"adam","alpha":0.5}`},
		{`{"name":"rmsprop","alpha":0.5,"centred":false,"momentum":0}`, `{"name":"rmsprop","alpha":0.5}`, `{"name":"rmsprop","alpha":0.5,"centred":true}`},
	} {
		same, zero, other := after(c[1]), after(c[0]), after(c[2])
		if math.Abs(same-zero) > 1e-15 || zero == other {
			t.Errorf("%s: %v, want %v and not the default's %v", c[0], zero, same, other)
		}
	}
	smooth := strings.Replace(deckSpec, "half-sse", `cross-entropy","label_smoothing":0,"class_weights":[0,1],"on":"probabilities`, 1)
	if d := ran(t, smooth, Options{}).Steps[0].Layers[1].DH[0][0]; d != 0 {
		t.Errorf("a class of weight 0 pulls by %g", d)
	}
}

func TestRoundTrip(t *testing.T) {
	specs, _ := loadGolden(t)
	for i, s := range specs {
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Read(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("case %d: %v in %s", i, err, b)
		}
		if c, _ := json.Marshal(again); !bytes.Equal(b, c) {
			t.Fatalf("case %d: %s became %s", i, b, c)
		}
	}
}

func TestCancelled(t *testing.T) {
	s, err := Read(strings.NewReader(deckSpec))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := Run(ctx, s, Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestTooMuchToKeep(t *testing.T) {
	s, err := Read(strings.NewReader(deckSpec))
	if err != nil {
		t.Fatal(err)
	}
	big := Layer{Weights: make([][]Number, 2000)}
	for i := range big.Weights {
		big.Weights[i] = make([]Number, 2000)
	}
	first, last := Layer{Weights: make([][]Number, 2000)}, Layer{Weights: [][]Number{make([]Number, 2000), make([]Number, 2000)}}
	for i := range first.Weights {
		first.Weights[i] = make([]Number, 2)
	}
	s.Layers = []Layer{first, big, last}
	for range 20 {
		s.Batches = append(s.Batches, s.Batches[0])
	}
	if _, err := Run(context.Background(), s, Options{}); err == nil || !strings.Contains(err.Error(), "gradus train") {
		t.Error(err)
	}
}

func FuzzReadRun(f *testing.F) {
	f.Add([]byte(deckSpec), true)
	f.Add([]byte(normSpec), false)
	f.Add([]byte(strings.Replace(deckSpec, "descent", "adam", 1)), false)
	f.Add([]byte(strings.Replace(deckSpec, "float64", "float32", 1)), false)
	f.Add([]byte(strings.Replace(deckSpec, `"half-sse"`, `"cross-entropy","label_smoothing":0.1`, 1)), true)
	f.Add([]byte(`{"layers":[{"weights":[[1e308]]}],"batches":[{"x":[[1e308]],"y":[[0]]}]}`), false)
	f.Fuzz(func(t *testing.T, b []byte, check bool) {
		if len(b) > 4096 {
			t.Skip()
		}
		s, err := Read(bytes.NewReader(b))
		if err == nil {
			var r Result
			if r, err = Run(context.Background(), s, Options{Check: check}); err == nil {
				for _, step := range r.Steps {
					step.Check = nil
					if _, err := json.Marshal(step); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := json.Marshal(r.Layers); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err == nil {
			return
		}
		if _, ok := errors.AsType[*say.Err](err); !ok {
			t.Errorf("not a sentence: %v", err)
		}
	})
}
