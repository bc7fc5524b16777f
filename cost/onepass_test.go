package cost

import (
	"math"
	"testing"

	"gradus/activation"
	"gradus/mat"
)

// filled is a matrix of numbers from a formula.
func filled(rows, cols int, f func(r, c int) float64) (narrow mat.Matrix[float32], wide mat.Matrix[float64]) {
	narrow, wide = mat.New[float32](rows, cols), mat.New[float64](rows, cols)
	for i := range wide.Data {
		narrow.Data[i] = float32(f(i/cols, i%cols))
		wide.Data[i] = float64(narrow.Data[i])
	}
	return narrow, wide
}

func oneHotOf(r, c int) float64  { return map[bool]float64{true: 1}[(r*7)%3 == c] }
func indexOf(r, _ int) float64   { return float64(r * 7 % 3) }
func yesNo(r, c int) float64     { return float64((r + c) % 2) }
func between(r, c int) float64   { return float64((r+2*c)%5) / 4 }
func anyNumber(r, c int) float64 { return math.Sin(float64(r*3 + c)) }

// Each pair gives in one pass what the plain chain of cost and activation gives in float64, for partial groups of rows too.
func TestOnePass(t *testing.T) {
	for _, c := range []struct {
		name       string
		narrow     Func[float32]
		wide       Func[float64]
		activation string
		columns    int // of y
		truth      func(r, c int) float64
	}{
		{"indices", CrossEntropy[float32]{}, CrossEntropy[float64]{}, "softmax", 1, indexOf},
		{"one-hot", CrossEntropy[float32]{Reduction: Weights}, CrossEntropy[float64]{Reduction: Weights}, "softmax", 3, oneHotOf},
		{"logits", CrossEntropy[float32]{On: Logits}, CrossEntropy[float64]{On: Logits}, "linear", 1, indexOf},
		{"binary", BinaryCrossEntropy[float32]{}, BinaryCrossEntropy[float64]{}, "sigmoid", 3, yesNo},
		{"shares", BinaryCrossEntropy[float32]{PositiveWeight: 1}, BinaryCrossEntropy[float64]{}, "sigmoid", 3, between},
		{"binary logits", BinaryCrossEntropy[float32]{On: Logits}, BinaryCrossEntropy[float64]{On: Logits}, "linear", 3, between},
		{"mse", MSE[float32]{}, MSE[float64]{}, "linear", 3, anyNumber},
		{"half-sse", HalfSSE[float32]{}, HalfSSE[float64]{}, "linear", 3, anyNumber},
	} {
		for _, rows := range []int{1, 5, 64, 150} {
			o, o64 := filled(rows, 3, func(r, c int) float64 { return 6 * math.Cos(float64(5*r+3*c)) })
			y, y64 := filled(rows, c.columns, c.truth)
			f, err := activation.ByName[float64](c.activation)
			if err != nil {
				t.Fatal(err)
			}
			h, do64 := o64.Clone(), o64.Clone()
			f.Forward(h, o64)
			want := c.wide.Forward(h, y64)
			c.wide.Backward(do64, h, y64)
			f.Backward(do64, do64, o64, h)
			do := o.Clone()
			got, done := OnePass(c.narrow, c.activation, do, o, y)
			if !done || math.Abs(got-want) > 2e-6*math.Abs(want) {
				t.Errorf("%s, %d rows: E %v, %v, want %v", c.name, rows, got, done, want)
			}
			for i, v := range do64.Data {
				if math.Abs(float64(do.Data[i])-v) > 1e-6*math.Abs(v)+2e-7/float64(rows) {
					t.Fatalf("%s, %d rows: gradient %v, want %v", c.name, rows, do.Data[i], v)
				}
			}
		}
	}
}

// What has no one pass is left alone.
func TestOnePassDeclines(t *testing.T) {
	o, o64 := filled(4, 3, anyNumber)
	y, y64 := filled(4, 3, oneHotOf)
	soft, _ := filled(4, 3, between)
	for _, c := range []struct {
		f          Func[float32]
		activation string
		y          mat.Matrix[float32]
	}{
		{CrossEntropy[float32]{}, "sigmoid", y},
		{CrossEntropy[float32]{On: Logits}, "softmax", y},
		{CrossEntropy[float32]{}, "softmax", soft},
		{CrossEntropy[float32]{LabelSmoothing: .1}, "softmax", y},
		{CrossEntropy[float32]{ClassWeights: []float64{1, 2, 3}}, "softmax", y},
		{BinaryCrossEntropy[float32]{}, "softmax", y},
		{BinaryCrossEntropy[float32]{PositiveWeight: 2}, "sigmoid", y},
		{MSE[float32]{}, "tanh", y},
		{HalfSSE[float32]{}, "relu", y},
		{MAE[float32]{}, "linear", y},
	} {
		do := o.Clone()
		if e, done := OnePass(c.f, c.activation, do, o, c.y); done || e != 0 || do.Data[2] != o.Data[2] {
			t.Errorf("%s after %s was done", c.f.Name(), c.activation)
		}
	}
	if _, done := OnePass[float64](MSE[float64]{}, "linear", o64, o64, y64); done {
		t.Error("float64 was done")
	}
}

// Where h rounds to 0 or 1 the cost and its gradient stay.
func TestOnePassSaturated(t *testing.T) {
	o, do := mat.From([]float32{200, 0, -200}), mat.New[float32](1, 3)
	if e, _ := OnePass[float32](CrossEntropy[float32]{}, "softmax", do, o, mat.From([]float32{2})); e != 400 || do.Data[0] != 1 || do.Data[2] != -1 {
		t.Errorf("cross-entropy: %v, %v", e, do.Data)
	}
	o, do = mat.From([]float32{-90, 60}), mat.New[float32](1, 2)
	e, _ := OnePass[float32](BinaryCrossEntropy[float32]{}, "sigmoid", do, o, mat.From([]float32{1, 1}))
	if e != 45 || do.Data[0] != -.5 || !(do.Data[1] < 0 && do.Data[1] > -1e-26) {
		t.Errorf("binary cross-entropy: %v, %v", e, do.Data)
	}
}

func TestOnePassDoesNotAllocate(t *testing.T) {
	o, _ := filled(100, 3, anyNumber)
	y, _ := filled(100, 3, oneHotOf)
	do := o.Clone()
	var f Func[float32] = CrossEntropy[float32]{}
	if n := testing.AllocsPerRun(10, func() { OnePass(f, "softmax", do, o, y) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
