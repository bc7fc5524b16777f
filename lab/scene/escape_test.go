package scene

import (
	"net/url"
	"testing"
)

// Addresses are written and read as net/url does.
func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "0.5,-1", "한 글&=%+/?#", "%41", "%4", "%", "%zz", "a%20b", "\xff\x00", "~!$&'()*+,;=:@-._"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := escape(s), url.PathEscape(s); got != want {
			t.Errorf("%q becomes %q, not %q", s, got, want)
		}
		want, err := url.PathUnescape(s)
		if got, ok := unescape(s); ok != (err == nil) || ok && got != want {
			t.Errorf("%q is %q, %v, not %q, %v", s, got, ok, want, err)
		}
	})
}
