package main

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gradus/trace"
)

// spec is the example of the help page, as a person would copy it.
func spec(t *testing.T) string {
	t.Helper()
	_, rest, _ := strings.Cut(exampleSpec, "\n")
	text, _, ok := strings.Cut(rest, "END")
	if !ok {
		t.Fatal("the help holds no spec")
	}
	return text
}

func TestTraceJSON(t *testing.T) {
	path := filepath.Join(t.TempDir(), "spec.json")
	if err := os.WriteFile(path, []byte(spec(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	file, input := gradus("", "trace", path, "--json", "--check"), gradus(spec(t), "trace", "-", "--json", "--check")
	if file.out != input.out {
		t.Error("a file and the standard input give two answers")
	}
	var r trace.Result
	file.into(t, &r)
	if len(r.Steps) != 1 || math.Abs(r.Steps[0].Cost-.01284127) > 1e-8 || !(*r.Steps[0].Check < 1e-9) {
		t.Errorf("%+v", r)
	}
	if !strings.Contains(file.out, `"dw":[[`) || !strings.Contains(file.out, `"db":null`) {
		t.Error(file.out)
	}
}

func TestTraceTables(t *testing.T) {
	for lang, words := range map[string][]string{
		"en": {"step 1", "E = 0.012841266", "layer 2: dense, sigmoid", "∂E/∂h", "-0.010581766", "∂E/∂w", "after the last update", "0.60013163", "difference from finite"},
		"ko": {"1번째 단계", "2번째 층", "0.60013163", "유한 차분"},
	} {
		r := gradus(spec(t), "trace", "-", "--check", "--lang", lang).ok(t)
		for _, w := range words {
			if !strings.Contains(r.out, w) {
				t.Errorf("%s: no %q in\n%s", lang, w, r.out)
			}
		}
	}
}

// A long run and a wide layer are cut short, and say so.
func TestTraceAbbreviates(t *testing.T) {
	row := "[" + strings.Repeat("1,", 11) + "1]"
	batch := `{"x":[` + strings.Repeat(row+",", 11) + row + `],"y":[` + strings.Repeat("[1],", 11) + `[1]]}`
	long := `{"layers":[{"weights":[` + row + `],"biases":null}],"cost":{"name":"mse"},"optimizer":{"name":"descent","alpha":0.001},"batches":[` +
		strings.Repeat(batch+",", 29) + batch + "]}"
	r := gradus(long, "trace", "-").ok(t)
	for _, w := range []string{"… 24 more steps", "step 30", "… 4 more rows", "… 4 more\n"} {
		if !strings.Contains(r.out, w) {
			t.Errorf("no %q in\n%s", w, r.out)
		}
	}
	if strings.Contains(r.out, "step 7 ") || strings.Count(r.out, "\n") > 400 {
		t.Errorf("%d lines", strings.Count(r.out, "\n"))
	}
}

func TestTraceExitCodes(t *testing.T) {
	gradus("", "trace", "-").refused(t, 2, "-: ", "empty")
	gradus("", "trace", "nowhere.json").refused(t, 2, "nowhere.json")
	gradus("", "trace").refused(t, 2)
	gradus(strings.Replace(spec(t), "sigmoid", "sigmod", 1), "trace", "-").refused(t, 2, "layer 1", "sigmoid")
	gradus(strings.Replace(spec(t), `"precision":"float64"`, `"precision":"float32"`, 1), "trace", "-", "--check").refused(t, 2, "float64")
	explode := strings.ReplaceAll(strings.Replace(spec(t), `"alpha":0.5`, `"alpha":1e300`, 1), "sigmoid", "linear")
	twice := strings.Replace(explode, `"batches":[`, `"batches":[{"x":[[0.1,0.2]],"y":[[0.8,0.6]]},`, 1)
	gradus(twice, "trace", "-", "--json").refused(t, 1, "step 2", "layer 2", "α = 1e+300")
}

func TestTraceStops(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if r := launch(ctx, spec(t), nil, "trace", "-"); r.code != stopped || r.out != "" {
		t.Errorf("exit %d, %q", r.code, r.out)
	}
}
