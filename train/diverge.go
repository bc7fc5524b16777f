package train

import (
	"math"

	"gradus/internal/say"
	"gradus/mat"
)

// diverged finds where the last forward pass went wrong: the first layer, from the input on, with a number that is not finite.
func (t *Trainer[T]) diverged(e, alpha float64) error {
	for i := range t.net.Layers() {
		c := t.pass.Cells(i)
		for _, cell := range []mat.Matrix[T]{c.O, c.H} {
			if v, bad := notFinite(cell.Data); bad {
				return t.failure(i+1, v, alpha)
			}
		}
	}
	return t.failure(len(t.net.Layers()), e, alpha)
}

// finiteWeights looks at the weights after the update.
func (t *Trainer[T]) finiteWeights(alpha float64) error {
	for _, s := range t.net.Spans() {
		if v, bad := notFinite(t.net.Weights()[s.Start:s.End]); bad {
			return t.failure(s.Layer+1, v, alpha)
		}
	}
	return nil
}

func (t *Trainer[T]) failure(layer int, value, alpha float64) error {
	return say.Failure("train.diverged", "iteration", t.place.Iteration+1, "epoch", t.place.Epoch, "layer", layer, "value", value,
		"alpha", alpha, "smaller", alpha/10)
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
