// Command service measures gradus serve on this machine, which it shares with it: requests a second of one row, of batches and of tensors,
// and how long they take at half of that, beside a handler of net/http that only reads the body and ONNX Runtime behind FastAPI. What it
// finds becomes a section of bench/RESULTS.md.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func main() {
	gradus := flag.String("gradus", "bin/gradus", "the program to measure")
	out := flag.String("out", "bench/RESULTS.md", "where the section goes")
	peers := flag.String("peers", "bench/peers", "folder of fastapi_peer.py")
	python := flag.String("python", "bench/.venv/bin/python", "a Python with fastapi, uvicorn and onnxruntime")
	rounds := flag.Int("rounds", 31, "of each work")
	length := flag.Duration("length", 200*time.Millisecond, "of each measurement")
	handler := flag.Bool("handler", false, "be the handler that only reads the body")
	flag.Parse()
	var err error
	if *handler {
		err = only()
	} else {
		err = run(bench{gradus: *gradus, peers: *peers, python: *python, rounds: *rounds, length: *length}, *out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "service:", err)
		os.Exit(1)
	}
}

// only serves the handler that only reads the body, with the limits of time that gradus serve has too.
func only() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + l.Addr().String())
	server := &http.Server{
		ReadTimeout: 10 * time.Second, WriteTimeout: 70 * time.Second, IdleTimeout: 2 * time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.WriteHeader(http.StatusOK)
		}),
	}
	return server.Serve(l)
}

// bench is one run.
type bench struct {
	gradus, peers, python string
	rounds                int
	length                time.Duration
	folder                string
	started               []*exec.Cmd
}

// service is a program that answers.
type service struct {
	name, address string
	pid           int
}

// start runs a program that prints its address.
func (b *bench) start(name string, c *exec.Cmd) (service, error) {
	errs, err := os.Create(filepath.Join(b.folder, name+".log"))
	if err != nil {
		return service{}, err
	}
	c.Stderr = errs
	out, err := c.StdoutPipe()
	if err != nil {
		return service{}, err
	}
	if err := c.Start(); err != nil {
		return service{}, err
	}
	b.started = append(b.started, c)
	line, err := bufio.NewReader(out).ReadString('\n')
	return service{name, strings.TrimPrefix(strings.TrimSpace(line), "http://"), c.Process.Pid}, err
}

// stop ends what was started.
func (b *bench) stop() {
	for _, c := range b.started {
		_ = c.Process.Kill()
		_ = c.Wait()
	}
}

// peer starts ONNX Runtime behind FastAPI, where it can be had.
func (b *bench) peer() (service, error) {
	if exec.Command(b.python, "-c", "import fastapi, uvicorn, onnxruntime").Run() != nil {
		return service{}, errors.New("fastapi, uvicorn or onnxruntime is missing")
	}
	python, err := filepath.Abs(b.python)
	if err != nil {
		return service{}, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return service{}, err
	}
	address := l.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	l.Close()
	c := exec.Command(python, "-m", "uvicorn", "fastapi_peer:app", "--port", port, "--no-access-log", "--log-level", "warning")
	c.Dir = b.peers
	c.Env = append(os.Environ(), "MODEL="+filepath.Join(b.folder, "S.onnx"), "LEVELS=benign,malignant", "PYTHONDONTWRITEBYTECODE=1")
	if err := c.Start(); err != nil {
		return service{}, err
	}
	b.started = append(b.started, c)
	for range 300 {
		if c, err := net.Dial("tcp", address); err == nil {
			c.Close()
			return service{"ONNX Runtime behind FastAPI and uvicorn", address, b.started[len(b.started)-1].Process.Pid}, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return service{}, errors.New("it does not listen")
}

// processor is how much time of the processor a process has had.
func processor(pid int) time.Duration {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)) // no such file: no figure
	_, rest, _ := strings.Cut(string(b), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

func command(name string, args ...string) *exec.Cmd { return exec.Command(name, args...) }

// gradusServe is the service with its log in a file.
func gradusServe(b *bench) *exec.Cmd {
	return command(b.gradus, "serve", filepath.Join(b.folder, "S.gradus"), filepath.Join(b.folder, "default.gradus"), "--bind", "127.0.0.1:0", "--quiet")
}

// busy is the load of the machine over the last minute.
func busy() string {
	b, _ := os.ReadFile("/proc/loadavg")
	load, _, found := strings.Cut(string(b), " ")
	if !found {
		return "unknown"
	}
	return load
}
