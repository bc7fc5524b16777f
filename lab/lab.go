// Package lab serves the page in which every page of the deck is an instrument: static files out of the binary, on this machine alone.
//
// Nothing is fetched from anywhere else, no cookie is set, nothing is written. A request must name this machine as its host, so that
// no page of the web can reach the lab through a name that it has pointed here. A person's own table is worked on by Own.
package lab

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"gradus/internal/say"
)

//go:embed all:web/packed
var built embed.FS

// file is one file of the page, ready to be sent: as it is, and as gzip where that is smaller.
type file struct {
	name   string
	plain  func() []byte
	zipped []byte // nil: hardly smaller
	tag    string // of the content
}

// Site is the page's files, and what they ask of the program.
type Site struct {
	files map[string]*file
	own   *Own  // nil: the page stands alone
	index *file // the page's first file with the token for own
}

// Attach lets the page ask o for work on a person's own table: its first file then carries o's token, for readers on this machine.
func (s *Site) Attach(o *Own) {
	s.own = o
	const head = "<head>"
	content := bytes.Replace(s.files["index.html"].plain(), []byte(head), []byte(head+`<meta name="gradus-token" content="`+o.token+`" />`), 1)
	s.index = pack("index.html", content)
}

// NewSite takes the page out of the binary. A binary that was built without its page says so.
func NewSite() (*Site, error) {
	s := &Site{files: map[string]*file{}}
	root, err := fs.Sub(built, "web/packed")
	if err != nil {
		return nil, err
	}
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == "README.md" {
			return err
		}
		content, err := fs.ReadFile(root, name)
		if plain, zipped := strings.CutSuffix(name, ".gz"); zipped {
			s.files[plain] = unpacked(plain, content)
		} else if err == nil {
			s.files[name] = pack(name, content)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"index.html", "engine.wasm", "rest.wasm"} {
		if s.files[name] == nil {
			return nil, say.Error("lab.no_site")
		}
	}
	return s, nil
}

// unpacked is a file that the binary holds as gzip; it is taken out when one first asks for it plain.
func unpacked(name string, zipped []byte) *file {
	return &file{name: name, zipped: zipped, tag: tag(zipped), plain: sync.OnceValue(func() []byte { return expand(zipped) })}
}

// expand takes out what the build has put in.
func expand(zipped []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(zipped))
	if err == nil {
		var content []byte
		if content, err = io.ReadAll(z); err == nil {
			return content
		}
	}
	panic(err) // the binary is broken
}

// pack makes a file of plain content ready.
func pack(name string, content []byte) *file {
	return &file{name: name, zipped: compress(content), tag: tag(content), plain: func() []byte { return content }}
}

func tag(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:12])
}

// compress is content as gzip, nil where that is hardly smaller.
func compress(content []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is one that there is
	_, _ = z.Write(content)
	if z.Close() != nil || b.Len() >= len(content)*9/10 {
		return nil
	}
	return b.Bytes()
}

// Files lists the names of the page's files and hands each to f, for a copy that any web server can serve.
func (s *Site) Files(f func(name string, content []byte) error) error {
	names := make([]string, 0, len(s.files))
	for n := range s.files {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		if err := f(n, s.files[n].plain()); err != nil {
			return err
		}
	}
	return nil
}

// policy is what the page may load: itself. The engine is WebAssembly, which a policy has to allow by name.
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; object-src 'none'; base-uri 'self'; " +
	"form-action 'none'; frame-src 'self'; frame-ancestors 'none'"

// Handler serves the page to requests that name one of hosts (without port) and come from the page itself.
func (s *Site) Handler(hosts ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for k, v := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "DENY",
			"Permissions-Policy": "camera=(), geolocation=(), microphone=()",
		} {
			h.Set(k, v)
		}
		switch {
		case !known(r, hosts) || !sameOrigin(r):
			http.Error(w, "this address is not the lab's", http.StatusForbidden)
		case s.own != nil && strings.HasPrefix(r.URL.Path, "/api/"):
			s.own.ServeHTTP(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "only GET", http.StatusMethodNotAllowed)
		default:
			s.serve(w, r)
		}
	})
}

// known reports whether the host that r names, its port left aside, is one of ours, or the very address to which r came: a name of the
// web can be pointed at this machine, an address cannot.
func known(r *http.Request, hosts []string) bool {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if at, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); ok && at.IP.Equal(net.ParseIP(host)) {
		return true
	}
	return slices.Contains(hosts, host) || host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// sameOrigin refuses a request that another page's script sends.
func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin == "" || origin == "http://"+r.Host
}

// serve sends one file.
func (s *Site) serve(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	f := s.files[name]
	if name == "index.html" && s.index != nil && local(r) {
		f = s.index
	}
	if f == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	kind := mime.TypeByExtension(path.Ext(name))
	switch path.Ext(name) { // a machine's own table may lack these or have them wrong
	case ".js":
		kind = "text/javascript; charset=utf-8"
	case ".wasm":
		kind = "application/wasm"
	case ".woff2":
		kind = "font/woff2"
	}
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept-Encoding")
	if f.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && r.Header.Get("Range") == "" {
		h.Set("Content-Encoding", "gzip")
		h.Set("ETag", `"`+f.tag+`-gzip"`)
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(f.zipped))
		return
	}
	h.Set("ETag", `"`+f.tag+`"`)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(f.plain()))
}

// NewServer is an http.Server with the lab's limits: no request may hold it.
func NewServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
	}
}
