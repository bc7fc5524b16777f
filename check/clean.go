package check

import (
	"slices"

	"gradus/internal/say"
	"gradus/source"
)

// Clean is a file as a study reads it: the strict table that a model of the study takes, without what names a patient.
type Clean struct {
	Header  []string
	Records [][]string
	Log     *Log
	Target  bool // the target is among the columns
	Mark    bool // whether Korean Excel needs a byte order mark: the file had one, or was CP949
}

// Tidy carries out a study's cleaning on the records of a sheet, its own file's or another's: same columns, any encoding, any rows. The
// columns that the study drops may be missing, and so may the target; where it is filled in some rows only, the others are left out.
// Identifiers, dates and texts are left out, but for the columns keep, of which none may name a person.
func Tidy(name string, sheet *source.Sheet, s *Study, keep []string) (*Clean, error) {
	f, err := frameOf(name, sheet)
	if err != nil {
		return nil, err
	}
	f.follow(s)
	c := &Clean{Log: f.log(), Mark: sheet.BOM || sheet.Encoding == "cp949", Target: f.told(s)}
	own := s.without(c.Target)
	if err := f.expect(name, own, own.needs); err != nil {
		return nil, err
	}
	f.complete(own, c.Log)
	out := &output{records: make([][]string, len(f.rows))}
	if err := f.keep(name, s, keep, out); err != nil {
		return nil, err
	}
	f.carry(own, out, c.Log, func(col *StudyColumn) bool {
		return own.needs(col) && !col.names(own) && !slices.Contains(keep, col.Name)
	})
	c.Log.Rows = len(f.rows)
	c.Header, c.Records = out.header, out.records
	return c, nil
}

// told reports whether the target's column is there and filled anywhere.
func (f *frame) told(s *Study) bool {
	c := s.Column(s.Target.Column)
	if c == nil || !slices.Contains(f.names, c.Name) {
		return false
	}
	r := f.recoder(s, c, &ColumnLog{})
	return slices.ContainsFunc(f.rows, func(i int) bool { return r.read(f, i) != "" })
}

// without is the study, its target taken out unless there is one.
func (s *Study) without(target bool) *Study {
	own := *s
	if target {
		return &own
	}
	own.Target = TargetOf{}
	own.Columns = slices.DeleteFunc(slices.Clone(s.Columns), func(c StudyColumn) bool { return c.Role == Target })
	return &own
}

// needs reports whether the table, or a difference of dates in it, needs the column.
func (s *Study) needs(c *StudyColumn) bool {
	days := c.Name == s.IndexDate && slices.ContainsFunc(s.Columns, func(o StudyColumn) bool { return o.Days && o.Name != s.IndexDate && s.used(&o) })
	return days || s.used(c) && (c.Role != Group && c.Role != Time && c.Name != s.Splits.Time && c.Name != s.Splits.Group && c.Name != s.IndexDate)
}

// names reports whether the cells of the column tell a patient or a day.
func (c *StudyColumn) names(s *Study) bool {
	return c.Kind == Identifier || c.Kind == Person || c.Kind == Text || c.Name == s.IndexDate || c.Kind == Date && !c.Days
}

// keep adds the raw cells of the columns a person asked to keep.
func (f *frame) keep(name string, s *Study, keep []string, out *output) error {
	for _, k := range keep {
		at, err := f.find(name, k)
		if err != nil {
			return err
		}
		if c := s.Column(f.names[at]); c == nil || c.Kind == Person || c.Kind == Text {
			return say.Error("check.keep_person", "column", f.names[at])
		}
		cells := make([]string, len(f.rows))
		for i, r := range f.rows {
			cells[i] = f.cell(r, at)
		}
		out.column(f.names[at], "", cells)
	}
	return nil
}
