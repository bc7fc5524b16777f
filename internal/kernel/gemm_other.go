//go:build (!amd64 && !arm64) || noasm

package kernel

// strip is empty here, where nothing is transposed by it.
type strip struct{}

func (p *Gemm) fast(_ *Scratch, row0, row1, col0, col1 int) { p.plain(row0, row1, col0, col1) }

func fastPackPanel([]float32, []float32, int, int, int) {}

func fastSumRows([]float32, []float32) {}
