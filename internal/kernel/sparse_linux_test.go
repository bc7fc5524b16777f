package kernel

import (
	"math/rand/v2"
	"syscall"
	"testing"
	"unsafe"
)

// sparse is n floats, 0 where nobody writes, of which only what is touched takes memory; nil where the system lends no such room.
func sparse(t *testing.T, n int) []float32 {
	t.Helper()
	memory, err := syscall.Mmap(-1, 0, 4*n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE|syscall.MAP_NORESERVE)
	if err != nil {
		return nil
	}
	t.Cleanup(func() { _ = syscall.Munmap(memory) })
	return unsafe.Slice((*float32)(unsafe.Pointer(&memory[0])), n)
}

// Places beyond 2³¹ numbers and bytes are found: the last rows of a matrix of 11 GB, which is never there as a whole.
func TestPlacesBeyondInt32(t *testing.T) {
	const many, wide = 70_000, 40_000 // 2.8e9 numbers
	large, c := sparse(t, many*wide), make([]float32, wide)
	if large == nil {
		return // no machine for it
	}
	r := rand.New(rand.NewPCG(51, 52))
	tail := large[(many-3)*wide:]
	for i := range tail {
		tail[i] = float32(r.IntN(17) - 8) // small whole numbers: every order and rounding gives the same
	}
	w, x := make([]float32, 2*wide), []float32{1, 2, -3}
	for i := range w {
		w[i] = float32(r.IntN(5) - 2)
	}
	everywhere(t, func(name string) {
		h := make([]float32, many*2) // x is large: its last rows
		p := Forward(h, large, w, nil, many, 2, wide, false)
		p.Part(nil, many-3, many, 0, 2)
		for i := range 6 {
			want := 0
			for k := range wide {
				want += int(tail[i/2*wide+k]) * int(w[i%2*wide+k])
			}
			if h[(many-3)*2+i] != float32(want) {
				t.Fatalf("%s: x large, element %d is %v, want %d", name, i, h[(many-3)*2+i], want)
			}
		}
		p = Gradient(c, x, tail, 3, 1, wide) // the end of it, as a small matrix
		p.Run(nil)
		p = Gradient(large, w[:many], c, 1, many, wide) // the result is large: its last rows, then back
		kept := append([]float32(nil), tail...)
		p.Part(nil, many-3, many, 0, wide)
		for k, v := range tail {
			if want := w[many-3+k/wide] * c[k%wide]; v != want {
				t.Fatalf("%s: result large, element %d is %v, want %v", name, k, v, want)
			}
		}
		copy(tail, kept)
	})
}
