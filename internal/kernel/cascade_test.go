package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// cascadeOf is a chain of random layers of these sizes, and the same computed layer by layer.
func cascadeOf(r *rand.Rand, sizes []int) (c *Cascade[float32], h [][]float32, inputs []guarded, plain func(x []float32) [][]float32) {
	c = new(Cascade[float32])
	type layer struct {
		packed, bias []float32
		relu         bool
		f            func(dst, src []float32)
	}
	var layers []layer
	for i, out := range sizes[1:] {
		in := sizes[i]
		w, b := newGuarded(out*in, normals(r)), newGuarded(out, normals(r))
		p := newGuarded(PackedLen(out, in), normals(r))
		PackT(p.mid, w.mid, out, in)
		l := layer{packed: p.mid, bias: b.mid, relu: r.IntN(2) == 0}
		if r.IntN(4) == 0 {
			l.bias = nil
		}
		h = append(h, c.Dense(l.packed, l.bias, out, in, l.relu))
		switch r.IntN(4) {
		case 0:
			l.f = SigmoidSlice[float32]
			c.Apply(SigmoidOf)
		case 1:
			l.f = TanhSlice[float32]
			c.Apply(TanhOf)
		}
		inputs, layers = append(inputs, w, b, p), append(layers, l)
	}
	return c, h, inputs, func(x []float32) (h [][]float32) {
		for i, l := range layers {
			o := make([]float32, sizes[i+1])
			p := ForwardPacked(o, x, l.packed, l.bias, 1, len(o), len(x), l.relu)
			p.Run(nil)
			if l.f != nil {
				l.f(o, o)
			}
			h, x = append(h, o), o
		}
		return h
	}
}

// A cascade gives the bits of its layers one by one, for every width at which its links change, and reads nothing it should not.
func TestCascade(t *testing.T) {
	everywhere(t, func(name string) {
		r := rand.New(rand.NewPCG(7, 1))
		shapes := [][]int{{1, 1}, {30, 16, 8, 1}, {784, 128, 10}, {5000, 3}, {4096, 40, 2}, {8193, 129, 7}, {3, 24, 56, 200, 9}}
		for range times(300) {
			sizes := make([]int, 2+r.IntN(4))
			for i := range sizes {
				sizes[i] = 1 + r.IntN(150)
			}
			shapes = append(shapes, sizes)
		}
		for _, sizes := range shapes {
			c, h, inputs, plain := cascadeOf(r, sizes)
			for range 2 {
				x := newGuarded(sizes[0], normals(r))
				want := plain(x.mid)
				c.Run(x.mid)
				for i := range h {
					if !slices.Equal(h[i], want[i]) {
						t.Fatalf("%s %v: layer %d is %v, want %v", name, sizes, i+1, h[i], want[i])
					}
				}
				for i, g := range append(inputs, x) {
					if g.broken() {
						t.Fatalf("%s %v: wrote beside buffer %d", name, sizes, i)
					}
				}
			}
		}
	})
}

// What is not finite goes the way of the sums, and the instructions may change between two rows.
func TestCascadeNotFinite(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	c := new(Cascade[float32])
	packed := make([]float32, PackedLen(9, 3))
	PackT(packed, []float32{
		1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0, -1, 0, 0, 0, -1, 0, 1, -1, 1, 0, 0, 0, 2, 2, 2,
	}, 9, 3)
	h := c.Dense(packed, nil, 9, 3, true)
	everywhere(t, func(name string) {
		for _, x := range [][]float32{{nan, 1, 2}, {inf, 1, -2}, {-inf, inf, 0}, {1e38, 1e38, 1e38}, {1e-45, -1e-45, 0}} {
			want := make([]float32, 9)
			p := ForwardPacked(want, x, packed, nil, 1, 9, 3, true)
			p.Run(nil)
			c.Run(x)
			for i := range h {
				if math.Float32bits(h[i]) != math.Float32bits(want[i]) && (h[i] == h[i] || want[i] == want[i]) {
					t.Errorf("%s %v: %v, want %v", name, x, h, want)
				}
			}
		}
	})
}

func TestCascadeAllocatesNothing(t *testing.T) {
	c, _, _, _ := cascadeOf(rand.New(rand.NewPCG(1, 1)), []int{30, 16, 8, 1})
	x := make([]float32, 30)
	c.Run(x)
	if n := testing.AllocsPerRun(10, func() { c.Run(x) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
