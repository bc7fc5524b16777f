package activation

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/internal/say"
	"gradus/mat"
)

var inf, nan = math.Inf(1), math.NaN()

// sample is a (4,3) matrix away from the corner at 0.
func sample[T mat.Float]() mat.Matrix[T] {
	return mat.From([]T{.3, -.7, 1.2}, []T{-2.5, .05, -.4}, []T{4, -6, 3.5}, []T{-.01, 9, -11})
}

func TestNames(t *testing.T) {
	var names []string
	for _, f := range All[float32]() {
		names = append(names, f.Name())
		again, err := ByName[float32](f.Name())
		if err != nil || again != f {
			t.Errorf("ByName(%q) = %v, %v", f.Name(), again, err)
		}
	}
	for _, fixed := range strings.Fields("step linear sigmoid tanh relu leaky-relu elu gelu gelu-tanh silu softplus softmax") {
		if !slices.Contains(names, fixed) {
			t.Errorf("All lacks %s", fixed)
		}
	}
	slices.Sort(names)
	if len(slices.Compact(names)) != len(All[float32]()) {
		t.Error("a name stands twice in All")
	}
}

func TestNew(t *testing.T) {
	for _, c := range []struct {
		name  string
		slope float64
		key   string // of the error
	}{
		{"sigmoid", 0, ""},
		{"leaky-relu", 0, ""},
		{"leaky-relu", .2, ""},
		{"leaky-relu", -.5, ""},
		{"leaky-relu", nan, "activation.slope"},
		{"leaky-relu", inf, "activation.slope"},
		{"relu", .1, "activation.no_slope"},
		{"sigmiod", 0, "activation.unknown"},
		{"", .1, "activation.unknown"},
	} {
		f, err := New[float64](c.name, c.slope)
		if c.key == "" {
			if err != nil || f.Name() != c.name {
				t.Errorf("New(%q, %v) = %v, %v", c.name, c.slope, f, err)
			}
			continue
		}
		if e, ok := err.(*say.Err); !ok || e.Key != c.key {
			t.Errorf("New(%q, %v): error %v, want %s", c.name, c.slope, err, c.key)
		}
	}
	if _, err := ByName[float64]("sigmiod"); !strings.Contains(err.Error(), `did you mean "sigmoid"`) {
		t.Errorf("the error does not name the nearest: %v", err)
	}
}

func TestSlope(t *testing.T) {
	for _, c := range []struct{ slope, o, h, dh float64 }{
		{.2, -3, -.6000000000000001, .2},
		{.2, 3, 3, 1},
		{0, -3, -.03, .01}, // the zero value is the default
		{-1, -3, 3, -1},    // the absolute value
	} {
		h, dh := At(Func[float64](LeakyReLU[float64]{Slope: c.slope}), c.o)
		if h != c.h || dh != c.dh {
			t.Errorf("slope %v at %v: %v, %v, want %v, %v", c.slope, c.o, h, dh, c.h, c.dh)
		}
	}
}

// TestFiniteDifference compares do with the central difference of Σ dh∘h: for softmax this is the whole Jacobian.
func TestFiniteDifference(t *testing.T) {
	const step = 1e-6
	for _, f := range All[float64]() {
		o := sample[float64]()
		h, do := mat.New[float64](o.Rows, o.Cols), mat.New[float64](o.Rows, o.Cols)
		dh := o.Clone()
		for i := range dh.Data {
			dh.Data[i] = math.Cos(float64(3 * i))
		}
		value := func() (sum float64) {
			f.Forward(h, o)
			for i, v := range h.Data {
				sum += dh.Data[i] * v
			}
			return sum
		}
		value()
		f.Backward(do, dh, o, h)
		for i, x := range o.Data {
			o.Data[i] = x + step
			up := value()
			o.Data[i] = x - step
			down := value()
			o.Data[i] = x
			if want := (up - down) / (2 * step); math.Abs(do.Data[i]-want) > 1e-7 {
				t.Errorf("%s at %v: %v, difference %v", f.Name(), x, do.Data[i], want)
			}
		}
	}
}

func TestSpecialValues(t *testing.T) {
	for _, f := range All[float64]() {
		if h, dh := At(f, nan); h == h || dh == dh && f.Name() != "linear" && f.Name() != "step" {
			t.Errorf("%s of NaN: %v, %v", f.Name(), h, dh)
		}
		if f.Name() == "softmax" {
			continue // of one infinite number it is NaN, as the reference rows have it
		}
		for _, o := range []float64{inf, -inf, math.MaxFloat64, -math.MaxFloat64, 5e-324, -5e-324, 0, math.Copysign(0, -1)} {
			if h, dh := At(f, o); h != h || dh != dh || math.IsInf(dh, 0) {
				t.Errorf("%s of %v: %v, %v", f.Name(), o, h, dh)
			}
		}
	}
}

// TestSmallAndSameMemory runs no row, no column and one row, and compares results in place with results elsewhere.
func TestSmallAndSameMemory(t *testing.T) {
	for _, f := range All[float32]() {
		for _, m := range []mat.Matrix[float32]{{}, mat.New[float32](0, 3), mat.New[float32](3, 0)} {
			f.Forward(m, m)
			f.Backward(m, m, m, m)
		}
		o := sample[float32]()
		h, do := forwardBackward(f, o) // do in the memory of dh
		dh, apart := o.Clone(), mat.New[float32](o.Rows, o.Cols)
		for i := range dh.Data {
			dh.Data[i] = 1
		}
		f.Backward(apart, dh, o, h)
		if !slices.Equal(do.Data, apart.Data) {
			t.Errorf("%s: do in the memory of dh is %v, elsewhere %v", f.Name(), do.Data, apart.Data)
		}
		row, _ := forwardBackward(f, mat.View(1, 3, o.Row(2)))
		if !slices.Equal(row.Data, h.Row(2)) {
			t.Errorf("%s: a row alone is %v, among others %v", f.Name(), row.Data, h.Row(2))
		}
		f.Forward(o, o)
		if !slices.Equal(o.Data, h.Data) {
			t.Errorf("%s: h in the memory of o is %v, elsewhere %v", f.Name(), o.Data, h.Data)
		}
	}
}

// TestFloat32 holds float32 to the float64 result rounded: within 3 units in the last place, the bound of the kernel's lanes, which
// compute in float32 throughout; the slope is a product more, 4. Plain Go rounds once.
func TestFloat32(t *testing.T) {
	narrow := All[float32]()
	for n, wide := range All[float64]() {
		o := sample[float32]()
		o.Data[0], o.Data[1] = 88, -88
		o64 := mat.New[float64](o.Rows, o.Cols)
		for i, x := range o.Data {
			o64.Data[i] = float64(x)
		}
		h, do := forwardBackward(narrow[n], o)
		want, dwant := forwardBackward(wide, o64)
		if wide.Name() == "softmax" { // dh = 1 everywhere gives 0 and rounding; what the backward pass reads is h in float32
			do, dwant = h, want
		}
		for i, x := range o.Data {
			if off32(h.Data[i], want.Data[i]) > 3 || off32(do.Data[i], dwant.Data[i]) > 4 {
				t.Errorf("%s at %v: %v, %v in float32; %v, %v in float64", wide.Name(), x, h.Data[i], do.Data[i], want.Data[i], dwant.Data[i])
			}
		}
	}
}

// off32 is the distance of got from want rounded, in units of float32's last place.
func off32(got float32, want float64) float64 {
	w := float32(want)
	if got == w {
		return 0
	}
	a := math.Abs(float64(w))
	return math.Abs(float64(got)-float64(w)) / (float64(math.Nextafter32(float32(a), float32(inf))) - a)
}

// TestSoftmaxShift: rows sum to 1, and adding a number to a row changes nothing.
func TestSoftmaxShift(t *testing.T) {
	o := mat.From([]float64{1, 2, 4}, []float64{1001, 1002, 1004}, []float64{-1023, -1022, -1020})
	h, do := forwardBackward[float64](Softmax[float64]{}, o)
	for r := range o.Rows {
		if sum := h.At(r, 0) + h.At(r, 1) + h.At(r, 2); math.Abs(sum-1) > 1e-15 {
			t.Errorf("row %d sums to %v", r, sum)
		}
		if !slices.Equal(h.Row(r), h.Row(0)) {
			t.Errorf("row %d is %v, row 0 %v", r, h.Row(r), h.Row(0))
		}
	}
	if slices.Max(do.Data) != 0 || slices.Min(do.Data) != 0 {
		t.Errorf("the same dh everywhere must give no gradient, got %v", do.Data)
	}
}

func TestNoAllocation(t *testing.T) {
	noAllocation[float32](t)
	noAllocation[float64](t)
}

func noAllocation[T mat.Float](t *testing.T) {
	t.Helper()
	o := sample[T]()
	h, do, dh := o.Clone(), o.Clone(), o.Clone()
	for _, f := range All[T]() {
		if n := testing.AllocsPerRun(20, func() { f.Forward(h, o); f.Backward(do, dh, o, h) }); n != 0 {
			t.Errorf("%s allocates %v times", f.Name(), n)
		}
	}
}

func BenchmarkForward(b *testing.B) {
	o := mat.New[float32](32, 64)
	for i := range o.Data {
		o.Data[i] = float32(i%13) - 6.3
	}
	h := o.Clone()
	for _, f := range All[float32]() {
		b.Run(f.Name(), func(b *testing.B) {
			for b.Loop() {
				f.Forward(h, o)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(o.Data)), "ns/element")
		})
	}
}
