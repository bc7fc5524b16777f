package kernel

import (
	"encoding/binary"
	"hash"
	"hash/fnv"
	"math"
	"testing"
)

// golden are the bits that every set of instructions with lanes gives, as hashes: the machines that run a test have AVX or NEON, never
// both, so what they agree on stands here.
var golden = map[string]uint64{
	"exp":           0x496433625a297dcf,
	"log":           0x75fe6f1d2d28e2f6,
	"sigmoid":       0x98baa632e055aee3,
	"tanh":          0x41c1a9799895da62,
	"softplus":      0xa24305feff7e54c2,
	"relu":          0x2bdac6b8ea6674d3,
	"silu":          0x5fae00da4882d12f,
	"gelu":          0xa79c6db90859cab3,
	"gelu-tanh":     0x5d34b56ae1cf5b4f,
	"sigmoid'":      0x4e5e4b1b10db192c,
	"tanh'":         0x64ba664c930987d2,
	"softplus'":     0x98baa632e055aee3,
	"relu'":         0xb4644c1fb32c6b65,
	"silu'":         0x886243b939341ed4,
	"gelu'":         0x34f1140aec1bb5e4,
	"gelu-tanh'":    0xd2c9652fcc6e8a0a,
	"sigmoid' of h": 0x4b545b601466f3df,
	"tanh' of h":    0xb5991c829fa15fba,
	"descent":       0xfa2caa83ea4d7b29,
	"momentum":      0x91f42b1c9caf0e38,
	"nesterov":      0x6940307f6f7387ec,
	"throw":         0x434cbf81443acf31,
	"rmsprop":       0x21c576f25f8c2522,
	"rmsprop deck":  0x21c576f25f8c2522,
	"adagrad":       0x8f56ef421e80f9db,
	"adam":          0x656fa1c2c7452dfc,
	"adam deck":     0x0e43cc8ee53b6142,
	"amsgrad":       0x50d0105b7a3fafbc,
	"amsgrad deck":  0x45ec76c8d237da21,
	"ahead":         0xe97b9662f97ea7d0,
	"binary":        0x01a71c792a6e8868,
	"squared error": 0x5ae8633d27486fea,
	"difference":    0x66ae89b469b9135f,
	"square sum":    0xcaf5d8342c9a735f,
	"scale":         0x346c6627895cd1db,
	"times":         0xfa6450495e0bdb5c,
	"softmax rows":  0x282639cb5b027559,
	"cross-entropy": 0x682ae9be6cc9f5dc,
	"add row":       0x7820b3e4272a5c02,
}

// bitsOf takes numbers in; NaN is one number, whose bits differ between processors.
type bitsOf struct{ hash.Hash64 }

func newBits() bitsOf { return bitsOf{fnv.New64a()} }

func (h bitsOf) floats(list ...float32) {
	for _, x := range list {
		bits := math.Float32bits(x)
		if x != x {
			bits = 0x7fc00000
		}
		h.Write(binary.LittleEndian.AppendUint32(nil, bits))
	}
}

func (h bitsOf) double(x float64) {
	bits := math.Float64bits(x)
	if x != x {
		bits = 0x7ff8000000000000
	}
	h.Write(binary.LittleEndian.AppendUint64(nil, bits))
}

// grid is n numbers that no rounding has touched: a third of any bits, two thirds multiples of 1/64 from −32 to 32.
func grid(n int, salt uint32) []float32 {
	x := make([]float32, n)
	for i := range x {
		bits := (uint32(i) + salt*0x10001) * 0x9e3779b1
		if x[i] = float32(int32(bits)>>20) / 64; i%3 == 0 {
			x[i] = math.Float32frombits(bits)
		}
	}
	return x
}

// finite is grid without what is not in −32 … 32, which would make NaN of every sum.
func finite(n int, salt uint32) []float32 {
	x := grid(n, salt)
	for i, v := range x {
		if !(math.Abs(float64(v)) <= 32) {
			x[i] = float32(i%64) / 4
		}
	}
	return x
}

// lengths reach every tail, and blocks before it.
func lengths(f func(n int)) {
	for n := 1; n <= 40; n++ {
		f(n)
	}
	f(3000)
}

// TestGoldenBits: each routine over a fixed grid gives the same bits by AVX-512, AVX2 and NEON.
func TestGoldenBits(t *testing.T) {
	everyLane(t, func(name string) {
		seen := 0
		check := func(routine string, h bitsOf) {
			seen++
			if got := h.Sum64(); got != golden[routine] {
				t.Errorf("%s, %q: %#016x, want %#016x", name, routine, got, golden[routine])
			}
		}
		goldenFunctions(check)
		goldenRules(check)
		goldenSums(check)
		goldenRows(check)
		if seen != len(golden) {
			t.Errorf("%s: %d routines, want %d", name, seen, len(golden))
		}
	})
}

func goldenFunctions(check func(string, bitsOf)) {
	for _, k := range knownFunctions() {
		h := newBits()
		lengths(func(n int) {
			y := make([]float32, n)
			k.apply(y, grid(n, uint32(n)))
			h.floats(y...)
		})
		check(k.name, h)
	}
}

// goldenWeights are w, g and what a rule remembers, the averages of squares not below 0.
func goldenWeights(n int) (x weights) {
	for i := range x {
		x[i] = guarded{mid: grid(n, uint32(n+i))}
		for j, v := range x[i].mid {
			if i >= 3 {
				x[i].mid[j] = float32(math.Abs(float64(v)))
			}
		}
	}
	return x
}

func goldenRules(check func(string, bitsOf)) {
	for _, rule := range rulesInGo {
		h := newBits()
		for _, before := range []*Before{nil, {L2: tLambda, Scale: tFactor}} {
			lengths(func(n int) {
				x := goldenWeights(n)
				rule.lanes(before, x)
				for _, v := range x {
					h.floats(v.mid...)
				}
			})
		}
		check(rule.name, h)
	}
	h := newBits()
	lengths(func(n int) {
		x := goldenWeights(n)
		Ahead(x[0].mid, x[1].mid, x[2].mid, tGamma)
		h.floats(x[0].mid...)
		h.floats(x[1].mid...)
	})
	check("ahead", h)
}

func goldenSums(check func(string, bitsOf)) {
	for _, c := range []struct {
		name string
		run  func(do, a, b []float32) float64
	}{
		{"binary", func(do, a, b []float32) float64 {
			for i := range b {
				b[i] = float32(i%5) / 4
			}
			return BinaryLogits(do, a, b, .3)
		}},
		{"squared error", func(do, a, b []float32) float64 { return SquaredError(do, a, b, .3) }},
		{"difference", func(do, a, b []float32) float64 { Difference(do, a, b, .3); return 0 }},
		{"square sum", func(_, a, _ []float32) float64 { sum, _ := SquareSum(a); return sum }},
		{"scale", func(do, a, _ []float32) float64 { copy(do, a); Scale(do, .3); return 0 }},
		{"times", func(do, a, b []float32) float64 { Times(do, a, b); return 0 }},
	} {
		h := newBits()
		lengths(func(n int) {
			for _, draw := range []func(int, uint32) []float32{grid, finite} {
				do := make([]float32, n)
				sum := c.run(do, draw(n, uint32(n)), draw(n, 77))
				h.floats(do...)
				h.double(sum)
			}
		})
		check(c.name, h)
	}
}

func goldenRows(check func(string, bitsOf)) {
	softmax, entropy, added := newBits(), newBits(), newBits()
	lengths(func(cols int) {
		for _, draw := range []func(int, uint32) []float32{grid, finite} {
			x, class := draw(3*cols, uint32(cols)), []float32{0, float32(cols - 1), float32(cols / 2)}
			do := make([]float32, len(x))
			SoftmaxRows(do, x, cols)
			softmax.floats(do...)
			entropy.double(CrossEntropyLogits(do, x, class, cols, .3))
			entropy.floats(do...)
			AddRow(x, draw(cols, 5))
			added.floats(x...)
		}
	})
	check("softmax rows", softmax)
	check("cross-entropy", entropy)
	check("add row", added)
}
