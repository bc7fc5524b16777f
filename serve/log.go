package serve

import (
	"log/slog"
	"strconv"
	"time"
)

// log writes a line about a request: what was asked by its pattern and how it went. Nothing that a caller wrote is in it: no path, no
// query, no name, no value.
func (x *exchange) log(took time.Duration) {
	level := slog.LevelInfo
	if x.code >= 500 {
		level = slog.LevelError
	}
	if x.s.opt.Requests == nil {
		return
	}
	l := line{b: x.line[:0], json: x.s.opt.JSON}
	l.time(x.began.Add(took))
	l.word("level", level.String())
	l.word("msg", "request")
	l.word("method", method(x.r.Method))
	l.word("route", routeName(x.route))
	l.number("status", float64(x.code))
	l.number("ms", float64(took.Microseconds())/1e3)
	if x.rows > 0 {
		l.number("rows", float64(x.rows))
	}
	if x.model != nil {
		l.word("model", short(x.model.hash))
	}
	if x.why != "" {
		l.word("why", x.why)
	}
	x.line = l.end()
	_, _ = x.s.opt.Requests.Write(x.line) // a log that cannot be written stops no request
}

// line is a line as the handlers of log/slog write it, JSON or text, made in a tenth of their time: its values are words and numbers.
type line struct {
	b    []byte
	json bool
}

// key begins a member.
func (l *line) key(name string) {
	switch {
	case !l.json && len(l.b) > 0:
		l.b = append(l.b, ' ')
	case l.json && len(l.b) == 0:
		l.b = append(l.b, '{')
	case l.json:
		l.b = append(l.b, ',')
	}
	if l.json {
		l.b = append(append(append(l.b, '"'), name...), '"', ':')
	} else {
		l.b = append(append(l.b, name...), '=')
	}
}

func (l *line) time(t time.Time) {
	l.key("time")
	if l.json {
		l.b = append(t.AppendFormat(append(l.b, '"'), time.RFC3339Nano), '"')
	} else {
		l.b = t.AppendFormat(l.b, "2006-01-02T15:04:05.000Z07:00")
	}
}

func (l *line) word(name, value string) {
	l.key(name)
	if l.json {
		l.b = append(append(append(l.b, '"'), value...), '"')
	} else {
		l.b = append(l.b, value...)
	}
}

func (l *line) number(name string, value float64) {
	l.key(name)
	l.b = strconv.AppendFloat(l.b, value, 'f', -1, 64)
}

func (l *line) end() []byte {
	if l.json {
		l.b = append(l.b, '}')
	}
	return append(l.b, '\n')
}

// method is a method that there is; another is a word of the caller's.
func method(m string) string {
	switch m {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT":
		return m
	}
	return "other"
}

// short is as much of a hash as tells models apart.
func short(hash string) string { return hash[:12] }
