package fit

import (
	"gradus/cost"
	"gradus/internal/kernel"
	"gradus/model"
)

// weighed is the cost c, or, where the settings ask for it, that in which each class of y (0 … k−1) weighs n/(k·n_c), corrected for the
// weights so that the probabilities stay right. A class without a row weighs as much as one with one.
func weighed[T kernel.Float](c cost.Func[T], s model.Settings, y []T, outputs int) cost.Func[T] {
	if !s.ClassWeights {
		return c
	}
	counts := make([]float64, max(outputs, 2))
	for _, v := range y {
		counts[int(v)]++
	}
	for i, n := range counts {
		counts[i] = float64(len(y)) / float64(len(counts)) / max(n, 1)
	}
	return cost.Weighted[T](counts, outputs)
}
