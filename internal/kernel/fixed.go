package kernel

// Fixed is a product that is run many times in the same place. A small one keeps the calls that it consists of, which saves the
// 25 ns of finding them each time. It owns what it packs into, so one goroutine at a time runs it.
type Fixed[T Float] struct {
	product Gemm[T]
	scratch Scratch
	with    level // what calls were kept for; plainGo: none were
	packed  []T
	strips  []strip
	calls   []keptCall
}

// Fix readies the product for many runs.
func (p Gemm[T]) Fix() *Fixed[T] {
	f := &Fixed[T]{product: p}
	f.keep(&p)
	return f
}

// moveA and moveB make it the product of another a or b of the same shape; a b that is packed on the way stays where it is.
func (f *Fixed[T]) moveA(a []T) {
	f.product.a = a[:len(f.product.a)]
	f.product.check()
	f.moveKept()
}

func (f *Fixed[T]) moveB(b []T) {
	f.product.b = b[:len(f.product.b)]
	f.product.check()
	f.moveKept()
}

// Run computes the whole result.
func (f *Fixed[T]) Run() {
	if f.with == isa && isa != plainGo {
		f.runKept()
		return
	}
	f.product.Run(&f.scratch)
}
