package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// part is one work that a binary holds.
type part struct {
	kind          string // as CycloneDX names it: library, data
	name, version string
	purl          string
	where         string // in which part of gradus
	licence       string // SPDX expression
	texts         []string
	hash, content string // algorithm and hexadecimal, of the package as its registry has it
	about         string
}

// platforms are those of a release.
var platforms = strings.Fields("linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64")

// module is a Go module that a program is linked from, and the modules whose packages its own import.
type module struct {
	path, version, dir string
	imports            []string
}

// program is one that a release has: a package with build tags.
type program struct{ folder, tags string }

// engine is the program in the page.
var engine = program{"./lab/wasm", "page"}

// programs are those for a platform. gradus-mpi, where the tree has it, is gradus with the tag mpi.
func programs(root, platform string) []program {
	list := []program{{"./cmd/gradus", ""}}
	if _, err := os.Stat(filepath.Join(root, "cmd/gradus/mpi.go")); err == nil && strings.HasPrefix(platform, "linux/") {
		list = append(list, program{"./cmd/gradus", "mpi"})
	}
	return list
}

// modules asks the go tool for the modules in programs on a platform; gradus itself comes as the module of version "".
func modules(root, platform string, list ...program) (map[string]*module, error) {
	all := map[string]*module{}
	for _, p := range list {
		if err := p.addModules(root, platform, all); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// addModules adds those of p to all.
func (p program) addModules(root, platform string, all map[string]*module) error {
	goos, goarch, _ := strings.Cut(platform, "/")
	list := exec.Command("go", "list", "-tags="+p.tags, "-deps", "-f", `{{with .Module}}{{.Path}}|{{.Version}}|{{.Dir}}{{end}}|{{.ImportPath}}|{{join .Imports " "}}`, p.folder)
	list.Dir = root
	list.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch, "GOFLAGS=")
	var complaint bytes.Buffer
	list.Stderr = &complaint
	out, err := list.Output()
	if err != nil {
		return fmt.Errorf("%v: %w\n%s", list.Args, err, complaint.String())
	}
	of := map[string]*module{}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		f := strings.Split(lines.Text(), "|")
		if len(f) != 5 {
			continue // a package of Go's library
		}
		m := all[f[0]]
		if m == nil {
			m = &module{path: f[0], version: f[1], dir: f[2]}
			all[f[0]] = m
		}
		of[f[3]] = m
		for _, p := range strings.Fields(f[4]) { // -deps lists what is imported first
			if to := of[p]; to != nil && to != m && !slices.Contains(m.imports, to.path) {
				m.imports = append(m.imports, to.path)
			}
		}
	}
	return nil
}

// part is m as a work with its terms.
func (m *module) part() (part, error) {
	licence, texts, err := terms(m.dir)
	return part{
		kind: "library", name: m.path, version: m.version, purl: "pkg:golang/" + m.path + "@" + m.version, where: "program",
		licence: licence, texts: texts,
	}, err
}

// toolchain is Go itself: its library and runtime are in the program, its wasm_exec.js in the page.
func toolchain() (part, error) {
	out, err := exec.Command("go", "env", "GOROOT", "GOVERSION").Output()
	if err != nil {
		return part{}, err
	}
	f := strings.Fields(string(out))
	version := strings.TrimPrefix(f[1], "go")
	licence, texts, err := terms(f[0])
	return part{kind: "library", name: "std", version: version, purl: "pkg:golang/std@" + version, where: "program and page", licence: licence, texts: texts, about: "Go's library and runtime"}, err
}

// pageParts are the packages of npm in the page: bundled.json names them, the build of the page holds it to that, package-lock.json has
// their versions and hashes.
func pageParts(root string) ([]part, error) {
	web := filepath.Join(root, "lab/web")
	var bundled struct{ Script, Fonts []string }
	var lock struct {
		Packages map[string]struct{ Version, Integrity, License string }
	}
	for name, into := range map[string]any{"bundled.json": &bundled, "package-lock.json": &lock} {
		b, err := os.ReadFile(filepath.Join(web, name))
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(b, into); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	var parts []part
	for _, name := range slices.Concat(bundled.Script, bundled.Fonts) {
		where := "page"
		if slices.Contains(bundled.Fonts, name) {
			where = "letters of the page"
		}
		inTree := "node_modules/" + name
		l, ok := lock.Packages[inTree]
		if !ok {
			return nil, fmt.Errorf("package-lock.json has no %s, which bundled.json names", inTree)
		}
		p := part{kind: "library", name: name, version: l.Version, where: where, purl: "pkg:npm/" + strings.Replace(name, "@", "%40", 1) + "@" + l.Version}
		sum, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(l.Integrity, "sha512-"))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		p.hash, p.content = "SHA-512", hex.EncodeToString(sum)
		if p.licence, p.texts, err = termsOf(filepath.Join(web, inTree)); err != nil {
			return nil, fmt.Errorf("%w (make page fetches what is missing)", err)
		}
		if l.License != "" && l.License != p.licence {
			return nil, fmt.Errorf("%s is under %s by its text and %s by package-lock.json", name, p.licence, l.License)
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// termsOf is terms of a package of npm, which has them in its folder or in dist.
func termsOf(dir string) (string, []string, error) {
	expression, texts, err := terms(dir)
	if err != nil {
		if inner, t, e := terms(filepath.Join(dir, "dist")); e == nil {
			return inner, t, nil
		}
	}
	return expression, texts, err
}
