package network

import (
	"math"
	"slices"
	"testing"

	"gradus/activation"
	"gradus/cost"
	"gradus/mat"
)

var kinked = []string{"step", "relu", "leaky-relu", "elu"}

// Every layer kind × activation × cost: the gradients of weights and inputs against central finite differences.
func TestFiniteDifferences(t *testing.T) {
	eachExample(t, func(t *testing.T, e example) {
		f, _ := e.cost.make()
		limit := 1e-7
		if e.cost.kink || slices.Contains(kinked, e.f) || slices.Contains(kinked, e.outputs) {
			limit = 1e-6
		}
		before := slices.Clone(e.net.Weights())
		if d := Check(e.net, f, e.x, e.y, 3); !(d.Relative < limit) {
			t.Errorf("weight %d is off by %.2g", d.Weight, d.Relative)
		}
		inputs := e.x.Clone()
		if d := CheckInputs(e.net, f, e.x, e.y, 3); !(d.Relative < limit) {
			t.Errorf("input %d is off by %.2g", d.Weight, d.Relative)
		}
		if !slices.Equal(before, e.net.Weights()) || !slices.Equal(inputs.Data, e.x.Data) {
			t.Error("the check changed what it looked at")
		}
	})
}

// bent is an activation whose derivative is off by one part in a thousand.
type bent struct{ activation.Tanh[float64] }

func (b bent) Backward(do, dh, o, h mat.Matrix[float64]) {
	b.Tanh.Backward(do, dh, o, h)
	for i := range do.Data {
		do.Data[i] *= 1.001
	}
}

// hollow is an activation with a derivative that is not a number.
type hollow struct{ activation.Tanh[float64] }

func (hollow) Backward(do, _, _, _ mat.Matrix[float64]) { do.Data[0] = math.NaN() }

// skewed is a cost whose gradient forgets the factor 2.
type skewed struct{ cost.MSE[float64] }

func (s skewed) Backward(dh, h, y mat.Matrix[float64]) {
	s.MSE.Backward(dh, h, y)
	for i := range dh.Data {
		dh.Data[i] /= 2
	}
}

// still is a layer that hands no error on to the layer before.
type still struct{ *Dense[float64] }

type stillStage struct{ Stage[float64] }

func (s still) NewStage(rows int, g []float64, _ *Chance) Stage[float64] {
	return stillStage{s.Dense.NewStage(rows, g, nil)}
}

func (s stillStage) Backward(dh mat.Matrix[float64], first bool) mat.Matrix[float64] {
	dx := s.Stage.Backward(dh, first)
	clear(dx.Data)
	return dx
}

// A check that finds nothing wrong with a wrong gradient would be worth nothing.
func TestWrongGradientIsCaught(t *testing.T) {
	x := mat.From([]float64{.1, -.4, 1}, []float64{.6, .3, -.2})
	y := mat.From([]float64{.5}, []float64{-.5})
	dense := func(units int, f activation.Func[float64]) *Dense[float64] {
		return &Dense[float64]{Units: units, Activation: f}
	}
	for _, c := range []struct {
		name   string
		layers []Layer[float64]
		cost   cost.Func[float64]
		least  float64
	}{
		{"nothing", []Layer[float64]{dense(2, activation.Tanh[float64]{}), dense(1, nil)}, cost.MSE[float64]{}, 0},
		{"derivative of the activation", []Layer[float64]{dense(2, bent{}), dense(1, nil)}, cost.MSE[float64]{}, 5e-4},
		{"derivative of the last activation", []Layer[float64]{dense(2, nil), dense(1, bent{})}, cost.MSE[float64]{}, 5e-4},
		{"gradient of the cost", []Layer[float64]{dense(2, nil), dense(1, nil)}, skewed{}, .4},
		{"hand-over between layers", []Layer[float64]{dense(2, nil), still{dense(1, nil)}}, cost.MSE[float64]{}, .9},
	} {
		net, err := New(3, c.layers...)
		if err != nil {
			t.Fatal(err)
		}
		net.Init(5)
		d := Check(net, c.cost, x, y, 0)
		if c.least == 0 && d.Relative > 1e-8 || d.Relative < c.least {
			t.Errorf("%s wrong: the check says %.2g at weight %d", c.name, d.Relative, d.Weight)
		}
	}
	net, err := New[float64](3, dense(2, hollow{}), dense(1, nil))
	if err != nil {
		t.Fatal(err)
	}
	net.Init(5)
	if d := Check(net, cost.MSE[float64]{}, x, y, 0); !math.IsInf(d.Relative, 1) {
		t.Errorf("a gradient that is NaN: the check says %v", d.Relative)
	}
}
