package lab

import (
	"maps"
	"slices"
	"strings"

	"gradus/check"
	"gradus/internal/say"
)

// studyQuestion asks for a study of the table.
type studyQuestion struct {
	Lang         say.Lang              `json:"lang"`
	Target       string                `json:"target"`
	Event        string                `json:"event"`
	Task         string                `json:"task"`
	Sheet        string                `json:"sheet"`
	Split        string                `json:"split"`
	Site         string                `json:"site"`
	Folds        int                   `json:"folds"`
	Inner        int                   `json:"inner"`
	Repeats      int                   `json:"repeats"`
	Trials       int                   `json:"trials"`
	Draws        int                   `json:"draws"`
	Threshold    string                `json:"threshold"`
	ClassWeights bool                  `json:"class_weights"`
	Seed         uint64                `json:"seed"`
	Roles        map[string]check.Role `json:"roles"` // those that a person changed
	Known        []string              `json:"known"` // blocked columns that are known when one predicts
	Readings     readings              `json:"readings"`
	Survival     *survivalQuestion     `json:"survival"` // asked of the target as a status; nil: the target itself
}

// readings are the proposals that a person decided otherwise: by column and value what it is read as, "" for as it stands.
type readings map[string]map[string]string

// protocol is the study file that the question comes to.
func (q *studyQuestion) protocol(h *held) (*check.Study, error) {
	if q.Target == "" {
		return nil, say.Error("labdata.no_target")
	}
	found, err := check.Table(h.name, h.sheet, check.Options{Target: q.Target, Lang: language(q.Lang), Today: today()})
	if err != nil {
		return nil, err
	}
	made := check.NewStudy(found, h.name, h.sum, q.Seed)
	made.Target.Task, made.Model.ClassWeights = q.Task, q.ClassWeights
	k := &made.Splits
	for _, n := range []struct {
		to    *int
		value int
	}{{&k.Folds, q.Folds}, {&k.Inner, q.Inner}, {&k.Repeats, q.Repeats}, {&made.Model.Trials, q.Trials}, {&made.Resamples, q.Draws}} {
		if n.value != 0 {
			*n.to = n.value
		}
	}
	for _, s := range []struct {
		to    *string
		value string
	}{{&made.Target.Event, q.Event}, {&k.Scheme, q.Split}, {&k.Site, q.Site}, {&made.Threshold, q.Threshold}} {
		if s.value != "" {
			*s.to = s.value
		}
	}
	if err := q.assign(made); err != nil {
		return nil, err
	}
	return made, q.Readings.decide(made)
}

// assign gives columns the roles that a person chose.
func (q *studyQuestion) assign(made *check.Study) error {
	k := &made.Splits
	for _, name := range slices.Sorted(maps.Keys(q.Roles)) {
		c, err := columnOf(made, name)
		if err != nil {
			return err
		}
		role := q.Roles[name]
		if c.Name == k.Group && role != check.Group {
			k.Group = ""
		}
		if c.Name == k.Time && role != check.Time {
			k.Time, made.IndexDate = "", ""
			unpart(made, name)
		}
		switch {
		case role == check.Group:
			dropRole(made, k.Group)
			k.Group = name
			unpart(made, name)
		case role == check.Time:
			dropRole(made, k.Time)
			k.Time, made.IndexDate = name, name
		}
		c.Role = role
	}
	for _, name := range q.Known {
		c, err := columnOf(made, name)
		if err != nil {
			return err
		}
		c.Known = c.Role == check.Blocked
	}
	if c := made.Column(k.Site); c != nil && c.Role == check.Feature {
		c.Role = check.Dropped
	}
	return nil
}

// columnOf is a column that may change its role.
func columnOf(made *check.Study, name string) (*check.StudyColumn, error) {
	c := made.Column(name)
	switch {
	case c == nil:
		return nil, say.Error("labdata.no_column", "column", name)
	case name == made.Target.Column:
		return nil, say.Error("study.target_role", "column", name)
	}
	return c, nil
}

// unpart keeps a column from parting subgroups, which neither a patient nor a date does that is not the index date.
func unpart(made *check.Study, name string) {
	made.Subgroups = slices.DeleteFunc(made.Subgroups, func(s string) bool { return s == name })
}

// dropRole leaves out the column that had a role of which there is one.
func dropRole(made *check.Study, name string) {
	if c := made.Column(name); c != nil && c.Role != check.Target {
		c.Role = check.Dropped
		unpart(made, name)
	}
}

// decide takes a person's readings into the study.
func (r readings) decide(made *check.Study) error {
	for _, name := range slices.Sorted(maps.Keys(r)) {
		c := made.Column(name)
		if c == nil {
			return say.Error("labdata.no_column", "column", name)
		}
		for _, value := range slices.Sorted(maps.Keys(r[name])) {
			as := r[name][value]
			i := slices.IndexFunc(c.Proposed, func(p check.StudyProposal) bool {
				return p.Value == value && (as == "" || slices.Contains(choices(c, p), as))
			})
			if i < 0 {
				return say.Error("labdata.no_reading", "column", name)
			}
			if c.Proposed[i].Accept = as != ""; as != "" {
				c.Proposed[i].As = as
			}
		}
	}
	return nil
}

// choices are what the value of a proposal can be read as, beside as it stands.
func choices(c *check.StudyColumn, p check.StudyProposal) []string {
	list := []string{p.As}
	switch {
	case p.Value == "" || p.Value == "*" || c.Kind == check.Date || p.As == "decimal comma":
		return list
	case p.As == "lod/2", p.As == "limit":
		list = append(list, "lod/2", "limit", "missing")
	case c.Kind == check.Category:
		list = append(append(list, c.Levels...), "missing")
	case strings.HasPrefix(p.As, "/"):
		list = append(list, "missing")
	}
	var out []string
	for _, s := range list {
		if s != p.Value && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
