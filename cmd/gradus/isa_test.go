package main

import (
	"context"
	"strings"
	"testing"

	"gradus/internal/kernel"
)

// GRADUS_ISA chooses the instructions: a wrong word is refused and names the right ones, instructions that the machine lacks are replaced,
// which a note says.
func TestISAFromTheEnvironment(t *testing.T) {
	before := kernel.ISA()
	defer func() {
		if err := kernel.Use(before); err != nil {
			t.Error(err)
		}
	}()
	with := func(isa string, args ...string) result {
		return launch(context.Background(), "", map[string]string{"GRADUS_ISA": isa}, args...)
	}
	with("sse9", "version").refused(t, wrong, `"sse9"`, "avx512", "avx2", "neon", "go", "GRADUS_ISA")
	with("AVX2", "version", "--lang", "ko").refused(t, wrong, "AVX2")
	if r := with("go", "version").ok(t); r.err != "" || !strings.Contains(r.out, ", go, threads: ") {
		t.Errorf("%q %q", r.out, r.err)
	}
	missing := "neon"
	if before == missing {
		missing = "avx512"
	}
	for lang, want := range map[string]string{"en": "lacks", "ko": "없는 명령어"} {
		r := with(missing, "version", "--lang", lang).ok(t)
		if !strings.Contains(r.err, "GRADUS_ISA="+missing) || !strings.Contains(r.err, want) || strings.Contains(r.out, missing) {
			t.Errorf("%s: %q %q", lang, r.out, r.err)
		}
	}
	if r := with(missing, "version", "--quiet").ok(t); r.err != "" {
		t.Errorf("quiet, but %q", r.err)
	}
	if r := with(before, "version").ok(t); r.err != "" || !strings.Contains(r.out, ", "+before+", ") {
		t.Errorf("%q %q", r.out, r.err)
	}
}
