package train

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"testing"

	"gradus/internal/profile"
	"gradus/mat"
	"gradus/network"
)

// calls tells how often each part of a step ended.
func calls(p profile.Profile) (list []string) {
	for _, r := range p.Parts {
		name := r.Part
		if r.Layer > 0 {
			name = strconv.Itoa(r.Layer) + " " + name
		}
		list = append(list, name+" "+strconv.Itoa(r.Calls))
	}
	return list
}

func watchedRun[T mat.Float](t *testing.T, watch bool) ([]T, []Step, []byte, profile.Profile) {
	net := wide[T](t)
	x, y := pattern[T](22, 1)
	c := config(t, net, "adam", "cosine")
	c.Patience = 0
	tr := mustNew(t, net, x, y, c)
	clock := profile.New()
	if watch {
		clock = tr.Watch()
	}
	w, steps := trained(t, tr)
	return w, steps, save(t, tr), clock.Result(1, 0)
}

func sameWatched[T mat.Float](t *testing.T) {
	w, steps, file, _ := watchedRun[T](t, false)
	again, more, other, p := watchedRun[T](t, true)
	if !slices.Equal(w, again) || !slices.Equal(steps, more) || !bytes.Equal(file, other) {
		t.Error("a clock changes what is trained")
	}
	if want := []string{
		"shuffle 5", "batch 30", "ready 30",
		"1 product 30", "1 activation 30", "2 forward 30", "3 forward 30", "4 forward 30", "5 product 30", "5 activation 30", "cost 30",
		"5 gradient 30", "5 back 30", "4 backward 30", "3 backward 30", "2 backward 30", "1 slope 30", "1 gradient 30",
		"penalty 30", "update 30", "finite 30", "validation 5", "between 30",
	}; !slices.Equal(calls(p), want) {
		t.Errorf("parts\n%q, want\n%q", calls(p), want)
	}
	if p.Steps != 30 || math.Abs(p.Readings-(2.*5+21*30)/30) > 1e-9 {
		t.Errorf("%d steps, %v readings", p.Steps, p.Readings)
	}
}

// A clock sees every part of every step, in their order, and changes no bit.
func TestWatchChangesNothing(t *testing.T) {
	sameWatched[float32](t)
	sameWatched[float64](t)
}

// Where the first layer hands nothing back, and what each product costs.
func TestWatchedProducts(t *testing.T) {
	net, err := network.Build[float32](3, []network.Spec{{Kind: "dense", Units: 40, Activation: "relu"}, {Kind: "dense", Units: 2, Activation: "softmax"}})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	x, y := pattern[float32](22, 1)
	c := config(t, net, "descent", "constant")
	c.ValidX, c.ValidY, c.ClipNorm = mat.Matrix[float32]{}, mat.Matrix[float32]{}, 0
	tr := mustNew(t, net, x, y, c)
	clock := tr.Watch()
	trained(t, tr)
	rows, want := 22./6, map[string]float64{"1 product": 2 * 3 * 40, "1 gradient": 2 * 3 * 40, "2 product": 2 * 40 * 2, "2 gradient": 2 * 40 * 2, "2 back": 2 * 40 * 2}
	for _, r := range clock.Result(1, 10).Parts {
		name := strconv.Itoa(r.Layer) + " " + r.Part
		operations := want[name] * rows
		delete(want, name)
		if got := r.Rate * r.Median; got < .999*operations || got > 1.001*operations || r.Peak != r.Rate/10 {
			t.Errorf("%s: %v operations a call, want %v", name, got, operations)
		}
	}
	if len(want) > 0 {
		t.Errorf("no rate of %v", want)
	}
}

// A clock allocates nothing while it runs.
func TestWatchAllocatesNothing(t *testing.T) {
	net := wide[float32](t)
	x, y := pattern[float32](22, 1)
	c := config(t, net, "adam", "plateau")
	c.Epochs, c.Patience = 1000, 0
	tr := mustNew(t, net, x, y, c)
	tr.Watch()
	if n := testing.AllocsPerRun(100, func() {
		if _, err := tr.step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations an iteration", n)
	}
}
