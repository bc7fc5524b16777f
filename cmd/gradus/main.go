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
	os.Exit(run(ctx, os.Args[1:], terminal(os.Stdin, os.Stdout, os.Stderr, os.Getenv)))
}
