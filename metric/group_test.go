package metric

import (
	"math"
	"testing"
)

// Wald's intervals of the calibration figures against R's on the twelve prediction sets.
func TestWaldAgainstR(t *testing.T) {
	all := sets(t)
	type result struct {
		Calibration struct {
			CITL  [2]float64 `json:"in_the_large_wald_ci"`
			Slope [2]float64 `json:"slope_wald_ci"`
		}
	}
	for name, want := range decode[map[string]result](t, "expected_metrics_R.json.gz") {
		c, err := Calibrate(all[name].y, all[name].p)
		if err != nil {
			t.Fatal(name, err)
		}
		for what, b := range map[string]struct {
			v, se Number
			want  [2]float64
		}{
			"citl":  {c.InTheLarge, c.InTheLargeSE, want.Calibration.CITL},
			"slope": {c.Slope, c.SlopeSE, want.Calibration.Slope},
		} {
			got := Wald(b.v, b.se)
			// R's standard error carries 5e-8 of itself, also into a bound that lies near 0; the fixture has ten digits
			off := 5e-8*z95*float64(b.se) + 1e-9*math.Abs(float64(b.v))
			if math.Abs(float64(got.Low)-b.want[0]) > off || math.Abs(float64(got.High)-b.want[1]) > off {
				t.Errorf("%s %s: %v, want %v", name, what, got, b.want)
			}
		}
	}
}

func TestTooFew(t *testing.T) {
	for _, c := range []struct {
		n, events int
		want      bool
	}{{49, 20, true}, {50, 9, true}, {50, 10, false}} {
		if TooFew(c.n, c.events) != c.want {
			t.Error(c)
		}
	}
}
