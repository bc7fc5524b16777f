package kernel

// worth is the multiply-adds from which on a product is shared with the team: about a microsecond's work.
const worth = 1 << 16

// Share is Run with the helpers that are free. The bits are those of Run.
func (p *Gemm) Share(s *Scratch) {
	if p.m*p.n*p.k < worth || isa == plainGo {
		p.Run(s)
		return
	}
	rows, cols := p.grain(int(crew.size.Load()))
	across := ceil(p.n, cols)
	chunks := across * ceil(p.m, rows)
	if !share(chunks, func(t *task) { t.run, t.product, t.p = gemmChunk, *p, [4]int{rows, cols, across} }) {
		p.Run(s)
	}
}

// grain is the size of the chunks for so many cores: two for each of them, by columns where there are enough panels, because then
// every chunk packs only its own part of b, else by rows.
func (p *Gemm) grain(cores int) (rows, cols int) {
	panels, want := ceil(p.n, PanelWidth), 2*max(cores, 1)
	if panels >= want || p.m < 2*rowUnit {
		return p.m, ceil(panels, want) * PanelWidth
	}
	return max(ceil(ceil(p.m, rowUnit), want), 1) * rowUnit, p.n
}

// rowUnit is the rows that a chunk is a multiple of: those of tiles, for AVX-512 and AVX2 alike; NEON ends each chunk with half a tile.
const rowUnit = 42

func gemmChunk(t *task, i int) {
	rows, cols, across := t.p[0], t.p[1], t.p[2]
	row, col := i/across*rows, i%across*cols
	t.product.Part(nil, row, min(row+rows, t.product.m), col, min(col+cols, t.product.n))
}

func ceil(a, b int) int { return (a + b - 1) / b }
