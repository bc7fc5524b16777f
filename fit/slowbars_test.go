//go:build compare

package fit

import "testing"

// TestSlowBars are the bundled sets that take a minute: go test -tags compare ./fit -run Bars -v.
func TestSlowBars(t *testing.T) {
	bar(t, "breast_cancer", .995)
	bar(t, "digits", .982)
}
