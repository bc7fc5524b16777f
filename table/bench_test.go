package table

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"
)

// repeat is a file made of a header and one block again and again, so that the file itself takes no memory.
type repeat struct {
	header, block []byte
	times, at     int
}

func (r *repeat) Read(p []byte) (int, error) {
	if len(r.header) > 0 {
		n := copy(p, r.header)
		r.header = r.header[n:]
		return n, nil
	}
	if r.times == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.block[r.at:])
	if r.at += n; r.at == len(r.block) {
		r.at, r.times = 0, r.times-1
	}
	return n, nil
}

// numbersFile is rows × 30 numbers, printed with format.
func numbersFile(rows int, format string) *repeat {
	rng := rand.New(rand.NewPCG(1, 2))
	var header, block bytes.Buffer
	for c := range 30 {
		fmt.Fprintf(&header, "c%d,", c)
		if c == 29 {
			header.Truncate(header.Len() - 1)
			header.WriteByte('\n')
		}
	}
	for range 1000 {
		for c := range 30 {
			fmt.Fprintf(&block, format, rng.NormFloat64()*100)
			if c < 29 {
				block.WriteByte(',')
			}
		}
		block.WriteByte('\n')
	}
	return &repeat{header: header.Bytes(), block: block.Bytes(), times: rows / 1000}
}

// The bound of 1,000,000 × 30 is 5 s and 440 MB at the peak (twice 120 MB of float32, and 200 MB):
// go test -run '^$' -bench Read -benchtime 1x ./table
func BenchmarkRead(b *testing.B) {
	for _, format := range []string{"%.2f", "%.17g", "%.18e"} {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				file := numbersFile(1_000_000, format)
				b.SetBytes(int64(len(file.block) * file.times))
				t, err := Read(file, "bench.csv", Options{})
				if err != nil || t.Rows != 1_000_000 {
					b.Fatal(err)
				}
			}
		})
	}
}
