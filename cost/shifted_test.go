package cost

import (
	"math"
	"testing"

	"gradus/mat"
)

// Against the weighted cost of h + ln w, its gradient against finite differences, and no memory once there is room.
func TestWeighted(t *testing.T) {
	for _, c := range []struct {
		out     int
		weights []float64
		y       []float64
	}{{1, []float64{.6, 3}, []float64{0, 1, 1, 0}}, {3, []float64{.5, 2, 4}, []float64{2, 0, 1, 2}}} {
		f := Weighted[float64](c.weights, c.out)
		h, y := mat.New[float64](4, c.out), mat.From(c.y)
		y = mat.Matrix[float64]{Rows: 4, Cols: 1, Data: y.Data}
		for i := range h.Data {
			h.Data[i] = float64(i*i%7)/3 - 1
		}
		dh := mat.New[float64](4, c.out)
		f.Backward(dh, h, y)
		for i := range h.Data {
			const step = 1e-6
			at := func(d float64) float64 {
				old := h.Data[i]
				defer func() { h.Data[i] = old }()
				h.Data[i] += d
				return f.Forward(h, y)
			}
			if want := (at(step) - at(-step)) / (2 * step); math.Abs(dh.Data[i]-want) > 1e-8 {
				t.Errorf("%d outputs: ∂E/∂h%d is %v, want %v", c.out, i, dh.Data[i], want)
			}
		}
		if Check[float64](f, c.out) != nil || CheckTargets[float64](f, y, c.out) != nil || f.Name() != f.Of.Name() {
			t.Error("its own targets are refused")
		}
		y.Data[0] = -1
		if CheckTargets[float64](f, y, c.out) == nil {
			t.Error("a class that is none is taken")
		}
		y.Data[0] = 0
		if n := testing.AllocsPerRun(10, func() { f.Forward(h, y); f.Backward(dh, h, y) }); n > 0 {
			t.Errorf("%v allocations", n)
		}
	}
	// one output, by hand: logit −1, weights 1 and 4; E = −4·ln σ(−1 + ln 4)
	f, h, y := Weighted[float64]([]float64{1, 4}, 1), mat.From([]float64{-1}), mat.From([]float64{1})
	if got, want := f.Forward(h, y), -4*math.Log(1/(1+math.Exp(1-math.Log(4)))); math.Abs(got-want) > 1e-14 {
		t.Errorf("%v, want %v", got, want)
	}
	// where the probability of h is the share of 1, E is least: 1 of 5 rows
	h, y = mat.New[float64](5, 1), mat.New[float64](5, 1)
	y.Data[2] = 1
	for i := range h.Data {
		h.Data[i] = -math.Log(4)
	}
	dh, sum := mat.New[float64](5, 1), 0.
	f.Backward(dh, h, y)
	for _, d := range dh.Data {
		sum += d
	}
	if math.Abs(sum) > 1e-15 {
		t.Errorf("the intercept is drawn by %v from the share of events", sum)
	}
}

func TestShiftedPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("two outputs were shifted by one number")
		}
	}()
	Weighted[float32]([]float64{1, 2}, 1).Forward(mat.New[float32](1, 2), mat.New[float32](1, 2))
}
