package serve

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"gradus/internal/disk"
	"gradus/internal/say"
)

// Tokens are those of a file: a token a line, after it, if it ends, a time as 2027-01-31T00:00:00Z or a day, whose end it is. Empty
// lines and those that begin with # do not count. The file is read again when it changes; one that cannot be read leaves the tokens as
// they were.
type Tokens struct {
	path    string
	list    atomic.Pointer[[]token]
	looked  atomic.Int64 // when the file was last looked at
	reading sync.Mutex
	state   fileState
	now     func() time.Time
}

// token is what is kept of one: its hash, so that comparing takes the same time whatever is sent.
type token struct {
	hash [sha256.Size]byte
	ends time.Time // zero: never
}

// shortest is how many letters a token has to have: 128 bits in base 64 are 22.
const shortest = 16

// ReadTokens reads a file of tokens.
func ReadTokens(path string) (*Tokens, error) {
	t := &Tokens{path: path, now: time.Now}
	return t, t.read()
}

// Clock has the time taken from now instead of the machine: for tests that let it jump.
func (t *Tokens) Clock(now func() time.Time) { t.now = now }

func (t *Tokens) read() error {
	in, err := disk.Open(t.path)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	b, err := disk.ReadLimited(in, 1<<20, "--token-file")
	if err != nil {
		return err
	}
	list, err := parseTokens(b)
	if err != nil {
		return err
	}
	t.state.info = info
	t.list.Store(&list)
	return nil
}

// parseTokens reads the lines of such a file. No error holds a token.
func parseTokens(b []byte) (list []token, err error) {
	lines := bufio.NewScanner(bytes.NewReader(b))
	for line := 1; lines.Scan(); line++ {
		words := strings.Fields(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if len(words) > 2 || len(words[0]) < shortest {
			return nil, say.Error("serve.token_line", "line", line, "least", shortest)
		}
		one := token{hash: sha256.Sum256([]byte(words[0]))}
		if len(words) == 2 {
			if one.ends, err = expiry(words[1]); err != nil {
				return nil, say.Error("serve.token_time", "line", line)
			}
		}
		list = append(list, one)
	}
	if lines.Err() != nil || len(list) == 0 {
		return nil, say.Error("serve.no_tokens")
	}
	return list, nil
}

// expiry reads a time, or a day, at whose end it is.
func expiry(s string) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return day.AddDate(0, 0, 1), nil
	}
	return time.Parse(time.RFC3339, s)
}

// refresh reads the file again where it changed, looking at most once a second.
func (t *Tokens) refresh(now time.Time) {
	if before := t.looked.Load(); now.Unix() == before || !t.looked.CompareAndSwap(before, now.Unix()) {
		return
	}
	if !t.reading.TryLock() {
		return
	}
	defer t.reading.Unlock()
	if info, err := os.Stat(t.path); err == nil && t.state.changed(info) {
		_ = t.read() // the tokens stay as they were
	}
}

// check refuses a request that carries none of the tokens or one whose time is over.
func (t *Tokens) check(r *http.Request) error {
	now := t.now()
	t.refresh(now)
	given := r.Header["Authorization"]
	if len(given) == 0 {
		return refuse(http.StatusUnauthorized, say.Error("serve.no_token")).shut()
	}
	kind, word, _ := strings.Cut(given[0], " ")
	if !strings.EqualFold(kind, "bearer") {
		return refuse(http.StatusUnauthorized, say.Error("serve.no_token")).shut()
	}
	hash := sha256.Sum256([]byte(strings.TrimSpace(word)))
	known, over := 0, false
	for _, one := range *t.list.Load() {
		if subtle.ConstantTimeCompare(hash[:], one.hash[:]) == 1 {
			known, over = 1, !one.ends.IsZero() && !now.Before(one.ends)
		}
	}
	switch {
	case known == 0:
		return refuse(http.StatusUnauthorized, say.Error("serve.wrong_token")).shut()
	case over:
		return refuse(http.StatusUnauthorized, say.Error("serve.token_over")).shut()
	}
	return nil
}

// challenge is what a refusal tells a client's HTTP library (RFC 6750).
func challenge(key string) string {
	switch key {
	case "serve.token_over":
		return `Bearer realm="gradus", error="invalid_token", error_description="expired"`
	case "serve.wrong_token":
		return `Bearer realm="gradus", error="invalid_token"`
	}
	return `Bearer realm="gradus"`
}
