package train

import (
	"bytes"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gradus/cost"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
)

// The deck's count, 4-4-6: 2000 rows, batches of 500, 5 epochs are 4 iterations an epoch and 20 in all.
func TestCount(t *testing.T) {
	for _, c := range []struct {
		rows, batch, epochs int
		want                Counts
	}{
		{2000, 500, 5, Counts{4, 20, 500}},
		{2001, 500, 5, Counts{5, 25, 1}},
		{1999, 500, 5, Counts{4, 20, 499}},
		{1, 1, 1, Counts{1, 1, 1}},
		{7, 100, 3, Counts{1, 3, 7}},
		{7, math.MaxInt, 1, Counts{1, 1, 7}},
		{math.MaxInt, 1, 1, Counts{math.MaxInt, math.MaxInt, 1}},
	} {
		if got, err := Count(c.rows, c.batch, c.epochs); err != nil || got != c.want {
			t.Errorf("Count(%d, %d, %d) = %+v %v, want %+v", c.rows, c.batch, c.epochs, got, err, c.want)
		}
	}
	for _, c := range []struct {
		rows, batch, epochs int
		key                 string
	}{
		{0, 1, 1, "train.count"},
		{1, 0, 1, "train.count"},
		{1, 1, 0, "train.count"},
		{5, -1, 1, "train.count"},
		{1000, 1, math.MaxInt, "train.too_many"},
	} {
		if _, err := Count(c.rows, c.batch, c.epochs); !has(err, c.key) {
			t.Errorf("Count(%d, %d, %d): %v", c.rows, c.batch, c.epochs, err)
		}
	}
}

// has reports whether the sentence key stands anywhere in err.
func has(err error, key string) bool {
	for err != nil {
		if e, ok := err.(*say.Err); ok && e.Key == key {
			return true
		}
		err = errors.Unwrap(err)
	}
	return false
}

// numbered is n rows whose input is their number and whose target its negative.
func numbered[T mat.Float](n int) (x, y mat.Matrix[T]) {
	x, y = mat.New[T](n, 1), mat.New[T](n, 1)
	for i := range n {
		x.Data[i], y.Data[i] = T(i), -T(i)
	}
	return x, y
}

// Every row comes once an epoch with its target, the partial last batch included.
func TestBatches(t *testing.T) {
	for _, c := range []struct {
		rows, size int
		want       []int
	}{
		{10, 4, []int{4, 4, 2}},
		{10, 5, []int{5, 5}},
		{10, 1, []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
		{10, 11, []int{10}},
		{10, math.MaxInt, []int{10}},
		{10, 0, []int{10}},
		{10, -3, []int{10}},
		{1, 1, []int{1}},
		{0, 4, nil},
	} {
		x, y := numbered[float32](c.rows)
		var sizes []int
		seen := make([]int, c.rows)
		for b := range Batches(x, y, c.size, 5) {
			sizes = append(sizes, b.X.Rows)
			for r := range b.X.Rows {
				seen[int(b.X.At(r, 0))]++
				if b.Y.At(r, 0) != -b.X.At(r, 0) {
					t.Errorf("row %v came with target %v", b.X.At(r, 0), b.Y.At(r, 0))
				}
			}
		}
		if !slices.Equal(sizes, c.want) || slices.ContainsFunc(seen, func(n int) bool { return n != 1 }) {
			t.Errorf("%d rows by %d: batches %v, rows seen %v times", c.rows, c.size, sizes, seen)
		}
	}
	for range Batches(mat.New[float64](9, 1), mat.New[float64](9, 1), 2, 1) {
		break // an early end is no error
	}
}

// The order is another each epoch and each seed, and pinned: a checkpoint of an older build must find its place.
func TestOrder(t *testing.T) {
	draw := func(seed uint64, epoch int) []int {
		o := make([]int, 8)
		Order(o, seed, epoch)
		return o
	}
	if got, want := draw(1, 1), goldenOrder; !slices.Equal(got, want) {
		t.Errorf("seed 1, epoch 1: %v, want %v", got, want)
	}
	if slices.Equal(draw(1, 1), draw(1, 2)) || slices.Equal(draw(1, 1), draw(2, 1)) {
		t.Error("epochs and seeds must shuffle apart")
	}
	if len(draw(0, 0)) != 8 {
		t.Error("seed 0 is a seed")
	}
}

var goldenOrder = []int{6, 2, 5, 4, 1, 3, 0, 7}

// wide is a network with every kind of layer, on data with a pattern.
func wide[T mat.Float](t testing.TB) *network.Network[T] {
	t.Helper()
	net, err := network.Build[T](3, []network.Spec{
		{Kind: "dense", Units: 6, Activation: "tanh"},
		{Kind: "batch-norm", Activation: "silu"},
		{Kind: "dropout", Rate: .2},
		{Kind: "layer-norm"},
		{Kind: "dense", Units: 2, Activation: "softmax"},
	})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(4)
	return net
}

// pattern is n rows of three numbers and the class of their product's sign.
func pattern[T mat.Float](n int, seed uint64) (x, y mat.Matrix[T]) {
	r := rand.New(rand.NewPCG(seed, 1))
	x, y = mat.New[T](n, 3), mat.New[T](n, 1)
	for i := range n {
		sign := T(1)
		for c := range 3 {
			x.Row(i)[c] = T(r.NormFloat64())
			sign *= x.Row(i)[c]
		}
		if sign > 0 {
			y.Data[i] = 1
		}
	}
	return x, y
}

// config trains wide on 22 rows of pattern: batches of 4, the last of 2, and a validation part.
func config[T mat.Float](t testing.TB, net *network.Network[T], rule, schedule string) Config[T] {
	t.Helper()
	form, name, deck := optimizer.Form(""), rule, false
	if name, deck = strings.CutSuffix(rule, " deck"); deck {
		form = optimizer.Deck
	}
	r, p, err := optimizer.NewPenalised[T](name, len(net.Weights()), form, map[string]float64{"weight_decay": .01}, net.Decaying())
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]map[string]float64{
		"step": {"every": 3}, "exponential": {"gamma": .95}, "cosine": {"total": 30, "warm_up": 4}, "plateau": {"patience": 0, "factor": .5},
	}[schedule]
	s, err := optimizer.NewSchedule(schedule, .02, values)
	if err != nil {
		t.Fatal(err)
	}
	c := Config[T]{
		Cost: cost.CrossEntropy[T]{}, Rule: r, Schedule: s, Penalty: p, ClipNorm: 2, Epochs: 5, Batch: 4, Seed: 12, Patience: 4,
	}
	c.ValidX, c.ValidY = pattern[T](9, 77)
	return c
}

// trained runs to the end and returns what is left: weights, running statistics and steps.
func trained[T mat.Float](t testing.TB, tr *Trainer[T]) (state []T, steps []Step) {
	t.Helper()
	for s, err := range tr.Steps(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		steps = append(steps, s)
	}
	return stateOf(tr.net), steps
}

func stateOf[T mat.Float](net *network.Network[T]) []T {
	state := slices.Clone(net.Weights())
	for _, b := range net.Buffers() {
		state = append(state, b.Values...)
	}
	return state
}

func mustNew[T mat.Float](t testing.TB, net *network.Network[T], x, y mat.Matrix[T], c Config[T]) *Trainer[T] {
	t.Helper()
	tr, err := New(net, x, y, c)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func TestSteps(t *testing.T) {
	net := wide[float64](t)
	x, y := pattern[float64](22, 1)
	c := config(t, net, "momentum", "exponential")
	c.Patience = 0
	tr := mustNew(t, net, x, y, c)
	if tr.Counts() != (Counts{6, 30, 2}) {
		t.Errorf("%+v", tr.Counts())
	}
	_, steps := trained(t, tr)
	if len(steps) != 30 {
		t.Fatalf("%d steps", len(steps))
	}
	sum := 0.
	for i, s := range steps {
		last, rows := i%6 == 5, 4.
		if last {
			rows = 2
		}
		if i%6 == 0 {
			sum = 0
		}
		sum += s.Cost * rows
		seen := min(float64(i%6+1)*4, 22)
		if s.Iteration != i+1 || s.Epoch != i/6+1 || s.Last != last || s.Stopped || math.Abs(s.EpochCost-sum/seen) > 1e-14 {
			t.Errorf("step %d: %+v", i+1, s)
		}
		if want := c.Schedule.Alpha(i + 1); s.Alpha != want {
			t.Errorf("step %d: α = %v, want %v", i+1, s.Alpha, want)
		}
		if (s.Valid != 0) != last {
			t.Errorf("step %d: validation cost %v", i+1, s.Valid)
		}
	}
	if tr.Epochs() != 5 || tr.Best().Epoch < 1 {
		t.Errorf("%d epochs, best %+v", tr.Epochs(), tr.Best())
	}
	for range tr.Steps(context.Background()) {
		t.Error("a finished run has no more steps")
	}
}

// One iteration is what its formulas say: clipped, penalised gradient of the batch, then the rule.
func TestOneIterationByHand(t *testing.T) {
	net, err := network.New[float64](1, &network.Dense[float64]{Units: 1, Initial: network.Constant{Value: 2}})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(0)
	x, y := mat.From([]float64{3}), mat.From([]float64{5})
	rule, err := optimizer.New[float64]("descent", 2, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	c := Config[float64]{
		Cost: cost.HalfSSE[float64]{}, Rule: rule, Schedule: optimizer.Constant{Base: .1}, Epochs: 1, Batch: 1, ClipNorm: 1,
		Penalty: optimizer.Penalty[float64]{L2: .5},
	}
	trained(t, mustNew(t, net, x, y, c))
	// h = 6, do = 1, dw = 3 + .5·2 = 4, db = 1 (spared), ‖g‖ = √17, clipped to 1/(√17+1e-6).
	k := 1 / (math.Sqrt(17) + 1e-6)
	if want := []float64{2 - .1*4*k, -.1 * k}; math.Abs(net.Weights()[0]-want[0]) > 1e-15 || math.Abs(net.Weights()[1]-want[1]) > 1e-15 {
		t.Errorf("%v, want %v", net.Weights(), want)
	}
}

// The deck's Nesterov takes its gradient one throw ahead: E = ½w²·x², x = 1, so v := γv + α·(w−γv), w := w − v.
func TestLookAhead(t *testing.T) {
	net, err := network.New[float64](1, &network.Dense[float64]{Units: 1, NoBias: true, Initial: network.Constant{Value: 1}})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(0)
	rule, err := optimizer.New[float64]("nesterov", 1, optimizer.Deck, map[string]float64{"gamma": .5})
	if err != nil {
		t.Fatal(err)
	}
	x, y := mat.From([]float64{1}), mat.From([]float64{0})
	c := Config[float64]{Cost: cost.HalfSSE[float64]{}, Rule: rule, Schedule: optimizer.Constant{Base: .25}, Epochs: 4, Batch: 1}
	trained(t, mustNew(t, net, x, y, c))
	w, v := 1., 0.
	for range 4 {
		v = .5*v + .25*(w-.5*v)
		w -= v
	}
	if math.Abs(net.Weights()[0]-w) > 1e-15 {
		t.Errorf("%v, want %v", net.Weights()[0], w)
	}
}

// The same run gives the same bytes, whatever the number of cores.
func TestDeterministic(t *testing.T) {
	run := func() ([]float32, []Step, []byte) {
		net := wide[float32](t)
		x, y := pattern[float32](22, 1)
		tr := mustNew(t, net, x, y, config(t, net, "adam", "cosine"))
		w, s := trained(t, tr)
		return w, s, save(t, tr)
	}
	w, steps, file := run()
	for _, cores := range []int{1, 2} {
		before := runtime.GOMAXPROCS(cores)
		again, moreSteps, more := run()
		runtime.GOMAXPROCS(before)
		if !slices.Equal(w, again) || !slices.Equal(steps, moreSteps) || !bytes.Equal(file, more) {
			t.Errorf("with %d cores the run ended elsewhere", cores)
		}
	}
	net := wide[float32](t)
	x, y := pattern[float32](22, 1)
	c := config(t, net, "adam", "cosine")
	c.Seed++
	if other, _ := trained(t, mustNew(t, net, x, y, c)); slices.Equal(other, w) {
		t.Error("the seed does nothing")
	}
}

// The 2-2-1 network of deck 4-1-11 learns XOR by backpropagation.
func TestXOR(t *testing.T) {
	x := mat.From([]float64{0, 0}, []float64{0, 1}, []float64{1, 0}, []float64{1, 1})
	y := mat.From([]float64{0}, []float64{1}, []float64{1}, []float64{0})
	net, err := network.Build[float64](2, []network.Spec{{Kind: "dense", Units: 2, Activation: "tanh"}, {Kind: "dense", Units: 1, Activation: "sigmoid"}})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(3)
	rule, err := optimizer.New[float64]("adam", len(net.Weights()), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	c := Config[float64]{Cost: cost.BinaryCrossEntropy[float64]{}, Rule: rule, Schedule: optimizer.Constant{Base: .1}, Epochs: 500, Batch: 4}
	_, steps := trained(t, mustNew(t, net, x, y, c))
	h := net.NewPrediction(4).Forward(x)
	for i, want := range y.Data {
		if math.Abs(h.Data[i]-want) > .05 {
			t.Errorf("%v XOR %v = %v", x.At(i, 0), x.At(i, 1), h.Data[i])
		}
	}
	if first, last := steps[0].Cost, steps[len(steps)-1].Cost; last > .1*first {
		t.Errorf("the cost went from %v to %v", first, last)
	}
}

// An iteration allocates nothing, an epoch's end and the validation included.
func TestNoAllocation(t *testing.T) {
	for _, rule := range []string{"descent", "nesterov deck", "adam", "adamw"} {
		net := wide[float32](t)
		x, y := pattern[float32](22, 1)
		c := config(t, net, rule, "plateau")
		c.Epochs, c.Patience = 1000, 0
		tr := mustNew(t, net, x, y, c)
		if n := testing.AllocsPerRun(200, func() {
			if _, err := tr.step(t.Context()); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations an iteration", rule, n)
		}
	}
}
