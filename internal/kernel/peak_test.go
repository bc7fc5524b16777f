package kernel

import "testing"

// Nothing to do takes no time and counts nothing; the count grows with the rounds.
func TestMultiplyAddsCounts(t *testing.T) {
	if n := MultiplyAdds(0); n != 0 {
		t.Errorf("0 rounds: %d operations", n)
	}
	if n := MultiplyAdds(-3); n != 0 {
		t.Errorf("−3 rounds: %d operations", n)
	}
	one := MultiplyAdds(1)
	if one < 16 {
		t.Errorf("one round: %d operations, at least the 16 of plain Go", one)
	}
	if n := MultiplyAdds(1000); n != 1000*one {
		t.Errorf("1000 rounds: %d operations, one has %d", n, one)
	}
	if n := plainMultiplyAdds(7); n != 7*16 {
		t.Errorf("plain Go, 7 rounds: %d operations", n)
	}
}

func BenchmarkPeak(b *testing.B) {
	n := 0
	for b.Loop() {
		n = MultiplyAdds(10000)
	}
	rate(b, n)
}
