package main

import "os"

// hangup is a signal that Windows does not have.
var hangup os.Signal
