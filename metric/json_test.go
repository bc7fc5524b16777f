package metric

import (
	"encoding/json"
	"math"
	"testing"
)

// A Number is written byte by byte as encoding/json writes a float64, and null where it is undefined.
func TestNumberJSON(t *testing.T) {
	for _, v := range []float64{
		0, math.Copysign(0, -1), 1, -1, .1, 1. / 3, 1e-6, 9.99e-7, 1e-9, -3e-10, 1.5e-12, 1e-300, 5e-324, 1e20, 1e21, -2.5e21, 1e100, math.MaxFloat64,
	} {
		want, _ := json.Marshal(v)
		got, err := json.Marshal(Number(v))
		if err != nil || string(got) != string(want) {
			t.Errorf("%g: %s, want %s (%v)", v, got, want, err)
		}
		var back Number
		if err := json.Unmarshal(got, &back); err != nil || math.Float64bits(float64(back)) != math.Float64bits(v) {
			t.Errorf("%s is read as %g (%v)", got, back, err)
		}
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if b, err := json.Marshal(Number(v)); err != nil || string(b) != "null" {
			t.Errorf("%g: %s %v", v, b, err)
		}
	}
	var n Number
	if err := json.Unmarshal([]byte("null"), &n); err != nil || !math.IsNaN(float64(n)) {
		t.Error("null is read as", n, err)
	}
	if err := json.Unmarshal([]byte(`"much"`), &n); err == nil {
		t.Error("a word is read as a number")
	}
}
