package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"gradus/internal/kernel"
	"gradus/internal/say"
)

// world is what a run sees of the outside: its three streams, which of them a person watches, and the environment.
type world struct {
	in          io.Reader
	out, err    io.Writer
	tty, errTTY bool // out, err is a terminal
	width       int  // of the terminal, 0 when unknown
	env         func(string) string
	job         *job // of several processes; nil in gradus
}

// terminal is the world of a real process.
func terminal(in, out, err *os.File, env func(string) string) world {
	w := world{in: in, out: out, err: err, env: env}
	w.tty, w.errTTY = term.IsTerminal(int(out.Fd())), term.IsTerminal(int(err.Fd()))
	if w.tty {
		w.width, _, _ = term.GetSize(int(out.Fd()))
	}
	return w
}

// app is one run of the program: its streams, the flags every command has, and the context that a signal cancels.
type app struct {
	world
	ctx     context.Context
	lang    say.Lang
	json    bool
	quiet   bool
	noColor bool
	seed    uint64
	broken  error // the first error of writing to out
}

// run is the whole program but for the process around it: it returns the exit code.
func run(ctx context.Context, args []string, w world) (code int) {
	a := &app{world: w, ctx: ctx, lang: language(args, w.env)}
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintln(a.err, program+": "+a.text("cmd.panic", "cause", fmt.Sprint(p)))
			code = 1
			a.job.desert()
		}
	}()
	if name := w.env("GRADUS_ISA"); name != "" {
		if err := kernel.Use(name); err != nil {
			return a.finish(nil, err)
		}
	}
	root := newRoot(a)
	root.PersistentPreRun = func(*cobra.Command, []string) { a.lacking() }
	root.SetArgs(append([]string{}, args...)) // never nil: cobra would read the process's own
	cmd, err := root.ExecuteContextC(ctx)
	if a.broken != nil && (err == nil || errors.Is(err, a.broken)) {
		err = say.Failure("cmd.output", "cause", a.broken)
	}
	return a.finish(cmd, err)
}

// lacking says so where the instructions that the environment asks for are not there.
func (a *app) lacking() {
	if name := a.env("GRADUS_ISA"); name != "" && name != kernel.ISA() {
		a.note(a.text("kernel.lacking", "name", name, "isa", kernel.ISA()))
	}
}

// language is the --lang of args, else that of the environment, else English. It is wanted before the flags are parsed,
// because their own help is in that language; a wrong word is refused later, by the flag.
func language(args []string, env func(string) string) say.Lang {
	for i, arg := range args {
		value, ok := strings.CutPrefix(arg, "--lang=")
		if arg == "--lang" && i+1 < len(args) {
			value, ok = args[i+1], true
		}
		if ok {
			if value == string(say.Korean) {
				return say.Korean
			}
			return say.English
		}
		if arg == "--" {
			break
		}
	}
	for _, name := range []string{"GRADUS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := env(name); value != "" {
			if strings.HasPrefix(strings.ToLower(value), "ko") {
				return say.Korean
			}
			return say.English
		}
	}
	return say.English
}

// text is the sentence of key in the language of this run.
func (a *app) text(key string, args ...any) string { return say.Text(a.lang, key, args...) }

// stopped tells whether the user ended the run.
func (a *app) stopped(err error) bool {
	return (a.ctx.Err() != nil || a.job != nil) && errors.Is(err, context.Canceled)
}
