//go:build !windows

package main

import (
	"os"
	"syscall"
)

// hangup is the signal that asks for reading everything again.
var hangup os.Signal = syscall.SIGHUP
