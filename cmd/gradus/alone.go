//go:build !mpi || !linux

package main

import "context"

// program is the name of this program; offered are its commands.
const program = "gradus"

var offered = commands

// enter runs the program in this process alone.
func enter(ctx context.Context, args []string, w world) int { return run(ctx, args, w) }
