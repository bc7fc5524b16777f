package main

import (
	"bytes"
	"debug/buildinfo"
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// executable reads what a binary says of itself: format and processor, what it was built with, its version, and which libraries of the
// system it asks for.
func executable(name string, content []byte, version, platform string) error {
	r := bytes.NewReader(content)
	info, err := buildinfo.Read(r)
	if err != nil {
		return err
	}
	goos, goarch, _ := strings.Cut(platform, "/")
	want := map[string]string{"GOOS": goos, "GOARCH": goarch, "CGO_ENABLED": "0", "-trimpath": "true"}
	for _, s := range info.Settings {
		if w, ok := want[s.Key]; ok && w != s.Value {
			return fmt.Errorf("built with %s=%s", s.Key, s.Value)
		}
		delete(want, s.Key)
	}
	if len(want) > 0 {
		return fmt.Errorf("does not say %v", want)
	}
	if !regexp.MustCompile(`[^0-9.v]` + regexp.QuoteMeta(version) + `[^0-9.]`).Match(content) {
		return fmt.Errorf("%s is not in it", version)
	}
	machine, libraries, err := header(content, goos)
	if err != nil {
		return err
	}
	if machine != goarch {
		return fmt.Errorf("is for the processor %s", machine)
	}
	for _, l := range libraries {
		if !slices.Contains(allowed[goos], strings.ToLower(l)) && name != "gradus-mpi" { // which loads the site's MPI
			return fmt.Errorf("asks for the library %s", l)
		}
	}
	return nil
}

// allowed are the libraries that Go's own runtime asks for, and every system of that name has.
var allowed = map[string][]string{
	"windows": strings.Fields("kernel32.dll"),
	"darwin": {
		"/usr/lib/libsystem.b.dylib", "/usr/lib/libresolv.9.dylib", "/system/library/frameworks/corefoundation.framework/versions/a/corefoundation",
		"/system/library/frameworks/security.framework/versions/a/security",
	},
}

// header reads the processor, by Go's name, and the libraries from a file in the format of a system.
func header(content []byte, goos string) (machine string, libraries []string, err error) {
	r := bytes.NewReader(content)
	switch goos {
	case "windows":
		f, err := pe.NewFile(r)
		if err != nil {
			return "", nil, err
		}
		libraries, err = f.ImportedLibraries()
		if symbols, e := f.ImportedSymbols(); e == nil && err == nil {
			for _, s := range symbols {
				if _, l, ok := strings.Cut(s, ":"); ok && !slices.Contains(libraries, l) {
					libraries = append(libraries, l)
				}
			}
		}
		return map[uint16]string{pe.IMAGE_FILE_MACHINE_AMD64: "amd64", pe.IMAGE_FILE_MACHINE_ARM64: "arm64"}[f.Machine], libraries, err
	case "darwin":
		f, err := macho.NewFile(r)
		if err != nil {
			return "", nil, err
		}
		libraries, err = f.ImportedLibraries()
		return map[macho.Cpu]string{macho.CpuAmd64: "amd64", macho.CpuArm64: "arm64"}[f.Cpu], libraries, err
	}
	f, err := elf.NewFile(r)
	if err != nil {
		return "", nil, err
	}
	libraries, err = f.ImportedLibraries()
	if f.Section(".interp") != nil {
		libraries = append(libraries, "a dynamic linker")
	}
	return map[elf.Machine]string{elf.EM_X86_64: "amd64", elf.EM_AARCH64: "arm64"}[f.Machine], libraries, err
}
