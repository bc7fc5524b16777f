package lab

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"gradus/check"
	"gradus/internal/say"
	"gradus/source"
)

// mostTable bounds a table that is dropped on the page: it is kept in memory, its cells beside it.
const mostTable = 256 << 20

// held is the table that the page has handed over. It does not change; another takes its place.
type held struct {
	name, sum string
	content   []byte
	sheet     *source.Sheet
}

// hold reads a table.
func hold(name string, content []byte, sheet string) (*held, error) {
	s, err := source.Decode(name, content, source.Options{Sheet: sheet})
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	return &held{name, hex.EncodeToString(sum[:]), content, s}, nil
}

// postTable takes a table.
func (o *Own) postTable(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength > mostTable {
		w.Header().Set("Connection", "close")
		refuse(w, http.StatusRequestEntityTooLarge, say.Error("labdata.too_large", "limit", mostTable>>20))
		return
	}
	if !o.taking.TryLock() {
		refuse(w, http.StatusConflict, say.Error("labdata.taking"))
		return
	}
	defer o.taking.Unlock()
	if o.busy() {
		refuse(w, http.StatusConflict, say.Error("labdata.busy"))
		return
	}
	room := bytes.NewBuffer(make([]byte, 0, max(r.ContentLength, 0)+bytes.MinRead))
	if _, err := room.ReadFrom(http.MaxBytesReader(w, r.Body, mostTable)); err != nil {
		if _, long := errors.AsType[*http.MaxBytesError](err); long {
			refuse(w, http.StatusRequestEntityTooLarge, say.Error("labdata.too_large", "limit", mostTable>>20))
			return
		}
		refuse(w, http.StatusBadRequest, say.Error("labdata.half"))
		return
	}
	h, err := hold(fileName(r.Header.Get("X-Gradus-Name")), room.Bytes(), "")
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, err)
		return
	}
	o.mu.Lock()
	o.held, o.run = h, nil
	o.version++
	o.told()
	o.mu.Unlock()
	answer(w, http.StatusOK, o.state())
}

// fileName is the name of a file without folders and without what no name shows.
func fileName(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		s = plain
	}
	s = path.Base(strings.ReplaceAll(strings.ToValidUTF8(s, ""), `\`, "/"))
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
	if s == "" || s == "." || s == "/" {
		return "table"
	}
	if r := []rune(s); len(r) > 120 {
		s = string(r[len(r)-120:]) // its end tells the kind
	}
	return s
}

// deleteTable forgets the table and all that came of it.
func (o *Own) deleteTable(w http.ResponseWriter, _ *http.Request) {
	o.stop()
	o.mu.Lock()
	o.held, o.run = nil, nil
	clear(o.looks)
	o.version++
	o.told()
	o.mu.Unlock()
	answer(w, http.StatusOK, o.state())
}

// checkQuestion asks what the columns of the table are.
type checkQuestion struct {
	Lang   say.Lang `json:"lang"`
	Target string   `json:"target"`
	Sheet  string   `json:"sheet"`
}

// postCheck says what the table holds. The target stands in the question's body: the first row of a table without a header would
// otherwise come into an address.
func (o *Own) postCheck(w http.ResponseWriter, r *http.Request) {
	var q checkQuestion
	if !asked(w, r, &q) {
		return
	}
	h, err := o.table(q.Sheet)
	if err != nil {
		refuse(w, http.StatusConflict, err)
		return
	}
	found, err := check.Table(h.name, h.sheet, check.Options{Target: q.Target, Lang: language(q.Lang), Today: today()})
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, err)
		return
	}
	answer(w, http.StatusOK, describe(language(q.Lang), h, found))
}

// table is the table held, its sheet changed to the one asked for.
func (o *Own) table(sheet string) (*held, error) {
	o.mu.Lock()
	h, running := o.held, o.running()
	o.mu.Unlock()
	switch {
	case h == nil:
		return nil, say.Error("labdata.no_table")
	case sheet == "" || sheet == h.sheet.Name:
		return h, nil
	case running:
		return nil, say.Error("labdata.busy")
	}
	other, err := hold(h.name, h.content, sheet)
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.held == h {
		o.held = other
	}
	return other, nil
}

func today() int { return int(time.Now().Unix() / 86400) }

// language is lang, or Korean where it is none.
func language(lang say.Lang) say.Lang {
	if lang == say.English {
		return lang
	}
	return say.Korean
}

// described is a table as the page shows it.
type described struct {
	Name     string         `json:"name"`
	Bytes    int            `json:"bytes"`
	Encoding string         `json:"encoding"`
	Sheet    string         `json:"sheet"`
	Sheets   []string       `json:"sheets"`
	Records  int            `json:"records"`
	Rows     int            `json:"rows"`
	Excluded map[string]int `json:"excluded"`
	Columns  []column       `json:"columns"`
	Roles    []named        `json:"roles"`
	Event    string         `json:"event"`
	Patient  string         `json:"patient"`
	Time     string         `json:"time"`
	Site     string         `json:"site"`
	Warnings []string       `json:"warnings"`
}

// column is one of its columns.
type column struct {
	Name      string     `json:"name"`
	Kind      check.Kind `json:"kind"`
	KindName  string     `json:"kind_name"`
	Role      check.Role `json:"role"`
	Reason    string     `json:"reason"`
	Missing   int        `json:"missing"`
	Proposals []proposal `json:"proposals"`
	Distinct  int        `json:"distinct"`
	Levels    []level    `json:"levels"` // the most frequent
}

// proposal is an odd value and what it would better be read as.
type proposal struct {
	Value   string  `json:"value"`
	As      string  `json:"as"` // what it is read as where a person says nothing, "" for as it stands
	Count   int     `json:"count"`
	Why     string  `json:"why"`
	Choices []named `json:"choices"`
}

// level is a level of a category and in how many rows it is.
type level struct {
	Name string `json:"name"`
	N    int    `json:"n"`
}

// named is a word of the engine and what it is called.
type named struct {
	Value string `json:"value"`
	Name  string `json:"name"`
}

// describe is what was found, in words of lang.
func describe(lang say.Lang, h *held, r *check.Report) described {
	s := check.NewStudy(r, h.name, h.sum, 0)
	d := described{
		Name: h.name, Bytes: len(h.content), Encoding: r.Encoding, Sheet: r.Sheet, Sheets: h.sheet.Sheets, Records: r.Records, Rows: r.Rows,
		Excluded: map[string]int{}, Event: r.Event, Patient: s.Splits.Group, Time: s.Splits.Time, Site: s.Splits.Site, Warnings: r.Warnings,
	}
	for _, e := range r.Excluded {
		d.Excluded[e.Reason]++
	}
	for _, role := range []check.Role{check.Feature, check.Target, check.Group, check.Time, check.Dropped, check.Blocked} {
		d.Roles = append(d.Roles, named{string(role), say.Text(lang, "check.role_"+string(role))})
	}
	for i, c := range r.Columns {
		d.Columns = append(d.Columns, column{
			c.Name, c.Kind, say.Text(lang, "check.kind_"+string(c.Kind)), c.Role, c.Reason, c.Missing, proposals(lang, &s.Columns[i]), len(c.Levels), levelsOf(c),
		})
	}
	return d
}

// proposals are those of a column with what a person may choose.
func proposals(lang say.Lang, c *check.StudyColumn) []proposal {
	list := []proposal{}
	for _, p := range c.Proposed {
		as := ""
		if p.Accept {
			as = p.As
		}
		offered := []named{{"", say.Text(lang, "labdata.as_it_stands")}}
		for _, s := range choices(c, p) {
			offered = append(offered, named{s, reading(lang, s)})
		}
		list = append(list, proposal{p.Value, as, p.Count, p.Why, offered})
	}
	return list
}

// reading is what a value is read as, in words; a level is itself.
func reading(lang say.Lang, as string) string {
	words := map[string]string{
		"missing": "as_missing", "lod/2": "as_half", "limit": "as_limit", "category": "as_category",
		"decimal comma": "as_comma", "day first": "as_day", "month first": "as_month",
	}
	if by, scaled := strings.CutPrefix(as, "/"); scaled {
		return say.Text(lang, "labdata.as_scaled", "by", by)
	}
	if key := words[as]; key != "" {
		return say.Text(lang, "labdata."+key)
	}
	return as
}

// levelsOf lists the levels of c, the most frequent first.
func levelsOf(c check.Column) []level {
	const most = 24
	list := []level{}
	if c.Kind == check.Identifier || c.Kind == check.Person || c.Kind == check.Text {
		return list
	}
	for name, n := range c.Levels {
		list = append(list, level{name, n})
	}
	slices.SortFunc(list, func(a, b level) int { return cmp.Or(b.N-a.N, strings.Compare(a.Name, b.Name)) })
	return list[:min(most, len(list))]
}
