package mat

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// A size that no memory could hold, or that wraps around to a small one, is refused with the size.
func TestSizesThatNoMemoryHolds(t *testing.T) {
	for _, s := range [][2]int{{-1, 2}, {2, -1}, {-1, -1}, {1 << 32, 1 << 32}, {1 << 62, 4}, {3, math.MaxInt}} {
		for name, f := range map[string]func(){
			"New":  func() { New[float32](s[0], s[1]) },
			"View": func() { View(s[0], s[1], make([]float64, max(0, min(s[0]*s[1], 8)))) },
		} {
			func() {
				defer func() {
					if said := fmt.Sprint(recover()); !strings.Contains(said, fmt.Sprintf("(%d,%d)", s[0], s[1])) {
						t.Errorf("%s%v: %q", name, s, said)
					}
				}()
				f()
			}()
		}
	}
	for _, s := range [][2]int{{0, math.MaxInt}, {math.MaxInt, 0}, {0, 0}, {3, 4}} {
		if m := New[float32](s[0], s[1]); m.Rows != s[0] || m.Cols != s[1] || len(m.Data) != s[0]*s[1] || View(s[0], s[1], m.Data).Rows != s[0] {
			t.Errorf("New%v gives (%d,%d) of %d", s, m.Rows, m.Cols, len(m.Data))
		}
	}
}
