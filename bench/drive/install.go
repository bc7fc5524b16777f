package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// packages are what PyPI has for the peers: themselves, and libraries for those in C.
var packages = []string{
	"numpy", "scikit-learn", "threadpoolctl", "onnx", "onnxruntime", "pandas", "pyarrow", "polars", "scipy-openblas32", "onednn-cpu-gomp",
	"fastapi", "uvicorn[standard]", // for bench/service
}

// venv is the virtual environment of the Python peers.
func (o options) venv() string {
	at, err := filepath.Abs(filepath.Join(o.root, "bench", ".venv"))
	if err != nil {
		return ""
	}
	return at
}

// prepare makes the virtual environment and installs into it what PyPI offers: all at once, else each package alone, so that one that
// cannot be had takes no other with it.
func prepare(opt options) {
	if !opt.install {
		return
	}
	python := filepath.Join(opt.venv(), "bin", "python")
	if _, err := os.Stat(python); err != nil {
		if err := command(".", "python3", "-m", "venv", opt.venv()); err != nil {
			fmt.Fprintln(os.Stderr, "no virtual environment:", err)
			return
		}
	}
	pip := func(args ...string) error {
		return command(".", python, append([]string{"-m", "pip", "install", "-q", "--disable-pip-version-check"}, args...)...)
	}
	if pip(packages...) != nil {
		for _, name := range packages {
			if err := pip(name); err != nil {
				fmt.Fprintf(os.Stderr, "%s is not installed: %v\n", name, err)
			}
		}
	}
	if interpreter(opt.venv(), "torch") == python {
		return
	}
	// PyTorch's own index has it without the gigabytes for graphics cards, but is not reached from everywhere.
	if pip("--timeout", "10", "--retries", "0", "--index-url", "https://download.pytorch.org/whl/cpu", "torch") != nil {
		if err := pip("torch"); err != nil {
			fmt.Fprintf(os.Stderr, "PyTorch is not installed: %v\n", err)
		}
	}
}

// interpreter is the first Python that has module, "" where none has.
func interpreter(venv, module string) string {
	for _, at := range []string{filepath.Join(venv, "bin", "python"), "python3", "/usr/bin/python3"} {
		if exec.Command(at, "-c", "import importlib.util, sys; sys.exit(not importlib.util.find_spec('"+module+"'))").Run() == nil {
			return at
		}
	}
	return ""
}
