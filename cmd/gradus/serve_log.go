package main

import (
	"io"
	"log/slog"
	"sync"
	"time"

	"gradus/internal/say"
)

// logLines gathers what is logged and writes it ten times a second, or when much has come: a system call for each line would cost more than
// the prediction that it tells of.
type logLines struct {
	mu  sync.Mutex
	b   []byte
	out io.Writer
	set bool // a write is due
}

// muchLog is how many bytes are written without waiting.
const muchLog = 64 << 10

// Write takes a line.
func (l *logLines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b = append(l.b, b...)
	switch {
	case len(l.b) >= muchLog:
		l.flush()
	case !l.set:
		l.set = true
		time.AfterFunc(time.Second/10, l.Flush)
	}
	return len(b), nil
}

// Flush writes what is there.
func (l *logLines) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.set = false
	l.flush()
}

func (l *logLines) flush() {
	if len(l.b) > 0 {
		_, _ = l.out.Write(l.b) // a log that cannot be written stops no request
		l.b = l.b[:0]
	}
}

// logger writes to the standard error; end writes what is still held.
func (s *serveFlags) logger() (log *slog.Logger, end func(), err error) {
	to := &logLines{out: s.app.err}
	switch s.log {
	case "text":
		return slog.New(slog.NewTextHandler(to, nil)), to.Flush, nil
	case "json":
		return slog.New(slog.NewJSONHandler(to, nil)), to.Flush, nil
	case "off":
		return slog.New(slog.DiscardHandler), to.Flush, nil
	}
	return nil, nil, say.Error("serve.log_form", "value", s.log)
}
