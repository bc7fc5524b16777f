package metric

import (
	"math"
	"testing"
)

// Curve, standard error and ECI against R's direct loess with exact statistics (testdata/loess_band.R).
func TestBandAgainstR(t *testing.T) {
	all := sets(t)
	for name, want := range decode[map[string]struct {
		X, Y, SE   []float64
		Scale, ECI float64
	}](t, "loess_band_R.json") {
		l := newLoess(all[name].y, all[name].p)
		s := l.scale()
		near(t, name+" scale", s, want.Scale)
		for i, x := range want.X {
			near(t, name+" curve", Number(l.at(x)), want.Y[i])
			near(t, name+" se", s*Number(math.Sqrt(l.norm(x))), want.SE[i])
		}
		c, err := Calibrate(all[name].y, all[name].p)
		if err != nil {
			t.Fatal(err)
		}
		near(t, name+" ECI", c.ECI, want.ECI)
	}
}

// The standard errors that R gives unless it is told to be exact: the same shape along the curve, a scale within 1e-4.
func TestBandHasTheShapeOfR(t *testing.T) {
	all := sets(t)
	for name, want := range decode[map[string]rResult](t, "expected_metrics_R.json.gz") {
		l := newLoess(all[name].y, all[name].p)
		s := float64(l.scale())
		first := s * math.Sqrt(l.norm(want.Curve.X[0])) / want.Curve.SE[0]
		if math.Abs(first-1) > 2e-4 {
			t.Error(name, first)
		}
		for i, x := range want.Curve.X { // x is printed with 10 digits
			if got := s * math.Sqrt(l.norm(x)) / want.Curve.SE[i]; math.Abs(got/first-1) > 2e-8 {
				t.Error(name, i, got/first-1)
			}
		}
	}
}

func TestCalibrationBand(t *testing.T) {
	y, p := draw(7000, 1<<40, 2)
	band, err := CalibrationBand(y, p, 50)
	if err != nil || len(band) != 50 {
		t.Fatal(len(band), err)
	}
	inside := 0
	for _, b := range band {
		if !(b.Low <= Number(b.Y) && Number(b.Y) <= b.High && b.Low >= 0 && b.High <= 1) {
			t.Error(b)
		}
		if b.Low <= Number(b.X) && Number(b.X) <= b.High { // the predictions are the chances
			inside++
		}
	}
	if inside < 40 {
		t.Error("the band holds the truth at only", inside)
	}
	for _, few := range [][]float64{{.2}, {.2, .8}, {.2, .4, .8}} {
		if band, err = CalibrationBand([]bool{true, false, true}[:len(few)], few, 5); err != nil || len(band) == 0 || band[0].SE.Defined() {
			t.Error("as many degrees of freedom as rows:", few, band, err)
		}
	}
}
