package notice

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Every module that a program of any platform is linked from must be named, in its version: who adds one runs make notices.
func TestEveryModuleIsNamed(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("it asks the go tool, which is not here")
	}
	text, err := Text()
	if err != nil {
		t.Fatal(err)
	}
	for _, platform := range strings.Fields("linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64 js/wasm") {
		t.Run(platform, func(t *testing.T) {
			t.Parallel()
			modules := linked(t, platform)
			if len(modules) == 0 && platform != "js/wasm" {
				t.Fatal("the go tool names no module")
			}
			for _, m := range modules {
				if !strings.Contains(text, "\n"+m+"\n") {
					t.Errorf("docs/third-party.txt does not name %s: run make notices", m)
				}
			}
		})
	}
}

// linked lists "path version" of the modules in what a release has for a platform.
func linked(t *testing.T, platform string) []string {
	goos, goarch, _ := strings.Cut(platform, "/")
	folder, tags := "./cmd/gradus", ""
	switch _, err := os.Stat("../../cmd/gradus/mpi.go"); {
	case goos == "js":
		folder, tags = "./lab/wasm", "page"
	case goos == "linux" && err == nil:
		tags = "mpi" // gradus-mpi, which holds all that gradus does
	}
	args := []string{"list", "-tags=" + tags, "-deps", "-f", "{{with .Module}}{{if .Version}}{{.Path}} {{.Version}}{{end}}{{end}}", folder}
	list := exec.Command("go", args...)
	list.Dir = "../.."
	list.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOOS="+goos, "GOARCH="+goarch)
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var modules []string
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimSpace(line); line != "" {
			modules = append(modules, line)
		}
	}
	return modules
}

// The text in the binary is the one to be read.
func TestPackedIsTheReadable(t *testing.T) {
	want, err := os.ReadFile("../../docs/third-party.txt")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Text(); err != nil || got != string(want) {
		t.Fatalf("%v; docs/third-party.txt differs: run make notices", err)
	}
	for _, licence := range []string{"Permission is hereby granted, free of charge", "Redistribution and use in source and binary forms", "SIL OPEN FONT LICENSE", "Apache License"} {
		if !strings.Contains(string(want), licence) {
			t.Errorf("no %q", licence)
		}
	}
}
