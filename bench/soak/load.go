package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"
)

// canary is a level that no table has: it must come back to who sent it, and stand nowhere else.
const canary = "CANARY7Q"

// get asks for an address.
func get(url string) (int, []byte, error) {
	r, err := http.Get(url)
	if err != nil {
		return 0, nil, err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	return r.StatusCode, b, err
}

// post asks the service. A request that a kill cut through is counted, asked again by the next, and no fault.
func (s *soak) post(path, kind, accept, body string) (code int, answer []byte, ok bool) {
	s.ward.mu.RLock()
	before, base := s.ward.lives.Load(), s.ward.base
	s.ward.mu.RUnlock()
	r, err := http.NewRequest("POST", base+path, strings.NewReader(body))
	fatal(err)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Accept", accept)
	a, err := http.DefaultClient.Do(r)
	if err == nil {
		answer, err = io.ReadAll(a.Body)
		a.Body.Close()
	}
	if err != nil {
		s.ward.mu.RLock()
		after := s.ward.lives.Load()
		s.ward.mu.RUnlock()
		if after == before && !s.over() {
			s.fail("%s: no answer: %v", path, err)
		}
		s.count("requests that a kill cut")
		return 0, nil, false
	}
	if a.StatusCode == http.StatusTooManyRequests {
		s.count("told to come again (429)")
		s.pause(100 * time.Millisecond)
		return a.StatusCode, nil, false
	}
	return a.StatusCode, answer, true
}

// some are a few rows of the table, and where they begin.
func (s *soak) some() (rows []map[string]any, from int) {
	all := s.tables["cohort"].rows
	n := 1 + rand.IntN(20)
	from = rand.IntN(len(all) - n)
	return all[from : from+n], from
}

func text(v any) string {
	b, err := json.Marshal(v)
	fatal(err)
	return string(b)
}

// said is an answer in JSON.
type said struct {
	Predictions []answer
	Model       struct{ SHA256 string }
}

// rows asks for a few rows and compares every probability, bit for bit.
func (s *soak) rows() {
	rows, from := s.some()
	code, b, ok := s.post("/predict", "application/json", "*/*", text(map[string]any{"rows": rows}))
	if !ok {
		return
	}
	s.judge(code, b, rows, from)
}

func (s *soak) judge(code int, b []byte, rows []map[string]any, from int) {
	var got said
	err := json.Unmarshal(b, &got)
	want := s.models[got.Model.SHA256]
	if code != 200 || err != nil || want == nil || len(got.Predictions) != len(rows) {
		s.fail("rows: %d %v %.200s", code, err, b)
		return
	}
	for i, p := range got.Predictions {
		if w := want.rows[from+i]; p.Prediction != w.Prediction || text(p.P) != text(w.P) {
			s.fail("row %d: %v, want %v", from+i, p, w)
		}
	}
	s.count("answers in JSON, right to the bit")
}

// files sends the whole table as a file.
func (s *soak) files() {
	code, b, ok := s.post("/predict", "text/csv", "text/csv", string(s.tables["cohort"].text))
	if !ok {
		return
	}
	for _, t := range s.models {
		if code == 200 && bytes.Equal(b, t.csv) {
			s.count("whole files, the same bytes as gradus predict")
			s.pause(20 * time.Millisecond)
			return
		}
	}
	s.fail("a file: %d %.200s", code, b)
}

// fhir asks for one row as a RiskAssessment.
func (s *soak) fhir() {
	rows, _ := s.some()
	code, b, ok := s.post("/predict", "application/json", "application/fhir+json", text(map[string]any{"subject": "Patient/" + canary, "rows": rows[:1]}))
	if !ok {
		return
	}
	if code != 200 || !bytes.HasPrefix(b, []byte(`{"resourceType":"RiskAssessment"`)) || !bytes.Contains(b, []byte("Patient/"+canary)) {
		s.fail("FHIR: %d %.200s", code, b)
	}
	s.count("answers in FHIR")
	s.pause(10 * time.Millisecond)
}

// bad sends what must be refused, each with its status, and a level that nobody knows.
func (s *soak) bad() {
	for _, c := range []struct {
		body string
		code int
	}{
		{`{"rows":[{"age":`, 400},
		{`{"rows":[{"age":NaN}]}`, 400},
		{`{"rows":[{"age":"` + canary + `"}]}`, 422},
		{`{"rows":[{"` + canary + `":1}]}`, 422},
		{`{"rows":` + strings.Repeat("[", 10_000), 400},
		{`{"rows":[],"x":` + strings.Repeat("[", 10_000), 422},
		{"\xff\xfe", 400},
		{`{"model":"` + canary + `","rows":[]}`, 404},
	} {
		if code, b, ok := s.post("/predict", "application/json", "*/*", c.body); ok && code != c.code {
			s.fail("%.60q: %d, want %d: %.200s", c.body, code, c.code, b)
		} else if ok {
			s.count("bad requests, refused as documented")
		}
	}
	row := map[string]any{}
	for k, v := range s.tables["cohort"].rows[0] {
		row[k] = v
	}
	row["sex"] = canary
	if code, b, ok := s.post("/predict", "application/json", "*/*", text(map[string]any{"rows": []any{row}})); ok && (code != 200 || !bytes.Contains(b, []byte(canary))) {
		s.fail("an unknown level: %d %.200s", code, b)
	}
	s.pause(50 * time.Millisecond)
}

// connect is a bare connection to the service; ok is false where it was killed meanwhile.
func (s *soak) connect() (c net.Conn, died func() bool, ok bool) {
	s.ward.mu.RLock()
	lives, host := s.ward.lives.Load(), s.ward.host
	s.ward.mu.RUnlock()
	died = func() bool {
		s.ward.mu.RLock()
		defer s.ward.mu.RUnlock()
		return s.ward.lives.Load() != lives || s.over()
	}
	c, err := net.Dial("tcp", host)
	if err != nil {
		if !died() {
			s.fail("no connection: %v", err)
		}
		return nil, died, false
	}
	return c, died, true
}

// trickle writes bytes one by one until the other side has had enough, which it must within longest.
func (s *soak) trickle(what, head, rest string) {
	const longest = 20 * time.Second
	c, died, ok := s.connect()
	if !ok {
		return
	}
	defer c.Close()
	fmt.Fprint(c, head)
	began, answer := time.Now(), make(chan string, 1)
	go func() {
		b, _ := io.ReadAll(c)
		answer <- string(b)
	}()
	for i := 0; ; i++ {
		select {
		case a := <-answer:
			// net/http says 400 of a head that ends within a line
			if a != "" && !strings.HasPrefix(a, "HTTP/1.1 408") && !strings.HasPrefix(a, "HTTP/1.1 400") && !died() {
				s.fail("%s: %.100s", what, a)
			}
			s.count(what + ", cut off in time")
			return
		case <-time.After(200 * time.Millisecond):
		}
		if died() {
			return
		}
		if time.Since(began) > longest {
			s.fail("%s holds a connection for %v", what, longest)
			return
		}
		_, _ = c.Write([]byte{rest[i%len(rest)]}) // the end is seen by the reader
	}
}

func (s *soak) slowHeads() {
	s.trickle("slow heads", "POST /predict HTTP/1.1\r\nHost: localhost\r\n", "X-A: b\r\n")
}

func (s *soak) slowBodies() {
	s.trickle("slow bodies", "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{\"rows\":[", " ")
}

// slowReaders ask for a file, read a little and go.
func (s *soak) slowReaders() {
	c, _, ok := s.connect()
	if !ok {
		return
	}
	defer c.Close()
	body := s.tables["cohort"].text
	fmt.Fprintf(c, "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	one := make([]byte, 1)
	for range 20 {
		_, _ = c.Read(one)
		s.pause(50 * time.Millisecond)
	}
	s.count("slow readers that went")
}

// halfClosed sends a question, closes its side, and must be answered or told that it went.
func (s *soak) halfClosed() {
	c, died, ok := s.connect()
	if !ok {
		return
	}
	defer c.Close()
	rows, from := s.some()
	body := text(map[string]any{"rows": rows})
	fmt.Fprintf(c, "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	_ = c.(*net.TCPConn).CloseWrite()
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	var b []byte
	if err == nil {
		b, err = io.ReadAll(r.Body)
	}
	switch {
	case err != nil:
		if !died() {
			s.fail("half closed: %v", err)
		}
	case r.StatusCode == 429 || r.StatusCode == 499:
		s.count("half-closed connections, refused as documented")
	default:
		s.judge(r.StatusCode, b, rows, from)
		s.count("half-closed connections, answered")
	}
	s.pause(20 * time.Millisecond)
}

// pages asks the lab for its page and its engine; both are those of the first time but for the page's token.
func (s *soak) pages() {
	s.lab.mu.RLock()
	lives, base := s.lab.lives.Load(), s.lab.base
	s.lab.mu.RUnlock()
	for _, path := range []string{"/", "/engine.wasm", "/index.js"} {
		code, b, err := get(base + path)
		if i := bytes.Index(b, []byte(`name="gradus-token" content="`)); i >= 0 {
			b = append(b[:i:i], b[i+bytes.IndexByte(b[i:], '>'):]...)
		}
		first, _ := s.counts.LoadOrStore(page(path), string(b))
		switch {
		case err != nil || code != 200:
			s.lab.mu.RLock()
			if s.lab.lives.Load() == lives && !s.over() {
				s.fail("lab %s: %d %v", path, code, err)
			}
			s.lab.mu.RUnlock()
			s.counts.CompareAndDelete(page(path), string(b))
		case first.(string) != string(b):
			s.fail("lab %s is not what it was", path)
		default:
			s.count("pages of the lab, the same bytes")
		}
	}
	s.pause(50 * time.Millisecond)
}

// page is the key under which a file of the lab is kept.
type page string
