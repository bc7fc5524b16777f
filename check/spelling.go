package check

import "slices"

// learn takes from the study what it decides for spellings that its own file did not hold: a bound is read as other bounds on that side
// are, a level as the level that differs from it in case, width, space or synonym only.
func (r *recoder) learn() {
	c := r.c
	r.decided, r.bound, r.levels = map[string]bool{}, map[byte]string{}, map[string]string{}
	known := slices.Clone(c.Levels)
	for _, p := range c.Proposed {
		r.decided[p.Value] = true
		if n, ok := number(p.Value); ok && n.bound != 0 && p.Accept && c.Kind == Number {
			r.bound[n.bound] = p.As
		}
		if c.Kind == Category && p.Accept && p.As != "missing" && p.As != "category" && !slices.Contains(known, p.As) {
			known = append(known, p.As)
		}
	}
	if c.Kind != Category {
		return
	}
	r.family = familyOf(known)
	for _, l := range known {
		k := likeness(r.family, l)
		if other, twice := r.levels[k]; twice && other != l {
			l = "" // kept apart by a person: no spelling decides between them
		}
		r.levels[k] = l
	}
}

// level is the level that the cell s, which has no proposal, is a spelling of; else s itself.
func (r *recoder) level(s string) string {
	l := r.levels[likeness(r.family, s)]
	if l == "" || l == s || r.decided[s] || slices.Contains(r.c.Levels, s) {
		return s
	}
	r.log.Recoded["level"]++
	return l
}
