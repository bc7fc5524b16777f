package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// service is gradus serve as a child.
type service struct {
	t     *testing.T
	c     *exec.Cmd
	base  string
	said  *quietly
	ended chan struct{}
}

// quietly is a buffer that two may use.
type quietly struct {
	mu sync.Mutex
	bytes.Buffer
}

func (q *quietly) Write(b []byte) (int, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.Buffer.Write(b)
}

func (q *quietly) String() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.Buffer.String()
}

// serves starts the service on a free port and waits for its address.
func serves(t *testing.T, args ...string) *service {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no signal can be sent to a child there")
	}
	s := &service{t: t, said: &quietly{}, ended: make(chan struct{})}
	s.c = process(minute(t), t, []string{"NOTIFY_SOCKET=" + os.Getenv("NOTIFY_SOCKET")}, append([]string{"serve", "--bind", "127.0.0.1:0"}, args...)...)
	s.c.Stderr = s.said
	out, err := s.c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.c.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%v: %s", err, s.said)
	}
	s.base = strings.TrimSpace(line)
	go func() {
		_ = s.c.Wait()
		close(s.ended)
	}()
	t.Cleanup(func() {
		_ = s.c.Process.Kill()
		<-s.ended
	})
	return s
}

// post sends a body and returns the answer's status and text.
func (s *service) post(path, kind string, body io.Reader) (int, string) {
	s.t.Helper()
	r, err := http.Post(s.base+path, kind, body)
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return r.StatusCode, string(b)
}

// trainedOn trains a small network on a bundled table and returns both files.
func trainedOn(t *testing.T, name, target string, more ...string) (modelFile, tableFile string) {
	t.Helper()
	folder := t.TempDir()
	modelFile, tableFile = filepath.Join(folder, name+".gradus"), filepath.Join(folder, name+".csv")
	if err := os.WriteFile(tableFile, []byte(gradus("", "data", name, "--csv").ok(t).out), 0o600); err != nil {
		t.Fatal(err)
	}
	gradus("", append([]string{"train", tableFile, "--target", target, "--hidden", "4", "--epochs", "3", "--out", modelFile}, more...)...).ok(t)
	return modelFile, tableFile
}

// The service says what the command line says: CSV byte by byte, JSON number by number.
func TestServeSaysWhatPredictSays(t *testing.T) {
	model, table := trainedOn(t, "cohort", "died_30d")
	s := serves(t, model)
	csv, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{"en": gradus("", "predict", model, table).ok(t).out, "ko": gradus("", "predict", model, table, "--lang", "ko").ok(t).out} {
		r, err := http.NewRequest("POST", s.base+"/predict", bytes.NewReader(csv))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "text/csv")
		r.Header.Set("Accept-Language", lang)
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(a.Body)
		a.Body.Close()
		if string(got) != want {
			t.Errorf("%s: CSV differs at %s", lang, firstDifference(want, string(got)))
		}
	}
	var want []struct{ P json.RawMessage }
	gradus("", "predict", model, table, "--json").into(t, &want)
	lines := strings.Split(strings.TrimSpace(string(csv)), "\n")
	names := strings.Split(lines[0], ",")
	for i := 1; i <= 40; i++ {
		row := map[string]any{}
		for k, cell := range strings.Split(lines[i], ",") {
			row[names[k]] = json.RawMessage(jsonCell(cell))
		}
		body, _ := json.Marshal(map[string]any{"rows": []any{row}})
		code, text := s.post("/predict", "application/json", bytes.NewReader(body))
		if want := `{"predictions":[{"p":` + string(want[i-1].P) + `,"prediction":`; code != 200 || !strings.HasPrefix(text, want) {
			t.Fatalf("row %d: %d %s, want %s", i, code, text, want)
		}
	}
}

// jsonCell is a cell as JSON.
func jsonCell(cell string) string {
	switch {
	case cell == "":
		return "null"
	case json.Valid([]byte(cell)):
		return cell
	}
	return `"` + cell + `"`
}

// SIGHUP brings the new file in; SIGTERM makes the service unready, lets a request in work finish and ends with 0.
func TestServeReloadsAndDrains(t *testing.T) {
	model, table := trainedOn(t, "iris", "species")
	s := serves(t, model, "--watch", "0", "--grace", "300ms", "--log", "json")
	header, rows, _ := strings.Cut(read(t, table), "\n")
	first, _, _ := strings.Cut(rows, "\n")
	question := header + "\n" + first + "\n"
	_, before := s.post("/predict", "text/csv", strings.NewReader(question))
	gradus("", "train", table, "--target", "species", "--hidden", "5", "--epochs", "4", "--out", model).ok(t)
	if _, same := s.post("/predict", "text/csv", strings.NewReader(question)); same != before {
		t.Error("the new file is served unasked")
	}
	if err := s.c.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	want := gradus(question, "predict", model, "-").ok(t).out
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, now := s.post("/predict", "text/csv", strings.NewReader(question)); now == want {
			break
		} else if time.Now().After(until) {
			t.Fatalf("%s, want %s; %s", now, want, s.said)
		}
	}
	slow, feed := io.Pipe()
	answer := make(chan string)
	go func() {
		code, text := s.post("/predict", "text/csv", slow)
		answer <- fmt.Sprint(code, text)
	}()
	fmt.Fprint(feed, header)
	for until := time.Now().Add(20 * time.Second); !strings.Contains(get(t, s.base+"/metrics"), "gradus_requests_in_flight 1"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("the request is not in work")
		}
	}
	if err := s.c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if r, err := http.Get(s.base + "/readyz"); err == nil {
			r.Body.Close()
			if r.StatusCode == 503 {
				break
			}
		} else {
			break // the listener is closed already
		}
		if time.Now().After(until) {
			t.Fatal("ready after SIGTERM")
		}
	}
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		c, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
		if err != nil {
			break
		}
		c.Close()
		if time.Now().After(until) {
			t.Fatal("it still listens")
		}
	}
	fmt.Fprintf(feed, "\n%s\n", first)
	feed.Close()
	if got := <-answer; got != "200"+want && got != "200 "+want {
		t.Errorf("the request in work was answered %s", got)
	}
	<-s.ended
	if code := s.c.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit %d: %s", code, s.said)
	}
	for _, private := range []string{first, strings.Split(first, ",")[0] + ",", "iris.csv", filepath.Dir(model)} {
		if strings.Contains(s.said.String(), private) {
			t.Errorf("the log holds %q: %s", private, s.said)
		}
	}
	if !strings.Contains(s.said.String(), `"route":"/predict","status":200`) || !strings.Contains(s.said.String(), "model replaced") {
		t.Errorf("the log: %s", s.said)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func get(t *testing.T, url string) string {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(r.Body)
	return string(b)
}

// A head that does not end is cut off, a body that does not end gets 408, a client that goes half way leaves nothing behind.
func TestServeSlowClients(t *testing.T) {
	model, _ := trainedOn(t, "iris", "species")
	s := serves(t, model, "--slow", "300ms", "--log", "off")
	address := strings.TrimPrefix(s.base, "http://")
	for sent, want := range map[string]string{
		"POST /predict HTTP/1.1\r\nHost: localhost\r\nX-A: ":                                                                    "",
		"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"rows\":[": "HTTP/1.1 408 ",
	} {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(c, sent)
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
		got, err := io.ReadAll(c)
		if err != nil || !strings.HasPrefix(string(got), want) || want == "" && len(got) > 0 {
			t.Errorf("%q: %v %q", sent, err, got)
		}
		c.Close()
	}
	half, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(half, "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	half.Close()
	for until := time.Now().Add(20 * time.Second); !strings.Contains(get(t, s.base+"/metrics"), "gradus_requests_in_flight 0"); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("a request is still in work")
		}
	}
}

// TLS by files that are renewed, HTTP/2 over it, tokens; and what is refused before anything listens.
func TestServeTLS(t *testing.T) {
	model, _ := trainedOn(t, "iris", "species")
	folder := t.TempDir()
	cert, key, tokens := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem"), filepath.Join(folder, "tokens")
	pool := certified(t, cert, key, 1)
	if err := os.WriteFile(tokens, []byte("a-token-of-the-ward\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serves(t, "flowers="+model, "--tls-cert", cert, "--tls-key", key, "--token-file", tokens)
	ask := func(pool *x509.CertPool) (*http.Response, error) {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true, DisableKeepAlives: true}}
		r, err := http.NewRequest("GET", s.base+"/v2/models/flowers", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer a-token-of-the-ward")
		a, err := client.Do(r)
		if err == nil {
			a.Body.Close()
		}
		return a, err
	}
	a, err := ask(pool)
	if err != nil || a.StatusCode != 200 || a.ProtoMajor != 2 || a.TLS.Version < tls.VersionTLS12 {
		t.Fatalf("%v %+v", err, a)
	}
	renewed := certified(t, cert, key, 2)
	for until := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if _, err := ask(renewed); err == nil {
			break
		}
		if time.Now().After(until) {
			t.Fatal("the new certificate is not served")
		}
	}
	for args, want := range map[string]string{
		"serve " + model + " --bind 0.0.0.0:0":                                    "--token-file",
		"serve " + model + " --bind nowhere":                                      "HOST:PORT",
		"serve " + model + " --tls-cert " + cert:                                  "--tls-key",
		"serve " + model + " --tls-cert " + cert + " --tls-key " + tokens:         "tokens",
		"serve " + model + " --log xml":                                           "text, json, off",
		"serve " + model + " " + model:                                            "iris",
		"serve " + cert:                                                           "cert.pem",
		"serve =" + model:                                                         "NAME=FILE",
		"serve " + model + " --max-rows 0":                                        "--max-rows",
		"serve " + model + " --bind 127.0.0.1:0 --token-file " + cert + ".absent": "cert.pem.absent",
	} {
		gradus("", strings.Fields(args)...).refused(t, 2, want)
	}
}

// certified writes a certificate for this machine, with its key.
func certified(t *testing.T, certFile, keyFile string, serial int64) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return pool
}
