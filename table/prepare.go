package table

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"gradus/internal/say"
)

const (
	maxLevels     = 100 // levels of one category that get an indicator of their own
	minRows       = 5   // a level of fewer training rows is merged into "other" and its name is not kept
	clipAt        = 10  // standard deviations
	fewLevels     = 20  // more different values than this can be an identifier
	manyFeatures  = 1 << 20
	whyIdentifier = "identifier"
	whyDate       = "date"
	whyEmpty      = "empty"
	whyConstant   = "constant"
	whyAsked      = "asked"
)

// PrepareOptions says how a Preparation is fitted; the zero value means the defaults.
type PrepareOptions struct {
	MinRows int      // levels of fewer training rows become "other": default 5
	Clip    float64  // bound of a standardised value either side: default 10, negative for none
	Leave   []string // columns to leave out
	// Constant keeps a column of numbers that are all the same where no column would be left, by an indicator that it is missing.
	Constant bool
}

// Preparation turns rows into the numbers a network takes. It is fitted on training rows only and holds no row: medians,
// means, ranges and the names of levels that at least MinRows training rows share.
//
// A number becomes z = (x − mean)/sd, held within ±Clip, the training median where it is missing (mean and sd are taken
// after that), and an indicator 1 for missing follows if any training value was. A category becomes one indicator per level,
// one for "other" if any level was merged, one for missing if any training value was; a level not seen sets "other", else
// none. Identifiers, dates, empty and constant columns are left out.
type Preparation struct {
	Inputs []Input `json:"inputs"`
	Left   []Left  `json:"left,omitempty"`
	Clip   float64 `json:"clip"` // 0: no bound
	Target string  `json:"target"`
	notes  notes
}

// Input is one column that is used.
type Input struct {
	Name    string   `json:"name"`
	Kind    Kind     `json:"kind"`    // Number or Category
	Missing bool     `json:"missing"` // a training value was missing, so there is an indicator
	Scale            // of a number, after missing values got the median
	Median  float64  `json:"median,omitempty"` // of a number
	Low     float64  `json:"low,omitempty"`    // of a number: the training range, Low to High
	High    float64  `json:"high,omitempty"`
	Levels  []string `json:"levels,omitempty"` // of a category, sorted
	Other   bool     `json:"other,omitempty"`  // of a category: levels were merged
}

// Left is a column that is not used and why: identifier, date, empty, constant, asked.
type Left struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// Fit learns a Preparation from the given rows of tbl, from all where rows is nil; the target column is no input.
func Fit(tbl *Table, rows []int, target string, opt PrepareOptions) (*Preparation, error) {
	if err := opt.settle(tbl); err != nil {
		return nil, err
	}
	if rows == nil {
		rows = make([]int, tbl.Rows)
		for i := range rows {
			rows[i] = i
		}
	}
	if len(rows) == 0 {
		return nil, say.Error("table.no_rows", "file", tbl.Name)
	}
	p := &Preparation{Target: target, Clip: max(opt.Clip, 0)}
	scratch := make([]float64, 0, len(rows))
	for i := range tbl.Columns {
		c := &tbl.Columns[i]
		if c.Name == target {
			continue
		}
		if in, why := fitColumn(c, rows, opt, scratch); why == "" {
			p.Inputs = append(p.Inputs, in)
		} else {
			p.Left = append(p.Left, Left{c.Name, why})
		}
	}
	if err := p.some(tbl, rows, opt, scratch); err != nil {
		return nil, err
	}
	if w := p.Width(); w > manyFeatures {
		return nil, say.Error("table.many_features", "file", tbl.Name, "found", w, "limit", manyFeatures)
	}
	p.announce()
	return p, nil
}

// settle checks the options and puts the defaults in.
func (opt *PrepareOptions) settle(tbl *Table) error {
	if opt.MinRows < 0 || math.IsNaN(opt.Clip) || math.IsInf(opt.Clip, 0) {
		return say.Error("table.prepare_options", "min_rows", opt.MinRows, "clip", opt.Clip)
	}
	if opt.MinRows == 0 {
		opt.MinRows = minRows
	}
	if opt.Clip == 0 {
		opt.Clip = clipAt
	}
	for _, name := range opt.Leave {
		if _, err := tbl.Need(name); err != nil {
			return err
		}
	}
	return nil
}

func fitColumn(c *Column, rows []int, opt PrepareOptions, scratch []float64) (in Input, why string) {
	if slices.Contains(opt.Leave, c.Name) {
		return in, whyAsked
	}
	switch c.Kind {
	case Number:
		return fitNumber(c, rows, scratch)
	case Category:
		return fitCategory(c, rows, opt.MinRows)
	case Date:
		return in, whyDate
	}
	return in, whyEmpty
}

func fitNumber(c *Column, rows []int, scratch []float64) (in Input, why string) {
	in = Input{Name: c.Name, Kind: Number}
	values := scratch[:0]
	for _, r := range rows {
		if v := c.numbers.at(r); v == v {
			values = append(values, v)
		}
	}
	if len(values) == 0 {
		return in, whyEmpty
	}
	in.Missing = len(values) < len(rows)
	in.Median = median(values) // sorts
	in.Low, in.High = values[0], values[len(values)-1]
	if isIDName(c.Name) && countedIDs(values) {
		return in, whyIdentifier
	}
	values = values[:0]
	for _, r := range rows { // in row order, so that the sums do not depend on the sort
		v := c.numbers.at(r)
		if v != v {
			v = in.Median
		}
		values = append(values, v)
	}
	in.Scale = FitScale(values)
	if in.SD == 0 && !in.Missing {
		return in, whyConstant
	}
	return in, ""
}

// countedIDs reports whether sorted values are integers that mostly differ.
func countedIDs(sorted []float64) bool {
	different := 1
	for i, v := range sorted {
		if v != math.Trunc(v) {
			return false
		}
		if i > 0 && v != sorted[i-1] {
			different++
		}
	}
	return different > fewLevels
}

func fitCategory(c *Column, rows []int, least int) (in Input, why string) {
	in = Input{Name: c.Name, Kind: Category}
	counts, full, different := make([]int, len(c.levels)+1), 0, 0
	for _, r := range rows {
		counts[c.codes.at(r)]++
	}
	for _, n := range counts[1:] {
		if full += n; n > 0 {
			different++
		}
	}
	switch {
	case full == 0:
		return in, whyEmpty
	case different > fewLevels && (2*different > full || isIDName(c.Name)):
		return in, whyIdentifier
	}
	in.Missing = counts[0] > 0
	in.Levels, in.Other = commonLevels(c.levels, counts[1:], least)
	if in.width() < 2 {
		return in, whyConstant
	}
	return in, ""
}

// commonLevels picks the levels of at least least rows, the most frequent where they are too many, and sorts them.
func commonLevels(levels []string, counts []int, least int) (common []string, other bool) {
	type counted struct {
		level string
		n     int
	}
	var list []counted
	for i, n := range counts {
		if n >= least {
			list = append(list, counted{levels[i], n})
		} else if n > 0 {
			other = true
		}
	}
	slices.SortFunc(list, func(a, b counted) int {
		if a.n != b.n {
			return b.n - a.n
		}
		return strings.Compare(a.level, b.level)
	})
	if len(list) > maxLevels {
		list, other = list[:maxLevels], true
	}
	for _, l := range list {
		common = append(common, l.level)
	}
	slices.Sort(common)
	return common, other
}

// isIDName reports whether a column's name says that it numbers its rows: id, patient_id, studyID, MRN, 등록번호.
func isIDName(name string) bool {
	if strings.Contains(name, "번호") {
		return true
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) })
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	if rest, ok := strings.CutSuffix(last, "ID"); ok && (rest == "" || unicode.IsLower(rune(rest[len(rest)-1]))) {
		return true
	}
	return slices.Contains([]string{"id", "mrn", "uid", "uuid"}, strings.ToLower(last))
}

// width is how many features the input fills.
func (in *Input) width() int {
	n := len(in.Levels)
	if in.Kind == Number && in.SD > 0 {
		n++
	}
	if in.Other {
		n++
	}
	if in.Missing {
		n++
	}
	return n
}

// Width is how many features a row becomes.
func (p *Preparation) Width() int {
	n := 0
	for i := range p.Inputs {
		n += p.Inputs[i].width()
	}
	return n
}

// Feature names one number of a prepared row: the column it comes from and what it says of it ("" the value itself).
type Feature struct {
	Column string
	Part   string // "", "=level", "=other" or "missing"
}

// String is the feature's name: age, sex=F, smoking=other, bmi missing.
func (f Feature) String() string {
	if f.Part == "missing" {
		return f.Column + " missing"
	}
	return f.Column + f.Part
}

// Features lists the features in order.
func (p *Preparation) Features() []Feature {
	list := make([]Feature, 0, p.Width())
	for i := range p.Inputs {
		in := &p.Inputs[i]
		if in.Kind == Number && in.SD > 0 {
			list = append(list, Feature{in.Name, ""})
		}
		for _, l := range in.Levels {
			list = append(list, Feature{in.Name, "=" + l})
		}
		if in.Other {
			list = append(list, Feature{in.Name, "=other"})
		}
		if in.Missing {
			list = append(list, Feature{in.Name, "missing"})
		}
	}
	return list
}

// Kinds gives Options.Kinds for reading a table to prepare: the inputs with their kinds.
func (p *Preparation) Kinds() map[string]Kind {
	kinds := make(map[string]Kind, len(p.Inputs))
	for i := range p.Inputs {
		kinds[p.Inputs[i].Name] = p.Inputs[i].Kind
	}
	return kinds
}

// Notes says which columns were left out and which levels were merged.
func (p *Preparation) Notes() []Note { return slices.Clone(p.notes) }

// list names the columns left out for one reason, for any where why is "".
func (p *Preparation) list(why string) string {
	var names []string
	for _, l := range p.Left {
		if why == "" || l.Why == why {
			names = append(names, l.Name)
		}
	}
	return brief(names)
}

// announce says what was left out and merged.
func (p *Preparation) announce() {
	if s := p.list(whyIdentifier); s != "" {
		p.notes.text("table.note_identifier", "columns", s)
	}
	if s := p.list(whyDate); s != "" {
		p.notes.text("table.note_date", "columns", s)
	}
	if s := p.list(whyEmpty); s != "" {
		p.notes.text("table.note_empty", "columns", s)
	}
	if s := p.list(whyConstant); s != "" {
		p.notes.text("table.note_constant", "columns", s)
	}
	var merged []string
	for _, in := range p.Inputs {
		if in.Other {
			merged = append(merged, in.Name)
		}
	}
	if len(merged) > 0 {
		p.notes.text("table.note_merged", "columns", brief(merged))
	}
}

// Valid checks a preparation that was read from a file.
func (p *Preparation) Valid() error {
	if len(p.Inputs) == 0 || !(p.Clip >= 0) || math.IsInf(p.Clip, 0) {
		return say.Error("table.broken_preparation", "column", "")
	}
	seen := map[string]bool{p.Target: true}
	for i := range p.Inputs {
		in := &p.Inputs[i]
		if in.Name == "" || seen[in.Name] || !in.valid() {
			return say.Error("table.broken_preparation", "column", shown(in.Name))
		}
		seen[in.Name] = true
	}
	return nil
}

func (in *Input) valid() bool {
	if in.width() == 0 {
		return false
	}
	switch in.Kind {
	case Number:
		return in.Scale.valid() && !in.Other && len(in.Levels) == 0 && in.Low <= in.High &&
			!math.IsInf(in.Low, 0) && !math.IsInf(in.High, 0) && in.Median >= in.Low && in.Median <= in.High
	case Category:
		return slices.IsSorted(in.Levels) && len(slices.Compact(slices.Clone(in.Levels))) == len(in.Levels)
	}
	return false
}
