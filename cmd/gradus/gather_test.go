package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"gradus/data"
	"gradus/internal/shard"
)

// equalFolders fails the test unless got holds the very files of want.
func equalFolders(t *testing.T, what, want, got string) {
	t.Helper()
	a, b := folder(t, want), folder(t, got)
	if len(a) != len(b) || len(a) < 5 {
		t.Errorf("%s: %d files, want %d", what, len(b), len(a))
	}
	for name := range a {
		if !bytes.Equal(a[name], b[name]) {
			t.Errorf("%s: %s has other bytes", what, name)
		}
	}
}

// Gathered shards give the files of one machine, byte for byte, for every task and any number of shards.
func TestGather(t *testing.T) {
	small := []string{"--outer", "2", "--inner", "2", "--draws", "20"}
	for _, c := range []struct {
		table string
		more  []string
		parts []int
	}{
		{"breast_cancer", []string{"--outer", "2", "--draws", "20"}, []int{3}},
		{"iris", small, []int{1, 2, 3, 7, 11}},
		{"diabetes", small, []int{2}},
		{"iris", append(small, "--trials", "3"), []int{2}},
		{"lifetimes", nil, []int{3}},
	} {
		set, err := data.Get(c.table)
		if err != nil {
			t.Fatal(err)
		}
		path, d := bundledFile(t, c.table), t.TempDir()
		args := func(out string, more ...string) []string {
			if c.table == "lifetimes" {
				return aSurvival(path, out, append(more, "--time", "days", "--horizon", "365", "--group", "treatment", "--outer", "2", "--epochs", "2")...)
			}
			return append(aStudy(path, set.Target, out, c.more...), append(more, "--no-record")...)
		}
		one := filepath.Join(d, "one")
		gradus("", args(one)...).ok(t)
		for _, n := range c.parts {
			shards, out := filepath.Join(d, "샤드 "+strconv.Itoa(n)), filepath.Join(d, "out"+strconv.Itoa(n))
			for i := range n {
				gradus("", args(shards, "--shard", strconv.Itoa(i)+"/"+strconv.Itoa(n))...).ok(t)
			}
			gradus("", "gather", shards, "--table", path, "--out", out, "--no-record").ok(t)
			equalFolders(t, c.table+" in "+strconv.Itoa(n), one, out)
		}
	}
}

// A split by site, the folder above as the table's place, JSON, and a record of what was gathered.
func TestGatherElsewhere(t *testing.T) {
	path := bundledFile(t, "cohort")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Join(bytes.SplitAfter(b, []byte("\n"))[:400], nil), 0o600); err != nil {
		t.Fatal(err)
	}
	d := filepath.Dir(path)
	at := func(name string) string { return filepath.Join(d, name) }
	args := func(out string, more ...string) []string {
		return aStudy(path, "died_30d", at(out), append(more, "--split", "external", "--site", "site", "--store", at("runs"))...)
	}
	for i := range 2 {
		var got parted
		gradus("", args("shards", "--shard", strconv.Itoa(i)+"/2", "--json")...).into(t, &got)
		if got.Shard != i || got.Of != 2 || got.Units == 0 || got.Units >= got.All || !there(got.File) {
			t.Errorf("%+v", got)
		}
	}
	if there(at("runs")) {
		t.Error("a shard is recorded as a run")
	}
	for name, b := range folder(t, at("shards")) {
		if bytes.Contains(b, []byte(d)) || bytes.Contains(b, []byte(os.TempDir())) {
			t.Errorf("%s holds a path of this machine", name)
		}
	}
	var got struct {
		Verdict string
		Files   []string
	}
	gradus("", "gather", at("shards"), "--out", at("gathered"), "--store", at("runs"), "--json").into(t, &got)
	if got.Verdict == "" || len(got.Files) != 6 {
		t.Errorf("%+v", got)
	}
	if r := gradus("", "runs", "--store", at("runs")).ok(t); !strings.Contains(r.out, "study") {
		t.Error(r.out)
	}
	gradus("", args("one", "--no-record")...).ok(t)
	equal := folder(t, at("one"))
	for name, b := range folder(t, at("gathered")) {
		if !bytes.Equal(b, equal[name]) && strings.HasSuffix(name, ".gradus") {
			t.Errorf("%s has other bytes", name)
		}
	}
}

// Each thing that is wrong with shards is named, with the command that helps; that command makes the lost shard.
func TestGatherRefuses(t *testing.T) {
	path := bundledFile(t, "iris")
	d := filepath.Dir(path)
	at := func(names ...string) string { return filepath.Join(append([]string{d}, names...)...) }
	study := func(out, part string, more ...string) {
		t.Helper()
		gradus("", append(aStudy(path, "species", at(out), "--shard", part, "--no-record", "--outer", "2"), more...)...).ok(t)
	}
	for i := range 3 {
		study("shards", strconv.Itoa(i)+"/3")
	}
	name := func(i int) string { return at("shards", shard.Part{I: i, N: 3}.File()) }
	kept, err := os.ReadFile(name(1))
	if err != nil {
		t.Fatal(err)
	}
	write := func(path string, b []byte) {
		t.Helper()
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	gather := []string{"gather", at("shards"), "--out", at("out"), "--no-record"}

	if err := os.Remove(name(1)); err != nil {
		t.Fatal(err)
	}
	r := gradus("", gather...)
	r.refused(t, 2, "shard 1 of 3 (0 to 2) is missing")
	_, command, _ := strings.Cut(r.err, "\n  ")
	words, plain := shellWords(strings.TrimSpace(command))
	if !plain {
		t.Fatalf("%q is no command", command)
	}
	gradus("", words[1:]...).ok(t)
	if again, err := os.ReadFile(name(1)); err != nil || !bytes.Equal(again, kept) {
		t.Errorf("the command made another shard: %v", err)
	}
	gradus("", gather...).ok(t)

	write(name(1), kept[:len(kept)/2])
	gradus("", gather...).refused(t, 2, "is cut short", "shard 1 of 3", "reasons above: 2")
	write(name(1), bytes.Replace(kept, []byte("0.9"), []byte("0.8"), 1))
	gradus("", gather...).refused(t, 2, "was changed or damaged", "--shard 1/3")
	gradus("", append(gather, "--lang", "ko")...).refused(t, 2, "손상되었습니다")
	write(name(1), kept)
	write(at("shards", "copy"+shard.Extension), kept)
	gradus("", gather...).refused(t, 2, "copy.gradus-shard", "overlap", "both are shard 1 of 3")
	if err := os.Remove(at("shards", "copy"+shard.Extension)); err != nil {
		t.Fatal(err)
	}
	study("settings", "1/3", "--draws", "21")
	gradus("", "gather", name(0), at("settings", "shard-0001-of-0003.gradus-shard"), name(2), "--table", path, "--out", at("out")).refused(t, 2, "another study of the same table")
	study("number", "1/4")
	gradus("", "gather", at("shards"), at("number"), "--out", at("out")).refused(t, 2, "one of 4 shards")
	gradus("", "gather", d+"/none", "--out", at("out")).refused(t, 2, "none")
	gradus("", "gather", t.TempDir()).refused(t, 2, "there is no shard")
	gradus("", "gather", path).refused(t, 2, "is no shard")

	table, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(path, append(table, table[bytes.LastIndexByte(table[:len(table)-1], '\n')+1:]...))
	gradus("", gather...).refused(t, 2, "iris.csv is not the table of the shards", "--table")
	study("table", "1/3")
	gradus("", "gather", name(0), at("table", "shard-0001-of-0003.gradus-shard"), name(2), "--table", path, "--out", at("out")).refused(t, 2, "from another file")
}

func TestShardRefuses(t *testing.T) {
	path, out := bundledFile(t, "iris"), filepath.Join(t.TempDir(), "s")
	for part, want := range map[string]string{"": "is no shard", "3/3": "from 0 to 2", "auto": "SLURM_ARRAY_TASK_ID", "auto/3": "JOB_COMPLETION_INDEX"} {
		gradus("", aStudy(path, "species", out, "--shard", part)...).refused(t, 2, want)
	}
	gradus("", aStudy("-", "species", out, "--shard", "0/2")...).refused(t, 2, "standard input")
	gradus("", aStudy(path, "species", out, "--table", path)...).refused(t, 2, "no study file")
	gradus("", aSurvival("-", out, "--time", "days", "--shard", "0/2")...).refused(t, 2, "standard input")
	gradus("", aSurvival(path, out, "--time", "days", "--resume")...).refused(t, 2, "--shard")
	if there(out) {
		t.Error("a refused shard leaves a folder")
	}
}

// A shard takes its number from the job array, and one that was stopped goes on.
func TestShardResumes(t *testing.T) {
	path, d := bundledFile(t, "iris"), t.TempDir()
	out := filepath.Join(d, "shards")
	env := map[string]string{"SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_MAX": "1"}
	args := func(out string, more ...string) []string {
		return append(aStudy(path, "species", out, more...), "--epochs", "100", "--no-record", "--resume")
	}
	ctx, stop := context.WithCancel(t.Context())
	file := filepath.Join(out, shard.Part{I: 1, N: 2}.File())
	go func() { // stopped while it works
		time.Sleep(200 * time.Millisecond)
		stop()
	}()
	r := launch(ctx, "", env, args(out, "--shard", "auto")...)
	if r.code != 130 && r.code != 0 {
		t.Fatalf("exit %d: %s", r.code, r.err)
	}
	if r.code == 130 && there(file) && !strings.Contains(r.err, "--resume") {
		t.Error(r.err)
	}
	launch(t.Context(), "", env, args(out, "--shard", "auto")...).ok(t)
	whole := filepath.Join(d, "whole")
	gradus("", args(whole, "--shard", "1/2")...).ok(t)
	a, err := os.ReadFile(file)
	b, bad := os.ReadFile(filepath.Join(whole, shard.Part{I: 1, N: 2}.File()))
	if err != nil || bad != nil || !bytes.Equal(a, b) {
		t.Errorf("a shard that was stopped has other bytes: %v %v", err, bad)
	}
	// no cell of the table stands in a shard but the study file's own words: records are numbers, settings and models
	for i, line := range bytes.Split(bytes.TrimSpace(a), []byte("\n"))[1:] {
		var r shard.Record
		if err := json.Unmarshal(line, &r); err != nil {
			t.Errorf("line %d: %v", i, err)
		}
	}
}
