package train

import (
	"math"

	"gradus/internal/kernel"
	"gradus/internal/say"
	"gradus/mat"
	"gradus/optimizer"
)

// diverged finds where the last forward pass went wrong: the first layer, from the input on, with a number that is not finite,
// else the cost e itself. The weights are finite (finiteState saw to it), so it was the update before that made them too large.
func (t *Trainer[T]) diverged(e float64) error {
	layers := t.net.Layers()
	for i := range layers {
		c := t.pass.Cells(i)
		for _, cell := range []mat.Matrix[T]{c.O, c.H} {
			if v, bad := notFinite(cell.Data); bad {
				return t.failure(t.place.Iteration+1, i+1, v)
			}
		}
	}
	return t.failure(t.place.Iteration+1, len(layers), e)
}

// finiteState looks at what the iteration just done has changed: weights and running statistics.
func (t *Trainer[T]) finiteState() error {
	if !allFinite(t.net.Weights()) {
		for _, s := range t.net.Spans() {
			if v, bad := notFinite(t.net.Weights()[s.Start:s.End]); bad {
				return t.failure(t.place.Iteration, s.Layer+1, v)
			}
		}
	}
	for _, b := range t.state {
		if v, bad := notFinite(b.Values); bad {
			return t.failure(t.place.Iteration, b.layer+1, v)
		}
	}
	return nil
}

// failure names iteration, layer, value and the α of the last update; before the first, α is not to blame.
func (t *Trainer[T]) failure(iteration, layer int, value float64) error {
	alpha := t.place.Alpha
	if t.place.Iteration == 0 {
		return say.Failure("train.start", "layer", layer, "value", value)
	}
	return say.Failure("train.diverged", "iteration", iteration, "epoch", t.place.Epoch, "layer", layer, "value", value,
		"alpha", alpha, "smaller", optimizer.Smaller(alpha))
}

// allFinite adds v−v, which is 0 or NaN, in four sums at once: it reads every weight in every iteration, so it must cost little.
func allFinite[T mat.Float](v []T) bool {
	if sum, done := kernel.SquareSum(v); done {
		return finite(sum) // in float64 no square of a float32 overflows
	}
	var a, b, c, d T
	for ; len(v) >= 4; v = v[4:] {
		a += v[0] - v[0]
		b += v[1] - v[1]
		c += v[2] - v[2]
		d += v[3] - v[3]
	}
	for _, x := range v {
		a += x - x
	}
	return a+b+c+d == 0
}

func notFinite[T mat.Float](v []T) (float64, bool) {
	for _, x := range v {
		if !finite(float64(x)) {
			return float64(x), true
		}
	}
	return 0, false
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
