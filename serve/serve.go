// Package serve answers for models over HTTP: rows as JSON, CSV or tensors of the open inference protocol in, what gradus predict says
// of them out, by the same model.Predictor and with the same bits.
//
// A request passes the checks of host, origin and token, is read into memory within limits, waits its turn (a bounded queue, then 429),
// is worked off in a room of its model, and is answered whole or refused with a problem that names the field. Models are replaced while
// requests run; each request sees one model from its beginning to its end. No value of a row is logged or counted.
package serve

import (
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"gradus/internal/say"
)

// Limits bound what requests may take; a zero means the default.
type Limits struct {
	Body     int64         // bytes of one request: 32 MiB
	Rows     int           // of one request: 100,000
	Memory   int64         // bytes of all requests and answers in work together: 512 MiB
	Requests int           // in work, waiting ones included: 1024
	Workers  int           // predicting at once: as many as Go uses processors
	Wait     time.Duration // for a worker: 1 s
}

// complete fills in the defaults.
func (l Limits) complete() Limits {
	if l.Body == 0 {
		l.Body = 32 << 20
	}
	if l.Rows == 0 {
		l.Rows = 100_000
	}
	if l.Memory == 0 {
		l.Memory = 512 << 20
	}
	if l.Requests == 0 {
		l.Requests = 1024
	}
	if l.Workers == 0 {
		l.Workers = runtime.GOMAXPROCS(0)
	}
	if l.Wait == 0 {
		l.Wait = time.Second
	}
	return l
}

// File is a model to serve: under which name, and how its file is read.
type File struct {
	Name string
	Path string
}

// Options say what is served to whom.
type Options struct {
	Files    []File
	Hosts    []string     // names by which requests may call the service; none: any
	Tokens   *Tokens      // nil: nobody needs one
	Log      *slog.Logger // what happens to the service; nil: nothing is logged
	Requests io.Writer    // gets a line a request, in one write; nil: none
	JSON     bool         // those lines are JSON
	Limits   Limits
	Watcher  Watcher // nil: nobody watches
}

// Server is the service. It is an http.Handler.
type Server struct {
	opt     Options
	models  atomic.Pointer[[]*served] // in the order of the files
	files   []fileState
	reading sync.Mutex // one reload at a time
	ready   atomic.Bool
	gate    *gate
	metrics *metrics
	pool    sync.Pool // of *exchange
	origin  *http.CrossOriginProtection
}

// New reads the models; one that cannot be read is an error.
func New(opt Options) (*Server, error) {
	opt.Limits = opt.Limits.complete()
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{opt: opt, origin: http.NewCrossOriginProtection()}
	s.gate = newGate(opt.Limits)
	s.pool.New = func() any { return &exchange{s: s} }
	var names []string
	for _, f := range opt.Files {
		if slices.Contains(names, f.Name) {
			return nil, say.Error("serve.same_name", "name", f.Name)
		}
		names = append(names, f.Name)
	}
	s.metrics = newMetrics(names)
	s.files = make([]fileState, len(opt.Files))
	list := make([]*served, len(opt.Files))
	for i := range opt.Files {
		v, _, err := s.read(i)
		if err != nil {
			return nil, err
		}
		list[i] = v
	}
	s.models.Store(&list)
	s.ready.Store(true)
	return s, nil
}

// Drain makes the service unready, so that no one sends it more; what comes all the same is answered.
func (s *Server) Drain() { s.ready.Store(false) }

// InWork is how many requests are in work.
func (s *Server) InWork() int { return int(s.gate.requests.Load()) }

// find is the model of a name, of "" the first.
func (s *Server) find(name string) (*served, error) {
	list := *s.models.Load()
	if name == "" {
		return list[0], nil
	}
	names := make([]string, 0, 8)
	for _, v := range list {
		if v.name == name {
			return v, nil
		}
		names = append(names, v.name)
	}
	return nil, refuse(http.StatusNotFound, say.Error("serve.no_model", "name", shown(name), "nearest", say.Nearest(name, names))).at(0, "model").sight("", names...)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := s.pool.Get().(*exchange)
	x.begin(w, r)
	defer x.finish()
	if err := x.handle(); err != nil {
		x.refuse(err)
	}
}

// handle checks who asks and what, and lets the route's handler answer.
func (x *exchange) handle() error {
	s, r := x.s, x.r
	if err := s.admits(r); err != nil {
		return err
	}
	to, name, err := route(r)
	if to != nil {
		x.route = to.place
	}
	if err != nil {
		return err
	}
	if !to.open && s.opt.Tokens != nil {
		if err := s.opt.Tokens.check(r); err != nil {
			return err
		}
	}
	if to.works {
		if err := s.gate.arrive(); err != nil {
			return err
		}
		x.arrived = true
	}
	return to.do(x, name)
}

// retry is what a request that came too many is told to wait, in seconds.
const retry = 1

// refuse answers with a problem.
func (x *exchange) refuse(err error) {
	p := problemOf(err)
	x.code, x.why = p.status, p.why.Key
	h := x.w.Header()
	h["Content-Type"] = []string{"application/problem+json"}
	if x.fhir {
		h["Content-Type"] = fhirType
	}
	switch p.status {
	case http.StatusTooManyRequests:
		h["Retry-After"] = []string{strconv.Itoa(retry)}
		x.s.metrics.reject(p.why.Key)
	case http.StatusUnauthorized:
		h["Www-Authenticate"] = []string{challenge(p.why.Key)}
	}
	if p.close {
		h["Connection"] = []string{"close"}
	}
	if x.fhir {
		x.out = p.outcome(x.out[:0], x.lang())
	} else {
		x.out = p.append(x.out[:0], x.lang())
	}
	x.w.WriteHeader(p.status)
	_, _ = x.w.Write(x.out) // who has gone needs no answer
}
