//go:build !windows

package main

// byExplorer reports whether Windows Explorer started the program: not here, where a file that is double clicked opens a terminal or nothing.
func byExplorer() bool { return false }
