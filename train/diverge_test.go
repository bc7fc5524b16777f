package train

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"gradus/activation"
	"gradus/cost"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
)

// failure runs until it fails and returns the error and the iterations that were told before.
func failure[T mat.Float](t *testing.T, tr *Trainer[T]) (*say.Err, int) {
	t.Helper()
	told := 0
	for _, err := range tr.Steps(context.Background()) {
		if err == nil {
			told++
			continue
		}
		e, ok := err.(*say.Err)
		if !ok || !e.Fault {
			t.Fatalf("not the failure of a run: %v", err)
		}
		return e, told
	}
	t.Fatal("the run did not fail")
	return nil, 0
}

func argument(e *say.Err, name string) any {
	for i := 0; i+1 < len(e.Args); i += 2 {
		if e.Args[i] == name {
			return e.Args[i+1]
		}
	}
	return nil
}

// line is 8 rows on a line, for a network of depth linear layers of one neuron.
func line[T mat.Float](t *testing.T, depth int, alpha float64) *Trainer[T] {
	t.Helper()
	specs := make([]network.Spec, depth)
	for i := range specs {
		specs[i] = network.Spec{Kind: "dense", Units: 1}
	}
	net, err := network.Build[T](1, specs)
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	rule, err := optimizer.New[T]("descent", len(net.Weights()), "", nil)
	if err != nil {
		t.Fatal(err)
	}
	x, y := numbered[T](8)
	return mustNew(t, net, x, y, Config[T]{Cost: cost.MSE[T]{}, Rule: rule, Schedule: optimizer.Exponential{Base: alpha, Gamma: .5}, Epochs: 400, Batch: 4})
}

func testDivergence[T mat.Float](t *testing.T, alpha float64) {
	for _, depth := range []int{1, 3} {
		tr := line[T](t, depth, alpha)
		e, told := failure(t, tr)
		if e.Key != "train.diverged" {
			t.Fatal(e)
		}
		// The α named is that of the last update, and the iteration the one that failed.
		failed, layer := argument(e, "iteration").(int), argument(e, "layer").(int)
		value, named := argument(e, "value").(float64), argument(e, "alpha").(float64)
		update := failed // the update itself, or the forward pass after it
		if named != tr.cfg.Schedule.Alpha(failed) {
			update = failed - 1
		}
		if failed != told+1 || named != tr.cfg.Schedule.Alpha(update) || finite(value) || layer < 1 || layer > depth {
			t.Errorf("depth %d: %d iterations told, then %v", depth, told, e)
		}
		if s := e.Error(); !strings.Contains(s, "α = ") || !strings.Contains(s, "layer") || !strings.Contains(s, "iteration") {
			t.Error(s)
		}
		if again, told := failure(t, tr); again != e || told != 0 {
			t.Errorf("asked again it says %v", again)
		}
		if err := tr.Save(&bytes.Buffer{}, ""); err != error(e) {
			t.Errorf("a run that diverged was saved: %v", err)
		}
	}
}

// A learning rate too large is named, never a silent NaN, deck 4-4-3.
func TestDivergence(t *testing.T) {
	t.Run("float64", func(t *testing.T) { testDivergence[float64](t, 1e10) })
	t.Run("float32", func(t *testing.T) { testDivergence[float32](t, 1e10) })
	t.Run("a little too large", func(t *testing.T) { testDivergence[float32](t, 1e4) })
}

// By hand: w = 1, x = 1e200, y = 0. h = 1e200, h² overflows in the cost: iteration 1, before any update.
func TestDivergedBeforeAnyUpdate(t *testing.T) {
	tr := line[float64](t, 1, .1)
	tr.net.Weights()[0] = 1
	for i := range tr.x.Data {
		tr.x.Data[i] = 1e200
	}
	if e, told := failure(t, tr); e.Key != "train.start" || told != 0 || argument(e, "layer") != 1 || !math.IsInf(argument(e, "value").(float64), 1) {
		t.Error(e)
	}
}

// By hand: w = (1, 0), x = 1, y = 0, α = 1e308 on E = (h−y)²: dw = 2, α·dw overflows. The update of iteration 1 did it.
func TestDivergedInTheUpdate(t *testing.T) {
	tr := line[float64](t, 1, 1e308)
	tr.net.Weights()[0], tr.net.Weights()[1] = 1, 0
	for i := range tr.x.Data {
		tr.x.Data[i], tr.y.Data[i] = 1, 0
	}
	e, told := failure(t, tr)
	if e.Key != "train.diverged" || told != 0 || argument(e, "iteration") != 1 || argument(e, "alpha") != 1e308 ||
		argument(e, "layer") != 1 || !math.IsInf(argument(e, "value").(float64), -1) {
		t.Error(e)
	}
}

// An infinite weight that a saturating activation hides from the cost is found all the same.
func TestHiddenInfinityIsFound(t *testing.T) {
	f, err := activation.ByName[float64]("tanh")
	if err != nil {
		t.Fatal(err)
	}
	net, err := network.New[float64](1, &network.Dense[float64]{Units: 1, Activation: f, NoBias: true}, &network.Dense[float64]{Units: 1, NoBias: true})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	net.Weights()[0] = math.Inf(1)
	rule, err := optimizer.New[float64]("descent", 2, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	x, y := mat.From([]float64{1}), mat.From([]float64{0})
	tr := mustNew(t, net, x, y, Config[float64]{Cost: cost.MSE[float64]{}, Rule: rule, Schedule: optimizer.Constant{Base: .1}, Epochs: 9, Batch: 1})
	if e, _ := failure(t, tr); argument(e, "layer") != 1 || argument(e, "iteration") != 1 {
		t.Error(e)
	}
}

// A variance too large for float32 makes batch normalisation answer 0, finite and wrong: its running statistics tell.
func TestRunningStatisticsDiverge(t *testing.T) {
	net, err := network.Build[float32](1, []network.Spec{{Kind: "batch-norm"}})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(1)
	rule, err := optimizer.New[float32]("descent", 2, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	x, y := mat.From([]float32{1e30}, []float32{-1e30}), mat.New[float32](2, 1)
	tr := mustNew(t, net, x, y, Config[float32]{Cost: cost.MSE[float32]{}, Rule: rule, Schedule: optimizer.Constant{Base: .1}, Epochs: 9, Batch: 2})
	if e, told := failure(t, tr); told != 0 || argument(e, "layer") != 1 {
		t.Error(e)
	}
}

func TestAllFinite(t *testing.T) {
	for n := range 11 {
		v := make([]float32, n)
		for i := range v {
			v[i] = math.MaxFloat32 * float32(1-2*(i%2))
		}
		if !allFinite(v) {
			t.Errorf("%v", v)
		}
		for i := range v {
			for _, bad := range []float32{float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN())} {
				old := v[i]
				if v[i] = bad; allFinite(v) {
					t.Errorf("%v", v)
				}
				v[i] = old
			}
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		change func(c *Config[float64], x, y *mat.Matrix[float64])
		key    string
	}{
		"no cost":     {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.Cost = nil }, "train.config"},
		"no rule":     {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.Rule = nil }, "train.config"},
		"no schedule": {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.Schedule = nil }, "train.config"},
		"no rows": {func(_ *Config[float64], x, y *mat.Matrix[float64]) {
			*x, *y = mat.New[float64](0, 3), mat.New[float64](0, 1)
		}, "train.count"},
		"batch 0":          {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.Batch = 0 }, "train.count"},
		"epochs −1":        {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.Epochs = -1 }, "train.count"},
		"fewer targets":    {func(_ *Config[float64], _, y *mat.Matrix[float64]) { *y = y.Top(21) }, "train.pairs"},
		"another width":    {func(_ *Config[float64], x, _ *mat.Matrix[float64]) { *x = mat.New[float64](22, 4) }, "train.inputs"},
		"NaN in x":         {func(_ *Config[float64], x, _ *mat.Matrix[float64]) { x.Row(4)[2] = math.NaN() }, "train.finite"},
		"Inf in x":         {func(_ *Config[float64], x, _ *mat.Matrix[float64]) { x.Row(0)[0] = math.Inf(-1) }, "train.finite"},
		"class outside":    {func(_ *Config[float64], _, y *mat.Matrix[float64]) { y.Data[3] = 2 }, "cost.class_index"},
		"NaN in y":         {func(_ *Config[float64], _, y *mat.Matrix[float64]) { y.Data[3] = math.NaN() }, "cost.class_index"},
		"width of y":       {func(_ *Config[float64], _, y *mat.Matrix[float64]) { *y = mat.New[float64](22, 3) }, "cost.class_columns"},
		"clip NaN":         {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.ClipNorm = math.NaN() }, "train.clip"},
		"clip below 0":     {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.ClipNorm = -1 }, "train.clip"},
		"patience below 0": {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.Patience = -1 }, "train.patience"},
		"penalty below 0":  {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.Penalty.L1 = -1 }, "train.penalty"},
		"penalty NaN":      {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.Penalty.L2 = math.NaN() }, "train.penalty"},
		"α 0":              {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.Schedule = optimizer.Constant{} }, ""},
		"α NaN":            {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.Schedule = optimizer.Constant{Base: math.NaN()} }, ""},
		"a rule of another": {func(c *Config[float64], _, _ *mat.Matrix[float64]) {
			c.Rule, _ = optimizer.New[float64]("adam", 5, "", nil)
		}, "train.rule"},
		"a last batch of one": {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.Batch = 7 }, "train.one_row"},
		"batches of one":      {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.Batch = 1 }, "train.one_row"},
		"class weights": {func(c *Config[float64], _, _ *mat.Matrix[float64]) {
			c.Cost = cost.CrossEntropy[float64]{ClassWeights: []float64{1}}
		}, "cost.class_weights"},
		"validation pairs":      {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.ValidY = c.ValidY.Top(3) }, "train.pairs"},
		"validation only y":     {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.ValidX = mat.Matrix[float64]{} }, "train.pairs"},
		"validation width":      {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.ValidX = mat.New[float64](9, 2) }, "train.inputs"},
		"validation targets":    {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.ValidY = mat.New[float64](9, 5) }, "cost.class_columns"},
		"validation not finite": {func(c *Config[float64], _, _ *mat.Matrix[float64]) { c.ValidX.Data[0] = math.NaN() }, "train.finite"},
	} {
		net := wide[float64](t)
		x, y := pattern[float64](22, 1)
		cfg := config(t, net, "adam", "constant")
		c.change(&cfg, &x, &y)
		tr, err := New(net, x, y, cfg)
		if err == nil || tr != nil || c.key != "" && !has(err, c.key) {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
		for _, again := range Run(context.Background(), net, x, y, cfg) {
			if again == nil || again.Error() != err.Error() {
				t.Errorf("%s: Run says %v", name, again)
			}
		}
	}
	net := wide[float64](t)
	x, y := pattern[float64](22, 1)
	x.Row(4)[2] = math.Inf(1)
	if _, err := New(net, x, y, config(t, net, "adam", "constant")); err == nil || !strings.Contains(err.Error(), "row 5, input 3") {
		t.Errorf("the place is not named: %v", err)
	}
}
