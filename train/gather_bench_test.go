package train

import (
	"fmt"
	"testing"

	"gradus/mat"
)

// Gathering a batch: rows in an order of chance, x and y.
func BenchmarkGather(b *testing.B) {
	for _, s := range [][3]int{{569, 30, 32}, {60000, 784, 64}} {
		x, y := mat.New[float32](s[0], s[1]), mat.New[float32](s[0], 1)
		for i := range x.Data { // untouched memory is all one page
			x.Data[i] = float32(i)
		}
		o := newOrder(s[0])
		o.shuffle(1, 1)
		room := newRoom(x, y, s[2])
		b.Run(fmt.Sprint(s), func(b *testing.B) {
			at := 0
			for b.Loop() {
				if at+s[2] > s[0] {
					at = 0
				}
				room.gather(x, y, o.rows[at:at+s[2]])
				at += s[2]
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*s[1]*s[2]), "ns/element")
		})
	}
}
