package serve

import (
	"crypto/tls"
	"os"
	"sync"
	"time"

	"gradus/internal/say"
)

// Certificate is a certificate with its key, in files that are read again when they change.
type Certificate struct {
	cert, key string
	mu        sync.Mutex
	pair      *tls.Certificate
	states    [2]fileState
	looked    time.Time
}

// ReadCertificate reads a pair of PEM files.
func ReadCertificate(cert, key string) (*Certificate, error) {
	c := &Certificate{cert: cert, key: key}
	c.states = c.look()
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, say.Error("serve.certificate", "cert", cert, "key", key, "cause", err)
	}
	c.pair = &pair
	return c, nil
}

// look is what the files are like now.
func (c *Certificate) look() (states [2]fileState) {
	for i, path := range []string{c.cert, c.key} {
		states[i].info, _ = os.Stat(path)
	}
	return states
}

// current is the pair of the files, as of the last second; a pair that does not fit, as between two writes, leaves the one before.
func (c *Certificate) current(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.looked) >= time.Second {
		c.looked = now
		states := c.look()
		if states[0].info != nil && states[1].info != nil && (c.states[0].changed(states[0].info) || c.states[1].changed(states[1].info)) {
			if pair, err := tls.LoadX509KeyPair(c.cert, c.key); err == nil {
				c.pair, c.states = &pair, states
			}
		}
	}
	return c.pair, nil
}

// Config is for a server: TLS 1.2 and newer.
func (c *Certificate) Config() *tls.Config {
	return &tls.Config{GetCertificate: c.current, MinVersion: tls.VersionTLS12}
}
