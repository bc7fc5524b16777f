package table

import (
	"encoding/csv"
	"strings"
	"testing"
)

// A cell is written as encoding/csv writes it, whatever is in it.
func FuzzAppendCell(f *testing.F) {
	for _, s := range []string{"", "a", "a,b", `say "hi"`, `"`, "a\nb", "\r", " a", "a ", "\u3000가", `\.`, `\.x`, "\xFF", "\u00a0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var want strings.Builder
		w := csv.NewWriter(&want)
		if err := w.Write([]string{"x", s}); err != nil {
			t.Fatal(err)
		}
		w.Flush()
		if got := string(AppendCell([]byte("x,"), s)) + "\n"; got != want.String() {
			t.Fatalf("%q is written %q, encoding/csv: %q", s, got, want.String())
		}
	})
}

func TestAppendDoesNotAllocate(t *testing.T) {
	dst := make([]byte, 0, 256)
	if n := testing.AllocsPerRun(100, func() { dst = AppendCell(AppendNumber(dst[:0], -1.25e-9), `a "b", c`) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if want := `-1.25e-09"a ""b"", c"`; string(dst) != want {
		t.Errorf("%s, want %s", dst, want)
	}
}
