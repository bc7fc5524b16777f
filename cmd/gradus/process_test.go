package main

import (
	"bytes"
	"context"
	"debug/elf"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// built is the program as make builds it, made once for all tests of this file.
var built struct {
	path, folder string
	err          error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.folder != "" {
		os.RemoveAll(built.folder)
	}
	os.Exit(code)
}

// binary builds the program as the Makefile does.
func binary(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: does not build the program")
	}
	if built.folder == "" {
		built.folder, built.err = os.MkdirTemp("", "gradus")
		built.path = filepath.Join(built.folder, "gradus.exe")
		c := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -X gradus/model.Version=9.8.7", "-o", built.path, ".")
		c.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := c.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("%w\n%s", err, out)
		}
	}
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.path
}

// process is the program as a child, with an environment of its own.
func process(ctx context.Context, t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.CommandContext(ctx, binary(t), args...)
	c.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "SYSTEMROOT=" + os.Getenv("SYSTEMROOT")}, env...)
	c.WaitDelay = 10 * time.Second
	return c
}

func minute(t *testing.T) context.Context {
	t.Helper()
	binary(t) // before the clock starts: the first build, with SQLite, may take longer
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func TestProcess(t *testing.T) {
	for _, c := range []struct {
		env  []string
		args string
		code int
		out  string
		err  string
	}{
		{nil, "version", 0, "gradus 9.8.7", ""},
		{[]string{"LANG=ko_KR.UTF-8"}, "version", 0, "의료기기가 아닙니다", ""},
		{[]string{"NO_COLOR=1"}, "data", 0, "breast_cancer", "gradus data NAME"},
		{nil, "data iris --csv --quiet", 0, "sepal", ""},
		{nil, "activation sigmoid --at 0.14 --json", 0, "0.53494", ""},
		{nil, "no-such-command", 2, "", "no-such-command"},
		{nil, "cost mae --y 1", 2, "", "--h"},
		{[]string{"GRADUS_LANG=ko"}, "cost mae --y 1", 2, "", "실제값"},
	} {
		cmd := process(minute(t), t, c.env, strings.Fields(c.args)...)
		var out, said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &said
		_ = cmd.Run()
		if code := cmd.ProcessState.ExitCode(); code != c.code || !strings.Contains(out.String(), c.out) || !strings.Contains(said.String(), c.err) || c.err == "" && said.Len() > 0 || c.code != 0 && out.Len() > 0 {
			t.Errorf("%v gradus %s: exit %d, out %.200q, err %.200q", c.env, c.args, code, out.String(), said.String())
		}
		if strings.Contains(out.String()+said.String(), "\x1b[") {
			t.Errorf("gradus %s: colour in a pipe", c.args)
		}
	}
}

// Who closes the pipe early, as head does, hears no complaint.
func TestAPipeClosedEarly(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // no SIGPIPE there
	}
	c := process(minute(t), t, nil, "data", "digits", "--csv")
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	out.Close()
	_ = c.Wait()
	if status, ok := c.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != syscall.SIGPIPE || said.Len() > 0 {
		t.Errorf("%v, %q", c.ProcessState, said.String())
	}
}

func TestAFullDiskFails(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		return // only Linux has this device
	}
	defer full.Close()
	c := process(minute(t), t, nil, "data", "iris", "--csv")
	var said bytes.Buffer
	c.Stdout, c.Stderr = full, &said
	_ = c.Run()
	if c.ProcessState.ExitCode() != 1 || !strings.Contains(said.String(), "could not be written") {
		t.Errorf("exit %d, %q", c.ProcessState.ExitCode(), said.String())
	}
}

// The file that people download: one static file under 31.5 MB, of which 2 are the page with its engine, that names no path of the machine it was built on.
func TestTheBinary(t *testing.T) {
	path := binary(t)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > 31_500_000 {
		t.Errorf("%d bytes, at most 31.5 MB", len(b))
	}
	here, _ := os.Getwd()
	for _, folder := range []string{here, filepath.Dir(filepath.Dir(here))} {
		if bytes.Contains(b, []byte(folder)) {
			t.Errorf("it holds the path %s", folder)
		}
	}
	if f, err := elf.Open(path); err == nil {
		defer f.Close()
		for _, p := range f.Progs {
			if p.Type == elf.PT_INTERP {
				t.Error("it wants a dynamic loader")
			}
		}
	}
}

// Ctrl-C ends a run that waits for its input, with a sentence and 130.
func TestInterrupt(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // no signal can be sent to a child there
	}
	c := process(minute(t), t, nil, "trace", "-")
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	// more than a pipe holds: when it is through, the program is reading and its signal handler stands
	if _, err := in.Write(bytes.Repeat([]byte(" "), 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait()
	if code := c.ProcessState.ExitCode(); code != 130 || out.Len() > 0 || !strings.HasPrefix(said.String(), "gradus: ") || strings.Count(said.String(), "\n") != 1 {
		t.Errorf("exit %d, %q %q", code, out.String(), said.String())
	}
}
