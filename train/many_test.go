package train

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"gradus/activation"
	"gradus/cost"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/network"
	"gradus/optimizer"
)

// Networks trained side by side on one table: their weights depend on their own seed and on nothing else.
func TestManyIsIndependentOfWorkers(t *testing.T) {
	x, y := mat.New[float32](50, 3), mat.New[float32](50, 1)
	for i := range x.Data {
		x.Data[i] = float32(i%7) - 3
	}
	for i := range y.Data {
		y.Data[i] = float32(i % 2)
	}
	run := func(workers int) [][]float32 {
		slots := make([][]float32, 9)
		err := Many(t.Context(), len(slots), workers, func(ctx context.Context, i int) error {
			net, err := network.New(3, &network.Dense[float32]{Units: 4, Activation: activation.ReLU[float32]{}}, &network.Dense[float32]{Units: 1})
			if err != nil {
				return err
			}
			net.Init(uint64(i))
			rule, err := optimizer.NewAdam[float32](len(net.Weights()), optimizer.Reference, optimizer.AdamConfig{})
			if err != nil {
				return err
			}
			cfg := Config[float32]{
				Cost: cost.BinaryCrossEntropy[float32]{On: cost.Logits}, Rule: rule, Schedule: optimizer.Constant{Base: .01},
				Epochs: 3, Batch: 8, Seed: uint64(i),
			}
			for _, err := range Run(ctx, net, x, y, cfg) {
				if err != nil {
					return err
				}
			}
			slots[i] = net.Weights()
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return slots
	}
	one := run(1)
	if slices.Equal(one[0], one[1]) {
		t.Fatal("two seeds, one result: the test says nothing")
	}
	for _, workers := range []int{0, 2, 5, 100} {
		if got := run(workers); !slices.EqualFunc(got, one, slices.Equal[[]float32]) {
			t.Errorf("%d workers give other weights than one", workers)
		}
	}
}

// Every fit runs once, and no more of them at a time than asked.
func TestManyCounts(t *testing.T) {
	for _, c := range [][3]int{{0, 3, 0}, {1, 3, 1}, {40, 3, 3}, {40, 1, 1}, {40, 0, runtime.GOMAXPROCS(0)}} {
		var now, most atomic.Int32
		runs := make([]atomic.Int32, c[0])
		err := Many(t.Context(), c[0], c[1], func(_ context.Context, i int) error {
			at := now.Add(1)
			for old := most.Load(); at > old && !most.CompareAndSwap(old, at); old = most.Load() {
			}
			runs[i].Add(1)
			runtime.Gosched()
			now.Add(-1)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if got := int(most.Load()); got > c[2] {
			t.Errorf("%d fits, %d workers: %d at a time", c[0], c[1], got)
		}
		for i := range runs {
			if n := runs[i].Load(); n != 1 {
				t.Errorf("fit %d ran %d times", i, n)
			}
		}
	}
}

// The lowest failure is the one reported, however late it comes; those after it are stopped, those before it end.
func TestManyReportsTheLowestFailure(t *testing.T) {
	for range 50 {
		others := make(chan struct{})
		var ended [10]atomic.Bool
		err := Many(t.Context(), 10, 4, func(ctx context.Context, i int) error {
			switch i {
			case 1:
				<-others // fails last
				return errors.New("fit 1")
			case 2:
				close(others)
				return errors.New("fit 2")
			case 3:
				<-ctx.Done() // only a failure before it sets it free
				return ctx.Err()
			}
			ended[i].Store(true)
			return nil
		})
		if err == nil || err.Error() != "fit 1" {
			t.Fatalf("got %v", err)
		}
		if !ended[0].Load() {
			t.Fatal("fit 0 was not left to end")
		}
	}
}

// A fit that begins after a failure would be work for nothing.
func TestManyStopsAfterAFailure(t *testing.T) {
	ran := 0
	err := Many(t.Context(), 100, 1, func(_ context.Context, i int) error {
		ran++
		if i == 4 {
			return errors.New("the fifth")
		}
		return nil
	})
	if err == nil || ran != 5 {
		t.Errorf("%v after %d fits", err, ran)
	}
}

func TestManyTurnsAPanicIntoAnError(t *testing.T) {
	err := Many(t.Context(), 3, 2, func(_ context.Context, i int) error {
		if i == 1 {
			panic(fmt.Sprint("index ", i))
		}
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "index 1") || !strings.Contains(say.In(say.English, err), "2 of 3") {
		t.Errorf("got %v", err)
	}
}

// The end of ctx ends the work with ctx's cause, not with what the fits made of it.
func TestManyIsCancelled(t *testing.T) {
	why := errors.New("enough")
	for _, what := range []func(context.Context) error{context.Cause, func(ctx context.Context) error { return fmt.Errorf("fit: %w", ctx.Err()) }} {
		ctx, stop := context.WithCancelCause(t.Context())
		ran := atomic.Int32{}
		err := Many(ctx, 100, 2, func(own context.Context, _ int) error {
			if ran.Add(1) == 2 {
				stop(why)
			}
			<-own.Done()
			return what(own)
		})
		if !errors.Is(err, why) || ran.Load() != 2 {
			t.Errorf("%v after %d fits", err, ran.Load())
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	err := Many(ctx, 5, 2, func(context.Context, int) error { t.Error("a fit began"); return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
