package kernel

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"unsafe"
)

// report is how a child of TestCoresOfAProcess tells what it found.
const report = "GRADUS_TEST_CORES"

// largeProduct computes products that are worth the helpers, an update and a layer's activation, and gives the hash of their bits.
func largeProduct() uint64 {
	r := rand.New(rand.NewPCG(61, 62))
	x, w, h := make([]float32, 200*300), make([]float32, 300*300), make([]float32, 200*300)
	for _, list := range [][]float32{x, w} {
		for i := range list {
			list[i] = float32(r.NormFloat64())
		}
	}
	hash := fnv.New64()
	for range 3 {
		p := Forward(h, x, w, nil, 200, 300, 300, true)
		p.Share(nil)
		TanhSlice(h, h)
		Descent(nil, w, h, .1)
		hash.Write(unsafe.Slice((*byte)(unsafe.Pointer(&h[0])), 4*len(h)))
	}
	return hash.Sum64()
}

// A process that may use one core, by GOMAXPROCS or because it is pinned to one, starts no helper and computes the same bits.
func TestCoresOfAProcess(t *testing.T) {
	if os.Getenv(report) != "" {
		sum := largeProduct()
		fmt.Printf("<%d cores, %d helpers, %x>", Cores(), crew.started, sum)
		return
	}
	if runtime.GOOS == "js" {
		return // no processes there
	}
	if testing.Short() {
		t.Skip("-short: starts no processes")
	}
	type child struct {
		says string
		env  string
		line []string
	}
	self := []string{os.Args[0], "-test.run=^TestCoresOfAProcess$", "-test.v"}
	children := []child{{"<1 cores, 0 helpers", "GOMAXPROCS=1", self}, {"<3 cores, 2 helpers", "GOMAXPROCS=3", self}}
	if path, err := exec.LookPath("taskset"); err == nil && exec.Command(path, "-c", "0", path, "-V").Run() == nil {
		children = append(children, child{"<1 cores, 0 helpers", "", append([]string{path, "-c", "0"}, self...)})
	}
	want := fmt.Sprintf(", %x>", largeProduct())
	for _, c := range children {
		process := exec.Command(c.line[0], c.line[1:]...)
		process.Env = append(os.Environ(), report+"=1", c.env)
		out, err := process.CombinedOutput()
		if isa == plainGo { // it asks for no helpers
			c.says, _, _ = strings.Cut(c.says, ",")
		}
		if err != nil || !strings.Contains(string(out), c.says) || !strings.Contains(string(out), want) {
			t.Errorf("%s %q: %v, want %s … %s in\n%s", c.env, c.line, err, c.says, want, out)
		}
	}
}
