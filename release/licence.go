package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// known are the licences by words that only their text has, all of them, by SPDX identifier.
var known = []struct {
	id    string
	words []string
}{
	{"Apache-2.0", []string{"apache license", "version 2 0"}},
	{"BSD-2-Clause", []string{"redistribution and use in source and binary forms with or without modification are permitted"}},
	{"BSD-3-Clause", []string{"redistribution and use in source and binary forms with or without modification are permitted", "may be used to endorse or promote products"}},
	{"ISC", []string{"this software for any purpose with or without fee is hereby granted", "provided that the above copyright notice and this permission notice appear in all copies"}},
	{"MIT", []string{"permission is hereby granted free of charge to any person obtaining a copy", "the above copyright notice and this permission notice shall be included in all copies"}},
	{"MPL-2.0", []string{"mozilla public license version 2 0"}},
	{"OFL-1.1", []string{"sil open font license version 1 1"}},
	{"SunPro", []string{"permission to use copy modify and distribute this software is freely granted provided that this notice is preserved"}},
	{"Unlicense", []string{"this is free and unencumbered software released into the public domain"}},
	{"Zlib", []string{"this software is provided as is without any express or implied warranty", "altered source versions must be plainly marked"}},
	{"blessing", []string{"sqlite is public domain"}},
}

var notLetters = regexp.MustCompile(`[^a-z0-9]+`)

// licences names the known licences whose words are in text, sorted.
func licences(text string) []string {
	plain := notLetters.ReplaceAllString(strings.ToLower(text), " ")
	var ids []string
	for _, l := range known {
		if !slices.ContainsFunc(l.words, func(w string) bool { return !strings.Contains(plain, w) }) {
			ids = append(ids, l.id)
		}
	}
	if slices.Contains(ids, "BSD-3-Clause") {
		ids = slices.DeleteFunc(ids, func(id string) bool { return id == "BSD-2-Clause" })
	}
	return ids
}

// papers are the names of files that say on what terms a work may be passed on. Those of attached decide no licence: they name works
// within the work, or grant more.
var (
	papers   = regexp.MustCompile(`(?i)^(un)?licen[cs]e|^copying|^notice|^patents`)
	attached = regexp.MustCompile(`(?i)3rd-party|^notice|^patents`)
	pictures = regexp.MustCompile(`(?i)logo`) // of a picture that no binary holds
)

// terms reads the papers in dir: their texts, and the licence as an SPDX expression. A paper of no known licence is an error.
func terms(dir string) (expression string, texts []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", nil, err
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() || !papers.MatchString(e.Name()) || pictures.MatchString(e.Name()) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return "", nil, err
		}
		text := tidy(string(b))
		texts = append(texts, text)
		if attached.MatchString(e.Name()) {
			continue
		}
		found := licences(text)
		if len(found) == 0 {
			return "", nil, fmt.Errorf("%s is no licence that release/licence.go knows: add it there", filepath.Join(dir, e.Name()))
		}
		ids = append(ids, found...)
	}
	if len(ids) == 0 {
		return "", nil, fmt.Errorf("%s holds no licence", dir)
	}
	slices.Sort(ids)
	return strings.Join(slices.Compact(ids), " AND "), texts, nil
}

// tidy is text with LF, without spaces at the end of lines and empty lines around it.
func tidy(text string) string {
	lines := strings.Split(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t\f")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}
