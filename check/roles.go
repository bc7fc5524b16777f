package check

import (
	"slices"

	"gradus/internal/say"
)

// patientNames tell the identifier of a patient from one of a visit.
var patientNames = pattern(`(?i)환자|등록|차트|병록|patient|subject|chart|mrn|person|(^|_)pt`)

// outcome finds the event of the target; the error says why there is none.
func (c *checker) outcome(file string) error {
	v := c.found[c.target]
	levels := v.Levels
	switch {
	case v.Kind == Empty:
		return say.Error("check.target_empty", "file", file, "column", v.Name)
	case v.Kind == Number && v.distinct() < 2 && !v.over, v.Kind == Category && len(levels) < 2:
		return say.Error("check.target_one", "file", file, "column", v.Name)
	case v.Kind == Date:
		return say.Error("check.target_date", "file", file, "column", v.Name)
	}
	if v.Missing > 0 {
		c.warn("warn_target_missing", "column", v.Name, "n", v.Missing)
	}
	if len(levels) > 2 {
		c.warn("warn_target_levels", "column", v.Name, "n", len(levels))
	}
	if len(levels) != 2 {
		return nil
	}
	c.event = eventOf(levels)
	c.events, c.known = make([]bool, len(c.rows)), make([]bool, len(c.rows))
	for k, r := range c.rows {
		level, ok := v.merged[c.cell(r, c.target)]
		c.known[k], c.events[k] = ok, level == c.event
	}
	return nil
}

// positives are what the event of a target of two levels is called; else it is the rarer level.
var positives = append(slices.Concat(families[1][0], families[2][0]), words("1 사망 death dead died 재발 발생 malignant event case disease 환자군 이상 abnormal")...)

func eventOf(levels map[string]int) string {
	names := make([]string, 0, 2)
	for l := range levels {
		names = append(names, l)
	}
	slices.Sort(names)
	for _, l := range names {
		if slices.Contains(positives, fold(l)) {
			return l
		}
	}
	if levels[names[1]] <= levels[names[0]] {
		return names[1]
	}
	return names[0]
}

// twins drops columns that repeat an earlier one cell by cell.
func (c *checker) twins() {
	first := map[uint64]int{}
	for i, v := range c.found {
		if i == c.target && c.opt.Target != "" || v.Kind != Number && v.Kind != Category && v.Kind != Date {
			continue
		}
		j, twice := first[v.hash]
		if !twice {
			first[v.hash] = i
			continue
		}
		if slices.ContainsFunc(c.rows, func(r int) bool { return c.cell(r, i) != c.cell(r, j) }) {
			continue
		}
		v.Role, v.Reason = Dropped, c.say("why_twin", "column", c.names[j])
		c.warn("warn_twin", "column", v.Name, "other", c.names[j])
	}
}

// roles gives every column that has none its role.
func (c *checker) roles() {
	group, date := c.group(), c.index()
	c.time = date
	for i, v := range c.found {
		switch {
		case c.opt.Target != "" && i == c.target:
			v.Role = Target
		case v.Role != "":
		case c.open[i]:
			v.Role, v.Reason = Dropped, c.say("why_date_open")
		case i == group:
			v.Role, v.Reason = Group, c.say("why_group", "n", c.different(i))
		case i == date:
			v.Role, v.Reason = Time, c.say("why_time")
		case v.Kind == Identifier, v.Kind == Date, v.Kind == Person, v.Kind == Text, v.Kind == Constant, v.Kind == Empty:
			v.Role, v.Reason = Dropped, c.say("why_"+string(v.Kind))
		case partNames.MatchString(v.Name):
			v.Role, v.Reason = Dropped, c.say("why_part")
		case v.site():
			v.Role, v.Reason = Dropped, c.say("why_site")
		default:
			v.Role = Feature
		}
	}
	c.repetitions(group, date)
	c.future()
}

func (v *survey) site() bool {
	return v.Kind == Category && len(v.Levels) > 1 && siteNames.MatchString(v.Name)
}

// group is the identifier of patients of whom some have several rows, -1 for none.
func (c *checker) group() int {
	best := -1
	for i, v := range c.found {
		if v.Kind != Identifier || v.Role != "" || c.different(i) == v.filled {
			continue
		}
		if best < 0 || patientNames.MatchString(v.Name) && !patientNames.MatchString(c.names[best]) {
			best = i
		}
	}
	return best
}

// different counts the different filled cells of a column.
func (c *checker) different(i int) int {
	v := c.found[i]
	if !v.over {
		return v.distinct()
	}
	seen := make(map[string]struct{}, len(c.rows))
	for _, r := range c.rows {
		if s := c.cell(r, i); !v.gone(s) {
			seen[s] = struct{}{}
		}
	}
	return len(seen)
}

// index is the column of the index date: filled in four rows of five, named as one before others, -1 for none.
func (c *checker) index() int {
	best := -1
	for i, v := range c.found {
		if v.Kind != Date || v.Role != "" || c.open[i] || 5*v.filled < 4*len(c.rows) || lateNames.MatchString(v.Name) {
			continue
		}
		if best < 0 || timeNames.MatchString(v.Name) && !timeNames.MatchString(c.names[best]) {
			best = i
		}
	}
	return best
}

// repetitions warns of rows of one patient on one day.
func (c *checker) repetitions(group, date int) {
	if group < 0 || date < 0 {
		return
	}
	seen, n := map[[2]string]bool{}, 0
	for _, r := range c.rows {
		key := [2]string{c.cell(r, group), c.cell(r, date)}
		if d, ok := dayOf(key[1]); ok {
			key[1] = iso(d)
		}
		if seen[key] {
			n++
		}
		seen[key] = true
	}
	if n > 0 {
		c.warn("warn_same_day", "n", n, "group", c.names[group], "time", c.names[date])
	}
}

// dayOf reads a cell of a column of dates, where five digits are a day of Excel.
func dayOf(s string) (int, bool) {
	if d, ok := day(s); ok {
		return d, true
	}
	return serial(s)
}

// placed reads a cell of a column of dates whatever its year: one of 2999 is a mistake that is to be seen, not an empty cell.
func placed(s string) (int, bool) {
	if d, ok := anyDay(s); ok {
		return d, true
	}
	return serial(s)
}

// future warns of dates behind today.
func (c *checker) future() {
	for i, v := range c.found {
		if c.opt.Today == 0 || v.Kind != Date || c.open[i] {
			continue
		}
		n := 0
		for _, r := range c.rows {
			if d, ok := placed(c.cell(r, i)); ok && d > c.opt.Today {
				n++
			}
		}
		if n > 0 {
			c.warn("warn_future", "column", v.Name, "n", n)
		}
	}
}
