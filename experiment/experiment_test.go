package experiment

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"gradus/internal/say"
)

var seeds = []uint64{1, 2}

type key struct {
	name, table string
	seed        uint64
}

var (
	lock sync.Mutex
	done = map[key]Result{}
)

// get runs each experiment once per seed for all tests.
func get(t *testing.T, name, table string, seed uint64) Result {
	t.Helper()
	lock.Lock()
	defer lock.Unlock()
	k := key{name, table, seed}
	if r, ok := done[k]; ok {
		return r
	}
	r, err := Run(context.Background(), name, Options{Seed: seed, Table: table})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	done[k] = r
	return r
}

// cell is the value of a column in the first row that begins with the first of want and has the others behind it in that order.
func cell(t *testing.T, r Result, table, column string, want ...any) any {
	t.Helper()
	tb := r.Table(table)
	at := slices.Index(tb.Columns, column)
	for _, row := range tb.Rows {
		found := 0
		for i, c := range row {
			if found < len(want) && c == want[found] && (i == 0 || found > 0) {
				found++
			}
		}
		if at >= 0 && found == len(want) {
			return row[at]
		}
	}
	t.Fatalf("%s: no %s of %v in %s", r.Name, column, want, table)
	return nil
}

func value(t *testing.T, r Result, table, column string, want ...any) float64 {
	t.Helper()
	v, ok := cell(t, r, table, column, want...).(float64)
	if !ok {
		t.Fatalf("%s: %s of %v in %s is no number", r.Name, column, want, table)
	}
	return v
}

func TestVanishing(t *testing.T) {
	for _, seed := range seeds {
		r := get(t, "vanishing", "", seed)
		first := func(table, name string, depth int) float64 {
			for _, row := range r.Table(table).Rows {
				if row[0] == name && row[1] == depth && row[2] == 1 {
					return row[4].(float64)
				}
			}
			t.Fatalf("no %s of depth %d", name, depth)
			return 0
		}
		// σ′ ≤ ¼ and h ≈ ½: each layer takes a factor, so ten of them leave little
		if v := first("rows", "sigmoid", 10); v > 1e-3 || v <= 0 {
			t.Errorf("seed %d: sigmoid keeps %g of its gradient", seed, v)
		}
		if deep, shallow := first("rows", "sigmoid", 20), first("rows", "sigmoid", 2); deep > shallow*1e-6 {
			t.Errorf("seed %d: %g at depth 20, %g at 2", seed, deep, shallow)
		}
		for _, name := range []string{"tanh", "relu-he", "sigmoid-normalised"} {
			if v := first("cure", name, 10); v < .02 {
				t.Errorf("seed %d: %s keeps %g only", seed, name, v)
			}
		}
		bad, good := value(t, r, "rows", "cost", "sigmoid", 10), value(t, r, "cure", "cost", "relu-he", 10)
		if bad < .5 || good > .1 {
			t.Errorf("seed %d: costs %g and %g", seed, bad, good)
		}
	}
}

func TestOverfitting(t *testing.T) {
	for _, seed := range seeds {
		r := get(t, "overfitting", "", seed)
		rows := r.Table("rows").Rows
		best := math.Inf(1)
		for _, row := range rows {
			best = min(best, row[2].(float64))
		}
		last := rows[len(rows)-1]
		if last[1].(float64) > .1 || last[2].(float64) < best*1.3 {
			t.Errorf("seed %d: learnt to %g, held-out from %g to %g", seed, last[1], best, last[2])
		}
		bare := value(t, r, "cure", "held_out", "none")
		if bare != last[2].(float64) {
			t.Errorf("seed %d: %g and %g are one run", seed, bare, last[2])
		}
		for _, name := range []string{"smaller-network", "weight-decay", "dropout", "early-stopping"} {
			if v := value(t, r, "cure", "held_out", name); v > bare {
				t.Errorf("seed %d: %s makes it %g, without %g", seed, name, v, bare)
			}
		}
		// the deck's front page has it the wrong way round
		if v := value(t, r, "cure", "held_out", "more-data", 320); v > bare*.7 {
			t.Errorf("seed %d: 320 rows come to %g, 40 rows to %g", seed, v, bare)
		}
	}
}

func TestCostOfDepth(t *testing.T) {
	r := get(t, "cost-of-depth", "", 1)
	// by hand: 30·32 + 32·1 products with one hidden layer, 32·32 more with each further one
	for depth, want := range map[int]int{1: 992, 2: 992 + 1024, 32: 992 + 31*1024} {
		if got := cell(t, r, "rows", "forward", depth, 32); got != want {
			t.Errorf("depth %d: %v products, want %d", depth, got, want)
		}
	}
	if few, many := value(t, r, "cure", "held_out", 10), value(t, r, "cure", "held_out", 320); many > few/2 {
		t.Errorf("10 rows %g, 320 rows %g", few, many)
	}
	timing := r.Table("timing")
	if !timing.Timing || len(timing.Rows) != 2*len(r.Table("rows").Rows) {
		t.Errorf("%+v", timing)
	}
}

func TestXOR(t *testing.T) {
	r := get(t, "xor", "", 1)
	if v := value(t, r, "rows", "right", "nearest-line"); v != 3 {
		t.Errorf("a line gets %g rows", v)
	}
	if n := cell(t, r, "rows", "learnt", "backpropagation"); n != 0 {
		t.Errorf("no hidden layer: %v learnt", n)
	}
	// one hidden tanh makes one line: three rows at best
	if n := cell(t, r, "cure", "learnt", "backpropagation", 1); n != 0 {
		t.Errorf("one hidden neuron: %v learnt", n)
	}
	two, eight := cell(t, r, "cure", "learnt", "backpropagation", 2).(int), cell(t, r, "cure", "learnt", "backpropagation", 8).(int)
	if two == 0 || two == xorSeeds || eight < xorSeeds-2 {
		t.Errorf("2 hidden: %d, 8 hidden: %d of %d", two, eight, xorSeeds)
	}
	for name, wrong := range map[string]float64{"XOR3": 2, "AND": 0, "10": 0, "0110100110010110": 5} {
		r := get(t, "xor", name, 1)
		line := r.Table("rows").Rows[0]
		if line[2].(float64) != float64(line[3].(int))-wrong {
			t.Errorf("%s: the line gets %v of %v", name, line[2], line[3])
		}
		last := r.Table("cure").Rows
		if n := last[len(last)-1][5].(int); n < xorSeeds-2 {
			t.Errorf("%s: 16 hidden learn it %d times", name, n)
		}
	}
}

func TestCollapse(t *testing.T) {
	for _, seed := range seeds {
		r := get(t, "collapse", "", seed)
		for _, row := range r.Table("rows").Rows {
			if row[5].(float64) > 1e-11 {
				t.Errorf("seed %d: %v layers differ from one by %g", seed, row[0], row[5])
			}
		}
		for _, row := range r.Table("cure").Rows {
			linear := row[0] == "linear"
			if row[5] != linear || linear != (row[2].(float64) > .69) || linear != (row[3].(int) < 4) {
				t.Errorf("seed %d: %v", seed, row)
			}
			if linear && row[2].(float64) < math.Ln2-1e-9 {
				t.Errorf("seed %d: linear layers beat guessing: %v", seed, row)
			}
		}
	}
}

func TestDyingReLU(t *testing.T) {
	for _, seed := range seeds {
		r := get(t, "dying-relu", "", seed)
		for name, least := range map[string]int{"large-alpha": 16, "negative-bias": 24, "less-negative-bias": 12} {
			if n := cell(t, r, "rows", "dead", name).(int); n < least {
				t.Errorf("seed %d: %s leaves %d dead", seed, name, n)
			}
		}
		for _, name := range []string{"leaky-negative-bias", "leaky-less-negative-bias", "small-alpha", "he-zero-bias"} {
			if n := cell(t, r, "cure", "dead", name).(int); n > 2 {
				t.Errorf("seed %d: %s leaves %d dead", seed, name, n)
			}
			if c := value(t, r, "cure", "cost", name); c > .2 {
				t.Errorf("seed %d: %s comes to %g", seed, name, c)
			}
		}
		if v := value(t, r, "rows", "cost", "negative-bias"); v < .4 {
			t.Errorf("seed %d: dead neurons learnt to %g", seed, v)
		}
		relu := cell(t, r, "against_sigmoid", "epochs", "relu").(int)
		if sigmoid, ok := cell(t, r, "against_sigmoid", "epochs", "sigmoid").(int); relu > 40 || ok && sigmoid < 3*relu {
			t.Errorf("seed %d: ReLU %d epochs, sigmoid %d", seed, relu, sigmoid)
		}
		if !r.Table("timing").Timing {
			t.Error("times stand among what is reproducible")
		}
	}
}

func TestLearningRate(t *testing.T) {
	for _, seed := range seeds {
		r := get(t, "learning-rate", "", seed)
		for _, row := range r.Table("rows").Rows {
			if tooLarge := row[2].(float64) > 1; tooLarge != (row[5] != nil) || tooLarge != (row[4] == nil) {
				t.Errorf("seed %d: %v", seed, row)
			}
		}
		slow, right := value(t, r, "rows", "cost", "quadratic", .001*limitOf(r)), value(t, r, "rows", "cost", "quadratic", .5*limitOf(r))
		if slow < 1 || right > 1e-9 {
			t.Errorf("seed %d: %g and %g", seed, slow, right)
		}
		// λmax = 13 + √146.25 of the quadratic
		if got, want := limitOf(r), 2/(13+math.Sqrt(146.25)); math.Abs(got-want) > 1e-11 {
			t.Errorf("limit %g, want %g", got, want)
		}
		for _, row := range r.Table("cure").Rows {
			if row[6] != nil {
				t.Errorf("seed %d: no cure: %v", seed, row)
			}
		}
	}
}

func limitOf(r Result) float64 {
	row := r.Table("rows").Rows[0]
	return row[1].(float64) / row[2].(float64)
}

func TestLocalMinimum(t *testing.T) {
	r := get(t, "local-minimum", "", 1)
	for _, row := range r.Table("rows").Rows {
		if w := row[5].(float64); math.Abs(w-.96) > .01 || row[8] != false || row[7] != nil {
			t.Errorf("descent: %v", row)
		}
	}
	out := 0
	for _, row := range r.Table("cure").Rows {
		if row[8] == true {
			out++
			if w := row[5].(float64); math.Abs(w+1.0356) > .01 {
				t.Errorf("%v", row)
			}
		}
	}
	if cell(t, r, "cure", "escaped", "momentum", .9) != true || cell(t, r, "cure", "escaped", "momentum", .5) != false {
		t.Error("momentum escapes with γ = .9 and not with .5")
	}
	if out == 0 || out == len(r.Table("cure").Rows) {
		t.Errorf("%d escape: it is a chance, not a promise", out)
	}
}

func TestBatches(t *testing.T) {
	for _, seed := range seeds {
		r := get(t, "batches", "", seed)
		for size, want := range map[int][3]int{569: {1, 569, 10}, 500: {2, 69, 20}, 32: {18, 25, 180}, 1: {569, 1, 5690}} {
			for i, column := range []string{"per_epoch", "last_batch", "updates"} {
				if got := cell(t, r, "rows", column, size); got != want[i] {
					t.Errorf("batch %d: %s %v, want %d", size, column, got, want[i])
				}
			}
		}
		all, small := value(t, r, "rows", "cost", 569, 10), value(t, r, "rows", "cost", 32, 180)
		same := value(t, r, "rows", "cost_equal", 569, 10)
		if small > all/2 || math.Abs(same-value(t, r, "rows", "cost_equal", 32, 180)) > .02 {
			t.Errorf("seed %d: equal epochs %g and %g, equal updates %g", seed, all, small, same)
		}
		if n := cell(t, r, "count", "total", 2000, 500, 5); n != 20 {
			t.Errorf("deck 4-4-6: %v", n)
		}
	}
}

// same is all but the timings, as text: floats print as the shortest that reads back, so equal text is equal bits.
func same(r Result) string {
	s := ""
	for _, t := range r.Tables {
		if !t.Timing {
			s += fmt.Sprint(t.Key, t.Columns, t.Rows, "\n")
		}
	}
	return s
}

func TestDeterministic(t *testing.T) {
	procs := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(procs)
	for _, name := range []string{"collapse", "dying-relu", "learning-rate", "local-minimum", "xor"} {
		want := same(get(t, name, "", 1))
		for _, n := range []int{1, 2} {
			runtime.GOMAXPROCS(n)
			r, err := Run(context.Background(), name, Options{Seed: 1})
			if err != nil || same(r) != want {
				t.Errorf("%s with %d threads: not the same (%v)", name, n, err)
			}
		}
		if name != "local-minimum" && same(get(t, name, "", 2)) == want {
			t.Errorf("%s: the seed does nothing", name)
		}
	}
}

// Every table is whole: cells as columns, names of columns and tables, words and findings in both languages.
func TestSpeaks(t *testing.T) {
	for _, row := range All() {
		r := get(t, row.Name, "", 1)
		if len(r.Tables) < 2 || r.Tables[0].Key != "rows" || r.Tables[1].Key != "cure" || len(r.Findings) == 0 || len(r.Pages) == 0 {
			t.Fatalf("%s: %+v", row.Name, r)
		}
		for _, lang := range []say.Lang{say.English, say.Korean} {
			texts := []string{row.About(lang), say.Text(lang, "experiment.title_"+row.Name)}
			for _, tb := range r.Tables {
				texts = append(texts, tb.Title(lang))
				for _, c := range tb.Columns {
					texts = append(texts, Heading(lang, c))
				}
				for _, cells := range tb.Rows {
					if len(cells) != len(tb.Columns) {
						t.Errorf("%s: %d cells under %d columns", row.Name, len(cells), len(tb.Columns))
					}
				}
			}
			for _, f := range r.Findings {
				texts = append(texts, f.In(lang))
			}
			for _, s := range texts {
				if s == "" || strings.Contains(s, "experiment.") || strings.Contains(s, "{") || strings.Contains(s, "%!") {
					t.Errorf("%s: %q", row.Name, s)
				}
			}
		}
	}
	if (Result{}).Table("x").Rows != nil || Word(say.Korean, "relu") != "relu" || Word(say.Korean, "true") != "예" {
		t.Error("words")
	}
}

func TestFigures(t *testing.T) {
	for _, row := range All() {
		r := get(t, row.Name, "", 1)
		for _, lang := range []say.Lang{say.English, say.Korean} {
			svg := r.Figure(lang, "시드 1").SVG()
			for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%s: %v", row.Name, err)
				}
			}
			for _, want := range []string{"시드 1", "<title", "<desc", say.Text(lang, "experiment.title_"+row.Name)} {
				if !bytes.Contains(svg, []byte(want)) {
					t.Errorf("%s: no %q in the picture", row.Name, want)
				}
			}
			if bytes.Contains(svg, []byte("experiment.")) || bytes.Contains(svg, []byte("NaN")) {
				t.Errorf("%s: %s", row.Name, svg)
			}
		}
	}
}

func TestRefuses(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct{ name, table, want string }{
		{"vanishin", "", "vanishing"}, {"overfit", "", "overfitting"}, {"", "", "known"}, {"xor", "0111111", "7"}, {"xor", "XR", "XOR"}, {"collapse", "XOR", "only"},
	} {
		_, err := Run(ctx, c.name, Options{Seed: 1, Table: c.table})
		var e *say.Err
		if !errors.As(err, &e) || e.Fault || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: %v", c.name, c.table, err)
		}
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	for _, row := range All() {
		if _, err := Run(stopped, row.Name, Options{Seed: 1}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s does not stop: %v", row.Name, err)
		}
	}
}

// Seeds at the end of their range wrap without harm.
func TestLastSeed(t *testing.T) {
	if _, err := Run(context.Background(), "collapse", Options{Seed: math.MaxUint64}); err != nil {
		t.Error(err)
	}
}

func FuzzTable(f *testing.F) {
	for _, s := range []string{"XOR", "XOR3", "0110", "AND2", "", "xor9", "2", "01101", "\x00", "NAND4", strings.Repeat("0", 1<<12)} {
		f.Add(s)
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel() // reading the table is what is tried, not the learning
	f.Fuzz(func(t *testing.T, table string) {
		_, err := Run(stopped, "xor", Options{Seed: 1, Table: table})
		var e *say.Err
		if !errors.Is(err, context.Canceled) && (!errors.As(err, &e) || e.Fault) {
			t.Errorf("%q: %v", table, err)
		}
	})
}
