package main

import (
	"os"
	"path/filepath"
	"testing"
)

// A lesson's file opens at its first page with everything that it hides and whose seed it is; what is no lesson is refused with a sentence.
func TestLessonAddress(t *testing.T) {
	for content, want := range map[string]string{
		`{"gradus":"lesson","version":1,"pages":["4-1-8","4-5-21"],"hide":["w1","seed"],"seed":"9","each":false}`: "4-1-8&lesson=4-1-8.4-5-21&hide=w1.seed&seed=9",
		`{"gradus":"lesson","version":1,"pages":["4-5-5"],"hide":[],"seed":"7","each":true}`:                      "4-5-5&lesson=4-5-5&learner=%3F",
		`{"gradus":"lesson","version":1,"pages":["x&y=1#"],"seed":"1&z"}`:                                         "x%26y%3D1%23&lesson=x%26y%3D1%23&seed=1%26z",
		`{"gradus":"lesson","version":1,"pages":[]}`:                                                              "", `{"gradus":"progress","version":1,"pages":["F0"]}`: "", `[1]`: "", `%PDF`: "", "": "",
	} {
		path := filepath.Join(t.TempDir(), "수업 자료 1.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := lessonAddress(path)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v, want %q", content, got, err, want)
		}
	}
	if _, err := lessonAddress(filepath.Join(t.TempDir(), "none.json")); err == nil {
		t.Error("a file that is not there opens")
	}
	if !isLesson("Lesson.JSON") || isLesson("4-5-21") {
		t.Error("what a lesson is")
	}
}

// The address on the first line is one that a browser can go to, and begins where it was asked to.
func TestWhereTheLabOpens(t *testing.T) {
	for given, want := range map[string]string{"127.0.0.1:80": "127.0.0.1:80", "0.0.0.0:81": "127.0.0.1:81", "[::]:82": "127.0.0.1:82", "192.168.0.7:83": "192.168.0.7:83"} {
		if got := reached(given); got != want {
			t.Errorf("%s: %s, want %s", given, got, want)
		}
		if got := serving(given); (got == "lab.serving") != (given == "127.0.0.1:80") {
			t.Errorf("%s: %s", given, got)
		}
	}
	for given, want := range map[string]string{"4-5-21": "#4-5-21", "#4-5-21&step=3": "#4-5-21&step=3"} {
		if got, err := begin([]string{given}); got != want || err != nil {
			t.Errorf("%s: %s, %v", given, got, err)
		}
	}
	if got, err := begin(nil); got != "" || err != nil {
		t.Error(got, err)
	}
}
