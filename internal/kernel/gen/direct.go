package main

// direct is simd for routines that are said to AVX alone, in its own instructions where they need more than the steps of a machine.
type direct struct {
	*simd
	*avx
	*state
}

// onAVX is the body of a routine that is said to AVX.
func onAVX(body func(s *direct)) func(s *simd) {
	return func(s *simd) { body(&direct{s, s.machine.(*avx), s.state}) }
}
