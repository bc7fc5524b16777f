package kernel

// Products computes the products of one layer, with memory of its own and, where they are large, with the helpers. The zero value is
// ready; one goroutine uses it at a time.
type Products[T Float] struct{ scratch Scratch }

// Affine is c = a · bᵀ + bias: c (n,out), a (n,in), b (out,in), bias (out) or empty.
func (s *Products[T]) Affine(c, a, b, bias []T, n, out, in int) {
	if inSingle[T]() {
		if len(bias) == 0 {
			bias = nil
		}
		p := Forward(single(c), single(a), single(b), single(bias), n, out, in, false)
		p.Share(&s.scratch)
		return
	}
	MulT(c, a, b, n, out, in)
	if len(bias) > 0 {
		AddRow(c, bias)
	}
}

// Mul is c = a · b: c (n,in), a (n,out), b (out,in).
func (s *Products[T]) Mul(c, a, b []T, n, out, in int) {
	if inSingle[T]() {
		p := Backward(single(c), single(a), single(b), nil, n, out, in)
		p.Share(&s.scratch)
		return
	}
	Mul(c, a, b, n, out, in)
}

// MulTA is c = aᵀ · b: c (out,in), a (n,out), b (n,in).
func (s *Products[T]) MulTA(c, a, b []T, n, out, in int) {
	if inSingle[T]() {
		p := Gradient(single(c), single(a), single(b), n, out, in)
		p.Share(&s.scratch)
		return
	}
	MulTA(c, a, b, n, out, in)
}
