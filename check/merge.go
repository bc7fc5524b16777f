package check

import (
	"slices"
	"strings"
)

// families are lines of ways to write one level; they merge only in a column all of whose levels belong to one line of families.
var families = [][][]string{
	{words("남 남자 남성 m male man boy"), words("여 여자 여성 f female woman girl")},
	{words("예 네 y yes 유 있음 true t o 함"), words("아니오 아니요 n no 무 없음 false f x 안함")},
	{words("양성 pos positive + (+)"), words("음성 neg negative - (-)")},
}

// fold is what cells that differ in case, width and space only have in common.
func fold(s string) string {
	s = strings.Map(narrow, s)
	if strings.IndexByte(s, ' ') >= 0 {
		s = strings.Join(strings.Fields(s), " ")
	}
	return strings.ToLower(s)
}

// merge finds the levels of a category and the spellings that mean one of them.
func (v *survey) merge(c *checker) {
	family := v.family()
	commonest, best := map[string]string{}, map[string]int{} // by what spellings have in common
	for i, s := range v.cells {
		if k := likeness(family, s); !v.gone(s) && v.counts[i] > best[k] {
			commonest[k], best[k] = s, v.counts[i]
		}
	}
	v.merged = map[string]string{}
	for i, s := range v.cells {
		if v.gone(s) {
			continue
		}
		spelling := commonest[likeness(family, s)]
		level := v.label(spelling)
		v.Levels[level] += v.counts[i]
		v.merged[s] = level
		why := "why_synonym"
		switch {
		case v.labels[s] == level:
			why = "why_label"
		case fold(s) == fold(spelling):
			why = "why_spelling"
		}
		if level != s {
			v.Proposals = append(v.Proposals, Proposal{Value: s, As: level, Count: v.counts[i], Why: c.say(why), accept: true})
		}
	}
}

// likeness is what the spellings of one level have in common.
func likeness(family [][]string, s string) string {
	k := fold(s)
	if i := meaning(family, k); i >= 0 {
		return family[i][0]
	}
	return k
}

// label is the name the file gives to a level, else the level.
func (v *survey) label(s string) string {
	if l := clean(v.labels[s]); l != "" {
		return l
	}
	return s
}

// family is the family that holds every level of v, nil where none does.
func (v *survey) family() [][]string {
	return familyOf(slices.DeleteFunc(slices.Clone(v.cells), v.gone))
}

// familyOf is the family that holds every one of levels, nil where none does or there is none.
func familyOf(levels []string) [][]string {
	for _, f := range families {
		if len(levels) > 0 && !slices.ContainsFunc(levels, func(s string) bool { return meaning(f, fold(s)) < 0 }) {
			return f
		}
	}
	return nil
}

func meaning(family [][]string, folded string) int {
	return slices.IndexFunc(family, func(m []string) bool { return slices.Contains(m, folded) })
}
