package table

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gradus/mat"
)

// Filling one row of features: numbers standardised, categories as indicators.
func BenchmarkFill(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, kind := range []string{"numbers", "categories"} {
		var file strings.Builder
		for c := range 30 {
			fmt.Fprintf(&file, "c%d,", c)
		}
		file.WriteString("y\n")
		for range 2000 {
			for range 30 {
				if kind == "numbers" {
					fmt.Fprintf(&file, "%.2f,", r.NormFloat64()*100)
				} else {
					fmt.Fprintf(&file, "%c,", 'a'+r.IntN(5))
				}
			}
			file.WriteString("0\n")
		}
		tbl, err := Read(strings.NewReader(file.String()), "bench.csv", Options{})
		if err != nil {
			b.Fatal(err)
		}
		p, err := Fit(tbl, nil, "y", PrepareOptions{})
		if err != nil {
			b.Fatal(err)
		}
		bound, err := p.Bind(tbl)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(kind, func(b *testing.B) {
			const rows = 128
			x, warnings := mat.New[float32](rows, bound.Width()), make([]Warning, 0, 64)
			row := 0
			for b.Loop() {
				bound.Fill(x, row, warnings)
				row = (row + rows) % (tbl.Rows - rows)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows*30), "ns/cell")
		})
	}
}
