package regression

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gradus/internal/say"
	"gradus/mat"
)

// cloud is n rows of d normal features and a noisy outcome of the first two.
func cloud(n, d int, seed uint64) (x mat.Matrix[float64], y []bool) {
	rng := rand.New(rand.NewPCG(seed, 7))
	x = mat.New[float64](n, d)
	for r := range n {
		row := x.Row(r)
		for j := range row {
			row[j] = 10*float64(j) + (1+float64(j))*rng.NormFloat64()
		}
		y = append(y, row[0]+(row[1%d]-10)/2+1.5*rng.NormFloat64() > 0)
	}
	return x, y
}

func refused(t *testing.T, err error, key string) {
	t.Helper()
	e, ok := errors.AsType[*say.Err](err)
	if !ok || e.Key != key {
		t.Errorf("%v, want %s", err, key)
	}
}

// At the optimum the gradient is 0, written here from the definition and on raw predictions.
func TestLogisticGradientVanishes(t *testing.T) {
	for _, ridge := range []float64{0, 1e-6, 1, 100} {
		x, y := cloud(300, 5, 1)
		f, err := Logistic(x, y, ridge)
		if err != nil {
			t.Fatal(ridge, err)
		}
		g := make([]float64, x.Cols+1)
		for r, event := range y {
			e := f.Predict(x.Row(r))
			if event {
				e--
			}
			g[0] += e
			for j, v := range x.Row(r) {
				g[j+1] += e * (v - f.Mean[j]) / f.SD[j]
			}
		}
		for j, w := range f.StandardCoefficients {
			g[j+1] += ridge * w
		}
		for j, v := range g {
			if math.Abs(v) > 1e-9 {
				t.Errorf("ridge %v: gradient %d is %v", ridge, j, v)
			}
		}
	}
}

func TestLinearGradientVanishes(t *testing.T) {
	x, y := diabetes(t)
	for _, ridge := range []float64{0, 1, 100} {
		f, err := Linear(x, y, ridge)
		if err != nil {
			t.Fatal(err)
		}
		g, sum := make([]float64, x.Cols), 0.
		for r, v := range y {
			e := f.Predict(x.Row(r)) - v
			sum += e
			for j, v := range x.Row(r) {
				g[j] += e * (v - f.Mean[j]) / f.SD[j]
			}
		}
		for j, w := range f.StandardCoefficients {
			if v := g[j] + ridge*w; math.Abs(v) > 1e-8 || math.Abs(sum) > 1e-8 {
				t.Errorf("ridge %v: gradient %d is %v, Σ(h−y) %v", ridge, j, v, sum)
			}
		}
	}
}

func TestSoftmaxGradientVanishes(t *testing.T) {
	x, target := load(t, "iris")
	y, k := classes(target)
	for _, ridge := range []float64{1e-3, 1, 100} {
		f, err := Softmax(x, y, k, ridge)
		if err != nil {
			t.Fatal(ridge, err)
		}
		g, p := mat.New[float64](k, x.Cols+1), make([]float64, k)
		for r, own := range y {
			f.Predict(p, x.Row(r))
			p[own]--
			for c, e := range p {
				g.Row(c)[0] += e
				for j, v := range x.Row(r) {
					g.Row(c)[j+1] += e * (v - f.Mean[j]) / f.SD[j]
				}
			}
		}
		for c := range k {
			for j, w := range f.StandardCoefficients[c] {
				g.Row(c)[j+1] += ridge * w
			}
			for j, v := range g.Row(c) {
				if math.Abs(v) > 1e-8 {
					t.Errorf("ridge %v: gradient %d,%d is %v", ridge, c, j, v)
				}
			}
		}
	}
}

// The coefficients in the units of the table say the same as those on z-scores.
func TestRawCoefficients(t *testing.T) {
	x, y := breastCancer(t)
	f, err := Logistic(x, y, 1)
	if err != nil {
		t.Fatal(err)
	}
	xd, yd := diabetes(t)
	l, err := Linear(xd, yd, 1)
	if err != nil {
		t.Fatal(err)
	}
	for r := range 50 {
		p, _ := sigmoid(f.Intercept + dot(f.Coefficients, x.Row(r)))
		near(t, "probability", p, f.Predict(x.Row(r)), 1e-11)
		near(t, "number", l.Intercept+dot(l.Coefficients, xd.Row(r)), l.Predict(xd.Row(r)), 1e-11)
	}
}

// Two classes: a softmax with ridge λ is the logistic regression with λ/2, its coefficients the difference.
func TestSoftmaxOfTwoClassesIsLogistic(t *testing.T) {
	x, y := breastCancer(t)
	number := make([]int, len(y))
	for i, event := range y {
		if event {
			number[i] = 1
		}
	}
	s, err := Softmax(x, number, 2, 2)
	if err != nil {
		t.Fatal(err)
	}
	l, err := Logistic(x, y, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "objective", s.Objective, l.Objective, 1e-11)
	p := make([]float64, 2)
	for r := range y {
		s.Predict(p, x.Row(r))
		near(t, "probability", p[1], l.Predict(x.Row(r)), 1e-8)
	}
}

// Without a ridge and without separation the optimum is scale-free: the fit on x and on 1000x+5 predict alike.
func TestUnitsDoNotMatter(t *testing.T) {
	x, y := cloud(200, 3, 2)
	scaled := x.Clone()
	for i, v := range scaled.Data {
		scaled.Data[i] = 1000*v + 5
	}
	for _, ridge := range []float64{0, 1} {
		a, err := Logistic(x, y, ridge)
		b, err2 := Logistic(scaled, y, ridge)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		for r := range y {
			near(t, "probability", a.Predict(x.Row(r)), b.Predict(scaled.Row(r)), 1e-9)
		}
	}
}

// A constant column changes nothing; a column that is a sum of others changes no prediction.
func TestColumnsThatSayNothing(t *testing.T) {
	x, y := cloud(200, 3, 3)
	wider := mat.New[float64](x.Rows, 5)
	number, value := make([]int, len(y)), make([]float64, len(y))
	for r := range y {
		a := x.Row(r)
		copy(wider.Row(r), []float64{a[0], .1, a[1], 2*a[0] - a[1], a[2]})
		value[r] = a[0] - a[2] + float64(r%7)
		if y[r] {
			number[r] = 1
		}
	}
	plain, err := Logistic(x, y, 0)
	more, err2 := Logistic(wider, y, 0)
	if err != nil || err2 != nil || !slices.Equal(more.Aside, []int{1, 3}) {
		t.Fatal(err, err2, more)
	}
	soft, err := Softmax(wider, number, 2, 0)
	line, err2 := Linear(x, value, 0)
	lines, err3 := Linear(wider, value, 0)
	if err != nil || err2 != nil || err3 != nil {
		t.Fatal(err, err2, err3)
	}
	p := make([]float64, 2)
	for r := range y {
		near(t, "logistic", more.Predict(wider.Row(r)), plain.Predict(x.Row(r)), 1e-9)
		soft.Predict(p, wider.Row(r))
		near(t, "softmax", p[1], plain.Predict(x.Row(r)), 1e-8)
		near(t, "linear", lines.Predict(wider.Row(r)), line.Predict(x.Row(r)), 1e-9)
	}
	for _, j := range []int{1, 3} {
		if more.Coefficients[j] != 0 || lines.Coefficients[j] != 0 || soft.Coefficients[0][j] != 0 {
			t.Error("a column set aside has a coefficient", j)
		}
	}
	ridged, err := Logistic(wider, y, 1)
	if err != nil || ridged.StandardCoefficients[1] != 0 || ridged.StandardCoefficients[3] == 0 || !slices.Equal(ridged.Aside, []int{1}) {
		t.Error("a ridge shares the weight among columns that repeat:", ridged, err)
	}
	alone := mat.New[float64](len(y), 1) // no column that varies: the prevalence
	if f, err := Logistic(alone, y, 1); err != nil || math.Abs(f.Predict([]float64{3})-prevalence(y)) > 1e-12 {
		t.Error(f, err)
	}
}

func prevalence(y []bool) float64 {
	events := 0.
	for _, event := range y {
		if event {
			events++
		}
	}
	return events / float64(len(y))
}

// More columns than rows: fitted in the span of the rows, to the same optimum as in all columns.
func TestMoreColumnsThanRows(t *testing.T) {
	x, y := cloud(30, 80, 4)
	f, err := Logistic(x, y, 1)
	if err != nil {
		t.Fatal(err)
	}
	scale, z := standardise(x)
	full := newLogistic(&space{Scale: scale, z: z}, y, 1)
	if _, err := full.minimise(); err != nil {
		t.Fatal(err)
	}
	near(t, "objective", f.Objective, full.value, 1e-12)
	for j, w := range f.StandardCoefficients {
		near(t, "coefficient", w, full.beta[j+1], 1e-9)
	}
	value := make([]float64, len(y))
	for r := range value {
		value[r] = x.At(r, 3)
	}
	if l, err := Linear(x, value, 1); err != nil || math.Abs(l.Objective-l.Squares/2-dot(l.StandardCoefficients, l.StandardCoefficients)/2) > 1e-9 {
		t.Error(l, err)
	}
	_, err = Logistic(x, y, 0)
	refused(t, err, "regression.wide")
	_, err = Linear(x, value, 0)
	refused(t, err, "regression.wide")
}

func TestWrongInput(t *testing.T) {
	x, y := cloud(10, 2, 5)
	broken := func(v float64) mat.Matrix[float64] {
		b := x.Clone()
		b.Data[5] = v
		return b
	}
	_, err := Logistic(x, y[:9], 1)
	refused(t, err, "regression.rows")
	_, err = Logistic(x.Top(1), y[:1], 1)
	refused(t, err, "regression.few")
	_, err = Logistic(mat.Matrix[float64]{}, nil, 1)
	refused(t, err, "regression.few")
	for _, ridge := range []float64{-1, math.NaN(), math.Inf(1)} {
		_, err = Logistic(x, y, ridge)
		refused(t, err, "regression.ridge")
	}
	for _, v := range []float64{math.NaN(), math.Inf(-1), 1e200} {
		_, err = Logistic(broken(v), y, 1)
		refused(t, err, "regression.value")
		if got := err.Error(); got[:17] != "row 3, feature 2:" {
			t.Error(got)
		}
	}
	_, err = Logistic(x, make([]bool, 10), 1)
	refused(t, err, "regression.one_class")
	_, err = Linear(x, []float64{0, 1, 2, 3, 4, math.NaN(), 6, 7, 8, 9}, 1)
	refused(t, err, "regression.target")
	_, err = Softmax(x, []int{0, 1, 2, 0, 1, 2, 0, 1, 2, 3}, 3, 1)
	refused(t, err, "regression.class")
	_, err = Softmax(x, make([]int, 10), 2, 1)
	refused(t, err, "regression.empty_class")
	_, err = Softmax(x, make([]int, 10), 1, 1)
	refused(t, err, "regression.empty_class")
}

// The factor finds sums of rows, solves the others, and answers 0 for them.
func TestFactor(t *testing.T) {
	a := mat.From([]float64{4, 2, 6}, []float64{2, 3, 5}, []float64{6, 5, 11}) // the third is the sum of the others
	l, dependent := factor(a, 1e-11)
	if !slices.Equal(dependent, []int{2}) {
		t.Fatal(dependent)
	}
	b := []float64{2, 1, 3}
	solve(l, b)
	for i, want := range []float64{.5, 0, 0} {
		near(t, "solution", b[i], want, 1e-15)
	}
}

func TestSoftplusAndSigmoidAtTheEnds(t *testing.T) {
	for o, want := range map[float64]float64{-800: 0, 800: 800, 0: math.Ln2, math.Inf(1): math.Inf(1), math.Inf(-1): 0} {
		if got := softplus(o); got != want {
			t.Error("softplus", o, got)
		}
	}
	if p, rest := sigmoid(-50); p == 0 || rest != 1 {
		t.Error(p, rest)
	}
	if p, rest := sigmoid(50); p != 1 || rest == 0 {
		t.Error(p, rest)
	}
}

func BenchmarkSoftmaxDigits(b *testing.B) {
	x, target := load(b, "digits")
	y, k := classes(target)
	for b.Loop() {
		f, err := Softmax(x, y, k, 1)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(f.Iterations), "iterations")
	}
}

func BenchmarkLogisticWide(b *testing.B) {
	x, y := cloud(300, 5000, 6)
	for b.Loop() {
		if _, err := Logistic(x, y, 1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLogisticLong(b *testing.B) {
	x, y := cloud(200_000, 30, 6)
	for b.Loop() {
		if _, err := Logistic(x, y, 1); err != nil {
			b.Fatal(err)
		}
	}
}

// With one column of 0 and 1 the fit is the two shares themselves: the standard error of a log-odds is √(1/events + 1/others).
func TestLogisticStandardError(t *testing.T) {
	var x [][]float64
	var y []bool
	for _, cell := range []struct {
		x    float64
		y    bool
		rows int
	}{{0, true, 12}, {0, false, 88}, {1, true, 30}, {1, false, 45}} {
		for range cell.rows {
			x, y = append(x, []float64{cell.x}), append(y, cell.y)
		}
	}
	f, err := Logistic(mat.From(x...), y, 0)
	if err != nil {
		t.Fatal(err)
	}
	for v, want := range []float64{math.Sqrt(1./12 + 1./88), math.Sqrt(1./30 + 1./45)} {
		if got := f.StandardError([]float64{float64(v)}); math.Abs(got-want) > 1e-9 {
			t.Errorf("at %d: %v, want %v", v, got, want)
		}
	}
	wide := mat.From([]float64{1, 2, 3, 5}, []float64{2, 1, 0, 1}, []float64{0, 1, 4, 2})
	few, err := Logistic(wide, []bool{true, false, true}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if se := few.StandardError(wide.Row(0)); !(se > 0 && se < 10) {
		t.Error("more columns than rows:", se)
	}
}
