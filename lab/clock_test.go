package lab

import (
	"net/http/httptest"
	"testing"
	"time"
)

// A look at a report ends by the clock, however it jumps: a ticket lasts until its time and not a moment longer.
func TestLookWhenTheClockJumps(t *testing.T) {
	for _, c := range []struct {
		jump time.Duration
		code int
	}{{0, 404}, {good - time.Second, 404}, {good + time.Second, 403}, {50 * 365 * 24 * time.Hour, 403}, {-50 * 365 * 24 * time.Hour, 404}} {
		o := NewOwn()
		now := time.Now()
		o.Now = func() time.Time { return now }
		o.looks["t"] = look{"report.en.html", o.Now().Add(good)}
		now = now.Add(c.jump)
		r := httptest.NewRequest("GET", "/api/look/t", nil)
		r.RemoteAddr = "127.0.0.1:1"
		w := httptest.NewRecorder()
		o.ServeHTTP(w, r)
		if w.Code != c.code {
			t.Errorf("a jump of %v: %d, want %d", c.jump, w.Code, c.code)
		}
		o.Close()
	}
}
