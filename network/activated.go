package network

import (
	"gradus/activation"
	"gradus/mat"
)

// activated is the end of a stage: h = f(o) and do = dh·f′(o), with the cells of both.
type activated[T mat.Float] struct {
	f        activation.Func[T]
	watch    *parts
	o, h, do mat.Matrix[T] // room for rows (rows,out)
	dh       mat.Matrix[T] // what the layer after handed back (n,out)
	n        int
	noO      bool // h came without o
}

func newActivated[T mat.Float](f activation.Func[T], rows, out int, training bool) activated[T] {
	a := activated[T]{f: f, o: mat.New[T](rows, out), h: mat.New[T](rows, out)}
	if training {
		a.do = mat.New[T](rows, out)
	}
	return a
}

// room lends o for n rows.
func (a *activated[T]) room(n int) mat.Matrix[T] {
	a.n, a.noO = n, false
	return a.o.Top(n)
}

// without lends h for n rows to whoever writes it without o: ReLU, whose slope h tells as well.
func (a *activated[T]) without(n int) mat.Matrix[T] {
	a.n, a.noO = n, true
	return a.h.Top(n)
}

func (a *activated[T]) forward() mat.Matrix[T] {
	a.watch.afterProduct()
	h := a.h.Top(a.n)
	a.f.Forward(h, a.o.Top(a.n))
	return h
}

func (a *activated[T]) backward(dh mat.Matrix[T]) mat.Matrix[T] {
	a.dh = dh
	do, o, h := a.do.Top(a.n), a.o.Top(a.n), a.h.Top(a.n)
	if a.noO {
		o = h
	}
	a.f.Backward(do, dh, o, h)
	a.watch.afterSlope()
	return do
}

// linear lends do to whoever writes it without ∂E/∂h, which is then not known.
func (a *activated[T]) linear(n int) (name string, o, do mat.Matrix[T]) {
	a.dh = mat.Matrix[T]{}
	return a.f.Name(), a.o.Top(n), a.do.Top(n)
}

func (a *activated[T]) cells() Cells[T] {
	c := Cells[T]{H: a.h.Top(a.n), DH: a.dh}
	if !a.noO {
		c.O = a.o.Top(a.n)
	}
	if a.do.Data != nil {
		c.DO = a.do.Top(a.n)
	}
	return c
}
