package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// verify holds a folder of archives against SHA256SUMS, each archive against its bill of materials, and all against the version.
func verify(dir, version string, w io.Writer) error {
	archives, err := summed(dir)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, name := range archives {
		platform, ok := platformOf(name, version)
		if !ok {
			if strings.HasSuffix(name, ".cdx.json") {
				continue
			}
			return fmt.Errorf("%s: not an archive of gradus %s", name, version)
		}
		files, err := unpack(filepath.Join(dir, name))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := whole(files, version, platform); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		seen[platform] = true
		fmt.Fprintf(w, "%s: %d files, binaries of gradus %s for %s\n", name, len(files), version, platform)
	}
	for _, p := range platforms {
		if !seen[p] {
			return fmt.Errorf("no archive for %s", p)
		}
	}
	return nil
}

var archiveName = regexp.MustCompile(`^gradus_(.+)_([a-z]+)_([a-z0-9]+)\.(tar\.gz|zip)$`)

// platformOf reads OS/ARCH from the name of an archive of that version.
func platformOf(name, version string) (string, bool) {
	m := archiveName.FindStringSubmatch(name)
	if m == nil || m[1] != version {
		return "", false
	}
	return m[2] + "/" + m[3], true
}

// summed reads SHA256SUMS, as sha256sum writes it, and holds every other file of dir against it.
func summed(dir string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "SHA256SUMS"))
	if err != nil {
		return nil, err
	}
	want := map[string]string{}
	for line := range strings.Lines(string(text)) {
		sum, name, ok := strings.Cut(strings.TrimRight(line, "\n"), "  ")
		if !ok {
			return nil, fmt.Errorf("SHA256SUMS: %q", line)
		}
		want[name] = sum
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if e.Name() == "SHA256SUMS" {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(content)); got != want[e.Name()] {
			return nil, fmt.Errorf("%s has the SHA-256 %s, SHA256SUMS says %q", e.Name(), got, want[e.Name()])
		}
		names = append(names, e.Name())
	}
	if len(names) != len(want) {
		return nil, fmt.Errorf("SHA256SUMS has %d files, the folder %d", len(want), len(names))
	}
	return names, nil
}

// unpack reads an archive; names lose the one folder that all must be in.
func unpack(path string) (map[string]item, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	list, err := unzip(content)
	top := strings.TrimSuffix(filepath.Base(path), ".zip")
	if strings.HasSuffix(path, ".tar.gz") {
		list, err = untar(content)
		top = strings.TrimSuffix(filepath.Base(path), ".tar.gz")
	}
	if err != nil {
		return nil, err
	}
	files := map[string]item{}
	for _, i := range list {
		name, ok := strings.CutPrefix(i.name, top+"/")
		if !ok || strings.Contains(name, "..") {
			return nil, fmt.Errorf("%s is not in the folder %s", i.name, top)
		}
		files[name] = i
	}
	return files, nil
}

func untar(content []byte) (list []item, err error) {
	z, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(t)
		if err != nil {
			return nil, err
		}
		if h.Typeflag != tar.TypeReg || h.Uid != 0 || h.Gid != 0 || h.Uname != "" {
			return nil, fmt.Errorf("%s: type %c of owner %d %q", h.Name, h.Typeflag, h.Uid, h.Uname)
		}
		list = append(list, item{h.Name, h.FileInfo().Mode(), b})
	}
}

func unzip(content []byte) (list []item, err error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, err
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		list = append(list, item{f.Name, f.Mode(), b})
	}
	return list, nil
}

// expected are files that every archive has.
var expected = strings.Fields("README.md LICENSE CHANGELOG.md THIRD-PARTY.txt sbom.cdx.json man/man1/gradus.1 man/ko/man1/gradus.1 man/man1/gradus-study.1 " +
	"completions/gradus.bash completions/_gradus completions/gradus.fish completions/gradus.ps1")

var newest = regexp.MustCompile(`(?m)^## (\S+)`)

// whole holds one archive against its version, its platform and its own bill of materials.
func whole(files map[string]item, version, platform string) error {
	for _, name := range expected {
		if len(files[name].content) == 0 {
			return fmt.Errorf("%s is missing", name)
		}
	}
	if m := newest.FindSubmatch(files["CHANGELOG.md"].content); m == nil || string(m[1]) != version {
		return fmt.Errorf("CHANGELOG.md begins with %q, not with %s", m, version)
	}
	var doc bill
	if err := json.Unmarshal(files["sbom.cdx.json"].content, &doc); err != nil {
		return fmt.Errorf("sbom.cdx.json: %w", err)
	}
	own := doc.Metadata.Component
	if own.Version != version || len(own.Properties) != 1 || own.Properties[0]["value"] != platform {
		return fmt.Errorf("sbom.cdx.json is of %s for %v", own.Version, own.Properties)
	}
	var named []string
	for _, c := range own.Components {
		i, ok := files[c.Name]
		if !ok || len(c.Hashes) != 1 || fmt.Sprintf("%x", sha256.Sum256(i.content)) != c.Hashes[0].Content {
			return fmt.Errorf("sbom.cdx.json has another %s", c.Name)
		}
		named = append(named, c.Name)
	}
	for name, i := range files {
		if !isProgram("top/" + name) {
			continue
		}
		if !slices.Contains(named, name) {
			return fmt.Errorf("sbom.cdx.json does not know %s", name)
		}
		if err := executable(name, i.content, version, platform); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if len(named) == 0 {
		return fmt.Errorf("no program")
	}
	return nil
}
