package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The JSON that programs read: names and shape are fixed.
func TestBenchJSON(t *testing.T) {
	out := gradus("", "bench", "--quick", "--work", "S", "--threads", "1", "--json").ok(t).out
	var got struct {
		Machine struct {
			Peak []float64 `json:"peak_gflops"`
			Copy float64   `json:"copy_gbps"`
			ISA  string    `json:"isa"`
		} `json:"machine"`
		Results []map[string]any `json:"results"`
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Machine.Peak) != 1 || got.Machine.Copy <= 0 || got.Machine.ISA == "" || len(got.Results) != 1 {
		t.Fatalf("%s", out)
	}
	r := got.Results[0]
	for _, key := range []string{"threads", "ns_per_step_min", "ns_per_step_median", "gflops", "share_of_peak"} {
		if v, ok := r[key].(float64); !ok || v <= 0 {
			t.Errorf("%s is %v", key, r[key])
		}
	}
	if r["work"] != "S" || r["optimizer"] != "adam" || len(r["losses"].([]any)) != 2 {
		t.Errorf("%v", r)
	}
}

func TestBenchTable(t *testing.T) {
	for lang, want := range map[string]string{"en": "held back by", "ko": "제약"} {
		out := gradus("", "bench", "--quick", "--work", "S", "--threads", "1", "--lang", lang).ok(t).out
		if !strings.Contains(out, want) || !strings.Contains(out, "GFLOP/s") || !strings.Contains(out, " µs") {
			t.Errorf("%s:\n%s", lang, out)
		}
	}
}

func TestBenchExport(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a", "b")
	gradus("", "bench", "--quick", "--export", folder).ok(t)
	for _, name := range []string{"bench.json", "S.weights.f32", "XL.x.f32", "many.y.f32"} {
		if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBenchRefuses(t *testing.T) {
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, says string }{
		{"--work GEMM", `did you mean "gemm"`},
		{"--work S,,M", `no workload ""`},
		{"--threads two", `"two" in --threads`},
		{"--threads 0", "0 threads"},
		{"--threads 99999", "99999 threads"},
		{"--export " + blocked, "file"},
	} {
		r := gradus("", append([]string{"bench", "--quick"}, strings.Fields(c.args)...)...)
		if r.code == 0 || !strings.Contains(r.err, c.says) || r.out != "" {
			t.Errorf("%s: code %d\n%s%s", c.args, r.code, r.out, r.err)
		}
	}
}

// A time in the unit that suits it, three digits.
func TestSpan(t *testing.T) {
	for ns, want := range map[float64]string{.4: "0.4 ns", 118.44: "118 ns", 2310: "2.31 µs", 142_400: "142 µs", 13.15e6: "13.2 ms", 55e9: "55 s", 4321e9: "4321 s"} {
		if got := span(ns); got != want {
			t.Errorf("%v ns: %s, want %s", ns, got, want)
		}
	}
}
