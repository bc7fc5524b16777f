package main

import (
	"bytes"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"gradus/internal/say"
)

// begin serves, or looks after a service that runs.
func (s *serveFlags) begin(args []string) error {
	switch {
	case s.ask != "":
		return s.healthy(args)
	case len(args) == 0:
		return say.Error("deploy.no_model")
	}
	return s.run(args)
}

// healthy asks the service at an address whether it wants requests: for the health check of a container, in which there is no other
// program. With a certificate, it must be that of the service, whatever name it is for.
func (s *serveFlags) healthy(args []string) error {
	if len(args) > 0 {
		return say.Error("deploy.check_alone")
	}
	at, err := url.Parse(s.ask)
	if err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Host == "" {
		return say.Error("deploy.check_address")
	}
	transport := &http.Transport{DisableKeepAlives: true}
	if s.cert != "" {
		if transport.TLSClientConfig, err = only(s.cert); err != nil {
			return err
		}
	}
	client := http.Client{Transport: transport, Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Get(strings.TrimSuffix(at.Scheme+"://"+at.Host+at.Path, "/") + "/readyz")
	if err != nil {
		return say.Failure("deploy.unreached", "address", at.Host)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16))
	if answer.StatusCode != http.StatusOK {
		return say.Failure("deploy.unready", "address", at.Host, "status", answer.StatusCode)
	}
	return nil
}

// only trusts the first certificate of a file, and no other.
func only(path string) (*tls.Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, say.Error("deploy.check_certificate")
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, say.Error("deploy.check_certificate")
	}
	other := errors.New("another certificate")
	return &tls.Config{
		MinVersion: tls.VersionTLS12, InsecureSkipVerify: true, // the very certificate is compared instead
		VerifyConnection: func(c tls.ConnectionState) error {
			if len(c.PeerCertificates) == 0 || !bytes.Equal(c.PeerCertificates[0].Raw, block.Bytes) {
				return other
			}
			return nil
		},
	}, nil
}
