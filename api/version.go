package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// version is MAJOR.MINOR.PATCH.
type version [3]int

func (v version) String() string { return fmt.Sprintf("%d.%d.%d", v[0], v[1], v[2]) }

func parse(s string) (v version, err error) {
	parts := strings.Split(s, ".")
	if len(parts) != len(v) {
		return v, fmt.Errorf("%q is no version such as 0.1.0", s)
	}
	for i, p := range parts {
		if v[i], err = strconv.Atoi(p); err != nil || v[i] < 0 {
			return v, fmt.Errorf("%q is no version such as 0.1.0", s)
		}
	}
	return v, nil
}

func fileOf(v version) string { return "gradus-" + v.String() + ".txt" }

var heading = regexp.MustCompile(`(?m)^## +([0-9][0-9.]*).*$`)

// newest is the version at the top of a list of changes, and what it says under Breaking.
func newest(changelog string) (v version, breaking string, err error) {
	at := heading.FindAllStringSubmatchIndex(changelog, 2)
	if at == nil {
		return v, "", fmt.Errorf("CHANGELOG.md: no version stands under ##")
	}
	section := changelog[at[0][1]:]
	if len(at) > 1 {
		section = changelog[at[0][1]:at[1][0]]
	}
	_, breaking, _ = strings.Cut(section, "\n### Breaking\n")
	breaking, _, _ = strings.Cut(breaking, "\n### ")
	v, err = parse(changelog[at[0][2]:at[0][3]])
	return v, breaking, err
}

// last is the newest version of files that is not newer than now.
func last(files []string, now version) (version, error) {
	var list []version
	for _, f := range files {
		v, err := parse(strings.TrimSuffix(strings.TrimPrefix(f, "gradus-"), ".txt"))
		if err != nil {
			return v, err
		}
		if slices.Compare(v[:], now[:]) <= 0 {
			list = append(list, v)
		}
	}
	if len(list) == 0 {
		return version{}, fmt.Errorf("no file of a version up to %v: make api writes it", now)
	}
	return slices.MaxFunc(list, func(a, b version) int { return slices.Compare(a[:], b[:]) }), nil
}

// judge refuses incompatible changes that the step from base to now does not allow, or that its list of changes does not name.
func judge(changes []change, base, now version, breaking string) error {
	var wrong []string
	for _, c := range changes {
		switch {
		case base[0] > 0 && now[0] == base[0], base[0] == 0 && now[0] == 0 && now[1] == base[1]:
			wrong = append(wrong, fmt.Sprintf("%s: %s", c.name, c.message))
		case !strings.Contains(breaking, c.name):
			wrong = append(wrong, fmt.Sprintf("%s: %s; CHANGELOG.md does not name %s under ### Breaking of %v", c.name, c.message, c.name, now))
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	what := "the major version"
	if base[0] == 0 {
		what = "the minor version"
	}
	return fmt.Errorf("changes since %v that break programs:\n  %s\nkeep the old name beside the new one, or raise %s in CHANGELOG.md and name each under ### Breaking; "+
		"before %v itself is released, make api writes its API anew", base, strings.Join(wrong, "\n  "), what, base)
}
