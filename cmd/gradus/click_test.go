package main

import "testing"

// A double click opens the lab; who typed anything, or started the program from a console, gets what was asked for.
func TestDoubleClicked(t *testing.T) {
	asked := 0
	explorer := func(yes bool) func() bool { return func() bool { asked++; return yes } }
	for _, c := range []struct {
		args     []string
		explorer bool
		want     bool
	}{
		{nil, true, true},
		{[]string{}, true, true},
		{nil, false, false},
		{[]string{"lab"}, true, false},
		{[]string{"--help"}, true, false},
		{[]string{`C:\Users\김영희\바탕 화면\표.csv`}, true, false},
	} {
		if got := doubleClicked(c.args, explorer(c.explorer)); got != c.want {
			t.Errorf("%q started by Explorer %v: %v", c.args, c.explorer, got)
		}
	}
	if asked != 3 {
		t.Errorf("the desktop was asked %d times, want only where there are no words", asked)
	}
}
