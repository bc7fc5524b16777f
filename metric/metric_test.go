package metric

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// draw is n rows with many ties when grid is small.
func draw(n, grid int, seed uint64) (y []bool, p []float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	for range n {
		v := float64(rng.IntN(grid)+1) / float64(grid+1)
		y, p = append(y, rng.Float64() < v), append(p, v)
	}
	return y, p
}

// The fast counting equals the definition, pair by pair, for the value, the variance and the covariance.
func TestDeLongAgainstItsDefinition(t *testing.T) {
	psi := func(event, other float64) float64 {
		switch {
		case event > other:
			return 1
		case event == other:
			return .5
		}
		return 0
	}
	define := func(y []bool, p []float64) (area float64, share []float64) {
		share = make([]float64, len(y))
		pairs := 0.
		for i := range y {
			opposite := 0.
			for j := range y {
				switch {
				case y[i] && !y[j]:
					share[i] += psi(p[i], p[j])
					opposite++
				case !y[i] && y[j]:
					share[i] += psi(p[j], p[i])
					opposite++
				}
			}
			if y[i] {
				area, pairs = area+share[i], pairs+opposite
			}
			share[i] /= opposite
		}
		return area / pairs, share
	}
	for seed := range uint64(20) {
		y, p := draw(40, 5+10*int(seed), seed)
		_, q := draw(40, 7, seed+100)
		area, share := define(y, p)
		other, share2 := define(y, q)
		got, err := AUROC(y, p)
		if err != nil || math.Abs(float64(got.Value)-area) > 1e-15 {
			t.Fatal(seed, got, area, err)
		}
		nearBy(t, "variance", got.Variance, float64(spread(y, share)), 1e-12)
		for i := range share {
			share[i] -= share2[i]
		}
		test, _ := DeLong(y, p, q)
		nearBy(t, "z", test.Z, (area-other)/math.Sqrt(float64(spread(y, share))), 1e-12)
	}
}

func TestDeLongOfEqualRankings(t *testing.T) {
	y, p := draw(50, 20, 1)
	double := make([]float64, len(p))
	for i, v := range p {
		double[i] = 2 * v
	}
	if got, err := DeLong(y, p, double); err != nil || got != (Test{0, 0, 1}) {
		t.Error(got, err)
	}
	got, err := DeLong([]bool{true, true, false, false}, []float64{3, 4, 1, 2}, []float64{1, 2, 3, 4})
	if err != nil || got.Difference != 1 || got.Z.Defined() || got.P.Defined() {
		t.Error("a difference without variance has no z:", got, err)
	}
}

// A million rows: 64-bit counts, and the known area of a linear risk: P(y) = v on (0,1) has AUROC 5/6.
func TestAMillionRows(t *testing.T) {
	y, p := draw(1_000_000, 1<<30, 3)
	a, err := AUROC(y, p)
	if err != nil || math.Abs(float64(a.Value)-5./6) > 5*math.Sqrt(float64(a.Variance)) {
		t.Error(a, err)
	}
	if width := float64(a.High - a.Low); width <= 0 || width > .002 {
		t.Error("interval", width) // 32-bit counts gave 1 to 1 elsewhere
	}
}

// Loess reproduces any quadratic that the data follow, and is the weighted mean, line or parabola of what there is.
func TestLoessByHand(t *testing.T) {
	y := []bool{false, true, true, false, true}
	one, err := Loess(y, []float64{.5, .5, .5, .5, .5}, []float64{.5})
	if err != nil || math.Abs(one[0]-.6) > 1e-15 {
		t.Error("one value:", one, err)
	}
	two, _ := Loess(y, []float64{.2, .2, .8, .8, .8}, []float64{.2, .8})
	if math.Abs(two[0]-.5) > 1e-12 || math.Abs(two[1]-2./3) > 1e-12 {
		t.Error("two values:", two)
	}
	if v, err := Loess([]bool{true}, []float64{.3}, []float64{.3}); err != nil || v[0] != 1 {
		t.Error("one row:", v, err)
	}
	if _, err := Loess(nil, nil, nil); !errors.Is(err, ErrEmpty) {
		t.Error(err)
	}
}

func TestQuantile(t *testing.T) {
	for q, want := range map[float64]float64{0: 1, .5: 2.5, .9: 3.7, 1: 4} { // R: quantile(1:4, q)
		if got := quantile([]float64{1, 2, 3, 4}, q); math.Abs(got-want) > 1e-15 {
			t.Error(q, got, want)
		}
	}
	if quantile([]float64{7}, .5) != 7 {
		t.Error("one value")
	}
}

// Wilson's own example of the ends: 0 of 10 is 0 to .2775 (R: prop.test(0, 10, correct = FALSE)).
func TestWilsonEnds(t *testing.T) {
	none := Wilson(0, 10)
	nearBy(t, "0 of 10", none.High, .277532799862889, 1e-12)
	all := Wilson(10, 10)
	if none.Low != 0 || all.High != 1 || math.Abs(float64(all.Low+none.High)-1) > 1e-15 {
		t.Error(none, all)
	}
	if nothing := Wilson(0, 0); nothing.Value.Defined() || nothing.Low.Defined() || nothing.High.Defined() {
		t.Error(nothing)
	}
}

// Student's tails: closed forms for 1 and 2 degrees of freedom, the normal distribution far out.
func TestStudent(t *testing.T) {
	for _, x := range []float64{0, .1, 1, 2.5, 40} {
		nearBy(t, "df 1", Number(studentTails(x, 1)), 1-2*math.Atan(x)/math.Pi, 1e-11)
		nearBy(t, "df 2", Number(studentTails(x, 2)), 1-x/math.Sqrt(2+x*x), 1e-11)
		nearBy(t, "df 1e10", Number(studentTails(x, 1e10)), math.Erfc(x/math.Sqrt2), 1e-6)
	}
}

func TestYoudenTakesTheHighestOfEqualThresholds(t *testing.T) {
	y, p := []bool{true, false, true, false}, []float64{.9, .8, .7, .1}
	got, err := YoudenAt(y, p)
	if err != nil || got.Threshold != .9 || got.J != .5 || got.TP != 1 || got.FP != 0 {
		t.Error(got, err)
	}
	reversed, err := YoudenAt([]bool{false, true}, []float64{.9, .1}) // nothing beats calling everyone
	if err != nil || reversed.J != 0 || reversed.Threshold != .1 {
		t.Error(reversed, err)
	}
}

// A thinned curve has fewer points and the same area.
func TestThinROC(t *testing.T) {
	y, p := draw(500, 100, 9)
	full, err := ROC(y, p, false)
	thin, err2 := ROC(y, p, true)
	if err != nil || err2 != nil || len(thin) >= len(full) {
		t.Fatal(err, err2, len(thin), len(full))
	}
	area := func(c []Point) (a float64) {
		for i := 1; i < len(c); i++ {
			a += (c[i].X - c[i-1].X) * (c[i].Y + c[i-1].Y) / 2
		}
		return a
	}
	exact, _ := AUROC(y, p)
	nearBy(t, "full", exact.Value, area(full), 1e-12)
	nearBy(t, "thin", exact.Value, area(thin), 1e-12)
	if end := thin[len(thin)-1]; end.X != 1 || end.Y != 1 || !math.IsInf(thin[0].Threshold, 1) {
		t.Error(thin[0], end)
	}
}

func TestClasses(t *testing.T) {
	y := []int{0, 1, 2, 1}
	p := [][]float64{{.7, .2, .1}, {.1, .8, .1}, {.3, .3, .4}, {.5, .3, .2}}
	got, err := Classes(y, p)
	loss := -(math.Log(.7) + math.Log(.8) + math.Log(.4) + math.Log(.3)) / 4
	if err != nil || got.N != 4 || got.Accuracy != .75 {
		t.Fatal(got, err)
	}
	nearBy(t, "log loss", got.LogLoss, loss, 1e-15)
	nearBy(t, "auroc", got.AUROC, (1+.875+1)/3, 1e-15) // class 1: 3½ of 4 pairs
	got, err = Classes([]int{0, 0}, [][]float64{{1, 0}, {0, 1}})
	if err != nil || got.AUROC.Defined() || math.Abs(float64(got.LogLoss)-15*math.Ln10/2) > 1e-12 {
		t.Error("one class, exact 0:", got, err)
	}
}

func TestClassesWrongInput(t *testing.T) {
	for _, c := range []struct {
		y    []int
		p    [][]float64
		want error
	}{
		{nil, nil, ErrEmpty},
		{[]int{0}, nil, ErrLength},
		{[]int{0, 1}, [][]float64{{1, 0}, {1}}, ErrLength},
		{[]int{2}, [][]float64{{1, 0}}, ErrClass},
		{[]int{-1}, [][]float64{{1, 0}}, ErrClass},
		{[]int{0}, [][]float64{{math.NaN(), 0}}, ErrProbability},
		{[]int{0}, [][]float64{{.5, .2}}, ErrSum},
	} {
		if _, err := Classes(c.y, c.p); !errors.Is(err, c.want) {
			t.Error(c, err)
		}
	}
}

func TestNumbers(t *testing.T) {
	got, err := Numbers([]float64{1, 2, 3, 4}, []float64{1, 2, 3, 2})
	if err != nil || got.N != 4 || got.RMSE != 1 || got.MAE != .5 || math.Abs(float64(got.R2)-.2) > 1e-15 {
		t.Error(got, err)
	}
	got, err = Numbers([]float64{.1, .1, .1}, []float64{1, 2, 3})
	if b, _ := json.Marshal(got); err != nil || got.R2.Defined() || string(b)[:15] != `{"n":3,"r2":nul` {
		t.Error("constant truth:", got, err)
	}
	for _, c := range []struct {
		y, h []float64
		want error
	}{
		{nil, nil, ErrEmpty}, {[]float64{1}, nil, ErrLength}, {[]float64{1}, []float64{math.Inf(1)}, ErrScore},
	} {
		if _, err := Numbers(c.y, c.h); !errors.Is(err, c.want) {
			t.Error(c, err)
		}
	}
}

// Whatever the bytes, Binary returns figures within their ranges or an error, and its JSON is JSON.
func FuzzBinary(f *testing.F) {
	f.Add([]byte{0, 255, 1, 17, 128, 128, 3})
	f.Add([]byte{})
	f.Add([]byte{1, 1, 1, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		var y []bool
		var p []float64
		for _, v := range b {
			y, p = append(y, v&1 == 1), append(p, math.Pow(float64(v>>1)/127, 1+float64(v&2)*40))
		}
		r, err := Binary(y, p, Options{})
		if _, e := json.Marshal(r); e != nil {
			t.Error(e)
		}
		if err != nil {
			return
		}
		if a := r.AUROC; a.Value < 0 || a.Value > 1 || a.Low > a.Value || a.High < a.Value {
			t.Error(a)
		}
		if c := r.Confusion; c.TP+c.FP+c.FN+c.TN != r.N || c.TP+c.FN != r.Events {
			t.Error(c)
		}
		if !r.Calibration.ICI.Defined() || r.Calibration.ICI > r.Calibration.Emax*(1+1e-12) {
			t.Error(r.Calibration)
		}
	})
}

func BenchmarkDeLongMillion(b *testing.B) {
	y, p := draw(1_000_000, 1<<30, 3)
	for b.Loop() {
		_, _ = AUROC(y, p)
	}
}

func BenchmarkCalibrate(b *testing.B) {
	for _, n := range []int{600, 10_000, 100_000, 1_000_000} {
		y, p := draw(n, 1<<30, 3)
		b.Run("", func(b *testing.B) {
			for b.Loop() {
				_, _ = Calibrate(y, p)
			}
		})
	}
}
