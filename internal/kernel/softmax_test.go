package kernel

import (
	"math/big"
	"slices"
	"testing"
)

// TestSoftmaxAgainstBig: 4 ulp on rows as different as logits get.
func TestSoftmaxAgainstBig(t *testing.T) {
	for _, row := range [][]float64{{5}, {0, 0, 0}, {.3, .8, .5, -1.2}, {20, 0, -3}, {70, 1, -70}, {1e-8, -1e-8}, {-40, -41, -40.5, -90}} {
		sum := empty(bits)
		for _, x := range row {
			sum.Add(sum, refExp(x))
		}
		p, l := make([]float64, len(row)), make([]float64, len(row))
		SoftmaxRow(p, row)
		LogSoftmaxRow(l, row)
		for i, x := range row {
			want := empty(bits).Quo(refExp(x), sum)
			if d := off(p[i], want); d > 4 {
				t.Errorf("softmax of %v, element %d: %v ulp", row, i, d)
			}
			if d := off(l[i], bigLog(want)); d > 4 {
				t.Errorf("log softmax of %v, element %d: %v ulp", row, i, d)
			}
		}
	}
}

func TestSoftmaxSpecial(t *testing.T) {
	for _, c := range []struct{ row, p, l []float64 }{
		{nil, nil, nil},
		{[]float64{5}, []float64{1}, []float64{0}},
		{[]float64{-inf, 0, -inf}, []float64{0, 1, 0}, []float64{-inf, 0, -inf}},
		{[]float64{1e308, -1e308}, []float64{1, 0}, []float64{0, -inf}},
		{[]float64{inf, 0}, []float64{nan, nan}, []float64{nan, nan}},
		{[]float64{-inf, -inf}, []float64{nan, nan}, []float64{nan, nan}},
		{[]float64{0, nan, 1}, []float64{nan, nan, nan}, []float64{nan, nan, nan}},
		{[]float64{0, 1, nan}, []float64{nan, nan, nan}, []float64{nan, nan, nan}},
	} {
		p, l := slices.Clone(c.row), slices.Clone(c.row) // in place
		SoftmaxRow(p, p)
		LogSoftmaxRow(l, l)
		if !same(p, c.p) || !same(l, c.l) {
			t.Errorf("%v: softmax %v, logarithm %v, want %v, %v", c.row, p, l, c.p, c.l)
		}
	}
}

func same(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || x != x && y != y })
}

func TestLargest(t *testing.T) {
	for _, c := range []struct {
		row  []float64
		want int
	}{{[]float64{1}, 0}, {[]float64{1, 3, 3, 2}, 1}, {[]float64{-inf, -inf}, 0}, {[]float64{1, nan, inf, nan}, 1}} {
		if got := Largest(c.row); got != c.want {
			t.Errorf("Largest(%v) = %d, want %d", c.row, got, c.want)
		}
	}
}

// TestSlices: a slice is its elements one by one, in both precisions and in place; float32 is within 3 units in the last place, as lanes are.
func TestSlices(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func(float64) float64
		s64  func(dst, src []float64)
		s32  func(dst, src []float32)
	}{
		{"tanh", Tanh, TanhSlice[float64], TanhSlice[float32]},
		{"sigmoid", Sigmoid, SigmoidSlice[float64], SigmoidSlice[float32]},
	} {
		wide := []float64{-700, -3, -.5, 0, 1e-9, .14, 2, 40, inf, -inf}
		narrow := make([]float32, len(wide))
		for i, x := range wide {
			narrow[i] = float32(x)
		}
		want, want32 := slices.Clone(wide), slices.Clone(narrow)
		for i := range want {
			want[i], want32[i] = c.f(wide[i]), float32(c.f(float64(narrow[i])))
		}
		c.s64(wide, wide)
		c.s32(narrow, narrow)
		near := slices.EqualFunc(narrow, want32, func(a, b float32) bool { return ulps(a, float64(b)) <= 3 })
		if !slices.Equal(wide, want) || !near {
			t.Errorf("%s: %v, want %v; %v, want %v", c.name, wide, want, narrow, want32)
		}
		c.s64(nil, nil)
	}
}

// TestLowPart: what SigmoidSum and ExpSum know more than Sigmoid and Exp.
func TestLowPart(t *testing.T) {
	for _, c := range [][2]float64{{-87.25, 5e-15}, {-300, -2e-14}, {12.5, 8e-16}, {-.25, 2e-17}} {
		x := empty(bits).Add(number(c[0]), number(c[1]))
		e := bigExp(x)
		if d := off(ExpSum(c[0], c[1]), e); d > .52 {
			t.Errorf("e^%v: %v ulp", c, d)
		}
		var s big.Float
		s.Quo(e, empty(bits).Add(e, number(1)))
		if d := off(SigmoidSum(c[0], c[1]), &s); d > 2 {
			t.Errorf("σ(%v): %v ulp", c, d)
		}
	}
	if ExpSum(inf, 0) != inf || ExpSum(-inf, 0) != 0 || ExpSum(nan, 0) == ExpSum(nan, 0) || SigmoidSum(-inf, 0) != 0 || SigmoidSum(inf, 0) != 1 {
		t.Error("special values of ExpSum or SigmoidSum")
	}
}
