package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// talking is a peer that answers S, does not do M, cannot do L and ends at anything else.
const talking = `echo '{"peer":"Talker","version":"7"}'
while read work seconds; do
	case $work in
	S) echo '{"min":5,"median":6,"losses":[1,2]}' ;;
	M) echo '{"skip":"not done by this peer"}' ;;
	L) echo '{"skip":"it is tired"}' ;;
	*) exit ;;
	esac
done`

func TestPeer(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh to play a peer")
	}
	p := &peer{name: "Unknown", does: []string{"S", "M", "L", "XL"}}
	p.start(1, "sh", "-c", talking)
	defer stop([]*peer{p})
	p.greet()
	if p.name != "Talker" || p.version != "7" || p.skip != "" {
		t.Fatalf("%+v", p)
	}
	if f, ok := p.ask("S", 1); !ok || f.Min != 5 || f.Median != 6 || !slices.Equal(f.Losses, []float64{1, 2}) {
		t.Errorf("S: %+v, %v", f, ok)
	}
	if _, ok := p.ask("M", 1); ok || p.trouble != "" {
		t.Errorf("M: %q", p.trouble)
	}
	if _, ok := p.ask("L", 1); ok || p.trouble != "it is tired" {
		t.Errorf("L: %q", p.trouble)
	}
	if _, ok := p.ask("L", 1); ok || p.trouble != "" {
		t.Errorf("L is complained of again: %q", p.trouble)
	}
	if _, ok := p.ask("csv-read", 1); ok || p.trouble != "" || p.skip != "" {
		t.Errorf("it is asked for what it does not do: %q, %q", p.trouble, p.skip)
	}
	if _, ok := p.ask("XL", 1); ok || p.trouble == "" || !strings.Contains(p.skip, "XL") {
		t.Errorf("XL: %q, %q", p.trouble, p.skip)
	}
	if _, ok := p.ask("S", 1); ok {
		t.Error("a peer that ended answers")
	}
}

func TestPeerThatIsNotThere(t *testing.T) {
	p := &peer{name: "None"}
	if p.start(1, "no-such-program-anywhere"); p.skip == "" {
		t.Error("it is taken to be there")
	}
	stop([]*peer{p})
}

// A peer is not slowed down by what the environment says of the processor.
func TestEnvironment(t *testing.T) {
	got := environment([]string{"HOME=/x", "OPENBLAS_CORETYPE=Haswell", "OPENBLAS_L2_SIZE=1"}, 2)
	if !slices.Contains(got, "HOME=/x") || !slices.Contains(got, "OMP_NUM_THREADS=2") || strings.Contains(strings.Join(got, " "), "Haswell") ||
		strings.Contains(strings.Join(got, " "), "L2_SIZE") {
		t.Error(got)
	}
}
