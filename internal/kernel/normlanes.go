package kernel

// normLanes is a Norm that is computed by lanes.
type normLanes Norm[float32]

// normPass is what a routine of normalisation gets; gen/norm.go knows the fields by their place.
type normPass struct {
	a, b, c           *float32 // matrices: x x̂ o, or do x̂ dx
	sum, along, scale *float32 // mean, variance, scale; dβ, dγ, scale
	n, rows, stride   int      // columns, rows, bytes from row to row
	k                 [6]float32
	gamma, beta       *float32
}

// normPart is a routine of normalisation.
type normPart uint8

const (
	sumsPart normPart = iota
	squaresPart
	meansPart
	scalesPart
	affinePart
	gradientsPart
	backPart
	settlePart
	rowsPart
	rowsBackPart
)

// wideNorm is the floats of a matrix from which on its normalisation is shared with the team, some 10 µs of work.
const wideNorm = 4 * piece

// normRange is the work on columns or rows first … last−1: of x to o, or of do to dx.
type normRange func(n *normLanes, to, from []float32, first, last int)

// cut runs do over so many columns or rows, per at a time, those of a large matrix with the helpers.
func (n *normLanes) cut(do normRange, to, from []float32, length, per int) {
	if len(from) >= wideNorm && share(ceil(length, per), func(t *task) {
		t.run, t.norm, t.normRange, t.all, t.p = normChunk, n, do, [5][]float32{to, from}, [4]int{length, per}
	}) {
		return
	}
	for at := 0; at < length; at += per {
		do(n, to, from, at, min(at+per, length))
	}
}

func normChunk(t *task, i int) {
	length, per := t.p[0], t.p[1]
	t.normRange(t.norm, t.all[0], t.all[1], i*per, min((i+1)*per, length))
}

// fits panics where assembly would go beyond the end of a vector.
func (n *normLanes) fits(scales, floats int) {
	_, _, _, _ = n.Gamma[:n.Width], n.Beta[:n.Width], n.Scale[:scales], n.Xhat[:floats]
}

func (n *normLanes) byColumn(o, x []float32, learn bool) {
	n.fits(n.Width, len(x))
	if learn {
		n.cut(learnColumns, o, x, n.Width, n.panelColumns(len(x)))
	} else {
		n.cut(useColumns, o, x, n.Width, n.panelColumns(len(x)))
	}
}

func (n *normLanes) byRow(o, x []float32) {
	n.fits(len(x)/n.Width, len(x))
	n.cut(forwardRows, o, x, len(x)/n.Width, n.panelRows())
}

func (n *normLanes) backByColumn(dx, do []float32) {
	n.fits(n.Width, len(do))
	n.cut(backColumns, dx, do, n.Width, n.panelColumns(len(do)))
}

func (n *normLanes) backByRow(dx, do []float32) {
	n.fits(len(do)/n.Width, len(do))
	n.cut(gradientColumns, nil, do, n.Width, n.panelColumns(len(do)))
	if dx != nil {
		n.cut(backRows, dx, do, len(do)/n.Width, n.panelRows())
	}
}

// panelColumns is how many columns of a matrix of so many floats are gone through before the next: few enough that the later looks at
// them find them in the cache.
func (n *normLanes) panelColumns(floats int) int {
	rows := max(floats/n.Width, 1)
	per := max(64, (1<<17)/rows&^63)
	if floats >= wideNorm {
		per = min(per, evenly(n.Width, 64, crew.cores()))
	}
	return per
}

// panelRows is the rows of one call: never more than Chunk floats, unless a row has more.
func (n *normLanes) panelRows() int { return max(1, piece/n.Width) }

// matrices are a, b and c of a pass, whole.
type matrices [3][]float32

// near is the floats of a matrix that the nearest cache holds beside those of two more.
const near = 4096

// down runs part over the rows of the columns from column on, few enough in a call that a line of memory which two strips of columns
// share is fetched once.
func (n *normLanes) down(p *normPass, part normPart, m *matrices, column int) {
	p.stride = 4 * n.Width
	rows, most := len(m[0])/n.Width, max(8, near/p.n)
	for r := 0; r < rows; r += most {
		at := r*n.Width + column
		p.rows, p.a = min(most, rows-r), &m[0][at]
		if m[1] != nil {
			p.b = &m[1][at]
		}
		if m[2] != nil {
			p.c = &m[2][at]
		}
		p.run(part)
	}
}

// moments points to the mean and the variance of columns first … last−1, of so many rows.
func (n *normLanes) moments(first, last, rows int) normPass {
	return normPass{
		n: last - first, sum: &n.Mean[first], along: &n.Variance[first], scale: &n.Scale[first], k: [6]float32{float32(rows), n.Epsilon},
		gamma: &n.Gamma[first], beta: &n.Beta[first],
	}
}

func learnColumns(n *normLanes, o, x []float32, first, last int) {
	m := matrices{x, n.Xhat, o}
	clear(n.Mean[first:last])
	clear(n.Variance[first:last])
	p := n.moments(first, last, len(x)/n.Width)
	n.down(&p, sumsPart, &m, first)
	p.run(meansPart)
	n.down(&p, squaresPart, &m, first)
	p.run(scalesPart)
	n.down(&p, affinePart, &m, first)
}

func useColumns(n *normLanes, o, x []float32, first, last int) {
	m := matrices{x, n.Xhat, o}
	p := n.moments(first, last, 1) // the variance stays
	p.run(scalesPart)
	n.down(&p, affinePart, &m, first)
}

func backColumns(n *normLanes, dx, do []float32, first, last int) {
	gradientColumns(n, nil, do, first, last)
	if dx == nil {
		return
	}
	m := matrices{do, n.Xhat, dx}
	p := normPass{
		n: last - first, sum: &n.DBeta[first], along: &n.DGamma[first], scale: &n.Scale[first], k: [6]float32{float32(len(do) / n.Width)},
		gamma: &n.Gamma[first],
	}
	n.down(&p, backPart, &m, first)
}

func gradientColumns(n *normLanes, _, do []float32, first, last int) {
	clear(n.DBeta[first:last])
	clear(n.DGamma[first:last])
	p := normPass{n: last - first, sum: &n.DBeta[first], along: &n.DGamma[first]}
	n.down(&p, gradientsPart, &matrices{do, n.Xhat}, first)
}

func forwardRows(n *normLanes, o, x []float32, first, last int) {
	n.rows(rowsPart, &matrices{x, n.Xhat, o}, first, last)
}

func backRows(n *normLanes, dx, do []float32, first, last int) {
	n.rows(rowsBackPart, &matrices{do, n.Xhat, dx}, first, last)
}

// rows runs part over rows first … last−1, one call.
func (n *normLanes) rows(part normPart, m *matrices, first, last int) {
	at := first * n.Width
	p := normPass{
		a: &m[0][at], b: &m[1][at], c: &m[2][at], n: n.Width, rows: last - first, stride: 4 * n.Width,
		scale: &n.Scale[first], gamma: &n.Gamma[0], beta: &n.Beta[0], k: [6]float32{float32(n.Width), n.Epsilon},
	}
	p.run(part)
}

func (n *normLanes) settle(mean, variance []float32, m float32, rows int) {
	mean, variance = mean[:n.Width], variance[:n.Width]
	p := normPass{
		n: n.Width, sum: &n.Mean[0], along: &n.Variance[0], gamma: &mean[0], beta: &variance[0],
		k: [6]float32{float32(rows), 0, 1 - m, m, float32(rows) - 1},
	}
	p.run(settlePart)
}
