package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// result is what one run of the program left behind.
type result struct {
	out, err string
	code     int
}

// gradus runs the program in this process: no terminal, no environment but LANG=C.
func gradus(stdin string, args ...string) result {
	return launch(context.Background(), stdin, nil, args...)
}

func launch(ctx context.Context, stdin string, env map[string]string, args ...string) result {
	var out, err bytes.Buffer
	code := run(ctx, args, world{in: strings.NewReader(stdin), out: &out, err: &err, env: func(k string) string { return env[k] }})
	return result{out.String(), err.String(), code}
}

// ok fails the test unless the run succeeded silently.
func (r result) ok(t *testing.T) result {
	t.Helper()
	if r.code != 0 {
		t.Fatalf("exit %d: %s%s", r.code, r.out, r.err)
	}
	return r
}

// into reads the output as JSON.
func (r result) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.ok(t).out), v); err != nil {
		t.Fatalf("%v in %s", err, r.out)
	}
}

// refused fails the test unless the run ended with code, said something of want on the error stream in one sentence, and left
// nothing on the output.
func (r result) refused(t *testing.T, code int, want ...string) {
	t.Helper()
	if r.code != code || r.out != "" || !strings.HasPrefix(r.err, "gradus: ") || strings.Contains(r.err, "[") && strings.Contains(r.err, ".]") {
		t.Fatalf("exit %d, want %d; out %q, err %q", r.code, code, r.out, r.err)
	}
	if !utf8.ValidString(r.err) || strings.Contains(r.err, "goroutine") || strings.Contains(r.err, "%!") {
		t.Errorf("not a sentence for people: %q", r.err)
	}
	for _, w := range want {
		if !strings.Contains(r.err, w) {
			t.Errorf("%q does not say %q", r.err, w)
		}
	}
}
