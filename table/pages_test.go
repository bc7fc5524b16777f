package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"gradus/internal/say"
)

// readInOrder is Read as it would be without pages: every record goes through builder, one after the other.
func readInOrder(in []byte, opt Options) (*Table, error) {
	opt.window = 0
	f, err := open(bytes.NewReader(in), "f.csv", opt)
	if err != nil {
		return nil, err
	}
	err = inOrder(1, f.next, func(_ int, p *piece) { p.apart = false }, f.merge)
	if err != nil {
		return nil, err
	}
	return f.b.finish()
}

// sameTable compares all that a table shows, and the lines of its rows.
func sameTable(t *testing.T, what string, got, want *Table) {
	t.Helper()
	if got.Rows != want.Rows || !reflect.DeepEqual(got.Names(), want.Names()) || !reflect.DeepEqual(got.Ignored, want.Ignored) || len(got.kept) != len(want.kept) {
		t.Fatalf("%s: %d rows of %v, want %d of %v", what, got.Rows, got.Names(), want.Rows, want.Names())
	}
	columns := func(t *Table) []Column { return append(append([]Column{}, t.Columns...), t.kept...) }
	for i, w := range columns(want) {
		g := columns(got)[i]
		if g.Kind != w.Kind || !reflect.DeepEqual(g.Levels(), w.Levels()) {
			t.Fatalf("%s: column %s is %s of %q, want %s of %q", what, w.Name, g.Kind, g.levels, w.Kind, w.levels)
		}
		for r := range want.Rows {
			if math.Float64bits(g.Number(r)) != math.Float64bits(w.Number(r)) || g.Code(r) != w.Code(r) || g.Text(r) != w.Text(r) || g.Missing(r) != w.Missing(r) {
				t.Fatalf("%s: row %d of %s is %q, want %q", what, r, w.Name, g.Text(r), w.Text(r))
			}
		}
	}
	for r := range want.Rows {
		if got.Line(r) != want.Line(r) {
			t.Fatalf("%s: row %d on line %d, want %d", what, r, got.Line(r), want.Line(r))
		}
	}
}

// sameError compares sentences, which hold every row, line, column and value.
func sameError(t *testing.T, what string, got, want error) {
	t.Helper()
	if (got == nil) != (want == nil) || got != nil && say.In(say.English, got) != say.In(say.English, want) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
}

// sameEverywhere reads in by pages of several sizes, with one worker and with three, as a table and page by page, and wants
// what a reading record by record gives.
func sameEverywhere(t *testing.T, in []byte, opt Options, windows ...int) {
	t.Helper()
	want, wantErr := readInOrder(in, opt)
	for _, opt.window = range windows {
		for _, opt.Workers = range []int{1, 3} {
			what := fmt.Sprintf("%.80q by %d, %d workers", in, opt.window, opt.Workers)
			got, err := Read(bytes.NewReader(in), "f.csv", opt)
			sameError(t, what, err, wantErr)
			if err == nil {
				sameTable(t, what, got, want)
			}
			if opt.Kinds != nil {
				samePages(t, what, in, opt, want, wantErr)
			}
		}
	}
}

func samePages(t *testing.T, what string, in []byte, opt Options, want *Table, wantErr error) {
	t.Helper()
	rows := 0
	check := func(p *Page[int]) error {
		if p.First != rows || p.Out != p.First+p.Rows {
			t.Fatalf("%s: a page of %d rows from %d on, want it from %d on", what, p.Rows, p.First, rows)
		}
		if wantErr == nil {
			all := make([]int, p.Rows)
			for r := range all {
				all[r] = rows + r
			}
			part := want.Select(all)
			for i := range p.Columns {
				for r := range all {
					if got, want := p.Columns[i].Text(r), part.Columns[i].Text(r); got != want || p.Line(r) != part.Line(r) {
						t.Fatalf("%s: row %d: %q, want %q", what, rows+r, got, want)
					}
				}
			}
			for i := range p.kept {
				for r := range all {
					if p.kept[i].Text(r) != part.kept[i].Text(r) {
						t.Fatalf("%s: row %d keeps %q", what, rows+r, p.kept[i].Text(r))
					}
				}
			}
		}
		rows += p.Rows
		return nil
	}
	err := Pages(bytes.NewReader(in), "f.csv", opt, func(_ int, p *Page[int]) error { p.Out = p.First + p.Rows; return nil }, check)
	sameError(t, what+", pages", err, wantErr)
	if err == nil && rows != want.Rows {
		t.Fatalf("%s: %d rows in pages, want %d", what, rows, want.Rows)
	}
}

// mixed is a table with every kind of column and cell, and with a fault of the given kind in row bad.
func mixed(rng *rand.Rand, rows, bad int, fault string) []byte {
	var b bytes.Buffer
	b.WriteString("\xEF\xBB\xBFid,n,whole,text,\"quo\nted\",late,date,none\n")
	for r := range rows {
		n := fmt.Sprintf([]string{"%.2f", "%.17g", "%.18e", " %.3f ", "\"%.1f\"", "%.0f."}[rng.IntN(6)], rng.NormFloat64()*math.Pow(10, float64(rng.IntN(8)-2)))
		if r == bad {
			n = fault
		}
		text := []string{"가나", "b c", "", "NA", "\"x,\"\"y\"\"\"", "\"line\nbreak\"", "\"cr\r\nlf\"", "plain"}[rng.IntN(8)]
		late := ""
		if r > rows/2 {
			late = fmt.Sprint(r % 5)
		}
		fmt.Fprintf(&b, "p%d,%s,%d,%s,\"%d\",%s,2024-01-%02d,", r, n, rng.IntN(1000)-500, text, r%3, late, 1+r%28)
		b.WriteString([]string{"\n", "\r\n", "\n\n", ".\n"}[rng.IntN(4)])
	}
	return b.Bytes()
}

// The table, its kinds, lines and levels, and the first error are the same however the file is cut and shared out.
func TestPagesAreInvisible(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	kinds := map[string]Kind{"n": Number, "whole": Number, "text": Category, "late": Number, "none": Category}
	faults := []string{"old", "NaN", "1e400", "\xFF", "a\"b", "\"open", "1,2", "\"x\"y"}
	for i, fault := range append(faults, faults...) {
		rows := 300
		for _, bad := range []int{-1, rng.IntN(rows), rows - 1} {
			in := mixed(rng, rows, bad, fault)
			opt := Options{}
			if i >= len(faults) {
				opt = Options{Kinds: kinds, Keep: []string{"id", "n", "text"}}
			}
			sameEverywhere(t, in, opt, 1, 64, 1000, 1<<13)
		}
	}
}

// Kinds are settled within a page, behind pages that were read before, at the same cell as without pages.
func TestPagesSettleAlike(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	for _, c := range []struct {
		bad   int
		fault string
	}{{-1, ""}, {settleAfter / 2, "old"}, {settleAfter + 500, "old"}, {2*settleAfter - 1, "x\"y"}} {
		sameEverywhere(t, mixed(rng, 2*settleAfter+3000, c.bad, c.fault), Options{}, 20_000, window)
	}
}

// Half numbers, half text until late: which columns are still open must not depend on the pages in flight.
func TestPagesWithOpenColumns(t *testing.T) {
	var b strings.Builder
	b.WriteString("sparse,dense\n")
	for r := range 6 * settleAfter {
		if r%3 == 0 {
			fmt.Fprint(&b, r)
		}
		fmt.Fprintf(&b, ",w%d\n", r%10)
	}
	sameEverywhere(t, []byte(b.String()), Options{}, 10_000, window)
	sameEverywhere(t, []byte(b.String()+"old,w\n"), Options{}, 10_000)
}

func FuzzPages(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n-3.5,x\n", "a\n\"1\n\"\n2\n", "a,b\r\n1,\"x\"\"\r\ny\"\r\n", "a\n1\"2\n3\n", "a\n\"b\n\n\"c\n", "a,b\n,\n1.,.5\n-,+1\n", "\n\na\n\n1\n\n\r\n2",
		"a,b\n1,2\n3\n", "a\n12345678901234567890.5\n0.00000000001\n1234567.\n12345678\n", "a,b\n1 ,2\n", "x,y\n\"\n",
	} {
		f.Add([]byte(s), uint8(3), true)
		f.Add([]byte(s), uint8(20), false)
	}
	f.Fuzz(func(t *testing.T, in []byte, window uint8, forced bool) {
		opt := Options{}
		if head, err := readInOrder(in, opt); forced && err == nil {
			opt.Kinds = map[string]Kind{}
			for i, c := range head.Columns {
				if opt.Kinds[c.Name] = Category; c.Kind == Number || i == 0 {
					opt.Kinds[c.Name] = Number
				}
			}
			opt.Keep = head.Names()[:1]
		}
		sameEverywhere(t, in, opt, 1+int(window))
	})
}

// usual is what a page makes of a cell of numbers before it asks number.
func usual(b []byte, i, stop int) (v float64, ok bool) {
	if v, ok = short(b, i, stop); !ok && stop-i > 8 {
		return long(b, i, stop)
	}
	return v, ok
}

// short and long have the bits of number wherever they answer, and look at nothing but the cell.
func FuzzUsual(f *testing.F) {
	for _, s := range []string{"1.5", "-0", "-.5", "5.", "1234567.8", "9007199254740993.1", ".", "-", "", "1.2.3", "12345678", "0.1234567890123456789", "1e5", "+1"} {
		f.Add([]byte(s), []byte("9.9-,\n\"0"))
	}
	f.Fuzz(func(t *testing.T, cell, around []byte) {
		b := append(append(append([]byte{}, around...), cell...), ',')
		i, stop := len(around), len(around)+len(cell)
		b = append(append(b, around...), make([]byte, slack)...)
		v, ok := usual(b, i, stop)
		if !ok {
			return
		}
		if want, form := number(cell); form != isNumber || math.Float64bits(v) != math.Float64bits(want) {
			t.Fatalf("%q: %v, number says %v (form %d)", cell, v, want, form)
		}
	})
}

// short must answer for what laboratories write, or it would only cost.
func TestUsualNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for range 200_000 {
		v := rng.NormFloat64() * math.Pow(10, float64(rng.IntN(5)))
		for _, format := range []string{"%.0f", "%.1f", "%.4f", "%.9f", "%.12f"} {
			cell := fmt.Sprintf(format, v)
			got, ok := usual(append([]byte("12345678,"+cell+","), make([]byte, slack)...), 9, 9+len(cell))
			if want, _ := number([]byte(cell)); !ok && len(cell) < 17 || ok && math.Float64bits(got) != math.Float64bits(want) {
				t.Fatalf("%s: %v %v, want %v", cell, got, ok, want)
			}
		}
	}
}

func TestMarks(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	b := make([]byte, 64)
	for range 10_000 {
		want := uint64(0)
		for i := range b {
			if b[i] = byte(rng.Uint32()); rng.IntN(2) == 0 {
				b[i] = ",-+.\n\r\" \x7F\x80\xAC\xAD"[rng.IntN(12)]
			}
			if b[i] <= ',' {
				want |= 1 << i
			}
		}
		if got := marks(b); got != want {
			t.Fatalf("%q: %b, want %b", b, got, want)
		}
	}
}

// Whatever ends a reading, an error of the file, of the disk or of the caller, no goroutine outlives it.
func TestNoGoroutineOutlivesAReading(t *testing.T) {
	before := runtime.NumGoroutine()
	text := "a,b\n" + strings.Repeat("1,2\n", 50_000)
	opt := Options{Workers: 4, Kinds: map[string]Kind{"a": Number}, window: 1000}
	broken, enough := errors.New("disk gone"), errors.New("enough")
	for name, c := range map[string]struct {
		in   io.Reader
		want func(error) bool
	}{
		"whole":  {strings.NewReader(text), func(err error) bool { return err == nil }},
		"fault":  {strings.NewReader(text + "x,2\n" + text), func(err error) bool { return key(err) == "table.text_in_number" }},
		"broken": {io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)), func(err error) bool { return errors.Is(err, broken) }},
	} {
		if _, err := Read(c.in, "f.csv", opt); !c.want(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, at := range map[string]int{"work": 0, "done": 1} {
		stop := func(p *Page[int], step int) error {
			if step == at && p.First > 10_000 {
				return enough
			}
			return nil
		}
		err := Pages(strings.NewReader(text), "f.csv", opt,
			func(_ int, p *Page[int]) error { return stop(p, 0) }, func(p *Page[int]) error { return stop(p, 1) })
		if !errors.Is(err, enough) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range 100 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

// A reading in pages holds some pages in memory, however long the file is.
func TestPagesAreBounded(t *testing.T) {
	cost := func(rows int) float64 {
		return testing.AllocsPerRun(1, func() {
			err := Pages(numbersFile(rows, "%.4f"), "f.csv", Options{Kinds: numberKinds(), Workers: 2},
				func(int, *Page[int]) error { return nil }, func(*Page[int]) error { return nil })
			if err != nil {
				t.Fatal(err)
			}
		})
	}
	if extra := cost(60_000) - cost(30_000); extra > 40*200 {
		t.Errorf("%v allocations for 30,000 more rows of 30", extra)
	}
}

// A page that is read into again types numbers, missing and quoted cells without any allocation.
func TestPageDoesNotAllocate(t *testing.T) {
	text := text{buf: []byte(strings.Repeat("1.5,-20,12.345678901234567,NA,\"3\"\n", 1000) + strings.Repeat("\n", slack))}
	text.n = len(text.buf) - slack
	b, err := newBuilder("f.csv", bytesOf(nil, []string{"a", "b", "c", "d", "e"}), Options{Kinds: map[string]Kind{"a": Number, "b": Number, "c": Number, "d": Category, "e": Number}})
	if err != nil {
		t.Fatal(err)
	}
	var p page
	if n := testing.AllocsPerRun(5, func() {
		p.reset(b)
		if !p.read(&text) || p.rows != 1000 {
			t.Fatal("the page gave up")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
