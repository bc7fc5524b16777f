// Package report writes what a validation found as one HTML page that stands by itself: pictures inside, nothing fetched from
// anywhere, printed on A4. It holds no path, no clock time and no row; the same input gives the same bytes.
package report

import (
	_ "embed"
	"html/template"
	"io"
	"slices"
	"strings"

	"gradus/internal/say"
	"gradus/model"
)

// Input is what a report is written from.
type Input struct {
	Lang       say.Lang
	Title      string // of the table, for people
	Question   string // what the model answers
	Source     string // where a bundled table comes from; empty for the user's own
	License    string
	Badge      string // such as: synthetic
	Validation *model.Validation
	Nested     *model.Nested       // how a study parted the rows; nil: folds of rows
	Study      *model.Study        // what a study collects beside the figures; nil: no study
	Opened     int                 // how often the rows judged by time or site have been opened, this time included; 0: not counted
	Explained  []model.Explanation // of rows of a public table; none otherwise
	Card       *model.Card         // of the final model; nil: none was trained
	File       string              // name of the final model's file, without its folder
	Command    string              // which makes the same again
	Verdict    string              // of a study, in Lang; empty: by DeLong's test
}

//go:embed page.html
var pageHTML string

var page = template.Must(template.New("page").Parse(pageHTML))

// document is the page as page.html lays it out.
type document struct {
	Lang, Title, Question, Badge, Strap, Foot string
	Sections                                  []section
}

// section is a heading with what stands under it.
type section struct {
	ID, Title string
	Blocks    []block
}

// block is one thing of a section: exactly one of its fields is set.
type block struct {
	Text  string
	Lead  string // the one sentence to remember
	Note  string // small print
	Code  string
	List  []string
	Steps []string
	Terms []term
	Table *grid
	SVG   template.HTML // from package picture, which escapes every word
}

type term struct{ Name, Text string }

// grid is a table; Text is how many of its first columns are words.
type grid struct {
	Caption string
	Head    []string
	Rows    [][]string
	Text    int
	Plain   bool   // no column stands out
	Fold    string // words behind which a screen folds the table and a sheet leaves it out; "": it is open
}

// longest is how many rows a table may have that is kept on one sheet; one of widest columns or more is set smaller there.
const (
	longest = 9
	widest  = 6
)

// Class tells the page how the table is set: plain, long (it may be parted between two sheets), wide.
func (g *grid) Class() string {
	var list []string
	for name, is := range map[string]bool{"plain": g.Plain, "long": len(g.Rows) > longest, "wide": len(g.Head) >= widest} {
		if is {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// IsText tells the page whether column i holds words.
func (g *grid) IsText(i int) bool { return i < g.Text }

// Write writes the report of a validation. What is not there, such as the parts of a study, is left out.
func Write(w io.Writer, in Input) error {
	r, err := newWriter(in)
	if err != nil {
		return err
	}
	d := document{
		Lang: string(in.Lang), Title: in.Title, Question: in.Question, Badge: in.Badge,
		Strap: r.text("report.strap"),
		Foot:  r.text("report.foot", "version", r.v.Gradus, "seed", r.v.Seed),
	}
	for _, s := range r.sections() {
		if len(s.Blocks) > 0 {
			d.Sections = append(d.Sections, s)
		}
	}
	return page.Execute(w, d)
}

func newWriter(in Input) (*writer, error) {
	v := in.Validation
	if v == nil || v.Binary == nil && v.Classes == nil && v.Number == nil {
		return nil, say.Error("report.task")
	}
	return &writer{in, v, v.Binary}, nil
}

// sections are the parts of the report in order; those without a block are left out.
func (r *writer) sections() []section {
	if r.b == nil {
		return []section{
			r.paired(), r.flow(), r.data(), r.tableOne(), r.missing(), r.method(), r.groupPairs(), r.parts(), r.formula(), r.importance(),
			r.lossCurves(), r.using(), r.limits(), r.card(), r.tripod(), r.again(),
		}
	}
	return []section{
		r.result(), r.flow(), r.data(), r.tableOne(), r.missing(), r.method(), r.discrimination(), r.calibration(), r.riskSection(), r.decisions(),
		r.subgroups(), r.parts(), r.optimism(), r.recalibration(), r.sampleSize(), r.formula(), r.importance(), r.explained(), r.lossCurves(),
		r.using(), r.limits(), r.card(), r.tripod(), r.again(),
	}
}

// writer makes the sections.
type writer struct {
	in Input
	v  *model.Validation
	b  *model.BinaryValidation
}

func (r *writer) text(key string, args ...any) string { return say.Text(r.in.Lang, key, args...) }

// event and other are the two levels.
func (r *writer) event() string { return r.v.Target.Event }

func (r *writer) other() string { return other(r.v) }

func other(v *model.Validation) string {
	for _, l := range v.Target.Levels {
		if l != v.Target.Event {
			return l
		}
	}
	return ""
}
