package lab

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// The page gets a model for an address, and a sentence in its place where there is none, or the address is too long, or it has no token.
func TestPlaygroundModel(t *testing.T) {
	p := serve(t)
	if status, _, _ := p.ask("POST", "/api/playground", "playground"); status != http.StatusUnprocessableEntity {
		t.Errorf("no one to write it: %d", status)
	}
	p.own.Keep = func(w io.Writer, address string) error {
		if address != "playground&step=3" {
			return errors.New("not that one")
		}
		_, err := io.WriteString(w, "model of "+address)
		return err
	}
	if status, body, _ := p.ask("POST", "/api/playground", "playground&step=3"); status != http.StatusOK || string(body) != "model of playground&step=3" {
		t.Errorf("%d %s", status, body)
	}
	for body, want := range map[string]int{"4-5-21": http.StatusUnprocessableEntity, strings.Repeat("x", longestAddress+1): http.StatusRequestEntityTooLarge} {
		if status, said, _ := p.ask("POST", "/api/playground", body); status != want || !strings.Contains(string(said), "error") {
			t.Errorf("%.20s: %d %s", body, status, said)
		}
	}
	if status, _, _ := p.ask("POST", "/api/playground", "playground&step=3", "X-Gradus-Token", "x"); status != http.StatusForbidden {
		t.Errorf("without the token: %d", status)
	}
}
