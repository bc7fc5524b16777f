package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// fdlibm is the notice that internal/kernel/erf.go carries.
const fdlibm = `Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.

Developed at SunPro, a Sun Microsystems, Inc. business.
Permission to use, copy, modify, and distribute this
software is freely granted, provided that this notice
is preserved.`

// copied are the works that came into the tree as source, and no tool lists.
func copied(root string) ([]part, error) {
	list := []part{
		{kind: "library", name: "fdlibm", version: "5.3", purl: "pkg:generic/fdlibm@5.3", where: "program and page", texts: []string{fdlibm}, about: "two rational functions of erf"},
		{kind: "library", name: "onnx", version: "IR 14", purl: "pkg:github/onnx/onnx", where: "program", texts: []string{"LICENSE"}, about: "onnx.proto, as Go in internal/onnxpb"},
	}
	for i := range list {
		p := &list[i]
		if p.texts[0] == "LICENSE" { // the terms are those of gradus, word by word
			own, err := os.ReadFile(filepath.Join(root, "LICENSE"))
			if err != nil {
				return nil, err
			}
			p.texts[0] = tidy(string(own))
		}
		ids := licences(p.texts[0])
		if len(ids) != 1 {
			return nil, fmt.Errorf("%s: %v", p.name, ids)
		}
		p.licence = ids[0]
	}
	return list, nil
}

// tables are the bundled data sets, as gradus itself lists them. The synthetic ones are its own.
func tables(root, host string) ([]part, error) {
	out, err := exec.Command(host, "data", "--json", "--lang", "en").Output()
	if err != nil {
		return nil, fmt.Errorf("%s data --json: %w", host, err)
	}
	var sets []struct {
		Name, SHA256, Title, Source string
		Synthetic                   bool
	}
	if err := json.Unmarshal(out, &sets); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(root, "data/LICENSE-scikit-learn"))
	if err != nil {
		return nil, err
	}
	var parts []part
	for _, s := range sets {
		p := part{kind: "data", name: s.Name, where: "data", hash: "SHA-256", content: s.SHA256, about: s.Title + ". " + s.Source, licence: "Apache-2.0"}
		if !s.Synthetic {
			p.version, p.texts = "scikit-learn 1.2.1", []string{tidy(string(text))}
			p.licence = licences(p.texts[0])[0]
		}
		parts = append(parts, p)
	}
	return parts, nil
}
