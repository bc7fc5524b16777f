package train

import (
	"context"
	"math"
	"slices"
	"testing"

	"gradus/cost"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
)

// Early stopping ends after Patience epochs without a lower validation cost and leaves weights and running statistics of the best.
func TestEarlyStopping(t *testing.T) {
	net := wide[float64](t)
	x, y := pattern[float64](22, 1)
	c := config(t, net, "adam", "constant")
	c.Epochs, c.Patience = 300, 7
	tr := mustNew(t, net, x, y, c)
	var best []float64
	var bestStep, last Step
	lowest := math.Inf(1)
	for s, err := range tr.Steps(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		last = s
		if !s.Last {
			continue
		}
		if s.Best != (s.Valid < lowest) {
			t.Errorf("epoch %d: Valid %v after %v, Best %v", s.Epoch, s.Valid, lowest, s.Best)
		}
		if s.Best {
			lowest, bestStep, best = s.Valid, s, stateOf(net)
		}
	}
	if !last.Stopped || last.Epoch != bestStep.Epoch+7 || last.Epoch == 300 {
		t.Fatalf("the best epoch was %d, the run ended in %d, stopped %v", bestStep.Epoch, last.Epoch, last.Stopped)
	}
	if !slices.Equal(stateOf(net), best) {
		t.Error("the network does not hold the best epoch")
	}
	if got := tr.Best(); got != (Epoch{bestStep.Epoch, bestStep.EpochCost, bestStep.Valid}) || tr.Epochs() != last.Epoch {
		t.Errorf("Best %+v, want %+v; %d epochs", got, bestStep, tr.Epochs())
	}
	h := net.NewPrediction(9).Forward(c.ValidX)
	if e := c.Cost.Forward(h, c.ValidY); math.Abs(e-lowest) > 1e-14 {
		t.Errorf("validation cost %v, promised %v", e, lowest)
	}
}

// scripted is a cost that says of the one validation row what it was told to say.
type scripted struct {
	cost.MSE[float64]
	says *[]float64
}

func (s scripted) Forward(h, y mat.Matrix[float64]) float64 {
	if h.Rows > 1 {
		return s.MSE.Forward(h, y)
	}
	e := (*s.says)[0]
	*s.says = (*s.says)[1:]
	return e
}

// Waiting begins anew at each lower cost; an equal one is not lower.
func TestPatience(t *testing.T) {
	for _, c := range []struct {
		says       []float64
		patience   int
		best, ends int
	}{
		{[]float64{5, 4, 6, 3, 4, 4, 2, 9, 9, 9, 1}, 3, 7, 10},
		{[]float64{5, 5, 5, 5, 5}, 2, 1, 3},
		{[]float64{5, 4, 3, 2, 1, 1, 0}, 1, 5, 6},
		{[]float64{math.Inf(1), 7, math.Inf(1), 6, 8, 8, 8}, 2, 4, 6},
	} {
		tr := line[float64](t, 1, .001)
		says := c.says
		x := mat.From([]float64{1})
		cfg := tr.cfg
		cfg.Cost, cfg.ValidX, cfg.ValidY, cfg.Patience = scripted{says: &says}, x, x, c.patience
		_, steps := trained(t, mustNew(t, tr.net, tr.x, tr.y, cfg))
		best, last := 0, steps[len(steps)-1]
		for _, s := range steps {
			if s.Best {
				best = s.Epoch
			}
		}
		if best != c.best || last.Epoch != c.ends || !last.Stopped {
			t.Errorf("%v with patience %d: best %d, end %d, want %d and %d", c.says, c.patience, best, last.Epoch, c.best, c.ends)
		}
	}
}

// Patience 0 runs to the end and still restores the best; without a validation part the last weights stay.
func TestBestWithoutStopping(t *testing.T) {
	for _, valid := range []bool{true, false} {
		net := wide[float64](t)
		x, y := pattern[float64](22, 1)
		c := config(t, net, "adam", "constant")
		c.Epochs, c.Patience = 60, 0
		if !valid {
			c.ValidX, c.ValidY = mat.Matrix[float64]{}, mat.Matrix[float64]{}
		}
		tr := mustNew(t, net, x, y, c)
		var ends [][]float64
		for s, err := range tr.Steps(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			if s.Last && s.Iteration < tr.Counts().Total {
				ends = append(ends, stateOf(net))
			}
		}
		best := tr.Best().Epoch
		if valid && (best == 60 || !slices.Equal(stateOf(net), ends[best-1])) {
			t.Errorf("the network does not hold epoch %d", best)
		}
		if !valid && (best != 60 || tr.Best().Valid != 0) {
			t.Errorf("without validation the best is the last: %+v", tr.Best())
		}
	}
}

// The validation cost of many rows is theirs, not that of a part.
func TestValidationInParts(t *testing.T) {
	net := wide[float64](t)
	x, y := pattern[float64](22, 1)
	c := config(t, net, "adam", "constant")
	c.ValidX, c.ValidY = pattern[float64](2*chunk+37, 5)
	tr := mustNew(t, net, x, y, c)
	want := c.Cost.Forward(net.NewPrediction(c.ValidX.Rows).Forward(c.ValidX), c.ValidY)
	if got, err := tr.validationCost(t.Context()); err != nil || math.Abs(got-want) > 1e-13 {
		t.Errorf("%v, want %v", got, want)
	}
}

// sure is a network that answers each row with its input as logit.
func sure(t *testing.T, f cost.Func[float32], valid mat.Matrix[float32], schedule optimizer.Schedule) *Trainer[float32] {
	t.Helper()
	net, err := network.New[float32](1, &network.Dense[float32]{Units: 1, Initial: network.Constant{Value: 1}})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(0)
	rule, err := optimizer.New[float32]("descent", 2, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	x, y := mat.From([]float32{1}, []float32{2}), mat.From([]float32{1}, []float32{2})
	return mustNew(t, net, x, y, Config[float32]{
		Cost: f, Rule: rule, Schedule: schedule, Epochs: 3, Batch: 2, ValidX: valid, ValidY: mat.New[float32](valid.Rows, 1),
	})
}

// An infinite validation cost is never the best and never lowers a plateau's rate by mistake; a checkpoint still takes it.
func TestInfiniteValidation(t *testing.T) {
	plateau := &optimizer.Plateau{Factor: .5, Patience: 1, Memory: optimizer.PlateauMemory{Alpha: .01}}
	tr := sure(t, cost.MSE[float32]{}, mat.From([]float32{3e38}), plateau)
	tr.net.Weights()[0] = 3 // h = 9e38 is +Inf in float32
	tr.best.predict.Refresh()
	x := tr.cfg.ValidX
	if h := tr.best.predict.Forward(x); !math.IsInf(float64(h.Data[0]), 1) {
		t.Fatalf("the example does not overflow: %v", h.Data)
	}
	_, steps := trained(t, tr)
	for _, s := range steps {
		if !math.IsInf(s.Valid, 1) || s.Best {
			t.Errorf("%+v", s)
		}
	}
	if plateau.Memory.Seen || plateau.Memory.Alpha != .005 {
		t.Errorf("plateau %+v", plateau.Memory)
	}
	if tr.Best() != (Epoch{}) {
		t.Errorf("best %+v", tr.Best())
	}
	save(t, tr)
}

// A validation cost that is NaN ends the run with a sentence.
func TestNaNValidation(t *testing.T) {
	tr := sure(t, cost.MSE[float32]{}, mat.From([]float32{1}), optimizer.Constant{Base: .01})
	tr.cfg.ValidX.Data[0] = float32(math.NaN())
	if e, told := failure(t, tr); told != 0 || e.Key != "train.diverged" || !math.IsNaN(argument(e, "value").(float64)) {
		t.Error(e)
	}
}

// A plateau lowers α once the validation cost has not fallen for longer than its patience.
func TestPlateauFollowsValidation(t *testing.T) {
	net := wide[float64](t)
	x, y := pattern[float64](22, 1)
	c := config(t, net, "adam", "plateau") // patience 0, factor .5, from .02
	c.Epochs, c.Patience = 40, 0
	_, steps := trained(t, mustNew(t, net, x, y, c))
	alpha, lowest, fell := .02, math.Inf(1), 0
	for _, s := range steps {
		if s.Alpha != alpha {
			t.Fatalf("iteration %d: α = %v, want %v", s.Iteration, s.Alpha, alpha)
		}
		if !s.Last {
			continue
		}
		if s.Valid < lowest-1e-4*math.Abs(lowest) || math.IsInf(lowest, 1) {
			lowest = s.Valid
		} else {
			alpha, fell = alpha/2, fell+1
		}
	}
	if fell < 3 {
		t.Errorf("α fell %d times in 40 epochs", fell)
	}
}
