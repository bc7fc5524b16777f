package network

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"gradus/cost"
	"gradus/mat"
)

func to32(m mat.Matrix[float64]) mat.Matrix[float32] {
	out := mat.New[float32](m.Rows, m.Cols)
	for i, v := range m.Data {
		out.Data[i] = float32(v)
	}
	return out
}

// float32 gradients are float64's to 1e-5 of the largest, for every layer kind × activation × cost.
func TestSinglePrecision(t *testing.T) {
	eachExample(t, func(t *testing.T, e example) {
		wide, single := e.cost.make()
		for _, m := range []mat.Matrix[float64]{e.x, e.y, mat.View(1, len(e.net.Weights()), e.net.Weights())} {
			for i, v := range m.Data {
				m.Data[i] = float64(float32(v)) // both start from the same numbers
			}
		}
		net, err := Build[float32](testIn, e.net.Specs())
		if err != nil {
			t.Fatal(err)
		}
		copy(net.Weights(), to32(mat.View(1, len(e.net.Weights()), e.net.Weights())).Data)
		p, q := e.net.NewPass(testRows, 3), net.NewPass(testRows, 3)
		a, b := wide.Forward(p.Forward(e.x), e.y), single.Forward(q.Forward(to32(e.x)), to32(e.y))
		if math.Abs(a-b) > 1e-5*max(1, math.Abs(a)) {
			t.Errorf("E %v and %v", a, b)
		}
		p.Backward(wide, e.y)
		q.Backward(single, to32(e.y))
		if d := apart(q.Gradient(), p.Gradient()); !(d <= 1e-5) {
			t.Errorf("gradient off by %.2g", d)
		}
	})
}

// The short way through the last activation is the plain pair, and still learns where the plain pair has lost every digit.
func TestFusedIsPlain(t *testing.T) {
	taken := 0
	eachExample(t, func(t *testing.T, e example) {
		f, _ := e.cost.make()
		p := e.net.NewPass(testRows, 3)
		p.Forward(e.x)
		p.Backward(f, e.y)
		fused := slices.Clone(p.Gradient())
		if p.Cells(len(e.net.Layers())-1).DH.Data == nil {
			taken++ // dh was never computed
		}
		p.BackwardPlain(f, e.y, true)
		if d := apart(fused, p.Gradient()); !(d <= 1e-12) {
			t.Errorf("off by %.2g", d)
		}
		last := len(e.net.Layers()) - 1
		if p.Cells(last).DH.Data == nil {
			t.Error("the plain way did not show ∂E/∂h")
		}
		if fused, ok := f.(cost.Fused[float64]); ok && fused.Through(e.outputs) {
			if p.Backward(f, e.y); p.Cells(last).DH.Data != nil {
				t.Error("after the short way ∂E/∂h of another pass is shown")
			}
		}
	})
	if taken < 4*len(shapes) {
		t.Errorf("the short way was taken %d times", taken)
	}
	net, err := New[float64](1, &Dense[float64]{Units: 1, Activation: mustActivation(t, "sigmoid"), Initial: Constant{50}, NoBias: true})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(0)
	p := net.NewPass(1, 0)
	x, y := mat.From([]float64{1}), mat.From([]float64{0})
	p.Forward(x)
	p.Backward(cost.BinaryCrossEntropy[float64]{}, y)
	if g := p.Gradient()[0]; g != 1 {
		t.Errorf("a saturated wrong output: gradient %v, want 1", g)
	}
}

// Nothing is allocated once a pass is made.
func TestNoAllocation(t *testing.T) {
	eachExample(t, func(t *testing.T, e example) {
		f, single := e.cost.make()
		p, predict := e.net.NewPass(testRows, 3), e.net.NewPrediction(testRows)
		t32, err := Build[float32](testIn, e.net.Specs())
		if err != nil {
			t.Fatal(err)
		}
		t32.Init(1)
		q, x, y := t32.NewPass(testRows, 3), to32(e.x), to32(e.y)
		if n := testing.AllocsPerRun(3, func() {
			p.Iteration(2)
			f.Forward(p.Forward(e.x), e.y)
			p.Backward(f, e.y)
			p.BackwardPlain(f, e.y, false)
			p.Settle()
			predict.Forward(e.x)
			single.Forward(q.Forward(x), y)
			q.Backward(single, y)
			q.Settle()
		}); n != 0 {
			t.Errorf("%v allocations", n)
		}
	})
}

// Many passes of one network at once give the bits that one alone gives.
func TestConcurrentPasses(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	net := randomNetwork(t, r, every())
	x, y := numbers(r, 16, testIn), distributions(r, 16, testOut)
	run := func(seed uint64) []float64 {
		p, out := net.NewPass(16, seed), []float64(nil)
		for i := range 20 {
			p.Iteration(i)
			h := p.Forward(x)
			p.Backward(cost.CrossEntropy[float64]{}, y)
			out = append(append(out, h.Data...), p.Gradient()...)
		}
		return append(out, net.NewPrediction(16).Forward(x).Data...)
	}
	want := [2][]float64{run(0), run(1)}
	if slices.Equal(want[0], want[1]) {
		t.Error("the seed does not reach the dropout")
	}
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			if !slices.Equal(run(uint64(i%2)), want[i%2]) {
				t.Errorf("pass %d gave other bits", i)
			}
		})
	}
	wait.Wait()
}

// A pass made for many rows gives a smaller batch the bits of a pass made for just that, whatever stood there before.
func TestPartialBatch(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for _, s := range shapes {
		net := randomNetwork(t, r, s.layers("gelu", "softmax"))
		x, y := numbers(r, 9, testIn), distributions(r, 9, testOut)
		large := net.NewPass(9, 1)
		large.Forward(x)
		large.Backward(cost.CrossEntropy[float64]{}, y)
		for _, n := range []int{9, 4, 2, 1} {
			if n == 1 && len(net.Buffers()) > 0 {
				continue
			}
			small := net.NewPass(n, 1)
			large.Iteration(0)
			a, b := large.Forward(x.Top(n)), small.Forward(x.Top(n))
			large.Backward(cost.CrossEntropy[float64]{}, y.Top(n))
			small.Backward(cost.CrossEntropy[float64]{}, y.Top(n))
			if !slices.Equal(a.Data, b.Data) || !slices.Equal(large.Gradient(), small.Gradient()) {
				t.Errorf("%s: %d of 9 rows differ", s.name, n)
			}
			p, q := net.NewPrediction(9), net.NewPrediction(n)
			p.Forward(x)
			if !slices.Equal(p.Forward(x.Top(n)).Data, q.Forward(x.Top(n)).Data) {
				t.Errorf("%s: prediction of %d of 9 rows differs", s.name, n)
			}
		}
	}
}

// One row, one input, one output; and no row at all.
func TestSmallest(t *testing.T) {
	net, err := New[float64](1, &Dense[float64]{Units: 1, Initial: Constant{3}}, &LayerNorm[float64]{})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(0)
	p := net.NewPass(1, 0)
	x, y := mat.From([]float64{2}), mat.From([]float64{1})
	if h := p.Forward(x); h.Data[0] != 0 { // one number is its own mean
		t.Error(h.Data)
	}
	p.Backward(cost.MSE[float64]{}, y)
	if !slices.Equal(p.Gradient(), []float64{0, 0, 0, -2}) {
		t.Error(p.Gradient())
	}
	if h := p.Forward(mat.New[float64](0, 1)); h.Rows != 0 {
		t.Error(h)
	}
	p.Backward(cost.MSE[float64]{}, mat.New[float64](0, 1))
	if !slices.Equal(p.Gradient(), []float64{0, 0, 0, 0}) {
		t.Errorf("no row has the gradient %v", p.Gradient())
	}
	if h := net.NewPrediction(3).Forward(mat.New[float64](0, 1)); h.Rows != 0 {
		t.Error(h)
	}
}

// Prediction is the pass, to the bit, where nothing is random and nothing runs along.
func TestPredictionIsThePass(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for _, s := range []int{0, 3, 5, 7, 8} { // dense, layer-norm, ramps and first
		net := randomNetwork(t, r, shapes[s].layers("silu", "softmax"))
		x := numbers(r, 6, testIn)
		if !slices.Equal(net.NewPass(6, 1).Forward(x).Data, net.NewPrediction(6).Forward(x).Data) {
			t.Errorf("%s differs", shapes[s].name)
		}
	}
}

// After many settled batches the running statistics are the data's, and prediction uses them for one row.
func TestRunningStatistics(t *testing.T) {
	layer := &BatchNorm[float64]{}
	net, err := New[float64](2, layer)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(0)
	r := rand.New(rand.NewPCG(8, 8))
	p, x := net.NewPass(64, 0), mat.New[float64](64, 2)
	draw := func() {
		for i := range 64 {
			x.Row(i)[0], x.Row(i)[1] = 5+2*r.NormFloat64(), -1+.5*r.NormFloat64()
		}
		p.Forward(x)
	}
	draw()
	if layer.mean[0] != 0 || layer.variance[0] != 1 {
		t.Error("a pass alone moved the running statistics")
	}
	for range 200 {
		draw()
		p.Settle()
	}
	for c, want := range [][2]float64{{5, 4}, {-1, .25}} {
		if math.Abs(layer.mean[c]-want[0]) > .3 || math.Abs(layer.variance[c]-want[1]) > .2*want[1] {
			t.Errorf("column %d: mean %v, variance %v", c, layer.mean[c], layer.variance[c])
		}
	}
	h := net.NewPrediction(1).Forward(mat.From([]float64{7, -1}))
	want := (7 - layer.mean[0]) / math.Sqrt(layer.variance[0]+1e-5)
	if math.Abs(h.Data[0]-want) > 1e-15 {
		t.Errorf("%v, want %v", h.Data[0], want)
	}
}

// Iteration t of a seed draws the same masks always, another iteration others.
func TestDropoutByIteration(t *testing.T) {
	net, err := New[float64](50, &Dropout[float64]{Rate: .5}, &Dropout[float64]{Rate: .5})
	if err != nil {
		t.Fatal(err)
	}
	ones := mat.New[float64](2, 50)
	for i := range ones.Data {
		ones.Data[i] = 1
	}
	masks := func(p *Pass[float64], t int) [2][]float64 {
		p.Iteration(t)
		p.Forward(ones)
		return [2][]float64{slices.Clone(p.stages[0].(*dropoutStage[float64]).mask), slices.Clone(p.stages[1].(*dropoutStage[float64]).mask)}
	}
	p := net.NewPass(2, 1)
	a := masks(p, 7)
	masks(p, 8)
	if b := masks(net.NewPass(2, 1), 7); !slices.Equal(a[0], b[0]) || !slices.Equal(a[1], b[1]) {
		t.Error("the same iteration drew another mask")
	}
	if slices.Equal(a[0], a[1]) || slices.Equal(a[0], masks(p, 8)[0]) || slices.Equal(a[0][:50], a[0][50:]) {
		t.Error("layers, iterations and rows must draw apart")
	}
}

// A number that is not finite comes out as one: no layer hides it, and a dropped one is 0·∞, which is NaN.
func TestNotFinitePropagates(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for _, s := range shapes {
		net := randomNetwork(t, r, s.layers("linear", "linear"))
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			x, y := numbers(r, 4, testIn), numbers(r, 4, testOut)
			x.Row(2)[1] = bad
			p := net.NewPass(4, 1)
			e := cost.MSE[float64]{}.Forward(p.Forward(x), y)
			if !math.IsNaN(e) && !math.IsInf(e, 0) {
				t.Errorf("%s: x = %v gives E = %v", s.name, bad, e)
			}
			p.Backward(cost.MSE[float64]{}, y)
			if sum := total(p.Gradient()); !math.IsNaN(sum) && !math.IsInf(sum, 0) {
				t.Errorf("%s: x = %v leaves a finite gradient", s.name, bad)
			}
		}
	}
}

func total(v []float64) (sum float64) {
	for _, x := range v {
		sum += x
	}
	return sum
}

// What the caller could know panics, with both sizes; batch normalisation of one row too.
func TestWrongShapePanics(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	net := randomNetwork(t, r, every())
	for name, f := range map[string]func(){
		"width of a pass":       func() { net.NewPass(4, 0).Forward(mat.New[float64](4, 2)) },
		"rows of a pass":        func() { net.NewPass(4, 0).Forward(mat.New[float64](5, 3)) },
		"width of a prediction": func() { net.NewPrediction(4).Forward(mat.New[float64](2, 6)) },
		"rows of a prediction":  func() { net.NewPrediction(4).Forward(mat.New[float64](5, 3)) },
		"targets": func() {
			p := net.NewPass(4, 0)
			p.Forward(mat.New[float64](4, 3))
			p.Backward(cost.MSE[float64]{}, mat.New[float64](3, 3))
		},
		"one row of a batch-norm": func() { net.NewPass(4, 0).Forward(mat.New[float64](1, 3)) },
	} {
		func() {
			defer func() {
				if s, ok := recover().(string); !ok || len(s) < 20 {
					t.Errorf("%s: no panic with a sentence (%v)", name, s)
				}
			}()
			f()
		}()
	}
}
