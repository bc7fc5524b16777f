package source

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"gradus/internal/say"
)

// A file of some kB can hold gigabytes of the same sign, so a file may unpack to this and a hundred times its size, no more.
const (
	alwaysUnpacked = 64 << 20
	mostUnpacked   = 4 << 30
)

func unpackable(size int) int64 { return min(mostUnpacked, alwaysUnpacked+100*int64(size)) }

// workbook is an opened xlsx file: the parts of it that matter, and how much may still be unpacked.
type workbook struct {
	name   string // of the file
	parts  map[string]*zip.File
	left   int64
	sheets []sheetEntry
	shared []string // the shared strings
	styles []moment // by cell style
	since  int      // the day before day 1, as days since 1970 (styles.go)
}

type sheetEntry struct {
	name, part string
	hidden     bool
}

func decodeWorkbook(name string, b []byte, opt Options) (*Sheet, error) {
	w, err := open(name, b)
	if err != nil {
		return nil, err
	}
	s := &Sheet{Encoding: "xlsx"}
	for _, e := range w.sheets {
		s.Sheets = append(s.Sheets, e.name)
		if e.hidden {
			s.Hidden = append(s.Hidden, e.name)
		}
	}
	if opt.Sheet != "" {
		i, err := w.choose(opt.Sheet, s.Sheets)
		if err != nil {
			return nil, err
		}
		return s, w.rows(i, s)
	}
	for _, hidden := range []bool{false, true} {
		for i, e := range w.sheets {
			if e.hidden != hidden {
				continue
			}
			if err := w.rows(i, s); err != nil || len(s.Records) > 0 {
				return s, err
			}
		}
	}
	return nil, say.Error("source.empty_workbook", "file", name, "sheets", s.Sheets)
}

// choose finds the sheet by its name, else by its number from 1.
func (w *workbook) choose(wanted string, names []string) (int, error) {
	if i := slices.Index(names, wanted); i >= 0 {
		return i, nil
	}
	if n, err := strconv.Atoi(wanted); err == nil && n >= 1 && n <= len(names) {
		return n - 1, nil
	}
	return 0, say.Error("source.no_sheet", "file", w.name, "sheet", wanted, "sheets", names)
}

// open finds the parts of a workbook and reads all but its sheets.
func open(name string, b []byte) (*workbook, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, say.Error("source.damaged", "file", name, "cause", err)
	}
	w := &workbook{name: name, parts: map[string]*zip.File{}, left: unpackable(len(b))}
	for _, f := range z.File {
		w.parts[strings.ToLower(strings.TrimPrefix(f.Name, "/"))] = f
	}
	main := "xl/workbook.xml"
	links, err := w.links("")
	if err != nil {
		return nil, err
	}
	for _, l := range links {
		if l.kind == "officeDocument" {
			main = l.part
		}
	}
	if w.parts[main] == nil || strings.HasSuffix(main, ".bin") || !strings.HasPrefix(main, "xl/") {
		return nil, say.Error("source."+w.otherZip(), "file", name)
	}
	return w, w.front(main)
}

// otherZip names what a zip is that is no workbook.
func (w *workbook) otherZip() string {
	switch {
	case w.parts["xl/workbook.bin"] != nil:
		return "not_xlsb"
	case w.parts["content.xml"] != nil:
		return "not_ods"
	case w.parts["word/document.xml"] != nil, w.parts["ppt/presentation.xml"] != nil, w.parts["contents/section0.xml"] != nil:
		return "not_document"
	}
	return "not_packed"
}

// front reads the list of sheets, the date system, the shared strings and the styles.
func (w *workbook) front(main string) error {
	links, err := w.links(main)
	if err != nil {
		return err
	}
	part := map[string]string{} // id -> part
	for _, l := range links {
		part[l.id] = l.part
	}
	w.since = days1900
	err = w.walk(main, func(e xml.StartElement, _ *xml.Decoder) error {
		switch e.Name.Local {
		case "workbookPr":
			if v := attr(e, "date1904"); v == "1" || v == "true" {
				w.since = days1904
			}
		case "sheet":
			state := attr(e, "state") // hidden, veryHidden
			w.sheets = append(w.sheets, sheetEntry{attr(e, "name"), part[attr(e, "id")], strings.HasSuffix(strings.ToLower(state), "hidden")})
		}
		return nil
	})
	for _, l := range links {
		switch {
		case err != nil:
			return err
		case l.kind == "sharedStrings":
			err = w.readShared(l.part)
		case l.kind == "styles":
			err = w.readStyles(l.part)
		}
	}
	return err
}

// link is one row of a .rels part.
type link struct{ id, kind, part string }

// links reads the relations of part; "" is the package itself.
func (w *workbook) links(part string) (list []link, err error) {
	dir, base := path.Split(part)
	rels := dir + "_rels/" + base + ".rels"
	if w.parts[rels] == nil {
		return nil, nil
	}
	err = w.walk(rels, func(e xml.StartElement, _ *xml.Decoder) error {
		if e.Name.Local == "Relationship" {
			target := attr(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join("/", dir, target)
			}
			list = append(list, link{attr(e, "Id"), path.Base(attr(e, "Type")), strings.ToLower(strings.TrimPrefix(path.Clean(target), "/"))})
		}
		return nil
	})
	return list, err
}

// readShared reads the shared strings.
func (w *workbook) readShared(part string) error {
	return w.walk(part, func(e xml.StartElement, d *xml.Decoder) error {
		if e.Name.Local != "si" {
			return nil
		}
		s, err := runs(d, "si")
		w.shared = append(w.shared, s)
		return err
	})
}

// runs is the text up to the end of element name: its <t> joined, the phonetic ones left out.
func runs(d *xml.Decoder, name string) (string, error) {
	var out []byte
	in, phonetic := false, 0
	for {
		t, err := inner(d)
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			in = t.Name.Local == "t"
			if t.Name.Local == "rPh" {
				phonetic++
			}
		case xml.CharData:
			if in && phonetic == 0 {
				out = append(out, t...)
			}
		case xml.EndElement:
			in = false
			switch t.Name.Local {
			case "rPh":
				phonetic--
			case name:
				return unescape(string(out)), nil
			}
		}
	}
}

// inner is the next token where the part must not end yet.
func inner(d *xml.Decoder) (xml.Token, error) {
	t, err := d.RawToken()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return t, err
}

// unescape turns the _x000D_ of a workbook into the sign it stands for.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var out strings.Builder
	for len(s) > 0 {
		if len(s) >= 7 && s[:2] == "_x" && s[6] == '_' {
			if n, err := strconv.ParseUint(s[2:6], 16, 16); err == nil {
				out.WriteRune(rune(n))
				s = s[7:]
				continue
			}
		}
		out.WriteByte(s[0])
		s = s[1:]
	}
	return out.String()
}

// walk calls f with every element of part that begins.
func (w *workbook) walk(part string, f func(xml.StartElement, *xml.Decoder) error) error {
	file := w.parts[part]
	if file == nil {
		return say.Error("source.damaged", "file", w.name, "cause", errors.New("no part "+part))
	}
	r, err := file.Open()
	if err != nil {
		return say.Error("source.damaged", "file", w.name, "cause", err)
	}
	defer r.Close()
	d := xml.NewDecoder(&budget{r, w})
	for {
		t, err := d.RawToken()
		if err == nil {
			if e, ok := t.(xml.StartElement); ok {
				err = f(e, d)
			}
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return w.damaged(err)
		}
	}
}

// damaged passes on a sentence of ours and wraps anything else.
func (w *workbook) damaged(err error) error {
	if e, ok := errors.AsType[*say.Err](err); ok {
		return e
	}
	return say.Error("source.damaged", "file", w.name, "cause", err)
}

// budget reads a part as long as the workbook may unpack.
type budget struct {
	r io.Reader
	w *workbook
}

// Read implements io.Reader.
func (b *budget) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.w.left -= int64(n); b.w.left < 0 {
		return n, say.Error("source.unpacks", "file", b.w.name)
	}
	return n, err
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
