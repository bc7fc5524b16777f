package study

import (
	"errors"
	"math"
	"slices"
	"testing"

	"gradus/internal/say"
)

// FuzzTimesAndCuts gives one text to the readers of dates of visits and of --subgroup.
func FuzzTimesAndCuts(f *testing.F) {
	for _, s := range []string{"2021-03-05", "2021/3/5", "20210305", "age:65", "age:65,75", "age:75,65", "age:", ":", "sex:1", "a:b:1", "age:NaN", "9999-12-31"} {
		f.Add(s)
	}
	tbl := read(new(testing.T), "age,sex,a:b,y\n1,m,1,0\n2.5,f,2,1\n3,m,3,0\n")
	f.Fuzz(func(t *testing.T, s string) {
		if day, ok := parseDate(s); ok && (day.Year() < 0 || day.Year() > 9999) {
			t.Errorf("%q: %v", s, day)
		}
		name, cuts, err := new(Result).cutsOf(tbl, s)
		if _, ok := errors.AsType[*say.Err](err); err != nil && !ok {
			t.Errorf("no sentence: %v", err)
		}
		if err == nil && (!slices.IsSorted(cuts) || slices.ContainsFunc(cuts, math.IsNaN) || len(name) > len(s)) {
			t.Errorf("%q: %q %v", s, name, cuts)
		}
		_ = year(s)
	})
}
