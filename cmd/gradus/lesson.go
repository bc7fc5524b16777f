package main

import (
	"encoding/json"
	"net/url"
	"strings"

	"gradus/internal/disk"
	"gradus/internal/say"
)

// lesson is the file that an instructor saves in the lab: which pages in which order, which controls are hidden, whose seed.
type lesson struct {
	Gradus  string   `json:"gradus"`
	Version int      `json:"version"`
	Pages   []string `json:"pages"`
	Hide    []string `json:"hide"`
	Seed    string   `json:"seed"`
	Each    bool     `json:"each"` // every learner has a seed
}

// mostLesson bounds a file of a lesson.
const mostLesson = 1 << 20

// isLesson reports whether what gradus lab was given is a file of a lesson and no address.
func isLesson(word string) bool { return strings.HasSuffix(strings.ToLower(word), ".json") }

// lessonAddress is where the lesson in the file at path begins.
func lessonAddress(path string) (string, error) {
	in, err := disk.Open(path)
	if err != nil {
		return "", err
	}
	defer in.Close()
	b, err := disk.ReadLimited(in, mostLesson, path)
	if err != nil {
		return "", err
	}
	return whereLesson(b, path)
}

// whereLesson is where the lesson of the file b, called path, begins.
func whereLesson(b []byte, path string) (string, error) {
	var l lesson
	if json.Unmarshal(b, &l) != nil || l.Gradus != "lesson" || l.Version != 1 || len(l.Pages) == 0 {
		return "", say.Error("lab.no_lesson", "path", path)
	}
	address := url.QueryEscape(l.Pages[0]) + "&lesson=" + url.QueryEscape(strings.Join(l.Pages, "."))
	if len(l.Hide) > 0 {
		address += "&hide=" + url.QueryEscape(strings.Join(l.Hide, "."))
	}
	switch {
	case l.Each:
		address += "&learner=%3F"
	case l.Seed != "":
		address += "&seed=" + url.QueryEscape(l.Seed)
	}
	return address, nil
}
