package main

// doubleClicked reports whether the program was started by a double click on its file: no words, and the desktop asked for it. That opens
// the lab, for there is nobody to type a command. explorer is asked only where there are no words.
func doubleClicked(args []string, explorer func() bool) bool { return len(args) == 0 && explorer() }
