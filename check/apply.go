package check

import (
	"slices"
	"strconv"
	"strings"

	"gradus/internal/say"
	"gradus/source"
	"gradus/table"
)

// Log counts what Apply did; it holds no cell of a column that names a person.
type Log struct {
	Records  int            `json:"records"`
	Rows     int            `json:"rows"`
	Excluded map[string]int `json:"excluded"` // by reason; "target" for rows whose target is missing
	Columns  []ColumnLog    `json:"columns"`
}

// ColumnLog counts what was done to one column.
type ColumnLog struct {
	Name    string         `json:"name"`
	Role    Role           `json:"role"`
	Reason  string         `json:"reason,omitempty"`
	Missing int            `json:"missing"`           // after all
	Recoded map[string]int `json:"recoded,omitempty"` // by what cells became: missing, lod/2, limit, /10, level, days
	Unread  int            `json:"unread,omitempty"`  // cells that fit neither the kind nor a proposal: missing
}

// Apply carries out a study on the records of a sheet: the strict table of its features, target, group, index date and site,
// and the counts of what was done. name is the file's, for messages.
func Apply(name string, sheet *source.Sheet, s *Study) (*table.Table, *Log, error) {
	f, err := frameOf(name, sheet)
	if err != nil {
		return nil, nil, err
	}
	f.follow(s)
	log := f.log()
	if err := f.expect(name, s, func(*StudyColumn) bool { return true }); err != nil {
		return nil, nil, err
	}
	f.complete(s, log)
	if log.Rows = len(f.rows); log.Rows == 0 {
		return nil, nil, say.Error("check.target_empty", "file", name, "column", s.Target.Column)
	}
	out := &output{kinds: map[string]table.Kind{}, records: make([][]string, log.Rows)}
	f.carry(s, out, log, s.used)
	if len(out.header) == 0 {
		return nil, nil, say.Error("check.no_features", "file", name)
	}
	tbl, err := table.FromRecords(name, out.header, out.records, table.Options{Kinds: out.kinds})
	return tbl, log, err
}

// log begins the counts with the records that are no row.
func (f *frame) log() *Log {
	log := &Log{Records: len(f.sheet.Records) - f.header - 1, Excluded: map[string]int{}}
	for _, e := range f.excluded {
		log.Excluded[e.Reason]++
	}
	return log
}

// carry adds to out the columns of the study that take says, and logs all.
func (f *frame) carry(s *Study, out *output, log *Log, take func(*StudyColumn) bool) {
	for i := range s.Columns {
		c := &s.Columns[i]
		entry := ColumnLog{Name: c.Name, Role: c.Role, Reason: c.Reason}
		if take(c) {
			out.add(s, c, f.cells(s, c, &entry))
			if c.Indicator && c.Kind == Number {
				out.column(c.Name+" <>", table.Number, f.bounds(c))
			}
		}
		log.Columns = append(log.Columns, entry)
	}
}

// expect checks that the sheet has the columns of the study that needed says; others are left alone.
func (f *frame) expect(name string, s *Study, needed func(*StudyColumn) bool) error {
	for _, c := range s.Columns {
		if needed(&c) && !slices.Contains(f.names, c.Name) {
			return say.Error("check.no_column", "file", name, "column", c.Name, "nearest", say.Nearest(c.Name, f.names))
		}
	}
	return nil
}

// complete leaves out rows whose target is missing.
func (f *frame) complete(s *Study, log *Log) {
	c := s.Column(s.Target.Column)
	if c == nil {
		return
	}
	r := f.recoder(s, c, &ColumnLog{})
	f.rows = slices.DeleteFunc(f.rows, func(i int) bool {
		gone := r.read(f, i) == ""
		if gone {
			log.Excluded["target"]++
		}
		return gone
	})
}

// output is the table that is made.
type output struct {
	header  []string
	kinds   map[string]table.Kind
	records [][]string
}

func (o *output) add(s *Study, c *StudyColumn, cells []string) {
	kind := table.Category
	if c.Kind == Number || c.Days && c.Kind == Date && c.Name != s.IndexDate {
		kind = table.Number
	}
	if c.Kind == Date && (c.Name == s.IndexDate || c.Name == s.Splits.Time) {
		kind = table.Date
	}
	if slices.ContainsFunc(c.Proposed, func(p StudyProposal) bool { return p.Accept && p.As == "category" }) {
		kind = table.Category
	}
	o.column(c.Name, kind, cells)
}

func (o *output) column(name string, kind table.Kind, cells []string) {
	o.header = append(o.header, name)
	if o.kinds != nil {
		o.kinds[name] = kind
	}
	for i, cell := range cells {
		o.records[i] = append(o.records[i], cell)
	}
}

// used reports whether the study takes the column into the table.
func (s *Study) used(c *StudyColumn) bool {
	return c.Role == Feature || c.Role == Target || c.Role == Blocked && c.Known && (c.Kind == Number || c.Kind == Category || c.Kind == Date && c.Days) ||
		slices.Contains(s.Leave(), c.Name)
}

// cells are the texts of a column by row.
func (f *frame) cells(s *Study, c *StudyColumn, log *ColumnLog) []string {
	log.Recoded = map[string]int{}
	r := f.recoder(s, c, log)
	out := make([]string, len(f.rows))
	for k, i := range f.rows {
		out[k] = r.read(f, i)
		if out[k] == "" {
			log.Missing++
		}
	}
	return out
}

// bounds is 1 in the rows where a number is given as a bound ("<0.5"), else 0.
func (f *frame) bounds(c *StudyColumn) []string {
	at, out := slices.Index(f.names, c.Name), make([]string, len(f.rows))
	for k, i := range f.rows {
		out[k] = "0"
		if n, ok := number(f.cell(i, at)); ok && n.bound != 0 {
			out[k] = "1"
		}
	}
	return out
}

// blank knows the missing codes of column i.
func (f *frame) blank(i int) *survey {
	v := &survey{own: map[string]bool{}}
	for _, m := range f.sheet.Missing[i] {
		v.own[m] = true
	}
	var plus, minus bool
	for _, r := range f.rows {
		s := f.cell(r, i)
		plus, minus = plus || s == "+", minus || s == "-"
	}
	v.plus = plus && minus
	return v
}

// recoder turns the cells of one column into those of the table.
type recoder struct {
	c        *StudyColumn
	at, from int // place of the column and of the index date, −1 for none
	log      *ColumnLog
	gone     *survey
	as       map[string]string // accepted proposals by value
	numbers  map[float64]string
	decided  map[string]bool   // values that have a proposal, accepted or not
	bound    map[byte]string   // what bounds without a proposal of their own are read as
	levels   map[string]string // level by what its spellings have in common
	family   [][]string
}

func (f *frame) recoder(s *Study, c *StudyColumn, log *ColumnLog) *recoder {
	r := &recoder{c: c, at: slices.Index(f.names, c.Name), from: slices.Index(f.names, s.IndexDate), log: log, as: map[string]string{}, numbers: map[float64]string{}}
	r.gone = f.blank(r.at)
	r.learn()
	for _, p := range c.Proposed {
		if !p.Accept {
			continue
		}
		r.as[p.Value] = p.As
		if n, ok := number(p.Value); ok && n.bound == 0 && c.Kind == Number {
			r.numbers[n.v] = p.As
		}
	}
	if log.Recoded == nil {
		log.Recoded = map[string]int{}
	}
	if c.Kind == Date && !(c.Days && c.Name != s.IndexDate) {
		r.from = -1
	}
	return r
}

// read is the cell of record i as the table holds it, "" where it is missing.
func (r *recoder) read(f *frame, i int) string {
	s := f.cell(i, r.at)
	if r.gone.gone(s) {
		return ""
	}
	switch r.c.Kind {
	case Number:
		return r.number(s)
	case Date:
		return r.date(f, i, s)
	case Category:
		if as, ok := r.as[s]; ok {
			if as == "missing" {
				r.log.Recoded["missing"]++
				return ""
			}
			r.log.Recoded["level"]++
			return as
		}
		return r.level(s)
	}
	return s
}

// number reads one number, with the proposals that were accepted.
func (r *recoder) number(s string) string {
	n, ok := number(s)
	as, known := r.as[s]
	if !known && ok {
		as = r.numbers[n.v]
	}
	if ok && as == "" && !r.decided[s] {
		as = r.bound[n.bound]
	}
	if !ok || as == "missing" || n.bound != 0 && as == "" {
		if as == "missing" {
			r.log.Recoded["missing"]++
		} else {
			r.log.Unread++
		}
		return ""
	}
	if as != "" {
		r.log.Recoded[as]++
	}
	by, scaled := strings.CutPrefix(as, "/")
	switch {
	case as == "lod/2":
		n.v /= 2
	case scaled:
		if d, err := strconv.ParseFloat(by, 64); err == nil && d > 0 {
			n.v /= d
		}
	}
	return table.Format(n.v)
}

// date is a day as 2021-03-05, or its days from the index date.
func (r *recoder) date(f *frame, i int, s string) string {
	read := dayOf
	if r.from < 0 {
		read = placed
	}
	d, ok := read(s)
	if !ok {
		r.log.Unread++
		return ""
	}
	if r.from < 0 {
		return iso(d)
	}
	from, ok := dayOf(f.cell(i, r.from))
	if !ok {
		return ""
	}
	r.log.Recoded["days"]++
	return strconv.Itoa(d - from)
}
