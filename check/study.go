package check

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"gradus/internal/say"
)

// Study is the protocol of a study: what the table is, what each column is used for, which proposals are accepted, how the
// rows are split, trained on and judged. With the file whose hash it holds it can be run again.
type Study struct {
	Version    int           `yaml:"gradus"`
	Table      TableOf       `yaml:"table"`
	Target     TargetOf      `yaml:"target"`
	IndexDate  string        `yaml:"index_date"`
	Columns    []StudyColumn `yaml:"columns"`
	Splits     Splits        `yaml:"splits"`
	Model      Model         `yaml:"model"`
	Threshold  string        `yaml:"threshold"` // of the calls: youden, harm:RATIO, sensitivity:SHARE, fixed:PROBABILITY
	Thresholds []float64     `yaml:"thresholds"`
	Subgroups  []string      `yaml:"subgroups"` // NAME, or NAME:CUT[,CUT] of a number
	Resamples  int           `yaml:"resamples"`
}

// TableOf names the file by its base name and its bytes.
type TableOf struct {
	Name   string `yaml:"name"`
	SHA256 string `yaml:"sha256"`
	Sheet  string `yaml:"sheet"`
}

// TargetOf is the column that is predicted and its event, "" for none.
type TargetOf struct {
	Column string `yaml:"column"`
	Event  string `yaml:"event"`
	Task   string `yaml:"task,omitempty"` // binary, classes, number; empty: by what the column holds
}

// StudyColumn is one column as the study uses it.
type StudyColumn struct {
	Name      string          `yaml:"name"`
	Kind      Kind            `yaml:"kind"`
	Role      Role            `yaml:"role"`
	Reason    string          `yaml:"reason,omitempty"`
	Known     bool            `yaml:"known_at_prediction,omitempty"` // releases a blocked column
	Days      bool            `yaml:"days_from_index,omitempty"`     // a date becomes its days from the index date
	Indicator bool            `yaml:"limit_indicator,omitempty"`     // a column more: 1 where the number is a bound as "<0.5" is
	Levels    []string        `yaml:"levels,omitempty,flow"`         // of a category: those of at least five rows, by which another file's spellings are read
	Proposed  []StudyProposal `yaml:"proposals,omitempty"`
}

// StudyProposal is one value, what it is read as, and whether that is accepted.
type StudyProposal struct {
	Value  string `yaml:"value"`
	As     string `yaml:"as"`
	Accept bool   `yaml:"accept"`
	Count  int    `yaml:"count,omitempty"`
	Why    string `yaml:"why,omitempty"`
}

// Splits says how rows are parted for validation.
type Splits struct {
	Scheme  string `yaml:"scheme"` // cross-validation, temporal, external
	Group   string `yaml:"group"`  // rows of one value stay together
	Time    string `yaml:"time"`   // temporal validation by a patient's first day
	Site    string `yaml:"site"`   // leave-one-site-out validation
	Folds   int    `yaml:"folds"`
	Inner   int    `yaml:"inner_folds"`
	Repeats int    `yaml:"repeats"`
	Seed    uint64 `yaml:"seed"`
}

// Model says what is trained and how many settings are tried.
type Model struct {
	Name   string `yaml:"name"`
	Trials int    `yaml:"trials"`
	// ClassWeights counts the classes alike while training; the probabilities are corrected for it.
	ClassWeights bool `yaml:"class_weights"`
}

// NewStudy is the protocol that follows from a report by default; name and sum are the file's base name and SHA-256.
func NewStudy(r *Report, name, sum string, seed uint64) *Study {
	s := &Study{
		Version: 1, Table: TableOf{name, sum, r.Sheet}, Target: TargetOf{Event: r.Event},
		Splits: Splits{Scheme: "cross-validation", Folds: 10, Inner: 5, Repeats: 1, Seed: seed}, Model: Model{Name: "network", Trials: 1},
		Threshold: "youden", Thresholds: []float64{.05, .1, .2, .3, .5}, Subgroups: []string{}, Resamples: 1000,
	}
	for _, c := range r.Columns {
		sc := StudyColumn{Name: c.Name, Kind: c.Kind, Role: c.Role, Reason: c.Reason}
		for _, p := range c.Proposals {
			sc.Proposed = append(sc.Proposed, StudyProposal{p.Value, p.As, p.accept, p.Count, p.Why})
		}
		for l, n := range c.Levels {
			if n >= 5 && c.Kind == Category && c.Role != Dropped {
				sc.Levels = append(sc.Levels, l)
			}
		}
		slices.Sort(sc.Levels)
		s.Columns = append(s.Columns, sc)
		switch {
		case c.Role == Target:
			s.Target.Column = c.Name
		case c.Role == Group:
			s.Splits.Group = c.Name
		case c.Role == Time:
			s.IndexDate, s.Splits.Time = c.Name, c.Name
		case c.Kind == Category && c.Role == Dropped && len(c.Levels) > 1 && siteNames.MatchString(c.Name) && s.Splits.Site == "":
			s.Splits.Site = c.Name
		}
		if s.parts(c) {
			s.Subgroups = append(s.Subgroups, c.Name)
		}
	}
	return s
}

// parts reports whether the rows judged are looked at apart by c where nobody says otherwise: the site, the time (by year), a category
// of few levels, a sex that is coded by numbers, an age.
func (s *Study) parts(c Column) bool {
	switch {
	case c.Name == s.Splits.Site || c.Name == s.Splits.Time:
		return c.Name != ""
	case c.Role != Feature:
		return false
	case c.Kind == Category:
		return len(c.Levels) > 1 && len(c.Levels) <= 6
	}
	return c.Kind == Number && partingNames.MatchString(c.Name)
}

// subgroup finds the column that an entry of Subgroups names, with or without cuts.
func (s *Study) subgroup(entry string) *StudyColumn {
	if c := s.Column(entry); c != nil {
		return c
	}
	at := strings.LastIndex(entry, ":")
	return s.Column(entry[:max(at, 0)])
}

// Same reports whether the study was made for a file of this hash; the error says that it was not.
func (s *Study) Same(name, sum string) error {
	if s.Table.SHA256 == "" || strings.EqualFold(s.Table.SHA256, sum) {
		return nil
	}
	return say.Error("check.other_table", "file", name, "expected", s.Table.Name)
}

// Column finds a column of the study, nil where there is none.
func (s *Study) Column(name string) *StudyColumn {
	if i := slices.IndexFunc(s.Columns, func(c StudyColumn) bool { return c.Name == name }); i >= 0 {
		return &s.Columns[i]
	}
	return nil
}

// Leave lists the columns of the table of Apply that are no features: group, index date, site, and those that only part subgroups.
func (s *Study) Leave() []string {
	var names []string
	list := []string{s.Splits.Group, s.IndexDate, s.Splits.Time, s.Splits.Site}
	for _, entry := range s.Subgroups {
		if c := s.subgroup(entry); c != nil && c.Role != Feature && !(c.Role == Blocked && c.Known) {
			list = append(list, c.Name)
		}
	}
	for _, n := range list {
		if n != "" && n != s.Target.Column && !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names
}

// mostStudy bounds a study file.
const mostStudy = 16 << 20

// ReadStudy reads a study file and checks it; a key that no study has names the nearest one.
func ReadStudy(name string, b []byte) (*Study, error) {
	if len(b) > mostStudy {
		return nil, say.Error("check.study_long", "file", name, "limit", mostStudy>>20)
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	var s Study
	if err := d.Decode(&s); err != nil {
		return nil, notStudy(name, err)
	}
	if d.Decode(new(yaml.Node)) != io.EOF {
		return nil, say.Error("check.study_two", "file", name)
	}
	return &s, s.valid(name)
}

var (
	unknownKey = pattern(`line (\d+): field (.+) not found in type`)
	wrongValue = pattern(`line (\d+): cannot unmarshal`)
	anyLine    = pattern(`line (\d+)`)
)

// notStudy words what the reader of YAML complains about; what a file holds is not repeated but for its keys.
func notStudy(name string, err error) error {
	text := err.Error()
	if errors.Is(err, io.EOF) {
		return say.Error("check.study_empty", "file", name)
	}
	if m := unknownKey.FindStringSubmatch(text); m != nil {
		return say.Error("check.study_key", "file", name, "line", m[1], "key", m[2], "nearest", say.Nearest(m[2], keys(reflect.TypeFor[Study]())))
	}
	if m := wrongValue.FindStringSubmatch(text); m != nil {
		return say.Error("check.study_value", "file", name, "line", m[1])
	}
	line := "?"
	if m := anyLine.FindStringSubmatch(text); m != nil {
		line = m[1]
	}
	return say.Error("check.study_yaml", "file", name, "line", line)
}

// keys lists every key that a study file may hold.
func keys(t reflect.Type) []string {
	for t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var list []string
	for i := range t.NumField() {
		key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		list = append(append(list, key), keys(t.Field(i).Type)...)
	}
	return list
}

// valid checks what the reader of YAML cannot.
func (s *Study) valid(name string) error {
	bad := func(field string, value any, allowed string) error {
		return say.Error("check.study_field", "file", name, "field", field, "value", value, "allowed", allowed)
	}
	switch {
	case s.Version != 1:
		return bad("gradus", s.Version, "1")
	case s.Splits.Scheme != "" && !slices.Contains(schemes, s.Splits.Scheme):
		return bad("splits.scheme", s.Splits.Scheme, strings.Join(schemes, ", "))
	case s.Splits.Folds < 2 || s.Splits.Folds > 1000:
		return bad("splits.folds", s.Splits.Folds, "2 … 1000")
	case s.Splits.Inner < 2 || s.Splits.Inner > 1000:
		return bad("splits.inner_folds", s.Splits.Inner, "2 … 1000")
	case s.Splits.Repeats < 1 || s.Splits.Repeats > 1000:
		return bad("splits.repeats", s.Splits.Repeats, "1 … 1000")
	case s.Resamples < 0 || s.Resamples > 1_000_000:
		return bad("resamples", s.Resamples, "0 … 1000000")
	case s.Model.Trials < 0 || s.Model.Trials > 100_000:
		return bad("model.trials", s.Model.Trials, "0 … 100000")
	case len(s.Columns) == 0:
		return bad("columns", 0, "1 …")
	}
	for _, t := range s.Thresholds {
		if !(t > 0 && t < 1) {
			return bad("thresholds", t, "0 < t < 1")
		}
	}
	return s.validColumns(name, bad)
}

var (
	kinds     = []string{"number", "category", "date", "identifier", "person", "text", "constant", "empty"}
	schemes   = []string{"cross-validation", "temporal", "external"}
	roleNames = []string{"feature", "target", "group", "time", "dropped", "blocked"}
)

func (s *Study) validColumns(name string, bad func(string, any, string) error) error {
	var names []string
	for _, c := range s.Columns {
		field := "columns." + c.Name
		switch {
		case c.Name == "" || slices.Contains(names, c.Name):
			return bad("columns.name", c.Name, "≠")
		case !slices.Contains(kinds, string(c.Kind)):
			return bad(field+".kind", c.Kind, strings.Join(kinds, " "))
		case !slices.Contains(roleNames, string(c.Role)):
			return bad(field+".role", c.Role, strings.Join(roleNames, " "))
		case c.Role == Feature && c.Kind != Number && c.Kind != Category && !(c.Kind == Date && c.Days):
			return say.Error("check.study_feature", "file", name, "column", c.Name, "kind", c.Kind)
		case (c.Role == Target) != (c.Name == s.Target.Column):
			return say.Error("check.study_target", "file", name, "column", c.Name)
		}
		names = append(names, c.Name)
	}
	for _, entry := range s.Subgroups {
		c := s.subgroup(entry)
		if c == nil {
			return say.Error("check.no_column", "file", name, "column", entry, "nearest", say.Nearest(entry, names))
		}
		if c.Kind != Number && c.Kind != Category && c.Name != s.Splits.Time {
			return bad("subgroups", entry, "number, category")
		}
	}
	for _, used := range []string{s.Target.Column, s.IndexDate, s.Splits.Group, s.Splits.Time, s.Splits.Site} {
		if used != "" && !slices.Contains(names, used) {
			return say.Error("check.no_column", "file", name, "column", used, "nearest", say.Nearest(used, names))
		}
	}
	return nil
}
