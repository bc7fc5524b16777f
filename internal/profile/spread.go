package profile

import (
	"math/bits"
	"time"
)

// spread counts times by length, sixteen lengths to each doubling, so that a median is known to 3 % without keeping the times.
type spread [60 << fine]uint32

const fine = 4 // bits of a time that its length keeps

func (s *spread) add(d time.Duration) {
	if at := length(d); at < len(s) {
		s[at]++
	}
}

// length is where times like d are counted: itself below 16 ns, then the doubling and the bits that follow its highest.
func length(d time.Duration) int {
	shift := max(bits.Len64(uint64(d))-fine-1, 0)
	return shift<<fine + int(d>>shift)
}

// middle is the middle of the times that are counted at.
func middle(at int) float64 {
	shift := max(at>>fine-1, 0)
	return (float64(at-shift<<fine) + .5) * float64(uint64(1)<<shift)
}

// median is the middle one of the times.
func (s *spread) median() float64 {
	var all, seen uint64
	for _, n := range s {
		all += uint64(n)
	}
	for at, n := range s {
		if seen += uint64(n); 2*seen > all {
			return middle(at)
		}
	}
	return 0
}
