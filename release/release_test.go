package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

const bsd2 = "Redistribution and use in source and binary forms, with or without\n modification, are permitted provided that …"

func TestLicences(t *testing.T) {
	mit := "Permission is hereby granted, free of charge, to any\nperson obtaining a copy … The above copyright notice and this permission\n notice shall be included in all copies or …"
	for text, want := range map[string]string{
		bsd2: "BSD-2-Clause",
		bsd2 + "Neither the name of X nor the names of its contributors may be used to endorse or promote products derived": "BSD-3-Clause",
		mit:                                     "MIT",
		mit + "\n Apache License\n Version 2.0": "Apache-2.0 MIT",
		fdlibm:                                  "SunPro",
		"All rights reserved.":                  "",
		"SQLite Is Public Domain":               "blessing",
		"This Font is licensed under the SIL Open Font License, Version 1.1.": "OFL-1.1",
	} {
		if got := strings.Join(licences(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A module whose terms are not understood must stop the release, not pass as free.
func TestTerms(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := terms(dir); err == nil {
		t.Error("a folder without terms passed")
	}
	write(t, filepath.Join(dir, "LICENSE"), "\ufeff"+strings.ReplaceAll(bsd2, "\n", " \r\n"))
	write(t, filepath.Join(dir, "LICENSE-3RD-PARTY.md"), "works of others")
	write(t, filepath.Join(dir, "LICENSE-LOGO"), "https://example.org/logo.png")
	write(t, filepath.Join(dir, "NOTICE"), "a notice")
	expression, texts, err := terms(dir)
	if err != nil || expression != "BSD-2-Clause" || len(texts) != 3 || texts[0] != bsd2 {
		t.Errorf("%q %q %v", expression, texts, err)
	}
	write(t, filepath.Join(dir, "COPYING"), "You may look at it.")
	if _, _, err := terms(dir); err == nil || !strings.Contains(err.Error(), "COPYING") {
		t.Errorf("unknown terms: %v", err)
	}
}

// The same files give the same archive, whenever and with whatever rights they were written; a link is refused.
func TestPack(t *testing.T) {
	for _, suffix := range []string{".tar.gz", ".zip"} {
		var archives [2][]byte
		for i := range archives {
			top := filepath.Join(t.TempDir(), "gradus_1_linux_amd64")
			names := []string{"gradus", "docs/a.md", "docs/한국어.md", "Z"}
			for k := range names {
				name := filepath.Join(top, names[(k+2*i)%len(names)])
				write(t, name, filepath.Base(name))
				if i == 1 {
					_ = os.Chmod(name, 0o600)
					_ = os.Chtimes(name, time.Unix(1e9, 0), time.Unix(1e9, 0))
				}
			}
			archive := top + suffix
			if err := pack(top+"/", archive, 1_700_000_000); err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(archive)
			if err != nil {
				t.Fatal(err)
			}
			archives[i] = b
			files, err := unpack(archive)
			if err != nil || len(files) != 4 || string(files["docs/한국어.md"].content) != "한국어.md" || files["gradus"].mode != 0o755 || files["Z"].mode != 0o644 {
				t.Errorf("%s: %v %v", suffix, files, err)
			}
		}
		if !bytes.Equal(archives[0], archives[1]) {
			t.Errorf("%s: two packings differ", suffix)
		}
	}
	dir := t.TempDir()
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link")); err == nil {
		if err := pack(dir, dir+".zip", 0); err == nil {
			t.Error("a link was packed")
		}
	}
}

// SHA256SUMS must name every file, each with its own sum, and nothing else.
func TestSummed(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a"), "a")
	sums := filepath.Join(dir, "SHA256SUMS")
	a := "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a\n"
	for text, good := range map[string]bool{a: true, "": false, a + strings.Replace(a, " a", " b", 1): false, strings.Replace(a, "c", "d", 1): false, "x": false} {
		write(t, sums, text)
		if names, err := summed(dir); (err == nil) != good || good && len(names) != 1 {
			t.Errorf("%q: %v %v", text, names, err)
		}
	}
}

// A bill is numbered by its content: the same twice, another for another.
func TestBill(t *testing.T) {
	made := func(version string) string {
		var b bytes.Buffer
		doc := bill{Version: 1, Metadata: metadata{Component: component{Name: "gradus", Version: version}}}
		if err := doc.encode(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if first, again := made("1"), made("1"); first != again || first == made("2") {
		t.Error("not the content alone decides")
	}
	var doc bill
	if err := json.Unmarshal([]byte(made("1")), &doc); err != nil || !strings.HasPrefix(doc.SerialNumber, "urn:uuid:") || len(doc.SerialNumber) != 45 {
		t.Errorf("%q %v", doc.SerialNumber, err)
	}
}

func TestGraph(t *testing.T) {
	linked := map[string]*module{"gradus": {path: "gradus", imports: []string{"a"}}, "a": {path: "a", version: "v1", imports: []string{"b"}}, "b": {path: "b", version: "v2"}}
	list := graph("own", []component{{Name: "a", Ref: "A"}, {Name: "b", Ref: "B"}, {Name: "svelte", Ref: "S"}}, linked)
	if got := fmt.Sprint(list); got != "[{own [A S]} {A [B]} {B []} {S []}]" {
		t.Error(got)
	}
}

func TestPart(t *testing.T) {
	p := part{kind: "library", name: "a", version: "v1", purl: "pkg:golang/a@v1", licence: "MIT AND blessing"}
	c := p.component("h1:ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=")
	if c.Hashes[0] != (hash{"SHA-256", "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}) || c.Licences[0].Expression == "" {
		t.Errorf("%+v", c)
	}
	p = part{kind: "data", name: "iris", licence: "MIT", hash: "SHA-256", content: "00"}
	if c := p.component(""); c.Ref != "data:iris" || c.Licences[0].Licence["id"] != "MIT" || c.Hashes[0].Content != "00" {
		t.Errorf("%+v", c)
	}
}

func TestArguments(t *testing.T) {
	for _, args := range []string{"", "notices", "sbom -platform linux x", "pack a", "verify", "publish x"} {
		if run(strings.Fields(args)) == nil {
			t.Errorf("%q passed", args)
		}
	}
}
