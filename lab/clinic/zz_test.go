package clinic

import (
	"fmt"
	"testing"
	"time"
)

func TestTimes(t *testing.T) {
	for _, p := range Pages() {
		for range 2 {
			for _, q := range []string{"", "width=32&n=20000"} {
				s, _ := p.Read(q)
				a := time.Now()
				r, err := p.Make(s)
				if err != nil {
					t.Fatal(err)
				}
				sc, err := r.At(0)
				_ = sc
				fmt.Println(p.ID, q, time.Since(a), err)
			}
		}
	}
}
