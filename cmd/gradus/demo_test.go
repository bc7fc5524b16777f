package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"gradus/data"
	"gradus/protocol"
)

// quick makes a demo small enough for a test.
func quick(out string, more ...string) []string {
	return append([]string{"demo", "--out", out, "--folds", "3", "--repeats", "1", "--epochs", "3"}, more...)
}

// folder reads all files of a folder.
func folder(t *testing.T, path string) map[string][]byte {
	t.Helper()
	list, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range list {
		if files[f.Name()], err = os.ReadFile(filepath.Join(path, f.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestDemo(t *testing.T) {
	out := filepath.Join(t.TempDir(), "첫 demo")
	r := gradus("", quick(out)...).ok(t)
	for _, want := range []string{
		"569 rows, 212 events", "AUROC", "Brier score", "Calibration intercept", "Calibration slope", "Sensitivity", "True positives", "difference",
		"Predicted high", "Predicted low", "Most uncertain", "Not a medical device",
	} {
		if !strings.Contains(r.out, want) {
			t.Errorf("no %q in\n%s", want, r.out)
		}
	}
	files := folder(t, out)
	set, _ := data.Get("breast_cancer")
	if len(files) != 4 || !bytes.Equal(files["breast_cancer.csv"], set.CSV()) {
		t.Errorf("%d files", len(files))
	}
	area := regexp.MustCompile(`AUROC +([0-9.]+) `).FindStringSubmatch(r.out)
	for name, lang := range map[string]string{"report.ko.html": "ko", "report.en.html": "en"} {
		page := string(files[name])
		if !strings.Contains(page, `<html lang="`+lang) || area == nil || !strings.Contains(page, "<td>"+area[1]+" (") {
			t.Errorf("%s does not hold the AUROC that was printed: %v", name, area)
		}
		for _, private := range []string{out, filepath.Base(out), "첫 demo"} {
			if strings.Contains(page, private) || bytes.Contains(files["model.gradus"], []byte(private)) {
				t.Errorf("%s or the model holds the path %q", name, private)
			}
		}
	}
	// every command it names works
	lines := regexp.MustCompile(`(?m)^  gradus (.*)$`).FindAllStringSubmatch(r.err, -1)
	if len(lines) != 3 {
		t.Fatalf("%d commands to try in\n%s", len(lines), r.err)
	}
	for _, l := range lines {
		words, plain := shellWords("gradus " + l[1])
		words = words[1:]
		if !plain {
			t.Errorf("%s is no single command", l[1])
		}
		if words[0] == "train" {
			words = append(words, "--epochs", "2")
		}
		if next := gradus("", words...).ok(t); words[0] == "predict" && strings.Count(next.out, "\n") != 570 {
			t.Errorf("%s predicted %d lines", l[1], strings.Count(next.out, "\n"))
		}
	}
}

// The same seed gives the same files and the same words, whatever the cores; another seed gives others.
func TestDemoRepeats(t *testing.T) {
	var first map[string][]byte
	for i, seed := range []int{5, 5, 6} {
		out := filepath.Join(t.TempDir(), "demo")
		before := runtime.GOMAXPROCS(1 + i%2)
		r := gradus("", quick(out, "--json", "--no-record", "--seed", strconv.Itoa(seed))...)
		runtime.GOMAXPROCS(before)
		files := folder(t, out)
		files["stdout"] = []byte(strings.ReplaceAll(r.ok(t).out, out, "OUT"))
		if r.err != "" {
			t.Errorf("--json says %q", r.err)
		}
		if first == nil {
			first = files
			continue
		}
		for name := range files {
			if same := bytes.Equal(files[name], first[name]); same != (seed == 5 || name == "breast_cancer.csv") {
				t.Errorf("run %d with seed %d: %s the same: %v", i, seed, name, same)
			}
		}
	}
}

func TestDemoJSON(t *testing.T) {
	var d struct {
		Data       string
		Validation struct {
			Rows, Folds, Repeats int
			Seed                 uint64
			Binary               struct {
				Events     int
				Network    map[string]any
				Regression map[string]any
				Difference map[string]any
			}
		}
		Verdict   string
		Explained []struct{ Kind string }
		Card      struct{ Rows int }
		Files     []string
	}
	r := gradus("", quick(t.TempDir(), "--json", "--lang", "ko")...)
	r.into(t, &d)
	v := d.Validation
	if d.Data != "breast_cancer" || v.Rows != 569 || v.Binary.Events != 212 || v.Folds != 3 || v.Repeats != 1 || v.Seed != 1 ||
		d.Card.Rows != 569 || len(d.Explained) != 3 || len(d.Files) != 4 || !strings.Contains(d.Verdict, "로지스틱") {
		t.Errorf("%+v", d)
	}
	for _, key := range []string{"n", "auroc", "brier", "log_loss", "calibration", "confusion", "net_benefit", "spread", "roc", "calibration_curve"} {
		if v.Binary.Network[key] == nil || v.Binary.Regression[key] == nil {
			t.Errorf("no %q", key)
		}
	}
	if strings.Contains(r.out, "isks") {
		t.Error("the risks of rows are printed")
	}
}

func TestDemoKorean(t *testing.T) {
	r := gradus("", quick(t.TempDir(), "--lang", "ko", "--quiet")...).ok(t)
	if !strings.Contains(r.out, "신경망") || !strings.Contains(r.out, "높게 예측한 행") || r.err != "" {
		t.Errorf("%s%s", r.out, r.err)
	}
}

func TestDemoRefuses(t *testing.T) {
	d := t.TempDir()
	file := filepath.Join(d, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	gradus("", quick(filepath.Join(file, "below"))...).refused(t, wrong, "below")
	gradus("", quick(filepath.Join(d, "new"), "--folds", "1", "--quiet")...).refused(t, wrong, "folds")
	gradus("", "demo", "extra").refused(t, wrong, "extra")
	if files := folder(t, d); len(files) != 1 {
		t.Errorf("a refused demo left %d entries", len(files))
	}
}

// Whenever the user stops it, nothing is left behind.
func TestDemoStops(t *testing.T) {
	d := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(150*time.Millisecond, cancel)
	r := launch(ctx, "", nil, "demo", "--out", filepath.Join(d, "a", "b"), "--epochs", "100000")
	if r.code != stopped || r.out != "" || len(folder(t, d)) != 0 {
		t.Errorf("exit %d, %s%s", r.code, r.out, r.err)
	}
}

func TestQuote(t *testing.T) {
	for path, want := range map[string]string{
		"gradus-demo/model.gradus": "gradus-demo/model.gradus", "my demo/m": `'my demo/m'`, "": `''`, `C:\a\b`: `C:\a\b`, "첫/a": "첫/a",
		"$(a);b": `'$(a);b'`, "it's": `'it'\''s'`,
	} {
		if runtime.GOOS == "windows" && strings.HasPrefix(want, "'") {
			want = `"` + path + `"`
		}
		if got := protocol.Quote(path); got != want {
			t.Errorf("%q is quoted %s, want %s", path, got, want)
		}
	}
}
