package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gradus/internal/disk"
	"gradus/internal/say"
	"gradus/lab"
	"gradus/lab/keep"
	"gradus/lab/page"
	"gradus/lab/scene"
	"gradus/protocol"
)

// labFlags is one gradus lab.
type labFlags struct {
	app  *app
	port int
	bind string
	none bool // no browser

	records recordFlags
}

// newLab is gradus lab, with show and export under it.
func newLab(a *app) *cobra.Command {
	l := labFlags{app: a}
	c := a.command("lab [ADDRESS|LESSON.json]", 0, 1, func(args []string) error { return l.run(args) })
	f := c.Flags()
	f.IntVar(&l.port, "port", 0, a.text("lab.flag_port"))
	f.StringVar(&l.bind, "bind", "127.0.0.1", a.text("lab.flag_bind"))
	f.BoolVar(&l.none, "no-browser", false, a.text("lab.flag_no_browser"))
	l.records.add(a, f)
	c.Example = "gradus lab\ngradus lab 4-5-21\ngradus lab show '#4-5-21&step=20' --json\ngradus lab export lab-files"
	c.AddCommand(newLabContents(a), newLabShow(a), newLabKey(a), newLabModel(a), newLabExport(a))
	return c
}

// run serves the page until it is interrupted.
func (l *labFlags) run(args []string) error {
	site, err := lab.NewSite()
	if err != nil {
		return err
	}
	at, err := begin(args)
	if err != nil {
		return err
	}
	listener, err := l.listen()
	if err != nil {
		return err
	}
	own := lab.NewOwn()
	own.Count = l.count
	own.Keep = keep.Write
	site.Attach(own)
	address := "http://" + reached(listener.Addr().String()) + "/" + at
	fmt.Fprintln(l.app, address)
	l.app.note(l.app.text(serving(listener.Addr().String())))
	if !l.none {
		openBrowser(address)
	}
	server := lab.NewServer(site.Handler(l.bind))
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return say.Failure("lab.served", "cause", err)
	case <-l.app.ctx.Done():
	}
	own.Close()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(l.app.ctx), 3*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil && err != http.ErrServerClosed {
		_ = server.Close() // a connection that does not end by itself is cut
	}
	return nil
}

// begin is where the page opens, from its "#" on: the address given, or where the lesson in a file begins.
func begin(args []string) (at string, err error) {
	if len(args) == 0 {
		return "", nil
	}
	if at = strings.TrimPrefix(args[0], "#"); isLesson(at) {
		at, err = lessonAddress(at)
	}
	return "#" + at, err
}

// listen takes the port.
func (l *labFlags) listen() (net.Listener, error) {
	if l.port < 0 || l.port > 65535 {
		return nil, say.Error("lab.port", "value", l.port)
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(l.bind, fmt.Sprint(l.port)))
	if err != nil {
		return nil, say.Failure("lab.listen", "bind", l.bind, "port", l.port, "cause", err)
	}
	return listener, nil
}

// reached is where a browser on this machine finds what listens at address: at every address of the machine is no address to go to.
func reached(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return address
}

// serving is the sentence about who reaches what listens at address.
func serving(address string) string {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err == nil && ip != nil && !ip.IsLoopback() {
		return "lab.serving_all"
	}
	return "lab.serving"
}

// count records a study of own data as the command line does, and says how often the rows that judged it have been opened.
func (l *labFlags) count(d protocol.Done) (opened int) {
	held := heldOut(d.Table, d.Result.Nested)
	if held != "" && !l.records.off {
		opened = l.app.opened(l.records, held) + 1
	}
	r := studyRecord(d.Result, d.Started, d.Study, d.Sum, held)
	hash := sha256.Sum256(d.Model)
	r.Model = hex.EncodeToString(hash[:])
	a := *l.app
	a.seed = d.Result.Plan.Settings.Seed
	a.record(l.records, r, "", "")
	return opened
}

// openBrowser asks the desktop to open the page; where there is none the address on the screen is enough.
func openBrowser(address string) {
	var c *exec.Cmd
	switch runtime.GOOS {
	case "windows":
		c = exec.Command("rundll32", "url.dll,FileProtocolHandler", address)
	case "darwin":
		c = exec.Command("open", address)
	default:
		c = exec.Command("xdg-open", address)
	}
	if c.Start() == nil {
		go func() { _ = c.Wait() }()
	}
}

// newLabContents is gradus lab contents: the pages in order.
func newLabContents(a *app) *cobra.Command {
	return a.command("contents", 0, 0, func([]string) error {
		rows := page.Contents()
		if a.json {
			_, err := a.Write(append(scene.Append(nil, rows), '\n'))
			return err
		}
		for _, r := range rows {
			fmt.Fprintf(a, "%-12s %s\n", r.ID, a.words(scene.Say(r.Words+"_title")))
		}
		return nil
	})
}

// newLabShow is gradus lab show: an instrument without its page.
func newLabShow(a *app) *cobra.Command {
	return a.command("show ADDRESS", 1, 1, func(args []string) error {
		var desk page.Desk
		v := desk.View(args[0])
		if a.json {
			_, err := a.Write(append(scene.Append(nil, v), '\n'))
			return err
		}
		a.showScene(v)
		return nil
	})
}

// newLabKey is gradus lab key: the solutions of a page's exercises, for the instructor.
func newLabKey(a *app) *cobra.Command {
	return a.command("key ADDRESS", 1, 1, func(args []string) error {
		var desk page.Desk
		key := desk.Key(args[0])
		if a.json {
			_, err := a.Write(append(scene.Append(nil, key), '\n'))
			return err
		}
		for i, k := range key {
			answer := strings.Join(k.Answers, ", ")
			for _, name := range slices.Sorted(maps.Keys(k.Solve)) {
				answer += " " + name + "=" + k.Solve[name]
			}
			fmt.Fprintln(a, i+1, strings.TrimSpace(answer))
		}
		return nil
	})
}

// showScene prints the numbers of an instrument.
func (a *app) showScene(v page.View) {
	fmt.Fprintln(a, v.Page, a.words(scene.Say(v.Words+"_title")))
	for _, w := range v.Ignored {
		fmt.Fprintln(a, "!", a.words(w))
	}
	if v.Wrong != nil {
		fmt.Fprintln(a, a.words(*v.Wrong))
		return
	}
	fmt.Fprintln(a, a.words(v.Scene.Summary))
	for _, n := range v.Scene.Numbers() {
		if n.Value != nil {
			fmt.Fprintf(a, "%-16s %v\n", n.Symbol, *n.Value)
		}
	}
}

// words are a scene's words in the language of a.
func (a *app) words(w scene.Words) string {
	if w.Key == "" {
		return w.Text
	}
	args := make([]any, len(w.Args))
	for i, s := range w.Args {
		args[i] = s
	}
	return say.Text(a.lang, w.Key, args...)
}

// newLabModel is gradus lab model: a network of the playground as a file.
func newLabModel(a *app) *cobra.Command {
	return a.command("model ADDRESS FILE", 2, 2, func(args []string) error {
		if err := disk.WriteFile(args[1], func(w io.Writer) error { return keep.Write(w, args[0]) }); err != nil {
			return err
		}
		a.note(a.text("lab.kept", "path", args[1]))
		return nil
	})
}

// newLabExport is gradus lab export: the page as files for any web server or a USB stick.
func newLabExport(a *app) *cobra.Command {
	return a.command("export DIR", 1, 1, func(args []string) error {
		site, err := lab.NewSite()
		if err != nil {
			return err
		}
		undo, err := disk.Folder(args[0])
		if err != nil {
			return err
		}
		err = site.Copy(func(name string, content []byte) error {
			at := filepath.Join(args[0], filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
				return say.Failure("disk.failed", "path", at, "cause", err)
			}
			return disk.WriteFile(at, func(w io.Writer) error {
				_, err := w.Write(content)
				return err
			})
		})
		if err != nil {
			undo()
			return err
		}
		a.note(a.text("lab.exported", "path", args[0]))
		return nil
	})
}
