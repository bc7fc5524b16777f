package lab

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"gradus/internal/say"
	"gradus/protocol"
)

// Own is a person's own table in the lab: one table and one study at a time, on this machine, in memory alone. Nothing of it is written,
// logged or put into an address. Who asks must sit at this machine and hold the token that the page got when this program started.
type Own struct {
	// Count, if not nil, records a study whose rows judged were opened, and says how often that has been, with this time; 0: not counted.
	Count func(protocol.Done) (opened int)
	// Keep writes the network of an address of the playground as a model; nil: it cannot.
	Keep func(w io.Writer, address string) error

	// Now is the time by which a look at a report ends; a test lets it jump.
	Now func() time.Time

	token  string
	mux    *http.ServeMux
	ctx    context.Context // ends with the program
	cancel context.CancelFunc
	taking sync.Mutex // held while a table comes in

	mu      sync.Mutex
	held    *held
	run     *run
	version int           // counts what is told but for progress
	changed chan struct{} // closed at every change
	looks   map[string]look
}

// NewOwn is an Own with a token of its own.
func NewOwn() *Own {
	o := &Own{token: rand.Text(), mux: http.NewServeMux(), changed: make(chan struct{}), looks: map[string]look{}, Now: time.Now}
	o.ctx, o.cancel = context.WithCancel(context.Background())
	for pattern, f := range map[string]http.HandlerFunc{
		"GET /api/state": o.getState, "POST /api/table": o.postTable, "DELETE /api/table": o.deleteTable, "POST /api/check": o.postCheck,
		"POST /api/study": o.postStudy, "DELETE /api/study": o.deleteStudy, "GET /api/progress": o.socket,
		"GET /api/report": o.getReport, "GET /api/model": o.getFile("model.gradus"), "GET /api/cox": o.getFile("cox.gradus"), "GET /api/protocol": o.getFile("study.yaml"),
		"POST /api/look": o.postLook, "GET /api/look/{ticket}": o.getLook,
		"POST /api/playground": o.postPlayground,
	} {
		o.mux.HandleFunc(pattern, f)
	}
	return o
}

// Token is what every request must carry in its header X-Gradus-Token.
func (o *Own) Token() string { return o.token }

// Close stops a study that runs and lets go of everyone who watches it.
func (o *Own) Close() {
	o.mu.Lock()
	r := o.run
	o.mu.Unlock()
	o.cancel()
	if r == nil {
		return
	}
	select {
	case <-r.ended:
	case <-time.After(3 * time.Second):
	}
}

// ServeHTTP answers the page.
func (o *Own) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	switch {
	case !local(r):
		refuse(w, http.StatusForbidden, say.Error("labdata.only_here"))
	case !o.trusted(r):
		refuse(w, http.StatusForbidden, say.Error("labdata.wrong_token"))
	default:
		// A large table takes its time to come and to be looked at; only who holds the token gets it.
		c, until := http.NewResponseController(w), time.Now().Add(longest)
		_, _ = c.SetReadDeadline(until), c.SetWriteDeadline(until) // a server that has no deadlines needs none
		o.mux.ServeHTTP(w, r)
	}
}

// longest is what one request of the page may take.
const longest = 10 * time.Minute

// local reports whether r comes from this machine.
func local(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}

// protocolName is the socket's subprotocol; its second word carries the token, for which a socket has no header.
const protocolName = "gradus"

// trusted reports whether r carries the token. A look at a report carries a ticket instead, which was given for the token.
func (o *Own) trusted(r *http.Request) bool {
	given := r.Header.Get("X-Gradus-Token")
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/look/"):
		return true
	case r.URL.Path == "/api/progress" && given == "":
		for word := range strings.SplitSeq(r.Header.Get("Sec-WebSocket-Protocol"), ",") {
			if word = strings.TrimSpace(word); word != protocolName {
				given = word
			}
		}
	}
	return subtle.ConstantTimeCompare([]byte(given), []byte(o.token)) == 1
}

// told wakes everyone who watches; o.mu is held.
func (o *Own) told() {
	close(o.changed)
	o.changed = make(chan struct{})
}

// both is a sentence in both languages: the page shows the one it stands in.
type both struct {
	Korean  string `json:"ko"`
	English string `json:"en"`
}

// inBoth makes a sentence in each language.
func inBoth(f func(lang say.Lang) string) both { return both{f(say.Korean), f(say.English)} }

// trouble is an error as the page gets it.
type trouble struct {
	Key string `json:"key"`
	both
}

// troubleOf words err; one that is not of the catalogue may hold anything and is not repeated.
func troubleOf(err error) *trouble {
	e, ok := errors.AsType[*say.Err](err)
	if !ok {
		e = say.Failure("labdata.failed")
	}
	return &trouble{e.Key, inBoth(e.In)}
}

// refuse answers with an error.
func refuse(w http.ResponseWriter, code int, err error) {
	answer(w, code, struct {
		Error *trouble `json:"error"`
	}{troubleOf(err)})
}

// answer sends v.
func answer(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // who has gone needs no answer
}

// mostQuestion bounds what is asked in JSON.
const mostQuestion = 1 << 20

// asked reads the question of r into q.
func asked(w http.ResponseWriter, r *http.Request, q any) bool {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostQuestion))
	d.DisallowUnknownFields()
	if err := d.Decode(q); err != nil {
		refuse(w, http.StatusBadRequest, say.Error("labdata.question"))
		return false
	}
	return true
}
