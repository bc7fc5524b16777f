package main

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// container is deploy/Containerfile by instruction, in order; lines that begin with # are its comments.
func container(t *testing.T) map[string][]string {
	t.Helper()
	file := map[string][]string{}
	for line := range strings.Lines(read(t, "../../deploy/Containerfile")) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		word, rest, _ := strings.Cut(line, " ")
		if !slices.Contains(strings.Fields("FROM COPY USER WORKDIR ENV EXPOSE STOPSIGNAL HEALTHCHECK ENTRYPOINT CMD"), word) {
			t.Errorf("no instruction: %s", line)
		}
		file[word] = append(file[word], rest)
	}
	return file
}

// list reads the JSON array that an instruction ends with.
func list(t *testing.T, text string) (words []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(text[strings.IndexByte(text, '['):]), &words); err != nil {
		t.Fatal(err, text)
	}
	return words
}

// secrets are a folder with a model, tokens and a certificate, as the container and the unit are given them.
func secrets(t *testing.T) (folder, model string) {
	t.Helper()
	folder = t.TempDir()
	model, _ = trainedOn(t, "iris", "species")
	certified(t, filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem"), 7)
	if err := os.WriteFile(filepath.Join(folder, "tokens"), []byte(strings.Repeat("k", 40)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder, model
}

// The container holds what make builds, is nobody's root, and its very commands serve and look after the service.
func TestContainer(t *testing.T) {
	file := container(t)
	if got := file["COPY"]; len(got) != 1 || got[0] != "bin/gradus /gradus" || file["FROM"][0] != "scratch" {
		t.Error(got, file["FROM"])
	}
	if makefile := read(t, "../../Makefile"); !strings.Contains(makefile, "BINARY := bin/gradus$") || !strings.Contains(makefile, "CGO_ENABLED=0 go build") {
		t.Error("make builds another file than is copied")
	}
	if user := file["USER"][0]; !regexp.MustCompile(`^[1-9][0-9]*:[1-9][0-9]*$`).MatchString(user) {
		t.Error("USER", user)
	}
	entry, check := list(t, file["ENTRYPOINT"][0]), list(t, file["HEALTHCHECK"][0])
	if !slices.Equal(entry, []string{"/gradus", "serve"}) || !slices.Equal(check[:2], entry) {
		t.Error(entry, check)
	}
	folder, model := secrets(t)
	here := strings.NewReplacer("/models/model.gradus", model, "/secrets/", folder+"/", "0.0.0.0:8443", "127.0.0.1:0")
	var args []string
	for _, a := range list(t, file["CMD"][0]) {
		args = append(args, here.Replace(a))
	}
	s := serves(t, args...)
	asks := func(address string) result {
		var ask []string
		for _, a := range check[1:] {
			ask = append(ask, here.Replace(strings.Replace(a, "https://127.0.0.1:8443", address, 1)))
		}
		return gradus("", ask...)
	}
	asks(s.base).ok(t)
	asks("https://127.0.0.1:1").refused(t, 1, "127.0.0.1:1")
	asks("ftp://x").refused(t, 2, "--check")
	certified(t, filepath.Join(folder, "cert.pem"), filepath.Join(folder, "other.pem"), 8)
	asks(s.base).refused(t, 1, "certificate")
	gradus("", "serve", "--check", s.base, model).refused(t, 2, "--check")
	gradus("", "serve").refused(t, 2, "gradus serve model.gradus")
}

// The composition builds that container, and takes from it what it does not need.
func TestCompose(t *testing.T) {
	var file struct {
		Services map[string]struct {
			Build    struct{ Context, Dockerfile string }
			ReadOnly bool `yaml:"read_only"`
			User     string
			CapDrop  []string `yaml:"cap_drop"`
			Security []string `yaml:"security_opt"`
			Memory   string   `yaml:"mem_limit"`
			Pids     int      `yaml:"pids_limit"`
			Restart  string
			Grace    string `yaml:"stop_grace_period"`
			Ports    []string
			Volumes  []string
		}
	}
	d := yaml.NewDecoder(strings.NewReader(read(t, "../../deploy/compose.yaml")))
	d.KnownFields(true)
	if err := d.Decode(&file); err != nil {
		t.Fatal(err)
	}
	s := file.Services["gradus"]
	if _, err := os.Stat(filepath.Join("../../deploy", s.Build.Context, s.Build.Dockerfile)); err != nil || !s.ReadOnly || s.User != container(t)["USER"][0] || !slices.Equal(s.CapDrop, []string{"ALL"}) {
		t.Errorf("%v %+v", err, s)
	}
	for _, v := range s.Volumes {
		if !strings.HasSuffix(v, ":ro") {
			t.Error(v)
		}
	}
	if grace, err := time.ParseDuration(s.Grace); err != nil || grace <= 20*time.Second {
		t.Error("the grace is shorter than --drain", err)
	}
}

// The unit's command serves with what systemd hands it, and tells it when it is ready, reads again and ends.
func TestUnit(t *testing.T) {
	unit := read(t, "../../deploy/gradus.service")
	at := regexp.MustCompile(`(?m)^ExecStart=/usr/local/bin/gradus serve (.*)$`).FindStringSubmatch(unit)
	if at == nil || !strings.Contains(unit, "\nType=notify\n") || !strings.Contains(unit, "\nExecReload=/bin/kill -HUP $MAINPID\n") || !strings.Contains(unit, "\nDynamicUser=yes\n") {
		t.Fatal(unit)
	}
	folder, model := secrets(t)
	words := strings.Fields(strings.NewReplacer("/etc/gradus/models/model.gradus", model, "${CREDENTIALS_DIRECTORY}", folder, "0.0.0.0:8443", "127.0.0.1:0").Replace(at[1]))
	name := filepath.Join(t.TempDir(), "n")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		t.Skip(err)
	}
	defer socket.Close()
	t.Setenv("NOTIFY_SOCKET", name)
	s := serves(t, words...)
	told := func(want string) {
		t.Helper()
		b := make([]byte, 256)
		if err := socket.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if n, err := socket.Read(b); err != nil || string(b[:n]) != want {
			t.Fatalf("%q %v, want %q: %s", b[:n], err, want, s.said)
		}
	}
	told("READY=1")
	if err := s.c.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	told("RELOADING=1")
	told("READY=1")
	if err := s.c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	told("STOPPING=1")
	<-s.ended
	if code := s.c.ProcessState.ExitCode(); code != 0 {
		t.Error(code, s.said)
	}
}
