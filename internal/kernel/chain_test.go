package kernel

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// fma is x·y + z in float32, rounded once. The product is exact in float64; the sum is rounded to odd, so that rounding it again to
// float32 finds on which side of a tie it lies.
func fma(x, y, z float32) float32 {
	p, c := float64(x)*float64(y), float64(z)
	s := p + c
	back := s - p
	lost := (p - (s - back)) + (c - back)
	if bits := math.Float64bits(s); lost != 0 && lost == lost && bits&1 == 0 {
		if (lost > 0) == (s > 0) {
			bits++
		} else {
			bits--
		}
		s = math.Float64frombits(bits)
	}
	return float32(s)
}

// Against exact arithmetic, ties and cancellation and results below the smallest normal number among them.
func TestFMA(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	exact := func(x float32) *big.Float { return new(big.Float).SetPrec(600).SetFloat64(float64(x)) }
	for i := range 20000 {
		x, y, z := anySize(r), anySize(r), anySize(r)
		if i%3 == 0 {
			z = -x * y
		}
		if i%7 == 0 { // a tie but for the product's last bits
			x, y, z = 1+float32(r.IntN(8))*0x1p-23, 0x1p-24*(1+float32(r.IntN(3)-1)*0x1p-23), 1+float32(r.IntN(4))*0x1p-23
		}
		product := exact(x)
		product.Mul(product, exact(y))
		want, _ := product.Add(product, exact(z)).Float32()
		if got := fma(x, y, z); got != want {
			t.Fatalf("%b · %b + %b = %b, not %b", x, y, z, got, want)
		}
	}
}

// anySize is a float32 of about 1, or of any size from the smallest up to 1e15.
func anySize(r *rand.Rand) float32 {
	x := float32(r.NormFloat64())
	if r.IntN(2) == 0 {
		x *= float32(math.Pow(10, float64(r.IntN(60)-45)))
	}
	return x
}

// anySizeOf is anySize with all bits of T, in float64 down to where products underflow.
func anySizeOf[T Float](r *rand.Rand) T {
	x := float64(anySize(r)) * (1 + r.NormFloat64()*0x1p-30)
	if sizeOf[T]() == 8 && r.IntN(4) == 0 {
		x *= 1e-160
	}
	return T(x)
}

// multiplyAdd is x·y + z, rounded once.
func multiplyAdd[T Float](x, y, z T) T {
	if sizeOf[T]() == 8 {
		return T(math.FMA(float64(x), float64(y), float64(z)))
	}
	return T(fma(float32(x), float32(y), float32(z)))
}

// chained is element (i,j) as every set of instructions must compute it: one chain of fused sums, k ascending.
func (p *Gemm[T]) chained(i, j int) T {
	var s T
	if p.bias != nil {
		s = p.bias[j]
	}
	for k := range p.k {
		s = multiplyAdd(p.a[i*p.rs+k*p.cs], p.right(k, j), s)
	}
	if p.relu && s <= 0 {
		s = 0
	}
	if p.gate != nil && !(p.gate[i*p.n+j] > 0) {
		s = p.gate[i*p.n+j]
	}
	return s
}

// right is element (k,j) of b.
func (p *Gemm[T]) right(k, j int) T {
	switch p.layout {
	case byColumns:
		return p.b[j*p.k+k]
	case packed:
		first := j / wide[T]() * wide[T]()
		return p.b[first*p.k+k*panelWidth[T](p.n-first)+j-first]
	}
	return p.b[k*p.n+j]
}

// TestProductChains holds every element of every form to its chain, bit for bit. Each machine that passes it computes the same bits
// as each other: AVX-512, AVX2 and NEON.
func TestProductChains(t *testing.T) {
	t.Run("float32", func(t *testing.T) { productChains[float32](t, 1e-45) })
	t.Run("float64", func(t *testing.T) { productChains[float64](t, 5e-324) })
}

func productChains[T Float](t *testing.T, least T) {
	r := rand.New(rand.NewPCG(23, 24))
	shapes := [][3]int{{1, 45, 1100}, {1, 1100, 6}, {13, 9, 1100}, {530, 11, 7}, {6, 533, 5}, {50, 70, 520}, {33, 4, 37}, {25, 1, 30}, {1050, 3, 12}}
	for range times(60) {
		n, out, in := randomShape(r)
		shapes = append(shapes, [3]int{n, out, in})
	}
	special := []T{0, T(math.Copysign(0, -1)), least, -10000 * least, T(math.Inf(1)), T(math.NaN())}
	for _, f := range forms[T]() {
		for at, shape := range shapes {
			p := f.build(shape[0], shape[1], shape[2], r)
			for _, g := range p.inputs[:2] {
				for i := range g.mid {
					if at%3 > 0 {
						g.mid[i] = anySizeOf[T](r)
					}
				}
				if at%5 == 0 && len(g.mid) > 0 {
					g.mid[r.IntN(len(g.mid))] = special[r.IntN(len(special))]
				}
			}
			p.checkChains(t, fmt.Sprintf("%s %v", f.name, shape))
		}
	}
}

func (p problem[T]) checkChains(t *testing.T, name string) {
	t.Helper()
	want := make([]T, len(p.c.mid))
	rows, cols := p.product.Size()
	for i := range rows {
		for j := range cols {
			want[i*cols+j] = p.product.chained(i, j)
		}
	}
	everywhere(t, func(isa string) {
		if !assembled[T]() { // plain Go rounds products too
			return
		}
		p.product.Run(nil)
		for i, x := range p.c.mid {
			if math.Float64bits(float64(x)) != math.Float64bits(float64(want[i])) && (x == x || want[i] == want[i]) {
				t.Fatalf("%s %s: element (%d,%d) is %b, not %b", isa, name, i/cols, i%cols, x, want[i])
			}
		}
	})
}
