package main

import "github.com/inconshreveable/mousetrap"

// byExplorer reports whether Windows Explorer started the program.
func byExplorer() bool { return mousetrap.StartedByExplorer() }
