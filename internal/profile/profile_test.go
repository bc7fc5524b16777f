package profile

import (
	"math"
	"slices"
	"testing"
	"time"
)

// spin is work of at least d.
func spin(d time.Duration) {
	for began := time.Now(); time.Since(began) < d; {
	}
}

// Each part gets the time that was its, and the whole is the time that passed.
func TestTimesAreThoseOfTheParts(t *testing.T) {
	c := New()
	long, never, short := c.Part("long", 0, 0), c.Part("never", 1, 10), c.Part("short", 2, 1000)
	spin(time.Millisecond)
	c.Restart()
	began := time.Now()
	for range 20 {
		spin(200 * time.Microsecond)
		c.Lap(long)
		spin(20 * time.Microsecond)
		c.Lap(short)
		c.Step(8)
	}
	passed := float64(time.Since(began))
	r := c.Result(2, 4)
	if r.Steps != 20 || r.Readings != 2 || r.Threads != 2 || r.Peak != 4 || len(r.Parts) != 2 || never == short {
		t.Fatalf("%+v", r)
	}
	if r.Total > passed || r.Total < passed-40*(r.Reading+1000) || math.Abs(r.Step*20-r.Total) > 1 {
		t.Errorf("%v of %v ns", r.Total, passed)
	}
	a, b := r.Parts[0], r.Parts[1]
	if a.Part != "long" || a.Calls != 20 || b.Layer != 2 || math.Abs(a.Share+b.Share-1) > 1e-9 || math.Abs(a.Total+b.Total-r.Total) > 1 {
		t.Errorf("%+v %+v", a, b)
	}
	if a.Median < 190e3 || b.Median < 19e3 || math.Abs(r.Median-a.Median-b.Median) > 1 || a.Rate != 0 {
		t.Errorf("%+v %+v, %v", a, b, r.Median)
	}
	if want := 1000 * 8 / b.Median; math.Abs(b.Rate-want) > 1e-9*want || math.Abs(b.Peak-want/4) > 1e-9*want {
		t.Errorf("rate %v, want %v", b.Rate, want)
	}
}

// A median is that of the times themselves within 1/32, and every time has its place.
func TestMedian(t *testing.T) {
	for _, d := range []time.Duration{0, 1, 15, 16, 17, 31, 32, 33, 1000, 123456, 5e9, math.MaxInt64} {
		var s spread
		s.add(d)
		if got := s.median(); d < 1<<62 && math.Abs(got-float64(d)) > max(float64(d)/32, .5) {
			t.Errorf("median of %d is %v", d, got)
		}
	}
	var s spread
	var list []time.Duration
	for i := range 999 {
		d := time.Duration(i * i * 37 % 100003)
		list = append(list, d)
		s.add(d)
	}
	slices.Sort(list)
	if want := float64(list[499]); math.Abs(s.median()-want) > want/32 {
		t.Errorf("%v, want %v", s.median(), want)
	}
	for at := 1; at < 500; at++ {
		if middle(at) <= middle(at-1) {
			t.Errorf("%d: %v after %v", at, middle(at), middle(at-1))
		}
	}
}

// No clock measures nothing and complains of nothing; a clock that nothing was told has nothing to tell; reading it allocates nothing.
func TestNoClock(t *testing.T) {
	var none *Clock
	none.Lap(none.Part("a", 1, 2))
	none.Step(3)
	c := New()
	p := c.Part("a", 0, 5)
	if r := c.Result(1, 0); r.Steps != 0 || r.Total != 0 || r.Step != 0 || len(r.Parts) != 0 || r.Parts == nil {
		t.Errorf("%+v", r)
	}
	if n := testing.AllocsPerRun(100, func() { c.Lap(p); c.Step(1) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if r := c.Result(1, 0); !(r.Reading > 0 && r.Reading < 1e5) {
		t.Errorf("a reading takes %v ns", r.Reading)
	}
}
