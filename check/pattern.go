package check

import (
	"regexp"
	"sync"
)

// lazy is a regular expression that is compiled at its first use: a third of a millisecond of every start otherwise.
type lazy struct{ compiled func() *regexp.Regexp }

func pattern(expression string) lazy {
	return lazy{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })}
}

func (l lazy) MatchString(s string) bool { return l.compiled().MatchString(s) }

func (l lazy) FindStringSubmatch(s string) []string { return l.compiled().FindStringSubmatch(s) }
