package trial

import (
	"gradus/internal/kernel"
	"gradus/mat"
	"gradus/network"
)

// Scenery is a plane of points at which a network is looked at step after step: what every neuron says there, for pictures. The points
// go through the layers together, block by block, and functions that are dear to compute are read from a table of themselves, within
// 1e-7: more than any mark can show. What is written as a number does not come from here. Same weights, same bits, on every platform.
type Scenery struct {
	// Out is h of the one output at every point. Near is h of every neuron, layer by layer, at the last points alone.
	Out  []float64
	Near [][][]float64

	eye    *network.Network[float64]
	layers []painted
	blocks []mat.Matrix[float64] // (in, points of a block)
	a, b   []float64             // what goes into a layer, and what comes out
}

// painted is a dense layer as a scenery sees it.
type painted struct {
	*network.Dense[float64]
	table *table
}

// block is how many points go through the layers together: what they make fits into the memory that is near.
const block = 256

// Scenery looks at the points of x (n,in), with room for what the neurons say at the last near of them.
func (w *Walk) Scenery(x mat.Matrix[float64], near int) *Scenery {
	v := &Scenery{Out: make([]float64, x.Rows), eye: w.eye}
	widest := x.Cols
	tables := map[string]*table{"": {}}
	for _, d := range dense(w.eye) {
		name := ""
		if d.Activation != nil {
			name = d.Activation.Name()
		}
		if tables[name] == nil {
			tables[name] = newTable(d.Activation)
		}
		v.layers = append(v.layers, painted{d, tables[name]})
		widest = max(widest, d.Units)
		cells := make([][]float64, d.Units)
		for n := range cells {
			cells[n] = make([]float64, near)
		}
		v.Near = append(v.Near, cells)
	}
	v.a, v.b = make([]float64, widest*block), make([]float64, widest*block)
	for from := 0; from < x.Rows; from += block {
		v.blocks = append(v.blocks, turned(x, from, min(from+block, x.Rows)))
	}
	return v
}

// turned is rows from … to−1 of x as columns.
func turned(x mat.Matrix[float64], from, to int) mat.Matrix[float64] {
	m := mat.New[float64](x.Cols, to-from)
	for r := from; r < to; r++ {
		for c, v := range x.Row(r) {
			m.Data[c*m.Cols+r-from] = v
		}
	}
	return m
}

// Look passes the points through the network of a stop; Out and Near are live until it looks again.
func (v *Scenery) Look(s Stop) {
	copy(v.eye.Weights(), s.Weights)
	for i, x := range v.blocks {
		v.through(x, i*block)
	}
}

// through passes one block, whose first point is at.
func (v *Scenery) through(x mat.Matrix[float64], at int) {
	in, room, other := x.Data, v.a, v.b
	first := len(v.Out) - len(v.Near[0][0]) // of the points that every neuron is asked at
	for l, d := range v.layers {
		out := room[:d.Units*x.Cols]
		kernel.Mul(out, d.Weights().Data, in, d.Units, len(in)/x.Cols, x.Cols)
		for n := range d.Units {
			row := out[n*x.Cols : (n+1)*x.Cols]
			d.table.read(row, d.Biases()[n])
			if end := at + x.Cols; end > first {
				from := max(at, first)
				copy(v.Near[l][n][from-first:], row[from-at:])
			}
		}
		in, room, other = out, other, room
	}
	copy(v.Out[at:], in)
}

// The table goes from −edge to edge in steps of 1/fine.
const (
	edge = 32
	fine = 32
)

// function is an activation.
type function interface {
	Forward(h, o mat.Matrix[float64])
	Backward(do, dh, o, h mat.Matrix[float64])
}

// table is a function as cubics, one for each step, that have its values and its slopes at both ends; without any where the function is
// not smooth enough for that: such a one costs next to nothing.
type table struct {
	f      function // nil: linear
	cubics [][4]float64
}

func newTable(f function) *table {
	const n = 2*edge*fine + 1
	o, ones := mat.New[float64](1, n), mat.New[float64](1, n)
	h, slope := mat.New[float64](1, n), mat.New[float64](1, n)
	for i := range n {
		o.Data[i], ones.Data[i] = float64(i)/fine-edge, 1
	}
	f.Forward(h, o)
	f.Backward(slope, ones, o, h)
	t := &table{f: f, cubics: make([][4]float64, n-1)}
	for i := range t.cubics {
		rise, from, to := h.Data[i+1]-h.Data[i], slope.Data[i]/fine, slope.Data[i+1]/fine
		t.cubics[i] = [4]float64{h.Data[i], from, float64(3*rise) - float64(2*from) - to, from + to - float64(2*rise)}
		o.Data[i] = (float64(i)+.5)/fine - edge
	}
	between, read := h.Top(1), slope.Top(1)
	f.Forward(between, o)
	copy(read.Data, o.Data)
	t.read(read.Data, 0)
	for i, v := range read.Data[:n-1] {
		if d := v - between.Data[i]; !(d < 1e-7 && d > -1e-7) {
			return &table{f: f}
		}
	}
	return t
}

// read puts f(o + bias) in the place of every o of row.
func (t *table) read(row []float64, bias float64) {
	if t.cubics == nil {
		for i := range row {
			row[i] += bias
		}
		if t.f != nil {
			m := mat.View(1, len(row), row)
			t.f.Forward(m, m)
		}
		return
	}
	cubics := t.cubics
	for i, o := range row {
		o += bias
		u := float64((o + edge) * fine)
		if !(u >= 0 && u < 2*edge*fine) { // NaN too
			row[i] = o
			m := mat.View(1, 1, row[i:i+1])
			t.f.Forward(m, m)
			continue
		}
		k := int(u)
		c := &cubics[k]
		u -= float64(k)
		row[i] = c[0] + float64(u*(c[1]+float64(u*(c[2]+float64(u*c[3])))))
	}
}
