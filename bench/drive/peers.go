package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// figure is a peer's answer; Skip says why there is none.
type figure struct {
	Min    float64   `json:"min"`
	Median float64   `json:"median"`
	Losses []float64 `json:"losses"`
	Skip   string    `json:"skip"`
}

// peer is another program at work; skip says why it is not.
type peer struct {
	name, version, skip string
	mute                map[string]bool // works it does not do
	process             *exec.Cmd
	in                  io.WriteCloser
	out                 *bufio.Scanner
}

// candidate is a peer that may be there: what it is called if it is not, its program and that program's mode.
type candidate struct{ name, script, mode, module string }

var python = []candidate{
	{"NumPy", "numpy_peer.py", "", "numpy"},
	{"scikit-learn", "sklearn_peer.py", "", "sklearn"},
	{"PyTorch eager", "torch_peer.py", "eager", "torch"},
	{"PyTorch foreach", "torch_peer.py", "foreach", "torch"},
	{"PyTorch hand", "torch_peer.py", "hand", "torch"},
	{"PyTorch compile", "torch_peer.py", "compile", "torch"},
	{"ONNX Runtime", "onnx_peer.py", "", "onnxruntime"},
	{"oneDNN", "onednn_peer.py", "", "numpy"},
}

// programs are the Go peers, each a module of its own under bench/peers. GoMLX is several times faster with Go's experimental vector
// instructions, which its users then build with; it gets them.
var programs = []struct{ name, experiment string }{{"gonum", ""}, {"gomlx", "simd"}}

var installed bool

// findPeers starts every peer, or says why not.
func findPeers(opt options, folder string, threads int) (list []*peer) {
	scripts := filepath.Join(opt.root, "bench", "peers")
	venv, _ := filepath.Abs(filepath.Join(opt.root, "bench", ".venv"))
	if !installed {
		prepare(opt, venv)
		installed = true
	}
	for _, c := range python {
		p := &peer{name: c.name}
		if at := interpreter(venv, c.module); at == "" {
			p.skip = "no python3 here can import " + c.module
		} else {
			p.start(threads, at, filepath.Join(scripts, c.script), folder, strconv.Itoa(threads), c.mode)
		}
		list = append(list, p)
	}
	for _, c := range programs {
		p, binary := &peer{name: c.name}, filepath.Join(folder, c.name)
		build := exec.Command("go", "build", "-o", binary, ".")
		build.Dir, build.Stderr, build.Env = filepath.Join(scripts, c.name), os.Stderr, append(os.Environ(), "GOEXPERIMENT="+c.experiment)
		if err := build.Run(); err != nil {
			p.skip = "it does not build here: " + err.Error()
		} else {
			p.start(threads, binary, folder, strconv.Itoa(threads))
		}
		list = append(list, p)
	}
	return list
}

// prepare makes the virtual environment and installs into it what PyPI offers, each package alone, so that one that cannot be had
// takes no other with it.
func prepare(opt options, venv string) {
	if !opt.install {
		return
	}
	if _, err := os.Stat(filepath.Join(venv, "bin", "python")); err != nil {
		if err := command(".", "python3", "-m", "venv", venv); err != nil {
			fmt.Fprintln(os.Stderr, "no virtual environment:", err)
			return
		}
	}
	pip := func(args ...string) error {
		return command(".", filepath.Join(venv, "bin", "python"), append([]string{"-m", "pip", "install", "-q", "--disable-pip-version-check"}, args...)...)
	}
	for _, name := range []string{"numpy", "scikit-learn", "onnx", "onnxruntime"} {
		if err := pip(name); err != nil {
			fmt.Fprintf(os.Stderr, "%s is not installed: %v\n", name, err)
		}
	}
	if interpreter(venv, "torch") == filepath.Join(venv, "bin", "python") {
		return
	}
	// PyTorch's own index has it without the gigabytes for graphics cards, but is not reached from everywhere.
	if pip("--timeout", "10", "--retries", "0", "--index-url", "https://download.pytorch.org/whl/cpu", "torch") != nil {
		if err := pip("torch"); err != nil {
			fmt.Fprintf(os.Stderr, "PyTorch is not installed: %v\n", err)
		}
	}
}

// interpreter is the first Python that can import module, "" where none can.
func interpreter(venv, module string) string {
	for _, at := range []string{filepath.Join(venv, "bin", "python"), "python3", "/usr/bin/python3"} {
		if exec.Command(at, "-c", "import "+module).Run() == nil {
			return at
		}
	}
	return ""
}

// start runs a peer and listens to its first line.
func (p *peer) start(threads int, name string, args ...string) {
	p.process, p.mute = exec.Command(name, args...), map[string]bool{}
	n := strconv.Itoa(threads)
	p.process.Env = append(os.Environ(), "GOMAXPROCS="+n, "OMP_NUM_THREADS="+n, "OPENBLAS_NUM_THREADS="+n, "MKL_NUM_THREADS="+n)
	p.process.Stderr = os.Stderr
	in, err := p.process.StdinPipe()
	out, err2 := p.process.StdoutPipe()
	if err != nil || err2 != nil || p.process.Start() != nil {
		p.process, p.skip = nil, "it cannot be started"
		return
	}
	p.in, p.out = in, bufio.NewScanner(out)
	var hello struct{ Peer, Version, Skip string }
	switch {
	case !p.out.Scan() || json.Unmarshal(p.out.Bytes(), &hello) != nil:
		p.skip = "it says nothing"
	case hello.Skip != "":
		p.skip = hello.Skip
	default:
		p.name, p.version = hello.Peer, hello.Version
	}
}

// ask has the peer do one work for a while; false where it does not do it.
func (p *peer) ask(work string, seconds float64) (f figure, ok bool) {
	if p.skip != "" || p.mute[work] {
		return f, false
	}
	fmt.Fprintf(p.in, "%s %g\n", work, seconds)
	if !p.out.Scan() || json.Unmarshal(p.out.Bytes(), &f) != nil {
		p.skip = "it ended at " + work
		return f, false
	}
	time.Sleep(50 * time.Millisecond) // its threads spin for a moment before they sleep
	if f.Skip != "" {
		p.mute[work] = true
		if f.Skip != "not done by this peer" {
			fmt.Fprintf(os.Stderr, "%s, %s: %s\n", p.name, work, f.Skip)
		}
		return f, false
	}
	return f, true
}

func stop(peers []*peer) {
	for _, p := range peers {
		if p.process != nil {
			p.in.Close()
			p.process.Wait()
		}
	}
}
