package check

import (
	"math"
	"testing"
	"time"
)

// FuzzCell gives one cell to every reader of numbers and dates, as each style writes them.
func FuzzCell(f *testing.F) {
	for _, s := range []string{
		"1,234.5", "1.234,5", "<0.5", "65세", "12.3 mg/L", "５", "2021-03-05", "2021.3.5", "20210305", "2021년 3월 5일", "31/12/2021 23:59", "05-03-2021", "43466", "99991231", "-0", "1e5",
		"0/0/0000", "29.02.2021", ",", "<", "1 년", "2999-01-01",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if r, ok := number(s); ok && (math.IsNaN(r.v) || math.IsInf(r.v, 0)) {
			t.Errorf("%q is %v", s, r.v)
		}
		if d, ok := day(s); ok {
			if _, err := time.Parse(time.DateOnly, iso(d)); err != nil {
				t.Errorf("%q is day %d: %v", s, d, err)
			}
			if back, ok := day(iso(d)); !ok || back != d {
				t.Errorf("%q is day %d, %s, and that day %d %v", s, d, iso(d), back, ok)
			}
		}
		var seen styled
		seen.look(s)
		if n := seen.days + seen.months + seen.either + seen.plain + seen.thousands + seen.commas + seen.against; seen.filled > 1 || n > 2*seen.filled {
			t.Errorf("%q: %+v", s, seen)
		}
		for _, st := range []style{comma, dayFirst, monthFirst} {
			once := st.rewrite(s)
			if st != comma && st.rewrite(once) != once {
				t.Errorf("%v: %q becomes %q and that %q", st, s, once, st.rewrite(once))
			}
		}
	})
}
