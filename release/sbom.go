package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// builds are the binaries of one archive.
type builds struct {
	root, version, platform, host string
	epoch                         int64
	files                         []string
}

// The parts of CycloneDX 1.6 that are used.
type (
	bill struct {
		Schema       string        `json:"$schema"`
		BomFormat    string        `json:"bomFormat"`
		SpecVersion  string        `json:"specVersion"`
		SerialNumber string        `json:"serialNumber,omitempty"`
		Version      int           `json:"version"`
		Metadata     metadata      `json:"metadata"`
		Components   []component   `json:"components"`
		Dependencies []dependency  `json:"dependencies"`
		Compositions []composition `json:"compositions"`
	}
	metadata struct {
		Timestamp  string              `json:"timestamp"`
		Lifecycles []map[string]string `json:"lifecycles"`
		Component  component           `json:"component"`
	}
	component struct {
		Type        string              `json:"type"`
		Ref         string              `json:"bom-ref"`
		Name        string              `json:"name"`
		Version     string              `json:"version,omitempty"`
		Description string              `json:"description,omitempty"`
		Hashes      []hash              `json:"hashes,omitempty"`
		Licences    []licence           `json:"licenses,omitempty"`
		Purl        string              `json:"purl,omitempty"`
		Properties  []map[string]string `json:"properties,omitempty"`
		Components  []component         `json:"components,omitempty"`
	}
	hash struct {
		Alg     string `json:"alg"`
		Content string `json:"content"`
	}
	licence struct {
		Licence    map[string]string `json:"license,omitempty"`
		Expression string            `json:"expression,omitempty"`
	}
	dependency struct {
		Ref       string   `json:"ref"`
		DependsOn []string `json:"dependsOn,omitempty"`
	}
	composition struct {
		Aggregate    string   `json:"aggregate"`
		Assemblies   []string `json:"assemblies"`
		Dependencies []string `json:"dependencies"`
	}
)

// write makes the bill. The same binaries give the same bytes.
func (b *builds) write(w io.Writer) error {
	linked, err := modules(b.root, b.platform, programs(b.root, b.platform)...)
	if err != nil {
		return err
	}
	parts, sums, err := b.held(linked)
	if err != nil {
		return err
	}
	own, err := b.own()
	if err != nil {
		return err
	}
	doc := bill{Schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", BomFormat: "CycloneDX", SpecVersion: "1.6", Version: 1}
	doc.Metadata = metadata{time.Unix(b.epoch, 0).UTC().Format(time.RFC3339), []map[string]string{{"phase": "build"}}, own}
	for _, p := range parts {
		doc.Components = append(doc.Components, p.component(sums[p.name]))
	}
	doc.Dependencies = graph(own.Ref, doc.Components, linked)
	doc.Compositions = []composition{{"complete", []string{own.Ref}, []string{own.Ref}}}
	return doc.encode(w)
}

// encode numbers the bill by its own content and writes it.
func (doc *bill) encode(w io.Writer) error {
	text, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	s := sha256.Sum256(text)
	s[6], s[8] = s[6]&0x0f|0x80, s[8]&0x3f|0x80 // a UUID of version 8: made by a rule of one's own
	doc.SerialNumber = fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", s[:4], s[4:6], s[6:8], s[8:10], s[10:16])
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(doc)
}

// held lists the works in the binaries, with the hashes of modules as go.sum has them. What a binary says it was linked from must be
// just what the tree links it from.
func (b *builds) held(linked map[string]*module) ([]part, map[string]string, error) {
	sums := map[string]string{}
	for _, f := range b.files {
		info, err := buildinfo.ReadFile(f)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", f, err)
		}
		for _, d := range info.Deps {
			if m := linked[d.Path]; m == nil || m.version != d.Version {
				return nil, nil, fmt.Errorf("%s holds %s %s, which this tree does not link", f, d.Path, d.Version)
			}
			sums[d.Path] = d.Sum
		}
	}
	for path, m := range linked {
		if m.version != "" && sums[path] == "" {
			return nil, nil, fmt.Errorf("no binary holds %s, which this tree links", path)
		}
	}
	page, err := modules(b.root, "js/wasm", engine)
	if err != nil {
		return nil, nil, err
	}
	parts, err := modulesAsParts(linked, page)
	if err != nil {
		return nil, nil, err
	}
	rest, err := apart(b.root, b.host)
	return append(parts, rest...), sums, err
}

// own is gradus itself, and its binaries as files.
func (b *builds) own() (component, error) {
	c := component{
		Type: "application", Name: "gradus", Version: b.version, Ref: "gradus@" + b.version + "/" + b.platform, Purl: "pkg:generic/gradus@" + b.version,
		Description: "A deep-learning system for teaching and for clinical tables; for research and education only", Licences: spdx("Apache-2.0"),
		Properties: []map[string]string{{"name": "gradus:platform", "value": b.platform}},
	}
	for _, f := range b.files {
		content, err := os.ReadFile(f)
		if err != nil {
			return c, err
		}
		name := filepath.Base(f)
		c.Components = append(c.Components, component{
			Type: "file", Ref: "file:" + name, Name: name, Version: b.version, Hashes: []hash{{"SHA-256", fmt.Sprintf("%x", sha256.Sum256(content))}},
		})
	}
	return c, nil
}

// component is p as CycloneDX has it. sum is a module's line of go.sum: "h1:" and, in base64, the SHA-256 over the hashes of its files.
func (p *part) component(sum string) component {
	c := component{
		Type: p.kind, Name: p.name, Version: p.version, Description: p.about, Purl: p.purl, Ref: p.purl, Licences: spdx(p.licence),
		Properties: []map[string]string{{"name": "gradus:part", "value": p.where}},
	}
	if c.Ref == "" {
		c.Ref = p.kind + ":" + p.name
	}
	if p.content != "" {
		c.Hashes = []hash{{p.hash, p.content}}
	}
	if b, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(sum, "h1:")); err == nil && len(b) == sha256.Size {
		c.Hashes = []hash{{"SHA-256", hex.EncodeToString(b)}}
		c.Properties = append(c.Properties, map[string]string{"name": "gradus:go.sum", "value": sum})
	}
	return c
}

// spdx is one licence by its identifier, or several as an expression.
func spdx(expression string) []licence {
	if strings.Contains(expression, " ") {
		return []licence{{Expression: expression}}
	}
	return []licence{{Licence: map[string]string{"id": expression}}}
}

// graph says which work needs which. gradus needs directly what its own packages import, and all that no module does.
func graph(own string, components []component, linked map[string]*module) []dependency {
	refs := map[string]string{}
	for _, c := range components {
		refs[c.Name] = c.Ref
	}
	needs := map[string][]string{}
	direct := slices.Collect(maps.Values(refs))
	for path, m := range linked {
		from := own
		if m.version != "" {
			from = refs[path]
			direct = slices.DeleteFunc(direct, func(r string) bool { return r == from })
		}
		for _, to := range m.imports {
			needs[from] = append(needs[from], refs[to])
		}
	}
	needs[own] = append(needs[own], direct...)
	var list []dependency
	for _, ref := range append([]string{own}, slices.Sorted(maps.Values(refs))...) {
		slices.Sort(needs[ref])
		list = append(list, dependency{ref, slices.Compact(needs[ref])})
	}
	return list
}
