package lab

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// site is the page as built, or, where it was not, a page of one line with the files that a page needs.
func site(t *testing.T) *Site {
	t.Helper()
	if s, err := NewSite(); err == nil {
		return s
	}
	s := &Site{files: map[string]*file{}}
	for name, content := range map[string]string{
		"index.html": "<!doctype html><title>gradus</title>" + strings.Repeat(" ", 400), "engine.wasm": strings.Repeat("\x00asm", 100),
		"rest.wasm": strings.Repeat("\x00asm", 100),
		"index.js":  "1", "pretendard.woff2": "f",
	} {
		s.files[name] = pack(name, []byte(content))
	}
	return s
}

func ask(t *testing.T, s *Site, method, target string, header map[string]string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, "http://127.0.0.1:1234"+target, nil)
	for k, v := range header {
		if k == "Host" {
			r.Host = v
		}
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	s.Handler("127.0.0.1").ServeHTTP(w, r)
	return w.Result()
}

// A page of the web that has pointed a name of its own at this machine gets nothing, nor does a script of another origin.
func TestRebinding(t *testing.T) {
	s := site(t)
	for _, c := range []struct {
		header map[string]string
		want   int
	}{
		{nil, 200},
		{map[string]string{"Host": "localhost:1234"}, 200},
		{map[string]string{"Host": "[::1]:1234"}, 200},
		{map[string]string{"Host": "evil.example"}, 403},
		{map[string]string{"Host": "evil.example:1234"}, 403},
		{map[string]string{"Host": "127.0.0.1.evil.example"}, 403},
		{map[string]string{"Host": ""}, 403},
		{map[string]string{"Origin": "http://127.0.0.1:1234"}, 200},
		{map[string]string{"Origin": "http://evil.example"}, 403},
		{map[string]string{"Origin": "null"}, 403},
	} {
		if r := ask(t, s, "GET", "/", c.header); r.StatusCode != c.want {
			t.Errorf("%v: %d, want %d", c.header, r.StatusCode, c.want)
		}
	}
}

// A lab that listens at every address of the machine answers to the one that was asked, and to no other number.
func TestBoundToAll(t *testing.T) {
	s := site(t)
	for host, want := range map[string]int{"192.168.0.7:1234": 200, "192.168.0.8:1234": 403, "192.168.0.7.evil.example": 403} {
		r := httptest.NewRequest("GET", "http://x/", nil)
		r.Host = host
		r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, &net.TCPAddr{IP: net.IPv4(192, 168, 0, 7), Port: 1234}))
		w := httptest.NewRecorder()
		if s.Handler("0.0.0.0").ServeHTTP(w, r); w.Code != want {
			t.Errorf("%s: %d, want %d", host, w.Code, want)
		}
	}
}

// Every answer carries the headers that keep the page to itself, refusals too.
func TestHeaders(t *testing.T) {
	s := site(t)
	for _, target := range []string{"/", "/engine.wasm", "/none", "/../lab.go"} {
		r := ask(t, s, "GET", target, nil)
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'self'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "X-Frame-Options": "DENY",
		} {
			if !strings.HasPrefix(r.Header.Get(name), want) {
				t.Errorf("%s: %s is %q", target, name, r.Header.Get(name))
			}
		}
		if r.Header.Get("Set-Cookie") != "" || strings.Contains(r.Header.Get("Content-Security-Policy"), "unsafe-inline") {
			t.Errorf("%s: a cookie, or inline scripts allowed", target)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		if r := ask(t, s, method, "/", nil); r.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, r.StatusCode)
		}
	}
}

// Files come compressed to who takes that, with their kind, and not at all to who has them.
func TestFiles(t *testing.T) {
	s := site(t)
	for name, kind := range map[string]string{"/": "text/html", "/engine.wasm": "application/wasm", "/index.js": "text/javascript", "/pretendard.woff2": "font/woff2"} {
		r := ask(t, s, "GET", name, nil)
		if r.StatusCode != 200 || !strings.HasPrefix(r.Header.Get("Content-Type"), kind) || r.Header.Get("ETag") == "" {
			t.Errorf("%s: %d %q", name, r.StatusCode, r.Header.Get("Content-Type"))
		}
		if again := ask(t, s, "GET", name, map[string]string{"If-None-Match": r.Header.Get("ETag")}); again.StatusCode != 304 {
			t.Errorf("%s: %d to one who has it", name, again.StatusCode)
		}
	}
	for _, name := range []string{"/engine.wasm", "/rest.wasm"} {
		plain, _ := io.ReadAll(ask(t, s, "GET", name, nil).Body)
		zipped := ask(t, s, "GET", name, map[string]string{"Accept-Encoding": "gzip, br"})
		z, err := gzip.NewReader(zipped.Body)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(z)
		if zipped.Header.Get("Content-Encoding") != "gzip" || err != nil || !bytes.Equal(b, plain) || zipped.Header.Get("Content-Type") != "application/wasm" {
			t.Errorf("%d bytes of %d, %v, %v", len(b), len(plain), err, zipped.Header)
		}
		if tag := zipped.Header.Get("ETag"); tag == ask(t, s, "GET", name, nil).Header.Get("ETag") {
			t.Errorf("%s has the tag %s in both forms", name, tag)
		}
	}
	if r := ask(t, s, "GET", "/README.md", nil); r.StatusCode != 404 {
		t.Error("a file that is not the page's is served")
	}
}

// The page's code holds no formula: what is computed, the engine computes.
func TestNoFormulaInThePage(t *testing.T) {
	found := 0
	err := sources(func(name, text string) {
		found++
		for _, word := range []string{"Math.exp", "Math.tanh", "Math.log(", "Math.log1p", "Math.random", "sigmoid(", "softmax("} {
			if strings.Contains(text, word) && !allowed(name, word) {
				t.Errorf("%s uses %s", name, word)
			}
		}
	})
	if err != nil || found < 15 {
		t.Fatalf("%d files, %v", found, err)
	}
}

// allowed is the logarithm where a logarithmic axis or slider is laid out.
func allowed(name, word string) bool {
	return word == "Math.log(" && (strings.HasSuffix(name, "Plot.svelte") || strings.HasSuffix(name, "Slider.svelte"))
}
