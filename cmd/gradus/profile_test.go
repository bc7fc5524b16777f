package main

import (
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"gradus/internal/profile"
)

// train --profile shows the parts of a step in both languages and in JSON, also when quiet, and the model has the same bytes.
func TestTrainProfile(t *testing.T) {
	d := newFolder(t)
	path := d.write(t, "wards.csv", wards(200))
	args := []string{"train", path, "--target", "died", "--epochs", "3", "--dropout", "0.1", "--validation", "0.2", "--hidden", "6", "--quiet"}
	gradus("", append(args, "--out", d.place("without"))...).ok(t)
	for lang, want := range map[string][]string{
		"en": {"steps of", "order of the rows", "1 dense    product x·wᵀ + b", "2 dropout  forward", "cost and first gradient", "update of the weights", "validation", "GFLOP/s"},
		"ko": {"단계, 한 단계에", "1 dense    곱 x·wᵀ + b", "2 dropout  순전파", "가중치 갱신", "한계 대비(%)"},
	} {
		r := gradus("", append(args, "--profile", "--lang", lang, "--out", d.place(lang))...).ok(t)
		for _, w := range want {
			if !strings.Contains(r.out, w) {
				t.Errorf("%s: no %q in %s", lang, w, r.out)
			}
		}
		if strings.Contains(r.out, "[cmd.") || r.err != "" || d.read(t, lang) != d.read(t, "without") {
			t.Errorf("%s: %s%s", lang, r.out, r.err)
		}
	}
	var got struct{ Profile *profile.Profile }
	gradus("", append(args, "--profile", "--json", "--out", d.place("json"))...).into(t, &got)
	p := got.Profile
	if p == nil || p.Steps != 15 || len(p.Parts) < 15 || !(p.Peak > 0) || p.Threads < 1 || !(p.Total > 0) || d.read(t, "json") != d.read(t, "without") {
		t.Fatalf("%+v", p)
	}
	sum := 0.
	for _, r := range p.Parts {
		sum += r.Share
		products := r.Part == "product" || r.Part == "gradient" || r.Part == "back"
		if r.Calls < 3 || products != (r.Rate > 0) || products != (r.Peak > 0) {
			t.Errorf("%+v", r)
		}
	}
	if sum < .999 || sum > 1.001 {
		t.Errorf("the shares add up to %v", sum)
	}
	got.Profile = nil
	if gradus("", append(args, "--json", "--out", d.place("json"))...).into(t, &got); got.Profile != nil {
		t.Error("a profile that nobody asked for")
	}
}

// A stopped run says on the standard error where its time went, and the run that goes on from it tells of its own part.
func TestProfileOfAStoppedRun(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // no signal can be sent to a child there
	}
	d := newFolder(t)
	d.write(t, "wards.csv", wards(300))
	for after, tries := 150*time.Millisecond, 0; ; tries++ {
		c := process(minute(t), t, nil, long(d, "m", "--profile")...)
		said := stop(t, c, after, os.Interrupt)
		_, err := os.Stat(d.place("m-checkpoint"))
		if err == nil {
			if !strings.Contains(said, "update of the weights") || !strings.Contains(said, "--resume") {
				t.Errorf("said %q", said)
			}
			break
		}
		if tries == 12 {
			t.Fatal("no run could be stopped")
		}
		if after *= 2; c.ProcessState.Success() {
			after /= 6
		}
	}
	var got struct {
		Card    struct{ Epochs int }
		Profile profile.Profile
	}
	b, err := process(minute(t), t, nil, long(d, "m", "--profile", "--resume", "--json")...).Output()
	if err != nil || json.Unmarshal(b, &got) != nil {
		t.Fatalf("%v: %s", err, b)
	}
	if whole := got.Card.Epochs * (255/32 + 1); got.Profile.Steps <= 0 || got.Profile.Steps >= whole {
		t.Errorf("%d of %d steps after the break", got.Profile.Steps, whole)
	}
}
