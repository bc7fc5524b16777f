package kernel

// worth is the multiply-adds from which on a product is shared with the team: about a microsecond's work.
const worth = 1 << 16

// Share is Run with the helpers that are free. The bits are those of Run.
func (p *Gemm[T]) Share(s *Scratch) {
	if p.m*p.n*p.k < worth || !assembled[T]() {
		p.Run(s)
		return
	}
	rows, cols := p.grain(crew.cores())
	across := ceil(p.n, cols)
	chunks := across * ceil(p.m, rows)
	if !share(chunks, func(t *task) { p.hand(t); t.p = [4]int{rows, cols, across} }) {
		p.Run(s)
	}
}

// grain is the size of the chunks for so many cores: by columns where there are enough panels, because then every chunk packs only
// its own part of b, else by rows.
func (p *Gemm[T]) grain(cores int) (rows, cols int) {
	if ceil(p.n, PanelWidth) >= 2*cores || p.m < 2*rowUnit {
		return p.m, evenly(p.n, PanelWidth, cores)
	}
	return evenly(p.m, rowUnit, cores), p.n
}

// evenly cuts length into chunks, multiples of unit, so that the core with most to do has least: chunks are taken in order by whoever
// is free. At least two for each core where that costs nothing, because a core may be disturbed.
func evenly(length, unit, cores int) int {
	best, least := 0, 0
	for per := 6; per > 0; per-- {
		size := ceil(ceil(length, unit), per*cores) * unit
		full, rest := length/size, length%size
		most := full / cores * size
		if full%cores == 0 {
			most += rest
		} else {
			most += size
		}
		most += per * unit / 8 // each chunk costs a little
		if best == 0 || most < least || most == least && per > 1 {
			best, least = size, most
		}
	}
	return best
}

// rowUnit is the rows that a chunk is a multiple of, those of a tile of AVX-512.
const rowUnit = 14

// hand gives the product to the team.
func (p *Gemm[T]) hand(t *task) {
	switch p := any(p).(type) {
	case *Gemm[float32]:
		t.product = *p
		t.run = productChunk
	case *Gemm[float64]:
		t.double = *p
		t.run = doubleChunk
	}
}

// Not literals within hand: one within a generic function is a new object each time.
func productChunk(t *task, i int) { t.product.chunk(t.p, i) }

func doubleChunk(t *task, i int) { t.double.chunk(t.p, i) }

// chunk computes chunk i of those that are rows × cols, across beside one another.
func (p *Gemm[T]) chunk(by [4]int, i int) {
	rows, cols, across := by[0], by[1], by[2]
	row, col := i/across*rows, i%across*cols
	p.Part(nil, row, min(row+rows, p.m), col, min(col+cols, p.n))
}

func ceil(a, b int) int { return (a + b - 1) / b }
