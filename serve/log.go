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
	log := x.s.opt.Log
	ctx := context.Background()
	if !log.Enabled(ctx, level) {
		return
	}
	attrs := make([]slog.Attr, 0, 8)
	attrs = append(attrs, slog.String("method", method(x.r.Method)), slog.String("route", routeName(x.route)), slog.Int("status", x.code), slog.Float64("ms", float64(took.Microseconds())/1e3))
	if x.rows > 0 {
		attrs = append(attrs, slog.Int("rows", x.rows))
	}
	if x.model != nil {
		attrs = append(attrs, slog.String("model", short(x.model.hash)))
	}
	if x.why != "" {
		attrs = append(attrs, slog.String("why", x.why))
	}
	log.LogAttrs(ctx, level, "request", attrs...)
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
