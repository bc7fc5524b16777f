package lab

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"gradus/internal/notice"
	"gradus/internal/say"
)

// Copy hands over the files of a copy that a web server serves and that opens from a disk or a USB stick as well. A browser lends a page
// that is a file neither modules nor workers nor fetch: start.js then brings page.js, the page as a plain script, and brought.js, its
// engine and the worker's code as text. licences.txt goes along, since others' work is passed on.
func (s *Site) Copy(f func(name string, content []byte) error) error {
	plain, err := s.plain()
	if err != nil {
		return err
	}
	err = s.Files(func(name string, content []byte) error {
		if name == "index.html" {
			content = []byte(copied(string(content)))
		}
		return f(name, content)
	})
	if err != nil {
		return err
	}
	for _, p := range plain {
		if err := f(p.name, p.plain()); err != nil {
			return err
		}
	}
	terms, err := notice.Text()
	if err != nil {
		return err
	}
	return f("licences.txt", []byte(terms))
}

// copied is the first file of a copy: its style may come from a disk, and start.js looks whether it did.
func copied(index string) string {
	index = strings.Replace(index, `<link rel="stylesheet" crossorigin`, `<link rel="stylesheet"`, 1)
	return strings.Replace(index, "</body>", `<script src="start.js"></script></body>`, 1)
}

// starter runs where the page is a file.
const starter = `if (location.protocol === 'file:')
  for (const src of ['brought.js', 'page.js']) {
    const script = document.createElement('script');
    script.src = src;
    script.async = false;
    document.head.append(script);
  }
`

// plain are the files that only a page from a disk reads.
func (s *Site) plain() ([]*file, error) {
	worker, exec, page := s.files["worker.js"], s.files["wasm_exec.js"], s.files["index.js"]
	if slices.Contains([]*file{worker, exec, page}, nil) {
		return nil, say.Error("lab.no_site")
	}
	brought := struct {
		Worker string            `json:"worker"`
		Parts  map[string]string `json:"parts"` // of the engine, gzip in base64
	}{string(exec.plain()) + "\n" + string(worker.plain()), map[string]string{}}
	for _, name := range []string{"engine.wasm", "rest.wasm"} {
		f := s.files[name]
		if f == nil || f.zipped == nil {
			return nil, say.Error("lab.no_site")
		}
		brought.Parts[name] = base64.StdEncoding.EncodeToString(f.zipped)
	}
	text, err := json.Marshal(brought)
	if err != nil {
		return nil, err
	}
	script := strings.ReplaceAll(string(page.plain()), "import.meta.url", "document.baseURI")
	return []*file{
		pack("brought.js", slices.Concat([]byte("globalThis.gradusBrought="), text, []byte(";\n"))),
		pack("page.js", []byte("(() => {\n"+script+"\n})();\n")),
		pack("start.js", []byte(starter)),
	}, nil
}
