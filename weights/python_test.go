//go:build world

package weights

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gradus/activation"
	"gradus/mat"
	"gradus/network"
)

// reader opens a file with the safetensors package, computes the network in it with NumPy, and writes its arrays as a PyTorch Sequential
// would be written, where the activations have numbers too.
const reader = `
import json, sys
import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file
path, other = sys.argv[1:]
with safe_open(path, "np") as f:
    about = f.metadata()
layers, arrays = json.loads(about["network"])["layers"], load_file(path)
x = np.array([[1, 2], [-.5, .25], [0, 3]], dtype=np.float64)
for i, layer in enumerate(layers):
    x = x @ arrays[f"layers.{i}.weight"].T + arrays[f"layers.{i}.bias"]
    if layer.get("activation") == "relu":
        x = np.maximum(x, 0)
print(about["format"], about["columns"], *(v.hex() for v in x.ravel()))
save_file({k.replace(f"layers.{i}.", f"{2 * i}."): v for i in range(len(layers)) for k, v in arrays.items() if k.startswith(f"layers.{i}.")}, other)
`

// The safetensors package of Python reads what Save wrote, and LoadInto what that package wrote, to the last bit.
func TestPython(t *testing.T) {
	net, err := network.New(2,
		&network.Dense[float64]{Units: 5, Activation: activation.ReLU[float64]{}},
		&network.Dense[float64]{Units: 11, Activation: activation.ReLU[float64]{}},
		&network.Dense[float64]{Units: 1})
	if err != nil {
		t.Fatal(err)
	}
	net.Init(3)
	ours, theirs := filepath.Join(t.TempDir(), "ours.safetensors"), filepath.Join(t.TempDir(), "theirs.safetensors")
	f, err := os.Create(ours)
	if err != nil {
		t.Fatal(err)
	}
	if err := SaveWith(f, net, map[string]string{"columns": "age,crp"}); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(os.Getenv("GRADUS_SAFETENSORS"), "-c", reader, ours, theirs)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(string(out))
	if len(words) != 5 || words[0] != "pt" || words[1] != "age,crp" {
		t.Fatalf("%s", out)
	}
	h := net.NewPrediction(3).Forward(mat.From([]float64{1, 2}, []float64{-.5, .25}, []float64{0, 3}))
	for r, word := range words[2:] {
		v, err := strconv.ParseFloat(word, 64) // Python's hex is Go's
		if err != nil {
			t.Fatal(err)
		}
		if v-h.At(r, 0) > 1e-14 || h.At(r, 0)-v > 1e-14 {
			t.Errorf("row %d: NumPy has %v, gradus %v", r, v, h.At(r, 0))
		}
	}
	g, err := os.Open(theirs)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	want := bits(net)
	net.Init(4)
	if err := LoadInto(g, net); err != nil || !slices.Equal(bits(net), want) {
		t.Errorf("what Python wrote: %v", err)
	}
}
