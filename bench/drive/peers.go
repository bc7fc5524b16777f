package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// figure is an answer: times of a step in nanoseconds, and the costs that show what was done.
type figure struct {
	Min    float64   `json:"ns_per_step_min"`
	Median float64   `json:"ns_per_step_median"`
	Losses []float64 `json:"losses"`
}

// answer is what a peer says; Skip is why there is no figure.
type answer struct {
	Min, Median float64
	Losses      []float64
	Skip        string
}

// peer is another program at work; skip says why it is not.
type peer struct {
	name, version, skip string
	does                []string        // families
	trouble             string          // why the last work gave no figure, where the peer should know it
	mute                map[string]bool // works it does not do
	process             *exec.Cmd
	in                  io.WriteCloser
	out                 *bufio.Scanner
}

// candidate is a peer that may be there: what it is called if it is not, and the families that it does. A Python peer is a script and its
// mode, and needs a module; a Go peer is a folder of bench/peers, built with what GOEXPERIMENT says, and may need a library, the first
// of the patterns that a file fits.
type candidate struct {
	name, does           string
	script, mode, module string
	folder, experiment   string
	kind                 []string
	library              []string
}

const training = "S M L XL "

// candidates lists the peers; the order is that of their turns. ONNX Runtime from Python leaves the models that its C API loads. GoMLX is
// several times faster with Go's experimental vector instructions, which its users then build with; it gets them.
var candidates = []candidate{
	{name: "NumPy", does: training + "inference gemm vector", script: "numpy_peer.py", module: "numpy"},
	{name: "scikit-learn", does: training + "inference many", script: "sklearn_peer.py", module: "sklearn"},
	{name: "PyTorch eager", does: training + "inference gemm vector", script: "torch_peer.py", mode: "eager", module: "torch"},
	{name: "PyTorch fused", does: training, script: "torch_peer.py", mode: "fused", module: "torch"},
	{name: "PyTorch hand", does: training, script: "torch_peer.py", mode: "hand", module: "torch"},
	{name: "PyTorch hand fused", does: training, script: "torch_peer.py", mode: "hand-fused", module: "torch"},
	{name: "PyTorch compile", does: training, script: "torch_peer.py", mode: "compile", module: "torch"},
	{name: "ONNX Runtime", does: "inference", script: "onnx_peer.py", module: "onnxruntime"},
	{name: "ONNX Runtime C API", does: "inference", folder: "onnxruntime", library: []string{
		"lib/python*/site-packages/onnxruntime/capi/libonnxruntime.so.*",
	}},
	{name: "OpenBLAS", does: "gemm", folder: "blas", kind: []string{"openblas"}, library: []string{
		"lib/python*/site-packages/scipy_openblas32/lib/libscipy_openblas.so", "/usr/lib/*/libopenblas.so.0",
	}},
	{name: "oneDNN", does: "gemm", folder: "blas", kind: []string{"onednn"}, library: []string{
		"lib/libdnnl.so.3", "/usr/lib/*/libdnnl.so.3", "/usr/lib/*/libdnnl.so.2",
	}},
	{name: "gonum", does: "S M L inference", folder: "gonum"}, // a step of XL takes it many seconds
	{name: "GoMLX", does: "S M L inference", folder: "gomlx", experiment: "simd"},
	{name: "pandas", does: "csv", script: "csv_peer.py", mode: "pandas", module: "pandas"},
	{name: "pyarrow", does: "csv", script: "csv_peer.py", mode: "pyarrow", module: "pyarrow"},
	{name: "polars", does: "csv", script: "csv_peer.py", mode: "polars", module: "polars"},
	{name: "encoding/csv", does: "csv", folder: "encodingcsv"},
}

// findPeers starts every peer that does some of the work, or says why not.
func findPeers(opt options, folder string, threads int) (list []*peer) {
	scripts := filepath.Join(opt.root, "bench", "peers")
	for _, c := range candidates {
		does := strings.Fields(c.does)
		if !slices.ContainsFunc(does, func(f string) bool { return slices.Contains(opt.work, f) }) {
			continue
		}
		p, args := &peer{name: c.name, does: does}, []string{folder, strconv.Itoa(threads)}
		var program string
		if c.script != "" {
			program, args = interpreter(opt.venv(), c.module), append([]string{filepath.Join(scripts, c.script)}, append(args, c.mode)...)
			if program == "" {
				p.skip = "no python3 here has " + c.module
			}
		} else {
			program = filepath.Join(folder, "peer-"+c.folder+strings.Join(c.kind, ""))
			var more []string
			more, p.skip = c.build(opt.venv(), scripts, program)
			args = append(args, more...)
		}
		if p.skip == "" {
			p.start(threads, program, args...)
		}
		list = append(list, p)
	}
	for _, p := range list {
		p.greet()
	}
	return list
}

// build makes the program of a Go peer, and names its further arguments, or says why it cannot.
func (c candidate) build(venv, scripts, program string) (args []string, skip string) {
	args = c.kind
	if c.library != nil {
		at := c.find(venv)
		if at == "" {
			return nil, "its library is not here"
		}
		args = append(slices.Clone(args), at)
	}
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir, build.Stderr, build.Env = filepath.Join(scripts, c.folder), os.Stderr, append(os.Environ(), "GOEXPERIMENT="+c.experiment)
	if c.library != nil {
		build.Env = append(build.Env, "CGO_ENABLED=1")
	}
	if err := build.Run(); err != nil {
		return nil, "it does not build here: " + err.Error()
	}
	return args, ""
}

// find is the peer's library, "" where there is none.
func (c candidate) find(venv string) string {
	for _, pattern := range c.library {
		if !filepath.IsAbs(pattern) {
			pattern = filepath.Join(venv, pattern)
		}
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return found[0]
		}
	}
	return ""
}

// start runs a peer; greet waits until it is ready.
func (p *peer) start(threads int, name string, args ...string) {
	p.process, p.mute = exec.Command(name, args...), map[string]bool{}
	p.process.Env, p.process.Stderr = environment(os.Environ(), threads), os.Stderr
	in, err := p.process.StdinPipe()
	out, err2 := p.process.StdoutPipe()
	if err != nil || err2 != nil || p.process.Start() != nil {
		p.process, p.skip = nil, "it cannot be started"
		return
	}
	p.in, p.out = in, bufio.NewScanner(out)
}

// greet listens to the first line of a peer that was started.
func (p *peer) greet() {
	if p.skip != "" {
		return
	}
	var hello struct{ Peer, Version, Skip string }
	switch {
	case !p.hear(&hello):
		p.skip = "it says nothing"
	case hello.Skip != "":
		p.skip = hello.Skip
	default:
		p.name, p.version = hello.Peer, hello.Version
	}
}

// environment is what a peer gets: as many threads as asked for, and nothing that tells OpenBLAS to take this machine for another.
func environment(all []string, threads int) (list []string) {
	for _, v := range all {
		if !strings.HasPrefix(v, "OPENBLAS_CORETYPE=") && !strings.HasPrefix(v, "OPENBLAS_L2_SIZE=") {
			list = append(list, v)
		}
	}
	n := strconv.Itoa(threads)
	return append(list, "GOMAXPROCS="+n, "OMP_NUM_THREADS="+n, "OPENBLAS_NUM_THREADS="+n, "MKL_NUM_THREADS="+n, "POLARS_MAX_THREADS="+n)
}

// patience is how long a peer may take for one line, its compiling included.
const patience = 4 * time.Minute

// hear reads one line of JSON; a peer that says nothing for too long is ended.
func (p *peer) hear(into any) bool {
	timer := time.AfterFunc(patience, func() { p.process.Process.Kill() })
	defer timer.Stop()
	return p.out.Scan() && json.Unmarshal(p.out.Bytes(), into) == nil
}

// ask has the peer do one work for a while; false where it does not do it.
func (p *peer) ask(work string, seconds float64) (f figure, ok bool) {
	p.trouble = ""
	if p.skip != "" || p.mute[work] || !slices.Contains(p.does, familyOf(work)) {
		return f, false
	}
	fmt.Fprintf(p.in, "%s %g\n", work, seconds)
	var a answer
	if !p.hear(&a) {
		p.skip, p.trouble = "it ended at "+work, "it ended or hung"
		return f, false
	}
	time.Sleep(50 * time.Millisecond) // its threads spin for a moment before they sleep
	if a.Skip != "" {
		p.mute[work] = true
		if a.Skip != "not done by this peer" {
			p.trouble = a.Skip
		}
		return f, false
	}
	return figure{a.Min, a.Median, a.Losses}, true
}

func stop(peers []*peer) {
	for _, p := range peers {
		if p.process != nil {
			p.in.Close()
			p.process.Wait()
		}
	}
}
