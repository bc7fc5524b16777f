package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gradus/internal/say"
	"gradus/serve"
)

// serveFlags is one gradus serve.
type serveFlags struct {
	app          *app
	bind         string
	open         bool
	hosts        []string
	token        string
	cert, key    string
	log          string
	watch, slow  time.Duration
	drain, grace time.Duration
	limits       serve.Limits
	ask          string // address of a service to look after, instead of being one
}

// newServe is gradus serve MODEL….
func newServe(a *app) *cobra.Command {
	s := serveFlags{app: a}
	c := a.command("serve MODEL...", 0, -1, func(args []string) error { return s.begin(args) })
	f := c.Flags()
	f.StringVar(&s.bind, "bind", "127.0.0.1:8080", a.text("serve.flag_bind"))
	f.BoolVar(&s.open, "open", false, a.text("serve.flag_open"))
	f.StringArrayVar(&s.hosts, "host", nil, a.text("serve.flag_host"))
	f.StringVar(&s.token, "token-file", "", a.text("serve.flag_token"))
	f.StringVar(&s.cert, "tls-cert", "", a.text("serve.flag_cert"))
	f.StringVar(&s.key, "tls-key", "", a.text("serve.flag_key"))
	f.StringVar(&s.log, "log", "text", a.text("serve.flag_log"))
	f.DurationVar(&s.watch, "watch", 5*time.Second, a.text("serve.flag_watch"))
	f.DurationVar(&s.grace, "grace", 0, a.text("serve.flag_grace"))
	f.DurationVar(&s.drain, "drain", 20*time.Second, a.text("serve.flag_drain"))
	f.Int64Var(&s.limits.Body, "max-body", 32<<20, a.text("serve.flag_body"))
	f.IntVar(&s.limits.Rows, "max-rows", 100_000, a.text("serve.flag_rows"))
	f.Int64Var(&s.limits.Memory, "max-memory", 512<<20, a.text("serve.flag_memory"))
	f.IntVar(&s.limits.Requests, "max-requests", 1024, a.text("serve.flag_requests"))
	f.IntVar(&s.limits.Workers, "workers", 0, a.text("serve.flag_workers"))
	f.DurationVar(&s.limits.Wait, "wait", time.Second, a.text("serve.flag_wait"))
	f.DurationVar(&s.slow, "slow", 10*time.Second, a.text("serve.flag_slow"))
	f.StringVar(&s.ask, "check", "", a.text("deploy.flag_check"))
	c.Example = "gradus serve model.gradus\ngradus serve sepsis=a.gradus falls=b.gradus --bind 0.0.0.0:8443 --token-file tokens --tls-cert cert.pem --tls-key key.pem\n" +
		`curl -H 'Content-Type: text/csv' --data-binary @new.csv http://127.0.0.1:8080/predict`
	return c
}

// run serves until it is told to end.
func (s *serveFlags) run(args []string) error {
	opt, err := s.options(args)
	if err != nil {
		return err
	}
	flush, err := s.logging(&opt)
	if err != nil {
		return err
	}
	defer flush()
	s.spare()
	service, err := serve.New(opt)
	if err != nil {
		return err
	}
	server := s.server(service)
	serving, scheme, err := s.secured(server)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.bind)
	if err != nil {
		return say.Failure("serve.listen", "address", s.bind, "cause", err)
	}
	failed, hup := make(chan error, 1), hangups() // listened for before the address is told
	go func() { failed <- serving(listener) }()
	s.announce(scheme+reached(listener.Addr().String()), opt.Files)
	go reloads(s.app.ctx, service, s.watch, hup)
	notify("READY=1")
	select {
	case err := <-failed:
		return say.Failure("serve.served", "cause", err)
	case <-s.app.ctx.Done():
	}
	return s.end(service, server)
}

// secured is how server serves, and the scheme of its addresses: by TLS where a certificate was given.
func (s *serveFlags) secured(server *http.Server) (serving func(net.Listener) error, scheme string, err error) {
	if s.cert == "" {
		return server.Serve, "http://", nil
	}
	certificate, err := serve.ReadCertificate(s.cert, s.key)
	if err != nil {
		return nil, "", err
	}
	server.TLSConfig = certificate.Config()
	return func(l net.Listener) error { return server.ServeTLS(l, "", "") }, "https://", nil
}

// spare lets garbage lie until there is much of it, since little of what the service holds is alive, but not beyond what requests may
// take by --max-memory and a model or two; GOGC and GOMEMLIMIT in the environment go first.
func (s *serveFlags) spare() {
	if s.app.env("GOGC") == "" {
		debug.SetGCPercent(800)
	}
	if s.app.env("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(s.limits.Memory + 256<<20)
	}
}

// end lets the requests in work finish.
func (s *serveFlags) end(service *serve.Server, server *http.Server) error {
	notify("STOPPING=1")
	service.Drain()
	time.Sleep(s.grace)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.app.ctx), s.drain)
	defer cancel()
	if server.Shutdown(ctx) == nil {
		return nil
	}
	cut := service.InWork()
	_ = server.Close()
	if cut == 0 {
		return nil // only idle connections were left
	}
	return say.Failure("serve.cut", "count", cut)
}

// server is an http.Server with the limits that stand before a handler.
func (s *serveFlags) server(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadTimeout: s.slow, WriteTimeout: s.slow + time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: log.New(io.Discard, "", 0), // it would name addresses of callers
	}
}

// hangups are those that come from now on.
func hangups() chan os.Signal {
	hup := make(chan os.Signal, 1)
	if hangup != nil {
		signal.Notify(hup, hangup)
	}
	return hup
}

// reloads reads the models again at SIGHUP, and where a file changed.
func reloads(ctx context.Context, service *serve.Server, every time.Duration, hup chan os.Signal) {
	defer signal.Stop(hup)
	if every > 0 {
		go service.Watch(ctx, every)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-hup:
			notify("RELOADING=1")
			service.Reload(true)
			notify("READY=1")
		}
	}
}

// options are what the flags and arguments ask for.
func (s *serveFlags) options(args []string) (opt serve.Options, err error) {
	if err := s.check(); err != nil {
		return opt, err
	}
	opt.Limits = s.limits
	for _, arg := range args {
		f, err := servedFile(arg)
		if err != nil {
			return opt, err
		}
		opt.Files = append(opt.Files, f)
	}
	if s.token != "" {
		if opt.Tokens, err = serve.ReadTokens(s.token); err != nil {
			return opt, err
		}
	}
	host, _, err := net.SplitHostPort(s.bind)
	if err != nil {
		return opt, say.Error("serve.address", "value", s.bind)
	}
	local := loopback(host)
	if !local && opt.Tokens == nil && !s.open {
		return opt, say.Error("serve.unguarded", "value", s.bind)
	}
	opt.Hosts = s.hosts
	if local {
		opt.Hosts = append([]string{"localhost", "127.0.0.1", "::1", host}, s.hosts...)
	}
	return opt, nil
}

// check refuses flags that mean nothing.
func (s *serveFlags) check() error {
	if (s.cert == "") != (s.key == "") {
		return say.Error("serve.half_tls")
	}
	for _, f := range []struct {
		name  string
		value int64
	}{
		{"--max-body", s.limits.Body},
		{"--max-rows", int64(s.limits.Rows)},
		{"--max-memory", s.limits.Memory},
		{"--max-requests", int64(s.limits.Requests)},
		{"--workers", int64(s.limits.Workers + 1)},
		{"--wait", int64(s.limits.Wait)},
		{"--slow", int64(s.slow)},
		{"--drain", int64(s.drain + 1)},
		{"--watch", int64(s.watch + 1)},
		{"--grace", int64(s.grace + 1)},
	} {
		if f.value <= 0 {
			return say.Error("serve.limit_flag", "flag", f.name, "value", f.value)
		}
	}
	return nil
}

// servedFile reads an argument: FILE, by whose name the model is then called, or NAME=FILE.
func servedFile(arg string) (serve.File, error) {
	name, path, named := strings.Cut(arg, "=")
	if !named {
		path = arg
		name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == '/' || r == '\\' || r == 0x7f }) {
		return serve.File{}, say.Error("serve.model_name", "name", fmt.Sprintf("%q", name))
	}
	return serve.File{Name: name, Path: path}, nil
}

// loopback tells whether only this machine reaches an address.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// announce prints the address, and beside it what is served.
func (s *serveFlags) announce(address string, files []serve.File) {
	fmt.Fprintln(s.app, address)
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Name
	}
	s.app.note(s.app.text("serve.serving", "models", names, "address", address))
}
