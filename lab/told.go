package lab

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/coder/websocket"

	"gradus/internal/say"
)

// state is how far a person's own data has come: a page that lost its connection goes on from here.
type state struct {
	Table *tableState `json:"table"`
	Study *studyState `json:"study"`
}

type tableState struct {
	Name  string `json:"name"`
	Bytes int    `json:"bytes"`
}

type studyState struct {
	State    string        `json:"state"`
	Question studyQuestion `json:"question"` // what was asked, for a page that comes back
	Done     int           `json:"done"`
	Total    int           `json:"total"`
	Folds    []fold        `json:"folds"` // of those done, in the order in which they ended
	Error    *trouble      `json:"error,omitempty"`
	Result   *result       `json:"result,omitempty"`
}

// state is the state now.
func (o *Own) state() state {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now()
}

// now is the state; o.mu is held.
func (o *Own) now() (s state) {
	if h := o.held; h != nil {
		s.Table = &tableState{h.name, len(h.content)}
	}
	if r := o.run; r != nil {
		s.Study = &studyState{State: r.state, Question: r.question, Done: r.done, Total: r.total, Folds: slices.Clone(r.folds), Result: r.result}
		if r.err != nil {
			s.Study.Error = troubleOf(r.err)
		}
	}
	return s
}

func (o *Own) getState(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, o.state()) }

// The pace of a socket.
const (
	pause   = 50 * time.Millisecond // between two frames at least
	ping    = 20 * time.Second
	patient = 10 * time.Second // with one that does not read
)

// socket tells how a study goes: a text frame holds the state in JSON, a binary one, while it runs, the steps and epochs.
func (o *Own) socket(w http.ResponseWriter, r *http.Request) {
	c, err := websocket.Accept(w, r, &websocket.AcceptOptions{Subprotocols: []string{protocolName}})
	if err != nil {
		return // it has been answered
	}
	defer func() { _ = c.CloseNow() }()
	ctx := c.CloseRead(r.Context())
	var of *run
	so := map[int]heard{}
	for version := -1; ; {
		o.mu.Lock()
		if of != o.run {
			of = o.run
			clear(so)
		}
		kind, frame, changed := websocket.MessageText, o.frame(), o.changed
		if version == o.version {
			kind, frame = websocket.MessageBinary, o.steps(so)
		}
		version = o.version
		o.mu.Unlock()
		if err := within(ctx, func(ctx context.Context) error { return c.Write(ctx, kind, frame) }); err != nil {
			return
		}
		time.Sleep(pause)
		if !o.await(ctx, c, changed) {
			return
		}
	}
}

// await waits for a change, with a sign of life now and then; false where the connection or the program has ended.
func (o *Own) await(ctx context.Context, c *websocket.Conn, changed <-chan struct{}) bool {
	for {
		select {
		case <-changed:
			return true
		case <-ctx.Done():
			return false
		case <-o.ctx.Done():
			_ = c.Close(websocket.StatusGoingAway, "")
			return false
		case <-time.After(ping):
			if within(ctx, c.Ping) != nil {
				return false
			}
		}
	}
}

// within does one thing on a connection, or gives it up.
func within(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	return do(ctx)
}

// frame is the state as JSON; o.mu is held.
func (o *Own) frame() []byte {
	b, _ := json.Marshal(o.now()) // words and numbers, which JSON always takes
	return b
}

// reportPolicy is what a report may do: be drawn, inside our page too. It fetches nothing and runs nothing.
const reportPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

// kinds are the content types of what a study leaves.
var kinds = map[string]string{
	"report.ko.html": "text/html; charset=utf-8", "report.en.html": "text/html; charset=utf-8", "study.yaml": "application/yaml; charset=utf-8",
	"model.gradus": "application/octet-stream", "cox.gradus": "application/octet-stream",
}

// file is a file of the finished study.
func (o *Own) file(name string) []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.run == nil {
		return nil
	}
	return o.run.files[name]
}

// reportName is the file of the report in the language that r asks for.
func reportName(r *http.Request) string {
	return "report." + string(language(say.Lang(r.URL.Query().Get("lang")))) + ".html"
}

func (o *Own) getReport(w http.ResponseWriter, r *http.Request) { o.getFile(reportName(r))(w, r) }

// getFile sends a file of the finished study.
func (o *Own) getFile(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		b := o.file(name)
		if b == nil {
			refuse(w, http.StatusNotFound, say.Error("labdata.no_study"))
			return
		}
		h := w.Header()
		h.Set("Content-Type", kinds[name])
		h.Set("Content-Security-Policy", reportPolicy)
		h.Set("X-Frame-Options", "SAMEORIGIN")
		_, _ = w.Write(b)
	}
}

// look is a ticket for one look at a report: a frame sends no header, and the token shall not stand in an address.
type look struct {
	name  string
	until time.Time
}

// A ticket is good for a short time, and few are kept.
const (
	good      = time.Minute
	mostLooks = 64
)

// postLook gives a ticket for the report in the language asked for.
func (o *Own) postLook(w http.ResponseWriter, r *http.Request) {
	name := reportName(r)
	if o.file(name) == nil {
		refuse(w, http.StatusNotFound, say.Error("labdata.no_study"))
		return
	}
	ticket := rand.Text()
	o.mu.Lock()
	if len(o.looks) >= mostLooks {
		clear(o.looks)
	}
	o.looks[ticket] = look{name, o.Now().Add(good)}
	o.mu.Unlock()
	answer(w, http.StatusOK, struct {
		Path string `json:"path"`
	}{"api/look/" + ticket})
}

// getLook shows the report of a ticket, once.
func (o *Own) getLook(w http.ResponseWriter, r *http.Request) {
	ticket := r.PathValue("ticket")
	o.mu.Lock()
	l, there := o.looks[ticket]
	delete(o.looks, ticket)
	o.mu.Unlock()
	if !there || o.Now().After(l.until) {
		refuse(w, http.StatusForbidden, say.Error("labdata.no_study"))
		return
	}
	o.getFile(l.name)(w, r)
}
