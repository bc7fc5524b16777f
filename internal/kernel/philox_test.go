package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The known answers of Philox4x32-10 in Random123's kat_vectors.
func TestPhiloxKnownAnswers(t *testing.T) {
	const all = math.MaxUint32
	for _, c := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{[4]uint32{}, [2]uint32{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{[4]uint32{all, all, all, all}, [2]uint32{all, all}, [4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{
			[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
			[2]uint32{0xa4093822, 0x299f31d0},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
		},
	} {
		if got := Philox(c.counter, c.key); got != c.want {
			t.Errorf("%x by %x: %x, want %x", c.counter, c.key, got, c.want)
		}
	}
}

// dropped is the mask of n elements, each found alone from its block.
func dropped(n int, c Chance, p float64) []float32 {
	mask := make([]float32, n)
	for i := range mask {
		group, lane, word := i/64, i%16, i%64/16
		if float64(c.block(uint32(16*group + lane))[word])/(1<<32) >= math.Round(p*(1<<32))/(1<<32) {
			mask[i] = float32(1 / (1 - p))
		}
	}
	return mask
}

// Every length, by every set of instructions and in both precisions: the mask that each element has alone, its product, nothing outside.
func TestDropOfEveryLength(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, n := range append(lengthsTo(200), dropPiece-1, 2*dropPiece+77, 5*dropPiece) {
		c := Chance{r.Uint64(), r.Uint32(), r.Uint64()}
		p := []float64{0, .1, .5, .9, 1e-12, 1 - 1e-12}[n%6]
		want := dropped(n, c, p)
		everywhere(t, func(name string) {
			x, mask, h := newGuarded(n, normals(r)), newGuarded(n, normals(r)), newGuarded(n, normals(r))
			Drop(h.mid, mask.mid, x.mid, c, p)
			wideMask, wideX := make([]float64, n), make([]float64, n)
			Drop(wideX, wideMask, wideX, c, p)
			for i, m := range want {
				if mask.mid[i] != m || !same32(h.mid[i], x.mid[i]*m) || (wideMask[i] != 0) != (m != 0) {
					t.Fatalf("%s, %d of %d: mask %v, h %v of %v, in float64 %v, want %v", name, i, n, mask.mid[i], h.mid[i], x.mid[i], wideMask[i], m)
				}
			}
			copy(h.mid, x.mid)
			Drop(h.mid, mask.mid, h.mid, c, p)
			for i, m := range want {
				if !same32(h.mid[i], x.mid[i]*m) {
					t.Fatalf("%s in place: %v", name, h.mid[i])
				}
			}
			if x.broken() || mask.broken() || h.broken() {
				t.Fatalf("%s, %d: written outside", name, n)
			}
		})
	}
}

func lengthsTo(n int) (list []int) {
	for i := range n {
		list = append(list, i)
	}
	return list
}

// A dropped number is 0·x: NaN where x is not finite, and of x's sign.
func TestDropSpecial(t *testing.T) {
	inf := math.Inf(1)
	x := make([]float32, 300)
	for i := range x {
		x[i] = float32([]float64{inf, -inf, math.NaN(), math.Copysign(0, -1), -1, 1e-45}[i%6])
	}
	everywhere(t, func(name string) {
		mask, h := make([]float32, len(x)), make([]float32, len(x))
		Drop(h, mask, x, Chance{Seed: 3}, .5)
		for i, v := range x {
			want := v * mask[i]
			if !same32(h[i], want) {
				t.Fatalf("%s: %v·%v = %v", name, v, mask[i], h[i])
			}
		}
	})
}

// Shared with any number of helpers the mask is the same.
func TestDropShared(t *testing.T) {
	n := 9*dropPiece + 5
	c := Chance{1, 2, 3}
	want, x := dropped(n, c, .3), make([]float32, n)
	for _, cores := range []int{1, 2, 3, 8} {
		before := Threads(cores)
		mask := make([]float32, n)
		Drop(x, mask, x, c, .3)
		Threads(before)
		if i := differs(mask, want); i >= 0 {
			t.Fatalf("%d cores: element %d is %v, want %v", cores, i, mask[i], want[i])
		}
	}
}

// zerosOf counts the dropped elements.
func zerosOf(mask []float64) (n int) {
	for _, m := range mask {
		if m == 0 {
			n++
		}
	}
	return n
}

// As many are dropped as p says, within five standard errors, and none for p = 0.
func TestDropFrequency(t *testing.T) {
	n := 1 << 20
	x, mask := make([]float64, n), make([]float64, n)
	for _, p := range []float64{0, 1e-4, .01, .1, .2, .5, .75, .99} {
		for seed := range uint64(4) {
			Drop(x, mask, x, Chance{Seed: seed * 0x9e3779b97f4a7c15, Iteration: 7}, p)
			got, want := float64(zerosOf(mask)), p*float64(n)
			if math.Abs(got-want) > 5*math.Sqrt(want*(1-p)) {
				t.Errorf("p = %v, seed %d: %v of %d dropped", p, seed, got, n)
			}
		}
	}
}

// Neighbours, elements a lane or a group apart, and the masks of neighbouring seeds, layers and iterations are independent: χ² of the
// four pairs with 3 degrees of freedom, beyond 30 once in a million.
func TestDropIndependence(t *testing.T) {
	n, p := 1<<19, .3
	draw := func(c Chance) []float64 {
		x, mask := make([]float64, n), make([]float64, n)
		Drop(x, mask, x, c, p)
		return mask
	}
	c := Chance{Seed: 11, Layer: 2, Iteration: 5}
	a := draw(c)
	check := func(name string, a, b []float64) {
		var seen [2][2]float64
		for i, v := range b {
			seen[bit(a[i])][bit(v)]++
		}
		chi, total := 0.0, float64(len(b))
		for i, row := range seen {
			for j, got := range row {
				want := total * []float64{p, 1 - p}[i] * []float64{p, 1 - p}[j]
				chi += (got - want) * (got - want) / want
			}
		}
		if chi > 30 {
			t.Errorf("%s: χ² = %v, %v", name, chi, seen)
		}
	}
	for _, apart := range []int{1, 2, 8, 16, 32, 48, 64, 1024} {
		check(fmt.Sprint(apart, " apart"), a, a[apart:])
	}
	check("another seed", a, draw(Chance{12, 2, 5}))
	check("another half of the seed", a, draw(Chance{11 | 1<<32, 2, 5}))
	check("another layer", a, draw(Chance{11, 3, 5}))
	check("another iteration", a, draw(Chance{11, 2, 6}))
	check("a far iteration", a, draw(Chance{11, 2, 5 | 1<<32}))
}

func bit(m float64) int {
	if m == 0 {
		return 0
	}
	return 1
}

func BenchmarkDrop(b *testing.B) {
	for _, n := range []int{2048, 1 << 18} {
		x, mask := make([]float32, n), make([]float32, n)
		everywhere(b, func(name string) {
			b.Run(fmt.Sprint(name, "/", n), func(b *testing.B) {
				for b.Loop() {
					Drop(x, mask, x, Chance{Seed: 1}, .2)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/element")
			})
		})
		b.Run(fmt.Sprint("PCG/", n), func(b *testing.B) { // what Drop took the place of
			r := rand.New(rand.NewPCG(1, 2))
			for b.Loop() {
				for i, v := range x {
					mask[i] = 0
					if r.Float64() >= .2 {
						mask[i] = 1.25
					}
					x[i] = v * mask[i]
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/element")
		})
	}
}

// What is drawn from the middle on is what the whole draws there.
func TestDropFrom(t *testing.T) {
	const n = 700
	x, whole, mask := make([]float32, n), make([]float32, n), make([]float32, n)
	for i := range x {
		x[i] = float32(i + 1)
	}
	c := Chance{7, 2, 5}
	everywhere(t, func(name string) {
		Drop(whole, mask, x, c, .4)
		for _, first := range []int{0, 1, 63, 64, 65, 300, 640, 699} {
			for _, end := range []int{first, first + 1, first + 40, first + 64, first + 200, n} {
				end = min(end, n)
				h, m := make([]float32, end-first), make([]float32, end-first)
				DropFrom(h, m, x[first:end], c, .4, first)
				if !slices.Equal(h, whole[first:end]) || !slices.Equal(m, mask[first:end]) {
					t.Fatalf("%s: %d … %d differs", name, first, end)
				}
			}
		}
	})
}
