package perceptron

import (
	"math"
	"slices"
	"testing"
)

// Counted by hand from w = (0, 0), b = 0, α = 1, rows 00 01 10 11, y = 1 where o ≥ 0. For OR, an update behind each row that errs:
//
//	epoch 1: 00 → b −1; 01 → w (0,1) b 0
//	epoch 2: 00 → b −1; 10 → w (1,1) b 0
//	epoch 3: 00 → b −1
//	epoch 4: none. 5 mistakes, w (1,1), b −1.
//
// AND: 2, 3, 3, 2, 1, 0 mistakes an epoch, w (2,1), b −3. NAND: 1, 3, 3, 2, 1, 0, w (−2,−1), b 2.
func TestRosenblattByHand(t *testing.T) {
	for name, want := range map[string]struct {
		perEpoch []int
		w        []float64
		b        float64
	}{
		"OR":   {[]int{2, 2, 1, 0}, []float64{1, 1}, -1},
		"AND":  {[]int{2, 3, 3, 2, 1, 0}, []float64{2, 1}, -3},
		"NAND": {[]int{1, 3, 3, 2, 1, 0}, []float64{-2, -1}, 2},
	} {
		table, _ := ParseTable(name)
		l, err := Learn(table, 1, 100)
		if err != nil {
			t.Fatal(err)
		}
		perEpoch := make([]int, l.Epochs)
		for _, u := range l.History {
			perEpoch[u.Epoch-1]++
		}
		if !l.Converged || l.CycleTo != 0 || !slices.Equal(perEpoch, want.perEpoch) || l.Mistakes != len(l.History) {
			t.Errorf("%s: mistakes %v, want %v; %+v", name, perEpoch, want.perEpoch, l)
		}
		if !slices.Equal(l.Perceptron.W, want.w) || l.Perceptron.B != want.b {
			t.Errorf("%s: w %v b %v, want %v %v", name, l.Perceptron.W, l.Perceptron.B, want.w, want.b)
		}
	}
}

// The last update of OR by hand: epoch 3, row 00, o = 0, out came 1, wanted 0.
func TestHistoryTellsTheUpdate(t *testing.T) {
	table, _ := ParseTable("OR")
	l, err := Learn(table, 0.5, 100)
	if err != nil {
		t.Fatal(err)
	}
	u := l.History[len(l.History)-1]
	if u.Epoch != 3 || u.Row != 0 || u.O != 0 || u.Y != 1 || u.Target != 0 || !slices.Equal(u.W, []float64{0.5, 0.5}) || u.B != -0.5 {
		t.Errorf("%+v", u)
	}
}

// XOR by hand ends epochs 2 and 3 with w (−1,0), b 0 after 3 + 3 + 4 mistakes, and so for ever.
func TestXORGoesRound(t *testing.T) {
	l, err := Learn(Parity(2), 1, 1000)
	if err != nil {
		t.Fatal(err)
	}
	if l.Converged || l.CycleFrom != 2 || l.CycleTo != 3 || l.Epochs != 3 || l.Mistakes != 10 {
		t.Errorf("%+v", l)
	}
	if !slices.Equal(l.Perceptron.W, []float64{-1, 0}) || l.Perceptron.B != 0 {
		t.Errorf("%+v", l.Perceptron)
	}
}

// Every update is w := w + α(t − y)x, b := b + α(t − y), in floating point too where α is a power of two.
func TestHistoryFollowsTheRule(t *testing.T) {
	const alpha = 0.25
	for p := range Dichotomies(3) {
		l, err := Learn(p.Table, alpha, 50)
		if err != nil {
			t.Fatal(err)
		}
		w, b := make([]float64, 3), 0.0
		for _, u := range l.History {
			o := b
			for i, x := range u.X {
				o += w[i] * x
			}
			if o != u.O || (o >= 0) != (u.Y == 1) || u.Y == u.Target {
				t.Fatalf("%v: %+v, but o is %v", p.Table, u, o)
			}
			for i, x := range u.X {
				w[i] += alpha * float64(u.Target-u.Y) * x
			}
			b += alpha * float64(u.Target-u.Y)
			if !slices.Equal(w, u.W) || b != u.B {
				t.Fatalf("%v: %+v, but w %v b %v", p.Table, u, w, b)
			}
		}
	}
}

// The rule ends as the proof says: converged with a perceptron that makes the table, or round in circles.
func TestLearnAgreesWithProof(t *testing.T) {
	for p := range Dichotomies(3) {
		l, err := Learn(p.Table, 0.1, 1<<20)
		if err != nil || l.Converged != p.Separable || (l.CycleTo > 0) == p.Separable {
			t.Fatalf("%v: %+v (%v)", p.Table, l, err)
		}
		for r := range p.Table.Rows() {
			s, err := l.Perceptron.Run(p.Table.X(r)...)
			if err != nil || p.Separable && s.Y != float64(p.Table.Output(r)) {
				t.Errorf("%v row %d: %v (%v)", p.Table, r, s, err)
			}
		}
	}
}

// α changes the size of the weights, not the path, where multiplying by it is exact.
func TestAlphaDoesNotChangeThePath(t *testing.T) {
	table, _ := ParseTable("AND3")
	one, _ := Learn(table, 1, 1000)
	small, err := Learn(table, 0.125, 1000)
	if err != nil || one.Mistakes != small.Mistakes || one.Epochs != small.Epochs || small.Perceptron.B != one.Perceptron.B/8 {
		t.Error(one.Mistakes, small.Mistakes, err)
	}
}

func TestLearnStopsAtTheLastEpoch(t *testing.T) {
	table, _ := ParseTable("AND")
	l, err := Learn(table, 1, 2)
	if err != nil || l.Converged || l.CycleTo != 0 || l.Epochs != 2 || l.Mistakes != 5 {
		t.Errorf("%+v %v", l, err)
	}
}

func TestLearnRefuses(t *testing.T) {
	for _, alpha := range []float64{0, -1, math.NaN(), math.Inf(1), math.MaxFloat64} {
		_, err := Learn(Parity(2), alpha, 10)
		wants(t, err, "perceptron.alpha")
	}
	_, err := Learn(Parity(2), 1, 0)
	wants(t, err, "perceptron.epochs")
}
