package kernel

import "unsafe"

// Scratch is the memory that large products pack their operands into. It grows to what the products run with it need, at most
// 4.9 MB, and stays; one Scratch serves one goroutine at a time. The zero Scratch is ready.
type Scratch struct{ a, b []float32 }

// floats returns n numbers, aligned to a cache line, that held anything before.
func floats[T Float](buffer *[]float32, n int) []T {
	words := n * sizeOf[T]() / 4
	if len(*buffer) < words {
		raw := make([]float32, words+15)
		skip := -int(uintptr(unsafe.Pointer(unsafe.SliceData(raw)))/4) & 15
		*buffer = raw[skip:][:words]
	}
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(*buffer))), n)
}

// spare lends a Scratch to products run without one.
var spare = make(chan *Scratch, 64)

func borrow() *Scratch {
	select {
	case s := <-spare:
		return s
	default:
		return new(Scratch)
	}
}

func giveBack(s *Scratch) {
	select {
	case spare <- s:
	default:
	}
}
