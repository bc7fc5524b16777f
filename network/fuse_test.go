package network

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gradus/cost"
	"gradus/internal/kernel"
	"gradus/mat"
)

// using runs f with the named instructions, or the best below them.
func using(t *testing.T, name string, f func()) {
	t.Helper()
	before := kernel.ISA()
	defer func() { _ = kernel.Use(before) }()
	if err := kernel.Use(name); err != nil {
		t.Fatal(err)
	}
	f()
}

// twin is a network of the same weights whose products are fused.
func twin(t *testing.T, net *Network[float64]) *Network[float64] {
	t.Helper()
	other, err := Build[float64](net.In(), net.Specs())
	if err != nil {
		t.Fatal(err)
	}
	copy(other.Weights(), net.Weights())
	other.Fuse()
	return other
}

// Fused gradients are the exact ones to 1e-12 of the largest, for every layer kind × activation × cost; the exact ones are the same
// bits with any instructions.
func TestFuse(t *testing.T) {
	eachExample(t, func(t *testing.T, e example) {
		f, _ := e.cost.make()
		gradient := func(net *Network[float64]) []float64 {
			p := net.NewPass(testRows, 3)
			for range 12 { // often enough that the kernels keep their calls
				p.Forward(e.x)
				p.Backward(f, e.y)
			}
			return p.Gradient()
		}
		exact, fused := gradient(e.net), gradient(twin(t, e.net))
		if d := apart(fused, exact); !(d <= 1e-12) {
			t.Errorf("fused gradient off by %.2g", d)
		}
		using(t, "go", func() {
			if !slices.Equal(gradient(e.net), exact) {
				t.Error("the exact gradient depends on the instructions")
			}
			if !slices.Equal(gradient(twin(t, e.net)), exact) {
				t.Error("in plain Go nothing is fused")
			}
		})
	})
}

// A network wide enough for every tile and for the team: the same bits with AVX-512 and AVX2, on one core and on two, and other bits
// than the exact path's where the machine has assembly for it.
func TestFuseWide(t *testing.T) {
	net, err := Build[float64](70, []Spec{{Kind: "dense", Units: 150, Activation: "relu"}, {Kind: "dense", Units: 37, Activation: "tanh"}, {Kind: "dense", Units: 5}})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(3)
	r := rand.New(rand.NewPCG(1, 2))
	x, y := numbers(r, 130, 70), numbers(r, 130, 5)
	gradient := func(net *Network[float64]) []float64 {
		p := net.NewPass(130, 1)
		p.Forward(x)
		p.Backward(cost.MSE[float64]{}, y)
		return p.Gradient()
	}
	exact, fused := gradient(net), twin(t, net)
	want := gradient(fused)
	if d := apart(want, exact); !(d <= 1e-12) {
		t.Errorf("off by %.2g", d)
	}
	if isa := kernel.ISA(); slices.Equal(want, exact) != (isa == "go" || isa == "neon") {
		t.Errorf("with %s: %v", isa, slices.Equal(want, exact))
	}
	for _, cores := range []int{1, 2} {
		before := kernel.Threads(cores)
		for _, name := range []string{"avx512", "avx2"} {
			using(t, name, func() {
				if got := gradient(fused); !slices.Equal(got, want) {
					t.Errorf("%s on %d cores: other bits", name, cores)
				}
			})
		}
		kernel.Threads(before)
	}
}

// A fused prediction says what the fused pass says, in any number of rows.
func TestFusePrediction(t *testing.T) {
	net, err := Build[float64](9, []Spec{{Kind: "dense", Units: 40, Activation: "relu"}, {Kind: "dense", Units: 7, Activation: "sigmoid"}, {Kind: "dense", Units: 3}})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(5)
	net.Fuse()
	r := rand.New(rand.NewPCG(3, 4))
	for _, rows := range []int{1, 5, 100} {
		x := numbers(r, rows, 9)
		p := net.NewPrediction(rows)
		for range 12 {
			want := net.NewPass(rows, 1).Forward(x)
			if got := p.Forward(x); !slices.Equal(got.Data, want.Data) || math.IsNaN(got.Data[0]) {
				t.Fatalf("%d rows: %v, want %v", rows, got.Data, want.Data)
			}
		}
		if n := testing.AllocsPerRun(5, func() { p.Forward(x) }); n != 0 {
			t.Errorf("%d rows: %v allocations", rows, n)
		}
	}
	pass := net.NewPass(100, 1)
	x, y := numbers(r, 100, 9), mat.New[float64](100, 3)
	if n := testing.AllocsPerRun(5, func() { pass.Forward(x); pass.Learn(cost.MSE[float64]{}, y) }); n != 0 {
		t.Errorf("a step: %v allocations", n)
	}
}
