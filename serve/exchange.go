package serve

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"gradus/internal/say"
)

// exchange is one request and its answer. It comes out of a pool with its buffers.
type exchange struct {
	s       *Server
	w       http.ResponseWriter
	r       *http.Request
	body    []byte
	out     []byte
	line    []byte // of the log
	held    int64  // bytes accounted for
	arrived bool
	worker  int
	began   time.Time
	route   int // place in ways, −1: none
	code    int
	why     string // key of the problem, "" where there is none
	rows    int
	model   *served
	fhir    bool     // the answer, a refusal too, is a resource of FHIR
	whose   []string // references to whom the rows are of: one for all rows, or one for each
	each    bool
}

// small is how large the buffers of an exchange may stay in the pool without being accounted for.
const small = 256 << 10

var (
	noStore  = []string{"no-store"}
	jsonType = []string{typeJSON}
	csvType  = []string{"text/csv; charset=utf-8"}
)

func (x *exchange) begin(w http.ResponseWriter, r *http.Request) {
	x.w, x.r, x.began, x.route, x.code = w, r, time.Now(), -1, 0
	x.why, x.rows, x.model, x.arrived, x.held = "", 0, nil, false, 0
	x.fhir, x.whose, x.each = false, nil, false
}

// finish counts and logs the request and gives the buffers back, also where a handler broke.
func (x *exchange) finish() {
	broken := recover()
	if broken != nil && broken != http.ErrAbortHandler {
		x.fell()
	}
	took := time.Since(x.began)
	if x.arrived {
		x.s.gate.leave()
	}
	x.s.gate.free(x.held)
	x.s.metrics.done(x, took)
	x.log(took)
	if cap(x.body) > small {
		x.body = nil
	}
	if cap(x.out) > small {
		x.out = nil
	}
	x.w, x.r, x.model, x.whose = nil, nil, nil, nil
	x.s.pool.Put(x)
	if broken == http.ErrAbortHandler {
		panic(broken)
	}
}

// fell answers and logs a fault of our own: where it is, not what it says, which may hold a value.
func (x *exchange) fell() {
	var at [16]uintptr
	frames := runtime.CallersFrames(at[:runtime.Callers(4, at[:])])
	var places []string
	for f, more := frames.Next(); more; f, more = frames.Next() {
		if strings.HasPrefix(f.Function, "gradus/") {
			places = append(places, f.Function+":"+strconv.Itoa(f.Line))
		}
	}
	x.s.opt.Log.LogAttrs(context.Background(), slog.LevelError, "fault", slog.Any("at", places))
	x.refuse(say.Failure("serve.failed"))
}

// lang is the language that the request asks for.
func (x *exchange) lang() say.Lang {
	for _, v := range x.r.Header["Accept-Language"] {
		return language(v)
	}
	return say.English
}

// language is the first of Korean and English in an Accept-Language of the highest quality.
func language(header string) say.Lang {
	lang, best := say.English, 0.
	for one := range strings.SplitSeq(header, ",") {
		tag, q := weighed(one)
		tag, _, _ = strings.Cut(tag, "-")
		if (tag == "ko" || tag == "en") && q > best {
			lang, best = say.Lang(tag), q
		}
	}
	return lang
}

// weighed parts an element of an Accept header from its quality.
func weighed(one string) (value string, q float64) {
	value, rest, _ := strings.Cut(one, ";")
	q = 1
	for p := range strings.SplitSeq(rest, ";") {
		if v, ok := strings.CutPrefix(strings.TrimSpace(p), "q="); ok {
			if f, err := strconv.ParseFloat(v, 64); err == nil && f >= 0 && f <= 1 {
				q = f
			}
		}
	}
	return strings.ToLower(strings.TrimSpace(value)), q
}

// mediaType is the media type of the body, "" where none is named; a charset other than UTF-8 is refused.
func (x *exchange) mediaType() (string, error) {
	h := x.r.Header["Content-Type"]
	if len(h) == 0 || h[0] == "" {
		return "", nil
	}
	if h[0] == typeJSON {
		return typeJSON, nil
	}
	kind, params, err := mime.ParseMediaType(h[0])
	if err != nil || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
		return "", refuse(http.StatusUnsupportedMediaType, say.Error("serve.charset")).at(0, "Content-Type").sight("", typeJSON, typeCSV)
	}
	return kind, nil
}

// hold accounts for the memory that the buffers take.
func (x *exchange) hold(bytes int) error {
	if n := int64(bytes); n > small && n > x.held {
		if !x.s.gate.take(n - x.held) {
			return refuse(http.StatusTooManyRequests, say.Error("serve.memory")).shut()
		}
		x.held = n
	}
	return nil
}

// read takes the body in, whole.
func (x *exchange) read() error {
	r, most := x.r, x.s.opt.Limits.Body
	if c := r.Header["Content-Encoding"]; len(c) > 0 && c[0] != "" && c[0] != "identity" {
		return refuse(http.StatusUnsupportedMediaType, say.Error("serve.compressed")).at(0, "Content-Encoding").sight("", "identity").shut()
	}
	if r.ContentLength > most {
		return tooLarge(most)
	}
	x.body = x.body[:0]
	want := max(int(min(r.ContentLength, 1<<20)), 4<<10) + 1 // one more: the end is then seen without growing
	for {
		if cap(x.body)-len(x.body) == 0 || cap(x.body) < want {
			grown := max(want, 2*cap(x.body))
			if r.ContentLength > 0 {
				grown = min(grown, max(want, int(r.ContentLength)+1))
			}
			if err := x.hold(grown); err != nil {
				return err
			}
			x.body = append(make([]byte, 0, grown), x.body...)
		}
		n, err := r.Body.Read(x.body[len(x.body):cap(x.body)])
		x.body = x.body[:len(x.body)+n]
		switch {
		case int64(len(x.body)) > most:
			return tooLarge(most)
		case err == io.EOF:
			return nil
		case err != nil:
			return x.unread(err)
		}
	}
}

// unread words why a body did not come to its end.
func (x *exchange) unread(err error) error {
	if n, ok := errors.AsType[net.Error](err); ok && n.Timeout() || errors.Is(err, os.ErrDeadlineExceeded) {
		return refuse(http.StatusRequestTimeout, say.Error("serve.slow")).shut()
	}
	return refuse(http.StatusBadRequest, say.Error("serve.truncated", "found", len(x.body))).shut()
}

func tooLarge(most int64) error {
	return refuse(http.StatusRequestEntityTooLarge, say.Error("serve.too_large", "limit", int(most))).at(0, "").shut()
}

// send answers with the buffer.
func (x *exchange) send(kind []string) error {
	h := x.w.Header()
	h["Content-Type"] = kind
	if x.r.Method == http.MethodGet {
		h["Cache-Control"] = noStore // the answer to a POST is not stored anyhow
	}
	if len(x.out) > 2000 { // net/http knows the length of a short answer by itself
		h["Content-Length"] = []string{strconv.Itoa(len(x.out))}
	}
	x.code = http.StatusOK
	_, _ = x.w.Write(x.out) // who has gone needs no answer
	return nil
}
