package serve

import (
	"context"
	"log/slog"
	"time"
)

// log writes a line about a request: what was asked by its pattern and how it went. Nothing that a caller wrote is in it: no path, no
// query, no name, no value.
func (x *exchange) log(took time.Duration) {
	level := slog.LevelInfo
	if x.code >= 500 {
		level = slog.LevelError
	}
	ctx, h := context.Background(), x.s.opt.Log.Handler()
	if !h.Enabled(ctx, level) {
		return
	}
	line := slog.NewRecord(x.began.Add(took), level, "request", 0) // of no place in the code: finding that out would cost as much as the rest
	var attrs [7]slog.Attr
	attrs[0], attrs[1] = slog.String("method", method(x.r.Method)), slog.String("route", routeName(x.route))
	attrs[2], attrs[3] = slog.Int("status", x.code), slog.Float64("ms", float64(took.Microseconds())/1e3)
	n := 4
	if x.rows > 0 {
		attrs[n] = slog.Int("rows", x.rows)
		n++
	}
	if x.model != nil {
		attrs[n] = slog.String("model", short(x.model.hash))
		n++
	}
	if x.why != "" {
		attrs[n] = slog.String("why", x.why)
		n++
	}
	line.AddAttrs(attrs[:n]...)
	_ = h.Handle(ctx, line) // a log that cannot be written stops no request
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
