package shard

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"gradus/internal/disk"
	"gradus/internal/say"
)

// format is the version of the files that are written, and the newest that is read.
const format = 1

// longest is how many bytes of a shard are read.
const longest = 1 << 31

// Header says what a shard is a part of. All shards of one piece of work differ in Shard only.
type Header struct {
	Format   int             `json:"gradus_shard"`
	Version  string          `json:"version"` // of gradus
	Kind     string          `json:"kind"`    // study or survival
	Shard    int             `json:"shard"`
	Of       int             `json:"of"`
	Table    string          `json:"table"`    // name of the table's file, no path
	SHA256   string          `json:"sha256"`   // of that file
	Bits     string          `json:"bits"`     // whose arithmetic the last bits are: lanes (AVX-512, AVX2, NEON) or go
	Identity string          `json:"identity"` // hash of all that the units depend on: version, table, rows, folds, settings
	Plan     json.RawMessage `json:"plan"`     // what is computed, as its kind writes it
}

// Part is which shard it is.
func (h Header) Part() Part { return Part{h.Shard, h.Of} }

// Record is a unit that is done.
type Record struct {
	Unit   string          `json:"unit"`
	Record json.RawMessage `json:"record"`
}

// File is a shard: complete once all its units are done.
type File struct {
	Header
	Records  []Record
	Complete bool
}

// seal is the last line of a file.
type seal struct {
	Units    int    `json:"units"`
	Complete bool   `json:"complete"`
	SHA256   string `json:"sha256"` // of the lines before, and of units and complete
}

// hash is the seal's hash of the lines before it.
func (s seal) hash(lines []byte) string {
	h := sha256.New()
	h.Write(lines)
	fmt.Fprintf(h, "%d %t", s.Units, s.Complete)
	return hex.EncodeToString(h.Sum(nil))
}

// Write writes the file: a line of JSON for the header, one for each unit, one for the seal.
func (f *File) Write(w io.Writer) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	f.Format = format
	if err := e.Encode(f.Header); err != nil {
		return err
	}
	for _, r := range f.Records {
		if err := e.Encode(r); err != nil {
			return err
		}
	}
	s := seal{Units: len(f.Records), Complete: f.Complete}
	s.SHA256 = s.hash(b.Bytes())
	if err := e.Encode(s); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}

// Save writes the file to path, whole or not at all.
func (f *File) Save(path string) error { return disk.WriteFile(path, f.Write) }

// Open reads the file at path.
func Open(path string) (*File, error) {
	in, err := disk.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	b, err := disk.ReadLimited(in, longest, path)
	if err != nil {
		return nil, err
	}
	return Read(b, path)
}

// Read reads a file; name is its name in messages. One that is cut short, changed or of a newer format is refused.
func Read(b []byte, name string) (*File, error) {
	head, _, _ := bytes.Cut(b, []byte("\n"))
	f := &File{}
	if !bytes.HasPrefix(head, []byte(`{"gradus_shard":`)) {
		return nil, say.Error("shard.not_shard", "path", name)
	}
	bad := json.Unmarshal(head, &f.Header)
	if bad == nil && f.Format > format {
		return nil, say.Error("shard.newer", "path", name, "version", f.Version)
	}
	at := bytes.LastIndexByte(bytes.TrimSuffix(b, []byte("\n")), '\n') + 1
	var s seal
	if strict(b[at:], &s) != nil || s.SHA256 == "" || b[len(b)-1] != '\n' {
		return nil, say.Error("shard.truncated", "path", name)
	}
	if bad != nil || f.Format != format || s.hash(b[:at]) != s.SHA256 {
		return nil, say.Error("shard.changed", "path", name)
	}
	f.Complete = s.Complete
	for line := range bytes.Lines(b[len(head)+1 : at]) {
		var r Record
		if err := strict(line, &r); err != nil || r.Unit == "" {
			return nil, say.Error("shard.changed", "path", name)
		}
		f.Records = append(f.Records, r)
	}
	if len(f.Records) != s.Units || f.Of < 1 || f.Of > mostParts || f.Shard < 0 || f.Shard >= f.Of || strings.ContainsAny(f.Table, `/\`) {
		return nil, say.Error("shard.changed", "path", name)
	}
	return f, nil
}

// strict reads one JSON value without a name that v does not have.
func strict(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(v)
}
