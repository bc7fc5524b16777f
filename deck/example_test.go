package deck

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gradus/internal/say"
)

func work(t *testing.T, e Example) *Work {
	t.Helper()
	w, err := e.Work()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// The rows of the worked example are the rows of the ledger, to the letter.
func TestWorkIsTheLedger(t *testing.T) {
	w := work(t, Worked())
	i := 0
	for _, r := range ledger(t) {
		if !strings.HasPrefix(r.Page, "4-5") || r.Symbol == "slip" {
			continue
		}
		l := w.Rows[i]
		i++
		if l.Page != r.Page || l.Symbol != r.Symbol || l.Formula != r.Formula || l.Numbers != r.Numbers || l.Exact != *r.Exact ||
			(r.Agrees != nil) != (l.Printed != "") || r.Agrees != nil && *r.Agrees != l.Agrees || l.Note != r.note {
			t.Errorf("%+v\n%+v", l, r)
		}
	}
	if i != len(w.Rows) || !w.Own {
		t.Error(i, len(w.Rows), w.Own)
	}
}

// Any network, any function: every derivative of the ledger is what a finite difference measures, every row is filled.
func TestEveryExample(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, f := range []string{"sigmoid", "tanh", "relu", "leaky-relu", "linear"} {
		for _, c := range []string{"half-sse", "mse", "mae", "binary-cross-entropy"} {
			if c == "binary-cross-entropy" && f != "sigmoid" {
				continue // an output beyond 1 is no probability
			}
			for _, bias := range []bool{false, true} {
				e := Example{Alpha: .3, Activation: f, Cost: c}
				for i := range e.W {
					e.W[i] = .1 + .8*r.Float64()
				}
				for i := range 2 {
					e.X[i], e.Y[i] = .1+.4*r.Float64(), .1+.8*r.Float64()
				}
				if bias {
					e.B = &[4]float64{.01, .02, .03, .04}
				}
				checkExample(t, work(t, e))
			}
		}
	}
}

func checkExample(t *testing.T, w *Work) {
	t.Helper()
	seen := 0
	for _, l := range w.Rows {
		if v, ok := w.Finite(l.Symbol); ok {
			seen++
			if math.Abs(v-l.Exact) > 1e-9*max(1, math.Abs(l.Exact)) {
				t.Errorf("%s %s %s: %v, finite difference %v", w.Activation, w.Cost, l.Symbol, l.Exact, v)
			}
		}
		if strings.ContainsAny(l.Numbers+l.Formula, "{}○'") && !strings.ContainsAny(l.Formula, "½Σ/") || l.Printed != "" || l.Note != "" {
			t.Errorf("%s %s: %+v", w.Activation, w.Cost, l)
		}
		for _, o := range l.Operands {
			if _, ok := w.Value(o); !ok {
				t.Errorf("%s: nothing is called %s", l.Symbol, o)
			}
		}
	}
	want := 20
	if w.B != nil {
		want = 24
	}
	if seen != want {
		t.Errorf("%d derivatives, want %d", seen, want)
	}
}

// Descend is the example run on: its first cost is E, its second E′, and E < 1e-4 after 241 steps, as computed apart.
func TestDescend(t *testing.T) {
	w := work(t, Worked())
	list, err := w.Descend(301)
	if err != nil || list[0] != w.v["E"] || list[1] != w.v["E'"] || list[240] < 1e-4 || list[241] >= 1e-4 {
		t.Error(err, list[0], list[1], list[240], list[241])
	}
	wild := Worked()
	wild.Activation, wild.Alpha = "linear", 1e6
	list, err = wild.Descend(300)
	if err == nil || len(list) == 0 || len(list) == 300 || say.In(say.English, err) == "" {
		t.Error(err, len(list))
	}
}

// What the deck fills in is what it prints.
func TestFilled(t *testing.T) {
	for _, l := range work(t, Worked()).Rows {
		if l.Printed != "" && strings.ContainsAny(l.Filled, "{}") {
			t.Errorf("%s: %q", l.Symbol, l.Filled)
		}
		if l.Printed != "" && !strings.HasSuffix(strings.ReplaceAll(l.Filled, "−", "-"), strings.TrimRight(l.Printed, "0")) && !strings.Contains(l.Symbol, "do") {
			t.Errorf("%s: %q does not end with %s", l.Symbol, l.Filled, l.Printed)
		}
	}
}
