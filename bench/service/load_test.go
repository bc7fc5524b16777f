package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// The program asks as HTTP has it: every request it counts has reached the service whole, on few connections, and a refusal is an error.
func TestLoad(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := make([]byte, 10)
		if n, _ := r.Body.Read(b); string(b[:n]) != "one" && string(b[:n]) != "two" || r.Header.Get("X-A") != "b" || r.Method != "POST" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		asked.Add(1)
		fmt.Fprint(w, "answer")
	}))
	defer server.Close()
	address := strings.TrimPrefix(server.URL, "http://")
	l := load{address, [][]byte{request("/p", "text/plain", []byte("one"), "X-A", "b"), request("/p", "text/plain", []byte("two"), "X-A", "b")}, 2, 3}
	if got, err := l.once(); err != nil || string(got) != "answer" {
		t.Fatalf("%q %v", got, err)
	}
	rate, err := l.rate(50 * time.Millisecond)
	if n := float64(asked.Load()); err != nil || rate <= 0 || rate*.05 > n {
		t.Errorf("%v: %g a second, %g were asked", err, rate, n)
	}
	asked.Store(0)
	list, err := l.latencies(400, 100*time.Millisecond)
	if err != nil || len(list) != 40 || asked.Load() != 40 || share(list, .5) <= 0 || share(list, .99) < share(list, .5) {
		t.Errorf("%v: %d latencies of %d", err, len(list), asked.Load())
	}
	l.requests = [][]byte{request("/p", "text/plain", []byte("three"))}
	if _, err := l.rate(10 * time.Millisecond); err == nil {
		t.Error("a refusal counts as an answer")
	}
}

// A section takes the place of the older one and leaves the others.
func TestReplaced(t *testing.T) {
	mine := heading + "\n\nnew\n"
	for old, want := range map[string]string{
		"# Speed\n": "# Speed\n\n" + mine, "# Speed\n\n" + heading + "\n\nold\n": "# Speed\n\n" + mine,
		"# Speed\n\n" + heading + "\n\nold\n\n## Other\n\nx\n": "# Speed\n\n" + mine + "\n## Other\n\nx\n", "## Other\n\nx\n": "## Other\n\nx\n\n" + mine,
	} {
		if got := replaced(old, mine); got != want {
			t.Errorf("%q: %q, want %q", old, got, want)
		}
	}
}

// Ratios are of one round.
func TestRatios(t *testing.T) {
	w := work{cells: []cell{{rates: []float64{10, 20, 30}}, {rates: []float64{5, 40, 10}}}}
	if got := fmt.Sprint(w.ratios(1)); got != "[2 0.5 3]" || median(w.ratios(1)) != 2 {
		t.Error(got)
	}
}
