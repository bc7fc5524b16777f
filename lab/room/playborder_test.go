package room

import (
	"math"
	"testing"
)

// The line between inside and outside of a circle is one ring of that radius; that of a hill and a valley has as many pieces.
func TestBoundary(t *testing.T) {
	for name, c := range map[string]struct {
		of     func(x, y float64) float64
		pieces int
		closed bool
	}{
		"circle": {func(x, y float64) float64 { return 4 - x*x - y*y }, 1, true},
		"line":   {func(x, y float64) float64 { return x + y/2 }, 1, false},
		"bands":  {func(x, _ float64) float64 { return math.Sin(2 * x) }, 3, false},
		"none":   {func(_, _ float64) float64 { return 1 }, 0, false},
		"saddle": {func(x, y float64) float64 { return x * y }, 2, false},
	} {
		values := make([]float32, 0, planeSide*planeSide)
		for _, p := range playGrid(planeSide) {
			values = append(values, float32(c.of(p[0], p[1])))
		}
		line := boundary(values)
		pieces, first := 0, 0
		for i := range line.X {
			if i == len(line.X)-1 || line.Y[i] == nil {
				pieces++
				last := i
				if line.Y[i] == nil {
					last--
				}
				if closed := line.X[first] == line.X[last] && *line.Y[first] == *line.Y[last]; closed != c.closed {
					t.Errorf("%s: piece %d closed %v", name, pieces, closed)
				}
				first = i + 1
			}
			if line.Y[i] != nil && math.Abs(c.of(line.X[i], *line.Y[i])) > .02 {
				t.Errorf("%s: %g, %g is off the line by %g", name, line.X[i], *line.Y[i], c.of(line.X[i], *line.Y[i]))
			}
		}
		if pieces != c.pieces {
			t.Errorf("%s: %d pieces, want %d", name, pieces, c.pieces)
		}
	}
}
