package main

import (
	"bytes"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

// long is a training that takes far longer than it takes to stop it.
func long(d workplace, out string, more ...string) []string {
	return append([]string{
		"train", d.place("wards.csv"), "--target", "died", "--epochs", "3000", "--dropout", "0.1", "--validation", "0.2", "--patience", "100000",
		"--hidden", "48,48", "--out", d.place(out),
	}, more...)
}

// stop starts the program, waits until what it trains is under way, and sends it a signal.
func stop(t *testing.T, c *exec.Cmd, after time.Duration, signal os.Signal) string {
	t.Helper()
	var out, said bytes.Buffer
	c.Stdout, c.Stderr = &out, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	_ = c.Process.Signal(signal) // fails where the run is over already
	_ = c.Wait()
	if out.Len() > 0 && !c.ProcessState.Success() {
		t.Errorf("a stopped run printed %q", out.String())
	}
	return said.String()
}

// Ctrl-C in mid-training leaves a whole checkpoint, a kill -9 leaves the one before whole, and the run that goes on from it ends with
// the bytes of an unbroken one, on any number of cores.
func TestInterruptedTraining(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // no signal can be sent to a child there
	}
	d := newFolder(t)
	d.write(t, "wards.csv", wards(300))
	whole := process(minute(t), t, []string{"GOMAXPROCS=1"}, long(d, "whole", "--quiet")...)
	if b, err := whole.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, b)
	}
	const checkpoint = "m-checkpoint"
	interrupted := false
	for after, tries := 100*time.Millisecond, 0; !interrupted && tries < 12; tries++ {
		c := process(minute(t), t, []string{"GOMAXPROCS=2"}, long(d, "m")...)
		said := stop(t, c, after, os.Interrupt)
		if c.ProcessState.Success() { // too late
			after /= 3
			_ = os.Remove(d.place("m"))
			continue
		}
		after *= 2 // for where it was too early
		_, err := os.Stat(d.place(checkpoint))
		interrupted = err == nil
		if interrupted && (c.ProcessState.ExitCode() != stopped || !strings.Contains(said, "--resume")) {
			t.Errorf("exit %d, said %q", c.ProcessState.ExitCode(), said)
		}
	}
	if !interrupted {
		t.Fatal("no run could be stopped")
	}
	d.holds(t, "m-checkpoint", "wards.csv", "whole")
	before := d.read(t, checkpoint)

	other := process(minute(t), t, nil, long(d, "m", "--resume", "--seed", "2", "--quiet")...)
	b, _ := other.CombinedOutput()
	if other.ProcessState.ExitCode() != wrong || !strings.Contains(string(b), "another") {
		t.Errorf("other flags: exit %d, %s", other.ProcessState.ExitCode(), b)
	}

	stop(t, process(minute(t), t, nil, long(d, "m", "--resume", "--quiet")...), 60*time.Millisecond, os.Kill)
	if d.read(t, checkpoint) != before {
		t.Error("a killed run changed the checkpoint")
	}

	rest := process(minute(t), t, []string{"GOMAXPROCS=1"}, long(d, "m", "--resume", "--quiet")...)
	if b, err := rest.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, b)
	}
	d.holds(t, "m", "wards.csv", "whole")
	if d.read(t, "m") != d.read(t, "whole") {
		t.Error("the resumed run ended with other bytes than the unbroken one")
	}
}

// Predictions onto a full disk end with 1 and a sentence.
func TestPredictOntoAFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		return // only Linux has this device
	}
	defer full.Close()
	d := trained(t)
	for _, flag := range []string{"--json=false", "--json"} {
		c := process(minute(t), t, nil, "predict", d.place("m.gradus"), d.place("wards.csv"), flag)
		var said bytes.Buffer
		c.Stdout, c.Stderr = full, &said
		_ = c.Run()
		if c.ProcessState.ExitCode() != failed || !strings.Contains(said.String(), "could not be written") {
			t.Errorf("%s: exit %d, %q", flag, c.ProcessState.ExitCode(), said.String())
		}
	}
}
