package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gradus/experiment"
)

func TestExperiment(t *testing.T) {
	for _, name := range experiment.Names() {
		if name == "overfitting" || name == "vanishing" { // a second each; the others go the same way
			continue
		}
		first := gradus("", "experiment", name, "--json", "--seed", "3").ok(t).out
		var r map[string]any
		if err := json.Unmarshal([]byte(first), &r); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		rows, _ := r["rows"].([]any)
		cure, _ := r["cure"].([]any)
		if r["name"] != name || r["seed"] != 3.0 || len(rows) == 0 || len(cure) == 0 || !strings.HasPrefix(first, `{"name":"`+name+`","seed":3,"rows":[{`) {
			t.Errorf("%s: %.200s", name, first)
		}
		if second := gradus("", "experiment", name, "--json", "--seed", "3").ok(t).out; untimed(second) != untimed(first) {
			t.Errorf("%s: two runs differ", name)
		}
	}
}

// untimed is the JSON before its timing, which stands behind all that is reproducible or not at all.
func untimed(out string) string {
	before, _, _ := strings.Cut(out, `,"timing":`)
	return before
}

func TestExperimentShows(t *testing.T) {
	list := gradus("", "experiment").ok(t)
	for _, name := range experiment.Names() {
		if !strings.Contains(list.out, name) {
			t.Errorf("%s is not in the list", name)
		}
	}
	var rows []struct{ Name, About string }
	gradus("", "experiment", "--json", "--lang", "ko").into(t, &rows)
	if len(rows) != 11 || rows[0].About == "" {
		t.Error(rows)
	}
	if out := gradus("", "experiment", "local-minimum", "--lang", "ko").ok(t).out; !strings.Contains(out, "해결") || !strings.Contains(out, "모멘텀") || !strings.Contains(out, "아니요") {
		t.Error(out)
	}
	if out := gradus("", "experiment", "collapse").ok(t).out; !strings.Contains(out, "; ") || !strings.Contains(out, "ln 2") {
		t.Error(out)
	}
	for _, args := range []string{"xor XOR3", "xor --table XOR3"} {
		if out := gradus("", append([]string{"experiment"}, strings.Fields(args)...)...).ok(t).out; !strings.Contains(out, "01101001") {
			t.Errorf("%s: %s", args, out)
		}
	}
}

func TestExperimentDraws(t *testing.T) {
	file := filepath.Join(t.TempDir(), "그림.svg")
	r := gradus("", "experiment", "local-minimum", "--svg", file, "--lang", "ko").ok(t)
	b, err := os.ReadFile(file)
	if err != nil || !strings.HasPrefix(string(b), "<svg ") || !strings.Contains(string(b), "골짜기") || !strings.Contains(string(b), `lang="ko"`) || !strings.Contains(r.err, file) {
		t.Errorf("%v %.100s %s", err, b, r.err)
	}
	if quiet := gradus("", "experiment", "local-minimum", "--svg", file, "-q").ok(t); quiet.err != "" {
		t.Error(quiet.err)
	}
}

func TestExperimentRefuses(t *testing.T) {
	nowhere := filepath.Join(t.TempDir(), "no", "such", "x.svg")
	for args, want := range map[string]string{
		"overfiting": `"overfitting"`, "xor 0111111": "7", "collapse XOR": "xor", "xor XOR --table AND": "one", "xor a b c": "usage", "vanishing --svg": "--svg",
		"local-minimum --svg " + nowhere: "x.svg",
	} {
		gradus("", append([]string{"experiment"}, strings.Fields(args)...)...).refused(t, 2, want)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r := launch(ctx, "", nil, "experiment", "vanishing"); r.code != 130 || r.out != "" {
		t.Errorf("exit %d: %s", r.code, r.out)
	}
}
