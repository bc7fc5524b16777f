package table

import (
	"math"
	"testing"
)

func TestFitScale(t *testing.T) {
	for _, c := range []struct {
		values   []float64
		mean, sd float64
	}{
		{nil, 0, 0},
		{[]float64{7}, 7, 0},
		{[]float64{.1, .1, .1}, .1, 0}, // a sum would give .1 and a tiny sd
		{[]float64{1, 3}, 2, 1},
		{[]float64{2, 4, 4, 4, 5, 5, 7, 9}, 5, 2}, // the population's sd
		{[]float64{-1, 1}, 0, 1},
		{[]float64{1.5e308, -1.5e308}, 0, 1.5e308}, // squares and sums that overflow
		{[]float64{1.7e308, 1.5e308}, 1.6e308, 1e307},
		{[]float64{3e-200, 1e-200}, 2e-200, 1e-200}, // squares that underflow
		{[]float64{4e-310, 0}, 2e-310, 2e-310},
	} {
		s := FitScale(c.values)
		if math.Abs(s.Mean-c.mean) > 1e-12*math.Abs(c.mean) || math.Abs(s.SD-c.sd) > 1e-12*c.sd {
			t.Errorf("%v: %+v, want %v %v", c.values, s, c.mean, c.sd)
		}
	}
	if s := FitScaleOf([]float64{1, 100, 3}, []int{0, 2}); s.Mean != 2 || s.SD != 1 {
		t.Errorf("%+v", s)
	}
	if s := FitScaleOf([]float64{1, 3}, nil); s.Mean != 2 {
		t.Errorf("%+v", s)
	}
}

func TestScaleBackAndForth(t *testing.T) {
	s := Scale{Mean: 10, SD: 4}
	if s.Z(18) != 2 || s.X(2) != 18 || s.X(s.Z(-3)) != -3 {
		t.Error("z and back")
	}
	if c := (Scale{Mean: 10}); c.Z(10) != 0 || c.X(0) != 10 {
		t.Error("a constant")
	}
	for _, bad := range []Scale{{math.NaN(), 1}, {0, math.Inf(1)}, {0, -1}, {math.Inf(-1), 0}} {
		if bad.valid() {
			t.Errorf("%+v passes", bad)
		}
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{nil, 0},
		{[]float64{5}, 5},
		{[]float64{3, 1, 2}, 2},
		{[]float64{4, 1, 2, 3}, 2.5},
		{[]float64{1.6e308, 1.4e308}, 1.5e308},
	} {
		if got := median(c.values); got != c.want {
			t.Errorf("%v: %v, want %v", c.values, got, c.want)
		}
	}
}
