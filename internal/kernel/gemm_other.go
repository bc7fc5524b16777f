//go:build (!amd64 && !arm64) || noasm

package kernel

// doubles says whether assembly computes in float64 too.
const doubles = false

// strip is empty here, where nothing is transposed by it.
type strip struct{}

func (p *Gemm[T]) fast(_ *Scratch, row0, row1, col0, col1 int) { p.plain(row0, row1, col0, col1) }

func fastPackPanel[T Float]([]T, []T, int, int, int) {}

func fastSumRows([]float32, []float32) {}
