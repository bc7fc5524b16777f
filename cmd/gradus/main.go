// Command gradus is the command line: flags, wiring, tables and exit codes around the packages that compute.
//
// Exit codes: 0 done; 1 the run failed (or its answer is "no"); 2 the input is wrong; 130 stopped by the user.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	heed(os.Getenv, os.DirFS("/"))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // from the first signal on, a second one ends the program at once
	clicked := doubleClicked(os.Args[1:], byExplorer)
	args := os.Args[1:]
	if clicked {
		args = []string{"lab"}
	}
	code := enter(ctx, args, terminal(os.Stdin, os.Stdout, os.Stderr, os.Getenv))
	if clicked && code > 0 && code < 128 {
		_, _ = os.Stdin.Read(make([]byte, 1)) // the window closes with the program: its last words are read first
	}
	os.Exit(code)
}
