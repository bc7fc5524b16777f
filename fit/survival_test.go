package fit

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gradus/metric"
	"gradus/model"
	"gradus/table"
)

// lifetimes is a table of n rows with exponential times of log hazard law(x), a third or so censored, and more to judge by.
func lifetimes(n, columns int, seed uint64, law func(x []float64) float64) string {
	r := rand.New(rand.NewPCG(seed, 71))
	var b strings.Builder
	for j := range columns {
		fmt.Fprintf(&b, "x%d,", j+1)
	}
	b.WriteString("days,died\n")
	x := make([]float64, columns)
	for range n {
		for j := range x {
			x[j] = r.NormFloat64()
			fmt.Fprintf(&b, "%.6g,", x[j])
		}
		t, c := 300*r.ExpFloat64()*math.Exp(-law(x)), 600*r.ExpFloat64()
		died := 0
		if t <= c {
			died = 1
		}
		fmt.Fprintf(&b, "%d,%d\n", 1+int(min(t, c)), died)
	}
	return b.String()
}

func crooked(x []float64) float64 { return x[0]*x[1] + x[2]*x[2]/2 - math.Abs(x[3]) + .5*x[4] }

func straight(x []float64) float64 { return .8*x[0] - .6*x[1] + .4*x[2] + .3*x[3] }

// judged trains on the first n rows of a table of survival and returns Harrell's C of the model and of Cox's regression on the rest.
func judged(t *testing.T, text string, n int, s model.Settings) (network float64, m *model.Model) {
	t.Helper()
	tbl := read(t, text)
	target, y, err := table.NewSurvival(tbl, "days", nil, "died", "")
	if err != nil {
		t.Fatal(err)
	}
	tbl, s.Horizons = tbl.Drop("died"), []float64{100, 300}
	run, err := New(tbl, upTo(n), target, y, s)
	if err != nil {
		t.Fatal(err)
	}
	if m, err = run.Train(t.Context()); err != nil {
		t.Fatal(err)
	}
	out, _, err := m.All(tbl)
	if err != nil {
		t.Fatal(err)
	}
	time, event := table.Survived(y[n:])
	var risk []float64
	for i := n; i < tbl.Rows; i++ {
		risk = append(risk, out.Row(i)[0])
	}
	c, err := metric.HarrellC(time, event, risk)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	if _, err := model.Read(b.Bytes(), "m"); err != nil {
		t.Fatal(err)
	}
	return float64(c.Value), m
}

func TestSurvivalTry(t *testing.T) {
	for _, n := range []int{300, 1000, 5000} {
		for seed := range uint64(3) {
			a, _ := judged(t, lifetimes(n+3000, 10, seed, crooked), n, model.Settings{Seed: seed})
			b, _ := judged(t, lifetimes(n+3000, 10, seed, straight), n, model.Settings{Seed: seed})
			fmt.Println(n, seed, a, b)
		}
	}
}
