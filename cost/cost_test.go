package cost

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gradus/internal/kernel"
	"gradus/mat"
)

// variants are every cost with every option; classes says that y may be class indices.
func variants[T mat.Float](out int) map[string]Func[T] {
	w := []float64{1, 2, 0.5, 1.5, 0.25}[:out]
	all := map[string]Func[T]{
		"huber δ=.3":        Huber[T]{Delta: 0.3},
		"binary w=3":        BinaryCrossEntropy[T]{PositiveWeight: 3},
		"binary logits":     BinaryCrossEntropy[T]{On: Logits},
		"binary logits w=3": BinaryCrossEntropy[T]{On: Logits, PositiveWeight: 3},
	}
	for _, f := range All[T]() {
		all[f.Name()] = f
	}
	for _, on := range []On{"", Probabilities, Logits} {
		for _, reduction := range []Reduction{"", Rows, Weights} {
			for _, s := range []float64{0, 0.1, 1} {
				name := fmt.Sprintf("cross-entropy %s %s s=%v", on, reduction, s)
				all[name] = CrossEntropy[T]{On: on, Reduction: reduction, LabelSmoothing: s}
				all[name+" weighted"] = CrossEntropy[T]{On: on, Reduction: reduction, LabelSmoothing: s, ClassWeights: w}
			}
		}
	}
	return all
}

// outputs are h and y that suit every cost: probabilities away from 0, 1 and each other.
func outputs(rng *rand.Rand, rows, cols int) (h, y mat.Matrix[float64]) {
	h, y = mat.New[float64](rows, cols), mat.New[float64](rows, cols)
	for i := range h.Data {
		h.Data[i], y.Data[i] = 0.05+0.9*rng.Float64(), 0.05+0.9*rng.Float64()
		if d := h.Data[i] - y.Data[i]; math.Abs(d) < 0.01 || math.Abs(math.Abs(d)-0.3) < 0.01 {
			h.Data[i] = y.Data[i] + 0.02 // off the kinks of MAE and Huber
		}
	}
	return h, y
}

// indices are class indices for rows of cols outputs.
func indices(rng *rand.Rand, rows, cols int) mat.Matrix[float64] {
	y := mat.New[float64](rows, 1)
	for r := range y.Data {
		y.Data[r] = float64(rng.IntN(cols))
	}
	return y
}

// slope is ∂E/∂h_i by central differences of two widths, extrapolated.
func slope(f Func[float64], h, y mat.Matrix[float64], i int) float64 {
	at := h.Data[i]
	by := func(step float64) float64 {
		h.Data[i] = at + step
		up := f.Forward(h, y)
		h.Data[i] = at - step
		down := f.Forward(h, y)
		h.Data[i] = at
		return (up - down) / (2 * step)
	}
	return (4*by(5e-4) - by(1e-3)) / 3
}

func checkSlopes(t *testing.T, name string, f Func[float64], h, y mat.Matrix[float64]) {
	t.Helper()
	dh := mat.New[float64](h.Rows, h.Cols)
	f.Backward(dh, h, y)
	for i, got := range dh.Data {
		if want := slope(f, h, y, i); math.Abs(got-want) > 1e-7*max(1, math.Abs(want)) {
			t.Errorf("%s %s: ∂E/∂h%d = %v, finite differences %v", name, size(h), i, got, want)
		}
	}
}

// Every cost × option × shape, one row and one column among them.
func TestFiniteDifferences(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, shape := range [][2]int{{1, 1}, {1, 4}, {5, 1}, {3, 4}, {7, 2}} {
		for name, f := range variants[float64](shape[1]) {
			h, y := outputs(rng, shape[0], shape[1])
			checkSlopes(t, name, f, h, y)
			if strings.HasPrefix(name, "cross") && shape[1] > 1 {
				checkSlopes(t, name+" index", f, h, indices(rng, shape[0], shape[1]))
			}
		}
	}
}

// Class indices and the one-hot rows they stand for are the same truth.
func TestIndexIsOneHot(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for name, f := range variants[float64](4) {
		if !strings.HasPrefix(name, "cross") {
			continue
		}
		h, onehot := outputs(rng, 6, 4)
		y := indices(rng, 6, 4)
		clear(onehot.Data)
		for r, c := range y.Data {
			onehot.Row(r)[int(c)] = 1
		}
		a, b := mat.New[float64](6, 4), mat.New[float64](6, 4)
		f.Backward(a, h, y)
		f.Backward(b, h, onehot)
		if f.Forward(h, y) != f.Forward(h, onehot) || fmt.Sprint(a) != fmt.Sprint(b) {
			t.Error(name, "judges an index and its one-hot row differently")
		}
	}
}

// On logits and on the probabilities of those logits the cost is the same.
func TestLogitsAreTheirProbabilities(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	z, y := outputs(rng, 5, 3)
	p, q := mat.New[float64](5, 3), mat.New[float64](5, 3)
	kernel.SigmoidSlice(p.Data, z.Data)
	for r := range z.Rows {
		kernel.SoftmaxRow(q.Row(r), z.Row(r))
	}
	w := []float64{1, 2, 0.5}
	for _, c := range []struct {
		on, of Func[float64]
		p      mat.Matrix[float64]
	}{
		{BinaryCrossEntropy[float64]{On: Logits, PositiveWeight: 3}, BinaryCrossEntropy[float64]{PositiveWeight: 3}, p},
		{CrossEntropy[float64]{On: Logits, ClassWeights: w}, CrossEntropy[float64]{ClassWeights: w}, q},
		{CrossEntropy[float64]{On: Logits, LabelSmoothing: 0.2}, CrossEntropy[float64]{LabelSmoothing: 0.2}, q},
	} {
		if a, b := c.on.Forward(z, y), c.of.Forward(c.p, y); math.Abs(a-b) > 1e-14*b {
			t.Error(c.on.Name(), a, b)
		}
	}
}

// BackwardThrough equals Backward followed by the activation's own derivative.
func TestFusedEqualsThePlainPair(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for name, f := range variants[float64](4) {
		fused, ok := f.(Fused[float64])
		if !ok {
			continue
		}
		if !fused.Through("sigmoid") && !fused.Through("softmax") {
			if !strings.Contains(name, "logits") {
				t.Error(name, "knows no activation")
			}
			continue
		}
		if fused.Through("relu") || fused.Through("sigmoid") == fused.Through("softmax") || strings.Contains(name, "logits") {
			t.Error(name, "knows too much")
		}
		for _, rows := range []int{1, 6} {
			o, y := outputs(rng, rows, 4)
			targets := []mat.Matrix[float64]{y}
			if fused.Through("softmax") {
				targets = append(targets, indices(rng, rows, 4))
			}
			for _, y := range targets {
				checkFused(t, name, fused, o, y)
			}
		}
	}
}

func checkFused(t *testing.T, name string, f Fused[float64], o, y mat.Matrix[float64]) {
	t.Helper()
	h, dh, do := o.Clone(), o.Clone(), o.Clone()
	plain := o.Clone()
	if f.Through("sigmoid") {
		kernel.SigmoidSlice(h.Data, o.Data)
	}
	for r := range h.Rows {
		if f.Through("softmax") {
			kernel.SoftmaxRow(h.Row(r), o.Row(r))
		}
	}
	f.Backward(dh, h, y)
	for r := range h.Rows {
		p, d := h.Row(r), dh.Row(r)
		sum := kernel.Dot(p, d) // softmax: do = h·(dh − Σ h·dh)
		for c := range p {
			plain.Row(r)[c] = p[c] * (d[c] - sum)
			if f.Through("sigmoid") {
				plain.Row(r)[c] = d[c] * p[c] * (1 - p[c])
			}
		}
	}
	f.BackwardThrough(do, h, y)
	for i := range do.Data {
		if math.Abs(do.Data[i]-plain.Data[i]) > 1e-15 {
			t.Errorf("%s: do%d is %v fused, %v plain", name, i, do.Data[i], plain.Data[i])
		}
	}
}

// The formula the deck's reader knows: with one-hot truth do = (h − y)/n, to the last bit.
func TestFusedIsHMinusY(t *testing.T) {
	h, y := mat.From([]float64{0.2, 0.7, 0.1}, []float64{0.5, 0.25, 0.25}), mat.From([]float64{0, 1, 0}, []float64{1, 0, 0})
	for _, f := range []Fused[float64]{BinaryCrossEntropy[float64]{}, CrossEntropy[float64]{}} {
		n := float64(h.Rows)
		if f.Through("sigmoid") {
			n *= float64(h.Cols)
		}
		do := mat.New[float64](2, 3)
		f.BackwardThrough(do, h, y)
		for i, d := range do.Data {
			if d != (h.Data[i]-y.Data[i])/n {
				t.Error(f.Name(), i, d)
			}
		}
	}
}

// float32 is the float64 cost of the same numbers; its gradient is the same, rounded once.
func TestFloat32IsFloat64Rounded(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	narrow, wide := variants[float32](3), variants[float64](3)
	for name, f := range narrow {
		h, y := outputs(rng, 4, 3)
		h32, y32, d32 := mat.New[float32](4, 3), mat.New[float32](4, 3), mat.New[float32](4, 3)
		for i := range h.Data {
			h32.Data[i], y32.Data[i] = float32(h.Data[i]), float32(y.Data[i])
			h.Data[i], y.Data[i] = float64(h32.Data[i]), float64(y32.Data[i])
		}
		d := mat.New[float64](4, 3)
		wide[name].Backward(d, h, y)
		f.Backward(d32, h32, y32)
		if f.Forward(h32, y32) != wide[name].Forward(h, y) {
			t.Error(name, "float32 gives another cost")
		}
		for i := range d.Data {
			if d32.Data[i] != float32(d.Data[i]) {
				t.Error(name, "gradient", d32.Data[i], d.Data[i])
			}
		}
	}
}

// A NaN among the outputs or the truth is never lost from the cost; nor is a class that does not exist.
func TestNaNIsNeverLost(t *testing.T) {
	for name, f := range variants[float64](3) {
		for _, inTruth := range []bool{false, true} {
			h, y := mat.From([]float64{0.2, 0.3, 0.5}), mat.From([]float64{0, 1, 0})
			if inTruth {
				y.Data[2] = math.NaN()
			} else {
				h.Data[2] = math.NaN()
			}
			if e := f.Forward(h, y); e == e {
				t.Errorf("%s (in the truth: %v): E = %v", name, inTruth, e)
			}
		}
	}
	for _, index := range []float64{-1, 3, 0.5, math.NaN(), math.Inf(1)} {
		f, d := CrossEntropy[float64]{}, mat.New[float64](1, 3)
		h, y := mat.From([]float64{0.2, 0.3, 0.5}), mat.From([]float64{index})
		f.BackwardThrough(d, h, y)
		if e := f.Forward(h, y); e == e || d.Data[0] == d.Data[0] {
			t.Errorf("class %v: E = %v, do %v", index, e, d.Data)
		}
	}
}

// What 0·log 0 must be: 0. And a sure mistake costs ±Inf or, held, 100; probabilities outside 0…1 are NaN.
func TestEndsOfTheScale(t *testing.T) {
	inf := math.Inf(1)
	zero := math.Copysign(0, -1)
	for _, c := range []struct {
		name    string
		f       Func[float64]
		h, y    []float64
		e, grad float64 // gradient of the first output
	}{
		{"sure and right", CrossEntropy[float64]{}, []float64{1, 0}, []float64{1, 0}, 0, -1},
		{"sure and wrong", CrossEntropy[float64]{}, []float64{0, 1}, []float64{1, 0}, inf, -inf},
		{"−0 is 0", CrossEntropy[float64]{}, []float64{zero, 1}, []float64{0, 1}, 0, 0},
		{"binary right", BinaryCrossEntropy[float64]{}, []float64{1}, []float64{1}, 0, 0},
		{"binary wrong", BinaryCrossEntropy[float64]{}, []float64{zero}, []float64{1}, 100, -1 / leastVariance},
		{"binary weighted", BinaryCrossEntropy[float64]{PositiveWeight: 2}, []float64{0}, []float64{1}, 200, -2 / leastVariance},
		{"mae of equals", MAE[float64]{}, []float64{zero}, []float64{0}, 0, 0},
		{"huber at δ", Huber[float64]{}, []float64{1}, []float64{0}, 0.5, 1},
		{"huber beyond", Huber[float64]{Delta: 2}, []float64{5}, []float64{0}, 8, 2},
	} {
		h, y := mat.From(c.h), mat.From(c.y)
		dh := mat.New[float64](1, len(c.h))
		c.f.Backward(dh, h, y)
		if e := c.f.Forward(h, y); e != c.e || dh.Data[0] != c.grad {
			t.Errorf("%s: E %v, gradient %v, want %v, %v", c.name, e, dh.Data[0], c.e, c.grad)
		}
	}
	for _, p := range []float64{-0.1, 1.1} {
		for y := range 2 {
			if e := (BinaryCrossEntropy[float64]{}).Forward(mat.From([]float64{p}), mat.From([]float64{float64(y)})); e == e {
				t.Errorf("p = %v, y = %d: E = %v", p, y, e)
			}
		}
	}
}

// The mean of no rows is NaN, and there is no gradient to write.
func TestNoRows(t *testing.T) {
	for name, f := range variants[float64](3) {
		h := mat.New[float64](0, 3)
		f.Backward(h, h, h)
		if e := f.Forward(h, h); e == e {
			t.Error(name, e)
		}
	}
}

// The deck's worked example, 4-5-10: E = .01284127, and MSE is the same because a row has two outputs, 4-5-9.
func TestDeckExample(t *testing.T) {
	h, y := mat.From([]float64{0.6397956155422706, 0.6041337781580456}), mat.From([]float64{0.8, 0.6})
	for _, f := range []Func[float64]{HalfSSE[float64]{}, MSE[float64]{}} {
		if e := f.Forward(h, y); math.Abs(e-0.01284126646066996) > 1e-17 {
			t.Error(f.Name(), e)
		}
	}
	dh := mat.New[float64](1, 2)
	HalfSSE[float64]{}.Backward(dh, h, y)
	if math.Abs(dh.Data[0]+0.16020438445772944) > 1e-16 { // 4-5-15: h₂₁ − y₁, not y₁ − h₂₁
		t.Error(dh.Data)
	}
}

func TestNoAllocation(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	h, y := outputs(rng, 8, 3)
	dh, index := mat.New[float64](8, 3), indices(rng, 8, 3)
	for name, f := range variants[float64](3) {
		y := y
		if strings.HasPrefix(name, "cross") {
			y = index
		}
		if n := testing.AllocsPerRun(20, func() {
			f.Forward(h, y)
			f.Backward(dh, h, y)
			if fused, ok := f.(Fused[float64]); ok {
				fused.BackwardThrough(dh, h, y)
			}
		}); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func TestShapesPanic(t *testing.T) {
	a, b := mat.New[float64](2, 3), mat.New[float64](2, 2)
	panics := func(name string, f func()) {
		defer func() {
			if s, _ := recover().(string); !strings.HasPrefix(s, "cost: ") || !strings.Contains(s, "(2,") {
				t.Errorf("%s: recovered %q", name, s)
			}
		}()
		f()
	}
	for name, f := range variants[float64](3) {
		panics(name+" forward", func() { f.Forward(a, b) })
		panics(name+" truth", func() { f.Backward(a, a, b) })
		panics(name+" gradient", func() { f.Backward(b, a, a) })
		if fused, ok := f.(Fused[float64]); ok {
			panics(name+" fused", func() { fused.BackwardThrough(b, a, a) })
		}
	}
	panics("class weights", func() { CrossEntropy[float64]{ClassWeights: []float64{1, 2}}.Forward(a, a) })
}
