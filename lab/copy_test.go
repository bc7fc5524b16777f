package lab

import (
	"strings"
	"testing"
)

// A copy opens from a disk: its first file asks for the script that brings the engine as text, which is the engine.
func TestCopy(t *testing.T) {
	s := &Site{files: map[string]*file{}}
	for name, content := range map[string]string{
		"index.html": `<head><link rel="stylesheet" crossorigin href="./index.css"></head><body></body>`, "index.js": "new URL('worker.js', import.meta.url)",
		"engine.wasm": strings.Repeat("\x00asm", 1000), "rest.wasm": strings.Repeat("\x00wasm", 1000), "wasm_exec.js": "var Go;", "worker.js": "`a</script>`",
	} {
		s.files[name] = pack(name, []byte(content))
	}
	got := map[string]string{}
	if err := s.Copy(func(name string, content []byte) error { got[name] = string(content); return nil }); err != nil {
		t.Fatal(err)
	}
	if i := got["index.html"]; !strings.Contains(i, `<script src="start.js"></script></body>`) || strings.Contains(i, "crossorigin") {
		t.Error(i)
	}
	if p := got["page.js"]; strings.Contains(p, "import.meta") || !strings.Contains(p, "document.baseURI") {
		t.Error(p)
	}
	if b := got["brought.js"]; !strings.HasPrefix(b, `globalThis.gradusBrought={"worker":"var Go;\n`) || !strings.Contains(b, `"engine.wasm":"H4sI`) || !strings.Contains(b, `"rest.wasm":"H4sI`) || strings.Contains(b, "</script") {
		t.Error(b)
	}
	if got["index.js"] != string(s.files["index.js"].plain()) || len(got) != len(s.files)+4 {
		t.Error("the files of a web server are not as they were")
	}
	for _, name := range []string{"svelte", "pretendard", "SIL OPEN FONT LICENSE"} {
		if !strings.Contains(got["licences.txt"], name) {
			t.Errorf("licences.txt does not name %s", name)
		}
	}
	for name := range s.files {
		if name == "index.html" {
			continue
		}
		f := s.files[name]
		delete(s.files, name)
		if s.Copy(func(string, []byte) error { return nil }) == nil {
			t.Errorf("a copy without %s is written", name)
		}
		s.files[name] = f
	}
}
