package kernel

import "unsafe"

// Scratch is the memory that large products pack their operands into. It grows to what the products run with it need, at most
// 4.9 MB, and stays; one Scratch serves one goroutine at a time. The zero Scratch is ready.
type Scratch struct{ a, b []float32 }

// floats returns n floats, aligned to a cache line, that held anything before.
func floats(buffer *[]float32, n int) []float32 {
	if len(*buffer) < n {
		raw := make([]float32, n+15)
		skip := -int(uintptr(unsafe.Pointer(unsafe.SliceData(raw)))/4) & 15
		*buffer = raw[skip:][:n]
	}
	return (*buffer)[:n]
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
